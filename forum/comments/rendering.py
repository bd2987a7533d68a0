"""Comments' HTML made anew where the renderer has changed since: shown so at once, stored when somebody says so."""

from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple

from sqlalchemy import func, select, update

from forum.comments.indexing import index_comment
from forum.comments.models import Comment
from forum.database import Database, Db
from forum.markup import RENDERER, render_comment

AT_ONCE = 200
"""Comments that are stored in one transaction: a few milliseconds, so that nobody who posts waits."""


class Source(NamedTuple):
    """A comment's text and its HTML, as stored."""

    id: int
    body: str
    html: str


async def render_all(database: Database, *, even_current: bool) -> AsyncIterator[int]:
    """Store the HTML of every comment that an older renderer made, or of all; gives how many have been looked at.

    Beside a running server: a comment that is edited meanwhile keeps what its author made of it.
    """
    last = 0
    while sources := await database.read(_next_sources, last, even_current=even_current):
        await database.write(_store, [one._replace(html=render_comment(one.body)) for one in sources])
        last = sources[-1].id
        yield len(sources)


def count_sources(db: Db, *, even_current: bool) -> int:
    """How many comments `render_all` would look at."""
    query = select(func.count()).select_from(Comment)
    return db.execute(query if even_current else query.where(Comment.renderer != RENDERER)).scalar_one()


def _next_sources(db: Db, last: int, *, even_current: bool) -> Sequence[Source]:
    query = select(Comment.id, Comment.body, Comment.html).where(Comment.id > last).order_by(Comment.id).limit(AT_ONCE)
    rows = db.execute(query if even_current else query.where(Comment.renderer != RENDERER)).all()
    return [Source(*row) for row in rows]


def _store(db: Db, rendered: Sequence[Source]) -> None:
    for one in rendered:
        same = (Comment.id == one.id) & (Comment.body == one.body)
        stored = update(Comment).where(same).values(html=one.html, renderer=RENDERER).returning(Comment)
        for comment in db.execute(stored).scalars():
            index_comment(db, comment)
