"""What editors do to articles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from gettext import gettext as _

from sqlalchemy import delete, func, select

from forum.accounts.actor import Actor, standing
from forum.articles.conditions import conditions_of
from forum.articles.indexing import index_article, unindex_article
from forum.articles.models import Article, ArticleSection, ArticleTag, DiscussionState, Publication, Section, Tag
from forum.articles.slugs import chosen_slug, free_slug, make_slug, move_article
from forum.database import Db, now
from forum.errors import Conflict, Forbidden, Invalid, NotFound
from forum.events import ArticleWithdrawn, DiscussionChanged, record
from forum.permissions import can_publish
from forum.site.actions import site_changed

REASON_LENGTH = 200


@dataclass(frozen=True, slots=True)
class StoredImage:
    """A lead picture in the uploads folder: its key, and its size in pixels."""

    key: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ArticleText:
    """All that an editor says of an article. Sections and tags by name; the first section is the primary one."""

    headline: str
    standfirst: str
    body: str
    html: str
    sections: Sequence[str]
    tags: Sequence[str] = ()
    byline: str = ""
    edited_by: str = ""
    image: StoredImage | None = None
    alt: str = ""
    caption: str = ""
    credit: str = ""
    appeal: bool = True
    publication: Publication = Publication.DRAFT
    published_at: datetime | None = None
    discussion: DiscussionState = DiscussionState.OPEN
    discussion_reason: str = ""
    author_id: int | None = None


def create_article(db: Db, *, editor: Actor, text: ArticleText, slug: str = "") -> str:
    """Make an article; gives its slug, made from the headline where none is given. Raises Forbidden, Invalid."""
    _may_publish(db, editor)
    article = Article(slug=chosen_slug(db, slug) if slug else free_slug(db, text.headline))
    _apply(db, article, text)
    site_changed(db)
    return article.slug


def update_article(
    db: Db, *, editor: Actor, slug: str, text: ArticleText, edition: str | None = None, new_slug: str = ""
) -> str:
    """Change an article; gives its slug. Withdrawing it closes its open pages; a change of its discussion is a version.

    That may come of its sections, too, or of the day on which it was published: each closes in its time.
    `edition` is the one that the editor has in hand: where somebody saved another meanwhile, Conflict is raised.
    Under its former slug it is still found, once it was published. Raises Forbidden, NotFound, Conflict, Invalid.
    """
    _may_publish(db, editor)
    article = db.execute(select(Article).where(Article.slug == slug).with_for_update()).scalar_one_or_none()
    if article is None:
        raise NotFound(_("There is no article at this address."))
    if edition is not None and edition != edition_of(article):
        raise Conflict(_("Somebody else saved this article while you were writing."))
    was_readable, before = _is_readable(article), conditions_of(db, article.id)
    if new_slug:
        move_article(db, article, new_slug)
    _apply(db, article, text)
    site_changed(db)
    after = conditions_of(db, article.id)
    article.closed_itself = after.is_over
    if (after.closed, after.state, after.slow) != (before.closed, before.state, before.slow):
        article.version += 1
        record(db, DiscussionChanged(article.id, article.version))
    if was_readable and not _is_readable(article):
        record(db, ArticleWithdrawn(article.id))
    return article.slug


def set_discussion_state(article: Article, state: DiscussionState, reason: str) -> None:
    """Open or close an article's discussion, or take it off the page; closed, it says since when and why."""
    is_closed = state == DiscussionState.READONLY
    if article.discussion != state:
        article.discussion_since = now() if is_closed else None
    article.discussion, article.discussion_reason = state, reason if is_closed else ""


def edition_of(article: Article) -> str:
    """What tells one saved state of an article from another: when it was saved, and how its discussion stands."""
    return f"{article.updated_at.isoformat()} {article.discussion}"


def _may_publish(db: Db, editor: Actor) -> None:
    if not can_publish(standing(db, editor)):
        raise Forbidden(_("Only editors can write and publish articles."))


def _is_readable(article: Article) -> bool:
    return article.publication == Publication.PUBLISHED and article.discussion != DiscussionState.OFF


def _apply(db: Db, article: Article, text: ArticleText) -> None:
    if not text.sections:
        raise Invalid(_("Name at least one section."), "sections")
    unindex_article(db, article)
    placed = [_section(db, name) for name in dict.fromkeys(text.sections)]
    article.headline, article.standfirst = text.headline, text.standfirst
    article.body, article.html = text.body, text.html
    article.byline, article.edited_by, article.author_id = text.byline, text.edited_by, text.author_id
    article.image = text.image.key if text.image else None
    article.image_width, article.image_height = (text.image.width, text.image.height) if text.image else (0, 0)
    article.alt, article.caption, article.credit = text.alt, text.caption, text.credit
    article.appeal = text.appeal
    set_discussion_state(article, text.discussion, text.discussion_reason)
    article.publication = text.publication
    pins = _pins(db, article)
    if text.published_at or text.publication == Publication.PUBLISHED:
        article.published_at = text.published_at or article.published_at or now()
    article.updated_at = now()
    article.section_id = placed[0].id
    db.add(article)
    db.flush()
    db.execute(delete(ArticleSection).where(ArticleSection.article_id == article.id))
    db.execute(delete(ArticleTag).where(ArticleTag.article_id == article.id))
    for position, section in enumerate(dict.fromkeys(placed)):
        pinned_at = pins.get(section.id)
        db.add(ArticleSection(article_id=article.id, section_id=section.id, position=position, pinned_at=pinned_at))
    for position, tag in enumerate(dict.fromkeys(_tag(db, name) for name in text.tags)):
        db.add(ArticleTag(article_id=article.id, tag_id=tag.id, position=position))
    db.flush()
    index_article(db, article)


def _pins(db: Db, article: Article) -> dict[int, datetime | None]:
    """Since when the article is pinned in which section. One that is not published loses that, and the front page's."""
    if article.publication != Publication.PUBLISHED:
        article.pinned_at = None
        return {}
    query = select(ArticleSection.section_id, ArticleSection.pinned_at).where(ArticleSection.article_id == article.id)
    return {row.section_id: row.pinned_at for row in db.execute(query)}


def _section(db: Db, name: str) -> Section:
    slug = make_slug(name)
    section = db.execute(select(Section).where(Section.slug == slug)).scalar_one_or_none()
    if section is None:
        last = db.execute(select(func.max(Section.position))).scalar_one() or 0
        section = Section(slug=slug, name=name, position=last + 1)
        db.add(section)
        db.flush()
    return section


def _tag(db: Db, name: str) -> Tag:
    slug = make_slug(name)
    tag = db.execute(select(Tag).where(Tag.slug == slug)).scalar_one_or_none()
    if tag is None:
        tag = Tag(slug=slug, name=name)
        db.add(tag)
        db.flush()
    return tag
