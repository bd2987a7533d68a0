"""What is set for one article, as moderators and editors see it above its discussion."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from forum.articles.conditions import Conditions
from forum.articles.models import Article, ArticleSection, Section
from forum.database import Db


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article can be pinned: the front page (an empty slug), or a section."""

    slug: str
    name: str
    pinned: bool


@dataclass(frozen=True, slots=True)
class Controls:
    """What is set for the article alone, the conditions that come of it, and the places where it can be pinned.

    `slower_section` is the section whose slow mode is stricter than the article's own, if there is one.
    """

    slow: int
    closes_at: datetime | None
    closes_after: int | None
    conditions: Conditions
    places: Sequence[Place]
    slower_section: str


def controls_of(db: Db, article: Article, placed: Sequence[Section], conditions: Conditions) -> Controls:
    """What is set for an article that stands in these sections."""
    query = select(ArticleSection.section_id).where(ArticleSection.article_id == article.id)
    pinned = set(db.execute(query.where(ArticleSection.pinned_at.is_not(None))).scalars())
    front = Place("", "", article.pinned_at is not None)
    slowest = max(placed, key=lambda section: section.slow, default=None)
    return Controls(
        slow=article.slow,
        closes_at=article.closes_at,
        closes_after=article.closes_after,
        conditions=conditions,
        places=[front, *(Place(section.slug, section.name, section.id in pinned) for section in placed)],
        slower_section=slowest.name if slowest and slowest.slow > article.slow else "",
    )
