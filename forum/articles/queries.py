"""What is read of articles: one, with its sections, tags and neighbours; lists for the front, a section, a tag."""

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
from sqlalchemy.orm import InstrumentedAttribute

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
from forum.articles.slugs import current_slug
from forum.database import Db, run, table_of
from forum.site.models import Site

CARDS = 25
PINS = 3
"""Articles that can be pinned to the top of one section, or of the front page."""


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
class Card:
    """An article as a list shows it."""

    slug: str
    headline: str
    standfirst: str
    byline: str
    image: Picture | None
    section: Section
    comment_count: int
    published_at: datetime | None
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """Some articles, newest first, on the first page below what is pinned; and the cursor of those that are older."""

    cards: list[Card]
    older: str | None


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


_PUBLISHED = Article.publication == Publication.PUBLISHED
_WAS_PUBLISHED = Article.published_at.is_not(None)
"""It may have been withdrawn since."""
_articles, _site = table_of(Article), table_of(Site)
_SHOWN = (
    select(_articles.c.id, _articles.c.version, _articles.c.vote_changes, _site.c.revision, _site.c.epoch)
    .join(_site, true())
    .where(_articles.c.slug == bindparam("slug"), _articles.c.publication == Publication.PUBLISHED)
)


def published_article(db: Db, slug: str) -> Article | None:
    """The article that everybody may read."""
    return db.execute(select(Article).where(Article.slug == slug, _PUBLISHED)).scalar_one_or_none()


def published_article_by_id(db: Db, article_id: int) -> Article | None:
    """The article that everybody may read, by its id."""
    return db.execute(select(Article).where(Article.id == article_id, _PUBLISHED)).scalar_one_or_none()


def placed_article(db: Db, which: ColumnElement[bool], *counts: ColumnElement[int]) -> Placed | None:
    """That article, if everybody may read it, with all that is asked of it before its comments: in one question.

    `counts` are figures of `Article.id`.
    """
    query = select(Article, Section, Site.epoch, Site.revision, *counts).where(which, _PUBLISHED)
    query = query.join(ArticleSection, ArticleSection.article_id == Article.id)
    query = query.join(Section, Section.id == ArticleSection.section_id).join(Site, true())
    rows = db.execute(query.order_by(ArticleSection.position)).all()
    if not rows:
        return None
    article, _section, epoch, revision, *counted = rows[0]
    return Placed(article, [row[1] for row in rows], epoch, revision, tuple(counted))


def published_id(db: Db, slug: str) -> int | None:
    """The id of the article that everybody may read."""
    return db.execute(select(Article.id).where(Article.slug == slug, _PUBLISHED)).scalar_one_or_none()


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
    return _sections_with(db, _PUBLISHED)


def all_sections(db: Db) -> Sequence[Section]:
    """The sections of drafts too. For editors."""
    return _sections_with(db)


def section_at(db: Db, slug: str) -> Section | None:
    """The section at that address; one that only drafts name is not there yet."""
    return db.execute(select(Section).where(Section.slug == slug, _holds(_WAS_PUBLISHED))).scalar_one_or_none()


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
    tags = select(literal("tag").label("kind"), Tag.slug, Tag.name, ArticleTag.position.label("position"))
    tags = tags.join(ArticleTag, ArticleTag.tag_id == Tag.id).where(ArticleTag.article_id == article.id)
    named: CompoundSelect[*tuple[Any, ...]] = union_all(tags, *_beside(article))
    rows = db.execute(named.order_by("position")).all()
    beside = {row.kind: Neighbour(row.slug, row.name) for row in rows if row.kind != "tag"}
    tagged = [TagLink(row.slug, row.name) for row in rows if row.kind == "tag"]
    return beside.get("previous"), beside.get("next"), tagged


def _beside(article: Article) -> list[Select[Any]]:
    if article.published_at is None:
        return []
    place = tuple_(Article.published_at, Article.id)
    here = tuple_(article.published_at, article.id)
    published = select(Article.slug, Article.headline).where(Article.section_id == article.section_id, _PUBLISHED)
    before = published.where(place < here).order_by(Article.published_at.desc(), Article.id.desc())
    after = published.where(place > here).order_by(Article.published_at.asc(), Article.id.asc())
    found = {kind: query.limit(1).subquery() for kind, query in {"previous": before, "next": after}.items()}
    return [select(literal(kind), one.c.slug, one.c.headline, literal(0)) for kind, one in found.items()]


def front(db: Db, older: str | None) -> Listing:
    """The newest articles, below those that are pinned."""
    return _listing(db, select(Article), older, pinned_at=Article.pinned_at)


def in_section(db: Db, slug: str, older: str | None) -> tuple[Section, Listing] | None:
    """A section and its newest articles, below those that are pinned there."""
    section = section_at(db, slug)
    if section is None:
        return None
    query = select(Article).join(ArticleSection, ArticleSection.article_id == Article.id)
    query = query.where(ArticleSection.section_id == section.id)
    return section, _listing(db, query, older, pinned_at=ArticleSection.pinned_at)


def with_tag(db: Db, slug: str, older: str | None) -> tuple[Tag, Listing] | None:
    """A tag and its newest articles."""
    tagged = select(ArticleTag.article_id).join(Article, Article.id == ArticleTag.article_id)
    is_used = tagged.where(ArticleTag.tag_id == Tag.id, _WAS_PUBLISHED).exists()
    tag = db.execute(select(Tag).where(Tag.slug == slug, is_used)).scalar_one_or_none()
    if tag is None:
        return None
    query = select(Article).join(ArticleTag, ArticleTag.article_id == Article.id)
    return tag, _listing(db, query.where(ArticleTag.tag_id == tag.id), older)


def _listing(
    db: Db, query: Select[Any], older: str | None, *, pinned_at: InstrumentedAttribute[datetime | None] | None = None
) -> Listing:
    """`pinned_at` says which are pinned, where some can be: they stand on the first page alone."""
    query, pinned = query.where(_PUBLISHED), list[Article]()
    if pinned_at is not None:
        top = query.where(pinned_at.is_not(None)).order_by(pinned_at.desc(), Article.id.desc()).limit(PINS)
        pinned += [] if older else db.execute(top).scalars()
        query = query.where(pinned_at.is_(None))
    query = query.where(*_older_than(db, older)).order_by(Article.published_at.desc(), Article.id.desc())
    room = CARDS - len(pinned)
    articles = db.execute(query.limit(room + 1)).scalars().all()
    shown = [*pinned, *articles[:room]]
    placed = sections_of(db, [article.id for article in shown])
    cards = [
        Card(
            slug=article.slug,
            headline=article.headline,
            standfirst=article.standfirst,
            byline=article.byline,
            image=picture_of(article),
            section=placed[article.id][0],
            comment_count=article.comment_count,
            published_at=article.published_at,
            pinned=article in pinned,
        )
        for article in shown
    ]
    return Listing(cards, shown[-1].slug if len(articles) > room else None)


def _older_than(db: Db, slug: str | None) -> list[ColumnElement[bool]]:
    """A cursor is the slug of the last article seen: readable, and still right when others come."""
    last = any_article(db, slug) or any_article(db, current_slug(db, slug) or "") if slug else None
    if last is None or last.published_at is None:
        return []
    return [tuple_(Article.published_at, Article.id) < tuple_(last.published_at, last.id)]
