"""Where a new comment goes in its discussion."""

from dataclasses import dataclass
from gettext import gettext as _

from sqlalchemy import bindparam, select, update

from forum.accounts.actor import Standing
from forum.comments.models import Comment, State
from forum.database import Db, run, table_of
from forum.errors import Invalid
from forum.permissions import is_shadowed

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
    *(comments.c[name] for name in ("id", "author_id", "root_id", "shown_under_id", "depth", "state")),
    Comment.shadowed.label("shadowed"),
).where(comments.c.id == bindparam("parent_id"), comments.c.article_id == bindparam("article_id"))
_NEXT_ORDINAL = (
    update(comments)
    .where(comments.c.id == bindparam("root"))
    .values(last_ordinal=comments.c.last_ordinal + 1)
    .returning(comments.c.last_ordinal)
)


def place_of_new(db: Db, article_id: int, parent_id: int | None, person: Standing) -> tuple[Place, bool]:
    """Where that person's reply to `parent_id` goes, and whether into the shadow; gives away the branch's next ordinal.

    Raises Invalid where nothing is there to be answered.
    """
    if parent_id is None:
        return Place(), is_shadowed(person)
    parent = run(db, _PARENT, parent_id=parent_id, article_id=article_id).first()
    answers_own = parent is not None and parent.shadowed and parent.author_id == person.id
    if parent is None or not (parent.state == State.VISIBLE or answers_own):
        raise Invalid(
            _("The comment you answer is not here any more. Your text is kept: post it as a comment of its own."),
            "parent",
        )
    root_id = parent.root_id or parent.id
    ordinal = run(db, _NEXT_ORDINAL, root=root_id).scalar_one()
    flat = parent.depth > DEEPEST
    under, depth = parent.shown_under_id if flat else parent.id, min(parent.depth + 1, DEEPEST + 1)
    return Place(parent.id, under, root_id, depth, ordinal), answers_own or is_shadowed(person)
