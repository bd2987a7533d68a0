"""What editors see of articles: drafts and published ones in lists, one with all that its form shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from gettext import gettext as _

from sqlalchemy import Row, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from forum.accounts.models import Account
from forum.accounts.queries import account_by_handle
from forum.articles.actions import ArticleText
from forum.articles.models import Article, Publication, Section
from forum.articles.pictures import Picture
from forum.articles.queries import ShownArticle, TagLink, all_sections, any_article, around, sections_of, tags_of
from forum.articles.slugs import make_slug
from forum.database import Db, now
from forum.errors import Invalid, NotFound

ROWS = 25

EditorRow = Row[str, str, str, datetime | None, datetime, int]
"""Slug, headline, name of the primary section, published_at, updated_at, comment_count."""


@dataclass(frozen=True, slots=True)
class Newsroom:
    """Drafts, the last saved first; published articles, the newest first; and the cursors of those that follow."""

    drafts: Sequence[EditorRow]
    older_drafts: str | None
    published: Sequence[EditorRow]
    older: str | None


@dataclass(frozen=True, slots=True)
class Opened:
    """An article as its form shows it; without one, a new article. `offered` are the names of sections in use."""

    article: Article | None
    sections: list[str]
    tags: list[str]
    author: str
    offered: list[str]

    @property
    def is_published(self) -> bool:
        """Whether everybody can read it."""
        return self.article is not None and self.article.publication == Publication.PUBLISHED


NOTHING = Opened(None, [], [], "", [])


def newsroom(db: Db, *, older_drafts: str | None, older: str | None) -> Newsroom:
    """Both lists from their start, or the one that a cursor pages on: the slug of the last article seen."""
    drafts = _rows(db, Publication.DRAFT, Article.updated_at, older_drafts) if not older else []
    published = _rows(db, Publication.PUBLISHED, Article.published_at, older) if not older_drafts else []
    return Newsroom(drafts[:ROWS], _cursor(drafts), published[:ROWS], _cursor(published))


def open_article(db: Db, slug: str | None) -> Opened:
    """What the form of an article shows; of a new one for None. Raises NotFound."""
    offered = [section.name for section in all_sections(db)]
    if slug is None:
        return Opened(None, [], [], "", offered)
    article = any_article(db, slug)
    if article is None:
        raise NotFound(_("There is no article at this address."))
    placed = [section.name for section in sections_of(db, [article.id])[article.id]]
    tagged = [tag.name for tag in tags_of(db, article.id)]
    author = db.get(Account, article.author_id) if article.author_id else None
    return Opened(article, placed, tagged, author.handle if author else "", offered)


def author_named(db: Db, handle: str) -> int | None:
    """The account of an article's author, None where no handle is given. Raises Invalid for an unknown one."""
    if not handle:
        return None
    account = account_by_handle(db, handle)
    if account is None:
        raise Invalid(_("There is no account with this handle. Leave it empty if the author has none."), "author")
    return account.id


def preview_article(db: Db, text: ArticleText, opened: Article | None) -> ShownArticle:
    """The article as its page will show it; nothing is stored."""
    slug = opened.slug if opened else make_slug(text.headline)
    published_at = text.published_at or (opened.published_at if opened else None) or now()
    placed = [_section_named(db, name) for name in text.sections]
    place = Article(id=opened.id if opened else 0, section_id=placed[0].id or 0, published_at=published_at)
    previous, following, _tags = around(db, place)
    image = text.image
    return ShownArticle(
        id=place.id,
        slug=slug,
        headline=text.headline,
        standfirst=text.standfirst,
        html=text.html,
        byline=text.byline,
        published_at=published_at,
        updated_at=None,
        edited_by=text.edited_by,
        image=Picture(image.key, image.width, image.height, text.alt) if image else None,
        caption=text.caption,
        credit=text.credit,
        appeal=text.appeal,
        comments_state=text.discussion,
        sections=placed,
        tags=[TagLink(make_slug(name), name) for name in text.tags],
        previous=previous,
        next_article=following,
    )


def _section_named(db: Db, name: str) -> Section:
    slug = make_slug(name)
    found = db.execute(select(Section).where(Section.slug == slug)).scalar_one_or_none()
    return found or Section(slug=slug, name=name)


def _rows(
    db: Db,
    publication: Publication,
    moment: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
    older: str | None,
) -> Sequence[EditorRow]:
    query = select(
        Article.slug, Article.headline, Section.name, Article.published_at, Article.updated_at, Article.comment_count
    )
    query = query.join(Section, Section.id == Article.section_id).where(Article.publication == publication)
    last = any_article(db, older) if older else None
    if last is not None:
        query = query.where(tuple_(moment, Article.id) < tuple_(getattr(last, moment.key), last.id))
    return db.execute(query.order_by(moment.desc(), Article.id.desc()).limit(ROWS + 1)).all()


def _cursor(rows: Sequence[EditorRow]) -> str | None:
    return str(rows[ROWS - 1].slug) if len(rows) > ROWS else None
