"""Open pages learn that a discussion has closed or opened though nobody touched it: with its section, or by its time.

Whether it is closed does not wait for this: that is computed (`forum/articles/conditions.py`) whenever somebody posts
or loads the page. This only gives each such article its next version, in batches of a transaction each, so that writers
get in between; all that a crash leaves undone is done at the next look, for what is untold stands in the rows.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Select, select, update

from forum.articles.conditions import head_of
from forum.articles.models import Article, ArticleSection, DiscussionState, Publication, Section
from forum.comments.change import next_version
from forum.database import Database, Db, even_read_only, now

log = structlog.get_logger()

EVERY = 60
"""Seconds between two looks: an open page invites nobody to write for longer than that where it would be refused."""
BATCH = 200
"""Articles in one transaction."""
OPEN = (Article.publication == Publication.PUBLISHED) & (Article.discussion == DiscussionState.OPEN)
"""What is open so far as the article itself says."""


async def tell_for_ever(database: Database) -> None:
    """Look every minute beside other work."""
    while True:
        await look(database)
        await asyncio.sleep(EVERY)


async def look(database: Database) -> None:
    """`tell_all`; a failure is logged, and the next minute tries again."""
    try:
        await tell_all(database)
    except Exception:
        log.exception("open pages could not be told of what has closed; the next minute tries again")


async def tell_all(database: Database) -> None:
    """Tell the open pages all that they have not been told. Several processes may do so at the same time."""
    for section_id, since in await database.read(untold_sections):
        after: int | None = 0
        while after is not None:
            after = await database.write(tell_section, section_id=section_id, after=after)
        await database.write(note_told, section_id=section_id, since=since)
    over = await database.read(untold_ends)
    for start in range(0, len(over), BATCH):
        await database.write(tell_ends, article_ids=over[start : start + BATCH])


def tell(db: Db, article_id: int) -> int:
    """Give an article whose conditions have changed its next version; notes whether that tells of its end."""
    db.flush()
    version = next_version(db, article_id)
    head = head_of(db, article_id)
    is_over = head is not None and head.conditions.is_over
    db.execute(update(Article).where(Article.id == article_id).values(closed_itself=is_over))
    return version


def untold_sections(db: Db) -> list[tuple[int, datetime]]:
    """The sections in which something was changed that open pages may not know, and when."""
    query = select(Section.id, Section.untold_at).where(Section.untold_at.is_not(None)).order_by(Section.id)
    return [(section_id, since) for section_id, since in db.execute(query) if since is not None]


@even_read_only
def tell_section(db: Db, *, section_id: int, after: int) -> int | None:
    """Tell the pages of a section's next articles, by ascending id; gives the last of them, None once none are left.

    What is closed or off by itself is so still: its pages need not know.
    """
    query = select(Article.id).join(ArticleSection, ArticleSection.article_id == Article.id)
    query = query.where(ArticleSection.section_id == section_id, OPEN, Article.id > after)
    ids = list(db.execute(query.order_by(Article.id).limit(BATCH)).scalars())
    for article_id in ids:
        tell(db, article_id)
    return ids[-1] if len(ids) == BATCH else None


@even_read_only
def note_told(db: Db, *, section_id: int, since: datetime) -> None:
    """All pages of the section have been told, unless it was changed again meanwhile."""
    db.execute(update(Section).where(Section.id == section_id, Section.untold_at == since).values(untold_at=None))


def untold_ends(db: Db) -> list[int]:
    """The articles whose time is over, so far as their open pages may not know."""
    at, untold = now(), select(Article.id).where(OPEN, Article.closed_itself.is_(False))
    own_date = untold.where(Article.closes_at <= at)
    own_days = select(Article.id, Article.published_at, Article.closes_after).where(
        OPEN, Article.closed_itself.is_(False), Article.closes_at.is_(None), Article.closes_after > 0
    )
    found = set(db.execute(own_date).scalars())
    found |= {id for id, published_at, days in db.execute(own_days) if _is_over(published_at, days, at)}
    inherits = untold.where(Article.closes_at.is_(None), Article.closes_after.is_(None))
    for section_id, days in db.execute(select(Section.id, Section.closes_after).where(Section.closes_after > 0)):
        found |= set(db.execute(_older(inherits, section_id, at - timedelta(days=days))).scalars())
    return sorted(found)


@even_read_only
def tell_ends(db: Db, *, article_ids: Sequence[int]) -> None:
    """Tell the pages of these articles that their time is over, those that have not been told, and where it is so."""
    query = select(Article.id).where(Article.id.in_(article_ids), OPEN, Article.closed_itself.is_(False))
    for article_id in db.execute(query.order_by(Article.id).with_for_update()).scalars().all():
        head = head_of(db, article_id)
        if head is not None and head.conditions.is_over:
            tell(db, article_id)


def _older(articles: Select[int], section_id: int, moment: datetime) -> Select[int]:
    placed = select(ArticleSection.article_id).where(ArticleSection.section_id == section_id)
    return articles.where(Article.published_at <= moment, Article.id.in_(placed))


def _is_over(published_at: datetime | None, days: int | None, at: datetime) -> bool:
    return published_at is not None and published_at + timedelta(days=days or 0) <= at
