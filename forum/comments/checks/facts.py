"""The facts that checks judge by, gathered in one query, and another where a list of words has changed."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, Text, bindparam, func, literal_column, select

from forum.accounts.actor import Standing
from forum.accounts.models import Account
from forum.comments.body import Body
from forum.comments.checks.addresses import links_in
from forum.comments.checks.given import Given, as_read
from forum.comments.checks.lists import NAMES, lists_of
from forum.comments.checks.models import WordList
from forum.comments.models import Comment, State
from forum.database import CLOCKS_DIFFER, Db, now, run, table_of
from forum.permissions import Role

TEN_MINUTES, MONTH, QUARTER = timedelta(minutes=10), timedelta(days=30), timedelta(days=90)
ENOUGH = 100
"""Nothing is counted any further: no check asks for more."""
LAST_COMMENTS = 20
"""So many of an account's comments say how often moderators remove them."""

# What runs at every post where a check is on, built once. States are literals: where they are parameters, SQLite plans
# the query anew each time, as a partial index may then do or not.
accounts, comments, word_lists = table_of(Account), table_of(Comment), table_of(WordList)
VISIBLE, REMOVED, DELETED = (
    literal_column(f"'{state}'", Text) for state in (State.VISIBLE, State.REMOVED, State.DELETED)
)


def _count(*conditions: object) -> ScalarSelect[int]:
    some = select(literal_column("1").label("one")).where(*conditions).limit(ENOUGH).subquery()  # type: ignore[arg-type]
    return select(func.count()).select_from(some).scalar_subquery()


def _history(others: ColumnElement[bool]) -> Select[Any]:
    """What an author has written, and how often a text was posted, so far as that is among the `others`."""
    own = (comments.c.author_id == bindparam("author_id")) & others
    last = (
        select(comments.c.state)
        .where(own, comments.c.created_at > bindparam("quarter"))
        .order_by(comments.c.created_at.desc())
        .limit(LAST_COMMENTS)
        .subquery()
    )
    return select(
        _count(own, (comments.c.state == VISIBLE) | Comment.shadowed).label("shown"),
        select(func.count()).select_from(last).scalar_subquery().label("recent"),
        select(func.count()).select_from(last).where(last.c.state == REMOVED).scalar_subquery().label("removed"),
        _count(
            own, comments.c.created_at > bindparam("ten_minutes"), comments.c.created_at <= bindparam("ahead")
        ).label("in_ten_minutes"),
        _count(
            comments.c.gist == bindparam("gist"),
            comments.c.created_at > bindparam("month"),
            others,
            # Whoever takes a comment away and posts it elsewhere does not say it twice.
            (comments.c.author_id != bindparam("author_id")) | (comments.c.state != DELETED),
        ).label("same"),
    )


_CHANGED = [
    select(word_lists.c.changed_at).where(word_lists.c.name == name).scalar_subquery().label(name) for name in NAMES
]
_FACTS = (
    _history(comments.c.id != bindparam("comment_id"))
    .add_columns(*_CHANGED)
    .where(accounts.c.id == bindparam("author_id"))
)
_BEFORE = _history(comments.c.id < bindparam("comment_id"))


def gather(db: Db, body: Body, author: Standing, *, comment_id: int | None = None) -> Given:
    """What is known of a text and its author; `comment_id` is the comment whose text it is to replace."""
    row = run(db, _FACTS, comment_id=comment_id or 0, **_asked(author.id, body.gist, now())).one()
    return Given(
        text=body.source,
        read_as=as_read(body.source, body.plain),
        gist=body.gist or body.source,
        links=links_in(body.html),
        lists=lists_of(db, {name: getattr(row, name) for name in NAMES}),
        is_edit=comment_id is not None,
        is_staff=author.role != Role.READER,
        is_watched=author.watched_at is not None,
        **_history_in(row, body.gist),
    )


def history_before(db: Db, comment: Comment) -> dict[str, int]:
    """What `Given` would have been told of the past when a comment was posted, by what has become of it since."""
    asked = _asked(comment.author_id, comment.gist, comment.created_at)
    return _history_in(run(db, _BEFORE, comment_id=comment.id, **asked).one(), comment.gist)


def _asked(author_id: int, gist: str | None, at: datetime) -> dict[str, Any]:
    since = {"ten_minutes": at - TEN_MINUTES, "month": at - MONTH, "quarter": at - QUARTER}
    return {"author_id": author_id, "gist": gist, "ahead": at + CLOCKS_DIFFER, **since}


def _history_in(row: Row[Any], gist: str | None) -> dict[str, int]:
    history = {name: getattr(row, name) for name in ("shown", "removed", "recent", "in_ten_minutes", "same")}
    return history if gist else history | {"same": 0}
