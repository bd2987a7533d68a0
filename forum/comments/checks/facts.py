"""The facts that checks judge by, gathered in one query, and another where a list of words has changed."""

from datetime import timedelta

from sqlalchemy import ScalarSelect, bindparam, func, literal, select

from forum.accounts.actor import Standing
from forum.accounts.models import Account
from forum.comments.body import Body
from forum.comments.checks.addresses import links_in
from forum.comments.checks.given import Given
from forum.comments.checks.lists import NAMES, lists_of
from forum.comments.checks.models import WordList
from forum.comments.models import Comment, State
from forum.database import Db, now, run, table_of
from forum.permissions import Role

TEN_MINUTES, MONTH, QUARTER = timedelta(minutes=10), timedelta(days=30), timedelta(days=90)
ENOUGH = 100
"""Nothing is counted any further: no check asks for more."""
LAST_COMMENTS = 20
"""So many of an account's comments say how often moderators remove them."""

# What runs at every post where a check is on, built once.
accounts, comments, word_lists = table_of(Account), table_of(Comment), table_of(WordList)
_others = comments.c.id != bindparam("comment_id")
_own = (comments.c.author_id == bindparam("author_id")) & _others


def _count(*conditions: object) -> ScalarSelect[int]:
    some = select(literal(1).label("one")).where(*conditions).limit(ENOUGH).subquery()  # type: ignore[arg-type]
    return select(func.count()).select_from(some).scalar_subquery()


_last = (
    select(comments.c.state)
    .where(_own, comments.c.created_at > bindparam("quarter"))
    .order_by(comments.c.created_at.desc())
    .limit(LAST_COMMENTS)
    .subquery()
)
_FACTS = select(
    _count(_own, (comments.c.state == State.VISIBLE) | Comment.shadowed).label("shown"),
    select(func.count()).select_from(_last).scalar_subquery().label("recent"),
    select(func.count()).select_from(_last).where(_last.c.state == State.REMOVED).scalar_subquery().label("removed"),
    _count(_own, comments.c.created_at > bindparam("ten_minutes")).label("in_ten_minutes"),
    _count(
        comments.c.gist == bindparam("gist"),
        comments.c.created_at > bindparam("month"),
        _others,
        # Whoever takes a comment away and posts it elsewhere does not say it twice.
        (comments.c.author_id != bindparam("author_id")) | (comments.c.state != State.DELETED),
    ).label("same"),
    *(select(word_lists.c.changed_at).where(word_lists.c.name == name).scalar_subquery().label(name) for name in NAMES),
).where(accounts.c.id == bindparam("author_id"))


def gather(db: Db, body: Body, author: Standing, *, comment_id: int | None = None) -> Given:
    """What is known of a text and its author; `comment_id` is the comment whose text it is to replace."""
    at = now()
    row = run(
        db,
        _FACTS,
        author_id=author.id,
        comment_id=comment_id or 0,
        gist=body.gist,
        ten_minutes=at - TEN_MINUTES,
        month=at - MONTH,
        quarter=at - QUARTER,
    ).one()
    return Given(
        text=body.source,
        gist=body.gist or body.source,
        links=links_in(body.html),
        lists=lists_of(db, {name: getattr(row, name) for name in NAMES}),
        is_edit=comment_id is not None,
        is_staff=author.role != Role.READER,
        is_watched=author.watched_at is not None,
        shown=row.shown,
        removed=row.removed,
        recent=row.recent,
        in_ten_minutes=row.in_ten_minutes,
        same=row.same if body.gist else 0,
    )
