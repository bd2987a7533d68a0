"""What is read of articles: one, with its sections, tags and neighbours; the sections."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    bindparam,
    literal,
    select,
    true,
    tuple_,
    union_all,
)

from forum.articles.models import (
    Article,
    ArticleSection,
    ArticleTag,
    DiscussionState,
    Publication,
    Section,
    Tag,
)
from forum.articles.pictures import Picture, picture_of
from forum.database import Db, run, table_of
from forum.site.models import Site


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The previous or next article of the primary section."""

    slug: str
    headline: str


class TagLink(NamedTuple):
    """A tag as an article names it."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class ShownArticle:
    """An article as its page shows it."""

    id: int
    slug: str
    headline: str
    standfirst: str
    html: str
    byline: str
    published_at: datetime | None
    updated_at: datetime | None
    edited_by: str
    image: Picture | None
    caption: str
    credit: str
    appeal: bool
    comments_state: DiscussionState
    sections: list[Section]
    tags: list[TagLink]
    previous: Neighbour | None
    next_article: Neighbour | None


class Placed(NamedTuple):
    """An article, the sections that it stands in, the primary one first; the site's numbers, and what was counted."""

    article: Article
    sections: list[Section]
    epoch: str
    revision: int
    counts: tuple[int, ...]


class Shown(NamedTuple):
    """What an article's page shows, as numbers: while they are the same, so is the page, but for people's names."""

    article_id: int
    version: int
    vote_changes: int
    revision: int
    epoch: str


PUBLISHED = Article.publication == Publication.PUBLISHED
"""What everybody may read."""
DISCUSSED = PUBLISHED & (Article.discussion != DiscussionState.OFF)
"""That of which everybody may read the comments, too."""
WAS_PUBLISHED = Article.published_at.is_not(None)
"""It may have been withdrawn since."""

_articles, _site = table_of(Article), table_of(Site)
_SHOWN = (
    select(_articles.c.id, _articles.c.version, _articles.c.vote_changes, _site.c.revision, _site.c.epoch)
    .join(_site, true())
    .where(_articles.c.slug == bindparam("slug"), _articles.c.publication == Publication.PUBLISHED)
)


def published_article(db: Db, slug: str) -> Article | None:
    """The article that everybody may read."""
    return db.execute(select(Article).where(Article.slug == slug, PUBLISHED)).scalar_one_or_none()


def published_article_by_id(db: Db, article_id: int) -> Article | None:
    """The article that everybody may read, by its id."""
    return db.execute(select(Article).where(Article.id == article_id, PUBLISHED)).scalar_one_or_none()


def placed_articles(*counts: ColumnElement[int]) -> Select[*tuple[Any, ...]]:
    """What `placed_article` asks, with these figures of `Article.id`: to be put together once."""
    query = select(Article, Section, Site.epoch, Site.revision, *counts).where(PUBLISHED)
    query = query.join(ArticleSection, ArticleSection.article_id == Article.id)
    query = query.join(Section, Section.id == ArticleSection.section_id).join(Site, true())
    return query.order_by(ArticleSection.position)


def placed_article(db: Db, query: Select[*tuple[Any, ...]], which: ColumnElement[bool]) -> Placed | None:
    """That article, if everybody may read it, with all that is asked of it before its comments: in one question."""
    rows = db.execute(query.where(which)).all()
    if not rows:
        return None
    article, _section, epoch, revision, *counted = rows[0]
    return Placed(article, [row[1] for row in rows], epoch, revision, tuple(counted))


def published_id(db: Db, slug: str) -> int | None:
    """The id of the article that everybody may read."""
    return db.execute(select(Article.id).where(Article.slug == slug, PUBLISHED)).scalar_one_or_none()


def any_article(db: Db, slug: str) -> Article | None:
    """The article, drafts too. For editors."""
    return db.execute(select(Article).where(Article.slug == slug)).scalar_one_or_none()


def what_is_shown(db: Db, slug: str) -> Shown | None:
    """The numbers of an article's page; None where there is no such page."""
    row = run(db, _SHOWN, slug=slug).first()
    return Shown._make(row) if row else None


def show_in_full(db: Db, article: Article, placed: Sequence[Section]) -> ShownArticle:
    """The article, which stands in these sections, with all that is around it on its page."""
    previous, following, tags = around(db, article)
    return ShownArticle(
        id=article.id,
        slug=article.slug,
        headline=article.headline,
        standfirst=article.standfirst,
        html=article.html,
        byline=article.byline,
        published_at=article.published_at,
        updated_at=article.updated_at,
        edited_by=article.edited_by,
        image=picture_of(article),
        caption=article.caption,
        credit=article.credit,
        appeal=article.appeal,
        comments_state=article.discussion,
        sections=list(placed),
        tags=tags,
        previous=previous,
        next_article=following,
    )


def sections(db: Db) -> Sequence[Section]:
    """The sections in which something is published, in the publication's order."""
    return _sections_with(db, PUBLISHED)


def all_sections(db: Db) -> Sequence[Section]:
    """The sections of drafts too. For editors."""
    return _sections_with(db)


def section_at(db: Db, slug: str) -> Section | None:
    """The section at that address; one that only drafts name is not there yet."""
    return db.execute(select(Section).where(Section.slug == slug, _holds(WAS_PUBLISHED))).scalar_one_or_none()


def _sections_with(db: Db, *conditions: ColumnElement[bool]) -> Sequence[Section]:
    held = select(Section).where(_holds(*conditions)).order_by(Section.position, Section.id)
    return db.execute(held).scalars().all()


def _holds(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether an article of that kind stands in the section."""
    placed = select(ArticleSection.article_id).join(Article, Article.id == ArticleSection.article_id)
    return placed.where(ArticleSection.section_id == Section.id, *conditions).exists()


def sections_of(db: Db, article_ids: Sequence[int]) -> dict[int, list[Section]]:
    """The sections of each of these articles, the primary one first."""
    query = select(ArticleSection.article_id, Section).join(Section, Section.id == ArticleSection.section_id)
    found: defaultdict[int, list[Section]] = defaultdict(list)
    for article_id, section in db.execute(
        query.where(ArticleSection.article_id.in_(article_ids)).order_by(ArticleSection.position)
    ):
        found[article_id].append(section)
    return found


def tags_of(db: Db, article_id: int) -> Sequence[Tag]:
    """The tags of an article, in the order in which they were given."""
    query = select(Tag).join(ArticleTag, ArticleTag.tag_id == Tag.id).where(ArticleTag.article_id == article_id)
    return db.execute(query.order_by(ArticleTag.position)).scalars().all()


def around(db: Db, article: Article) -> tuple[Neighbour | None, Neighbour | None, list[TagLink]]:
    """The articles published before and after this one in its primary section (a draft has none), and its tags."""
    here = {"id": article.id, "section_id": article.section_id, "published_at": article.published_at}
    rows = run(db, _AROUND, **here).all()
    beside = {row.kind: Neighbour(row.slug, row.name) for row in rows if row.kind != "tag"}
    tagged = [TagLink(row.slug, row.name) for row in rows if row.kind == "tag"]
    return beside.get("previous"), beside.get("next"), tagged


def _around() -> CompoundSelect[*tuple[Any, ...]]:
    tags = select(literal("tag").label("kind"), Tag.slug, Tag.name, ArticleTag.position.label("position"))
    article_id = bindparam("id", type_=_articles.c.id.type)
    tags = tags.join(ArticleTag, ArticleTag.tag_id == Tag.id).where(ArticleTag.article_id == article_id)
    place = tuple_(_articles.c.published_at, _articles.c.id)
    here = tuple_(bindparam("published_at", type_=_articles.c.published_at.type), article_id)
    published = select(_articles.c.slug, _articles.c.headline).where(
        _articles.c.section_id == bindparam("section_id"), PUBLISHED
    )
    before = published.where(place < here).order_by(_articles.c.published_at.desc(), _articles.c.id.desc())
    after = published.where(place > here).order_by(_articles.c.published_at.asc(), _articles.c.id.asc())
    found = {kind: query.limit(1).subquery() for kind, query in {"previous": before, "next": after}.items()}
    beside = [select(literal(kind), one.c.slug, one.c.headline, literal(0)) for kind, one in found.items()]
    return union_all(tags, *beside).order_by("position")


_AROUND = _around()
"""Put together once: that takes four times as long as asking it."""
