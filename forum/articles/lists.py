"""Lists of articles, newest first: the front page, a section, a tag."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from forum.articles.models import Article, ArticleSection, ArticleTag, Section, Tag
from forum.articles.pictures import Picture, picture_of
from forum.articles.queries import PUBLISHED, WAS_PUBLISHED, any_article, section_at, sections_of
from forum.articles.slugs import current_slug
from forum.database import Db

CARDS = 25
PINS = 3
"""Articles that can be pinned to the top of one section, or of the front page."""


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
    is_used = tagged.where(ArticleTag.tag_id == Tag.id, WAS_PUBLISHED).exists()
    tag = db.execute(select(Tag).where(Tag.slug == slug, is_used)).scalar_one_or_none()
    if tag is None:
        return None
    query = select(Article).join(ArticleTag, ArticleTag.article_id == Article.id)
    return tag, _listing(db, query.where(ArticleTag.tag_id == tag.id), older)


def _listing(
    db: Db, query: Select[Any], older: str | None, *, pinned_at: InstrumentedAttribute[datetime | None] | None = None
) -> Listing:
    """`pinned_at` says which are pinned, where some can be: they stand on the first page alone."""
    query, pinned = query.where(PUBLISHED), list[Article]()
    if pinned_at is not None:
        top = query.where(pinned_at.is_not(None)).order_by(pinned_at.desc(), Article.id.desc()).limit(PINS)
        pinned += [] if older else db.execute(top).scalars()
        query = query.where(pinned_at.is_(None))
    query = query.where(*_older_than(db, older)).order_by(Article.published_at.desc(), Article.id.desc())
    room = CARDS - len(pinned)
    articles = db.execute(query.limit(room + 1)).scalars().all()
    shown = [*pinned, *articles[:room]]
    return Listing(_cards(db, shown, pinned), shown[-1].slug if len(articles) > room else None)


def _cards(db: Db, articles: Sequence[Article], pinned: Sequence[Article]) -> list[Card]:
    placed = sections_of(db, [article.id for article in articles])
    return [
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
        for article in articles
    ]


def _older_than(db: Db, slug: str | None) -> list[ColumnElement[bool]]:
    """A cursor is the slug of the last article seen: readable, and still right when others come."""
    last = any_article(db, slug) or any_article(db, current_slug(db, slug) or "") if slug else None
    if last is None or last.published_at is None:
        return []
    return [tuple_(Article.published_at, Article.id) < tuple_(last.published_at, last.id)]
