"""Where a new comment goes in its discussion."""

from dataclasses import dataclass
from gettext import gettext as _

from sqlalchemy import bindparam, select, update

from forum.comments.models import Comment, State
from forum.database import Db, run, table_of
from forum.errors import Invalid

DEEPEST = 6
"""Levels beyond this are shown flat under their ancestor at this level."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a new comment stands in its discussion."""

    parent_id: int | None = None
    shown_under_id: int | None = None
    root_id: int | None = None
    depth: int = 1
    ordinal: int = 0


# What runs at every post, built once.
comments = table_of(Comment)
_PARENT = select(
    comments.c.id, comments.c.root_id, comments.c.shown_under_id, comments.c.depth, comments.c.state
).where(comments.c.id == bindparam("parent_id"), comments.c.article_id == bindparam("article_id"))
_NEXT_ORDINAL = (
    update(comments)
    .where(comments.c.id == bindparam("root"))
    .values(last_ordinal=comments.c.last_ordinal + 1)
    .returning(comments.c.last_ordinal)
)


def place_of_new(db: Db, article_id: int, parent_id: int | None) -> Place:
    """Where a reply to `parent_id` goes; gives away the branch's next ordinal. Raises Invalid where none is there."""
    if parent_id is None:
        return Place()
    parent = run(db, _PARENT, parent_id=parent_id, article_id=article_id).first()
    if parent is None or parent.state != State.VISIBLE:
        raise Invalid(
            _("The comment you answer is not here any more. Your text is kept: post it as a comment of its own."),
            "parent",
        )
    root_id = parent.root_id or parent.id
    ordinal = run(db, _NEXT_ORDINAL, root=root_id).scalar_one()
    flat = parent.depth > DEEPEST
    return Place(
        parent.id, parent.shown_under_id if flat else parent.id, root_id, min(parent.depth + 1, DEEPEST + 1), ordinal
    )
