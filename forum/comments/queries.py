"""What is read of comments here and there: as whom one looks, what came since a version, counts and votes."""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, func, select

from forum.comments.change import chain_above
from forum.comments.models import Comment, Revision
from forum.comments.projection import (
    PUBLIC,
    Audience,
    ShownComment,
    comment_rows,
    counted_for,
    shown_only,
)
from forum.comments.shadow import read_own
from forum.database import Db, run

MOST_ARRIVALS = 999

_ABOVE = chain_above(bindparam("parents", expanding=True, type_=Comment.id.type))
_COUNTS_ABOVE = select(Comment.id, Comment.shown_under_id, Comment.reply_count).where(
    Comment.id.in_(select(_ABOVE.c.id))
)


def audience_of(db: Db, article_id: int, account_id: int | None) -> Audience:
    """The public, unless the account sees something in this article that others do not."""
    return looking(db, article_id, account_id)[0]


def looking(db: Db, article_id: int, account_id: int | None) -> tuple[Audience, Sequence[int]]:
    """As whom an account looks at a discussion, and its own latest posts there."""
    if account_id is None:
        return PUBLIC, ()
    own = read_own(db, article_id, account_id)
    is_apart = own.has_held or own.shadow.votes
    return Audience(account_id, shadow=own.shadow) if is_apart else PUBLIC, own.recent


def count_arrivals(db: Db, article_id: int, *, after: int, audience: Audience = PUBLIC) -> int:
    """How many comments have come since that version, counted up to one more than MOST_ARRIVALS.

    One that was only edited is not new.
    """
    arrived = select(Comment.id).where(
        Comment.article_id == article_id,
        Comment.version > after,
        counted_for(audience),
        Comment.edited_at.is_(None),
    )
    return db.execute(select(func.count()).select_from(arrived.limit(MOST_ARRIVALS + 1).subquery())).scalar_one()


def reply_counts(db: Db, parents: Iterable[int], audience: Audience) -> dict[int, tuple[int | None, int]]:
    """Of every comment above these parents, and of the parents: what it is shown under, and its reply count."""
    ids, own = list(parents), audience.shadow.replies
    rows = run(db, _COUNTS_ABOVE, parents=ids).all() if ids else ()
    return {row.id: (row.shown_under_id, row.reply_count + own.get(row.id, 0)) for row in rows}


def revisions_of(db: Db, comment_id: int) -> Sequence[Revision]:
    """Earlier texts, oldest first. For moderators."""
    return db.execute(select(Revision).where(Revision.comment_id == comment_id).order_by(Revision.id)).scalars().all()


def shown_comment(db: Db, comment_id: int, audience: Audience) -> ShownComment | None:
    """One comment as `audience` may see it."""
    return next(iter(shown_only(db.execute(comment_rows(Comment.id == comment_id)).all(), audience)), None)
