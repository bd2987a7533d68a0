"""One comment with what it answers and what answers it, and the next replies of a branch: paged by ordinal."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, union_all
from sqlalchemy.orm import aliased

from forum.comments.change import chain_above
from forum.comments.held import explain
from forum.comments.models import Comment
from forum.comments.places import DEEPEST
from forum.comments.projection import Audience, ShownComment, comment_rows, counted_for, listed_for, shown_only
from forum.comments.tree import Node, grow
from forum.database import Db

MORE_REPLIES = 50
LARGEST = 2**31 - 1
"""The largest ordinal that a column holds."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One comment with those above it and some of those below it, down to the ordinal `shown_to`."""

    ancestors: Sequence[ShownComment]
    node: Node
    shown_to: int | None


def branch(db: Db, comment_id: int, audience: Audience, *, after: int = 0) -> Branch | None:
    """The comment's page, or None where this audience sees nothing there."""
    chain = chain_above([comment_id])
    above = shown_only(db.execute(comment_rows(Comment.id.in_(select(chain.c.id)))).all(), audience)
    comment = next((one for one in above if one.id == comment_id), None)
    if comment is None:
        return None
    listed, after = listed_for(audience), max(after, comment.ordinal)
    beneath = below(comment, listed, after=after, most=MORE_REPLIES + 1)
    query = comment_rows(beneath, Comment.ordinal > after, listed)
    rows = db.execute(query.order_by(Comment.ordinal).limit(MORE_REPLIES + 1)).all()
    replies = shown_only(rows[:MORE_REPLIES], audience)
    context = _between(db, replies, comment, audience)
    shown = [comment, *context, *replies]
    trees = grow(shown if audience.moderators else explain(db, shown))
    [node] = [tree for tree in trees if tree.comment.id == comment_id]
    ancestors = sorted((one for one in above if one.id != comment_id), key=lambda one: one.depth)
    return Branch(ancestors, node, replies[-1].ordinal if len(rows) > MORE_REPLIES else None)


def more_replies(db: Db, root_id: int, audience: Audience, *, after: int) -> tuple[Sequence[ShownComment], int, int]:
    """The next comments of a branch by ordinal; with the ordinal they reach to, and how many follow."""
    query = comment_rows(Comment.root_id == root_id, Comment.ordinal > after, listed_for(audience))
    rows = db.execute(query.order_by(Comment.ordinal).limit(MORE_REPLIES + 1)).all()
    comments = shown_only(rows[:MORE_REPLIES], audience)
    shown_to = comments[-1].ordinal if comments else after
    if len(rows) <= MORE_REPLIES:
        return comments, shown_to, 0
    # Not many more than a page: what a reader wants to know is whether it is a few or a lot.
    rest = select(Comment.id).where(Comment.root_id == root_id, Comment.ordinal > shown_to, counted_for(audience))
    return comments, shown_to, len(db.execute(rest.limit(10 * MORE_REPLIES)).all())


def below(
    comment: ShownComment, listed: ColumnElement[bool], *, after: int = 0, most: int, newest_first: bool = False
) -> ColumnElement[bool]:
    """The comments that stand beneath it: at least those of them that come first beyond an ordinal, `most` at most.

    At the top, and where all beneath is flat, they are the beginning of an index. Between, each level is read off one,
    and of what is flat beneath the last level, however long, only as much as can come first.
    """
    if comment.depth == 1:
        return Comment.root_id == comment.id
    if comment.depth >= DEEPEST:
        return Comment.shown_under_id == comment.id
    levels = select(Comment.id, Comment.depth).where(Comment.id == comment.id).cte("levels", recursive=True)
    of_next = select(Comment.id, levels.c.depth + 1).where(Comment.shown_under_id == levels.c.id)
    levels = levels.union_all(of_next.where(levels.c.depth < DEEPEST))
    flat = select(Comment.ordinal).where(Comment.shown_under_id == levels.c.id, Comment.ordinal > after, listed)
    flat = flat.order_by(Comment.ordinal.desc() if newest_first else Comment.ordinal).limit(1).offset(most - 1)
    last, one = flat.correlate(levels).scalar_subquery(), aliased(Comment)
    is_among = one.ordinal >= func.coalesce(last, 0) if newest_first else one.ordinal <= func.coalesce(last, LARGEST)
    deep = select(one.id).join(levels, one.shown_under_id == levels.c.id)
    deep = deep.where(levels.c.depth == DEEPEST, one.ordinal > after, is_among)
    return Comment.id.in_(union_all(select(levels.c.id), deep))


def _between(db: Db, replies: Sequence[ShownComment], top: ShownComment, audience: Audience) -> Sequence[ShownComment]:
    """What stands between `top` and those replies, where a page begins in the middle of a branch."""
    known = {top.id, *(reply.id for reply in replies)}
    missing = {reply.shown_under_id for reply in replies if reply.shown_under_id} - known
    if not missing:
        return []
    chain = chain_above(missing)
    query = comment_rows(Comment.id.in_(select(chain.c.id)), Comment.id.not_in(known), Comment.depth > top.depth)
    return shown_only(db.execute(query).all(), audience)
