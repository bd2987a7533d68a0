"""What is read of a discussion: windows by keyset, branches, and what changed since a version."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from gettext import gettext as _
from typing import Literal

from sqlalchemy import ColumnElement, bindparam, case, func, select, tuple_, union_all

from forum.comments.change import chain_above
from forum.comments.held import explain
from forum.comments.models import Comment, Revision, State, Vote
from forum.comments.projection import (
    PUBLIC,
    Audience,
    ShownComment,
    comment_rows,
    counted_for,
    listed_for,
    shown_only,
)
from forum.comments.shadow import read_own
from forum.comments.tree import Node, grow
from forum.database import Db, now, run
from forum.errors import BadRequest

Sort = Literal["newest", "oldest", "best"]
SORTS: tuple[Sort, ...] = ("newest", "oldest", "best")
TOP_LEVEL = 25
FIRST_REPLIES = 7
"""Of each branch, the comments with an ordinal up to this come with the page."""
MORE_REPLIES = 50
MOST_ARRIVALS = 999
OWN_POSTS_KEPT = timedelta(minutes=15)


_ABOVE = chain_above(bindparam("parents", expanding=True, type_=Comment.id.type))
_COUNTS_ABOVE = select(Comment.id, Comment.shown_under_id, Comment.reply_count).where(
    Comment.id.in_(select(_ABOVE.c.id))
)


@dataclass(frozen=True, slots=True)
class Window:
    """Some top-level comments in their order, the first replies beneath each, and the cursor of what follows.

    `audience` is whom it is for.
    """

    nodes: list[Node]
    next: str | None
    audience: Audience


@dataclass(frozen=True, slots=True)
class Branch:
    """One comment with those above it and some of those below it, down to the ordinal `shown_to`."""

    ancestors: Sequence[ShownComment]
    node: Node
    shown_to: int | None


def audience_of(db: Db, article_id: int, account_id: int | None) -> Audience:
    """The public, unless the account sees something in this article that others do not."""
    if account_id is None:
        return PUBLIC
    has_held, shadow = read_own(db, article_id, account_id)
    return Audience(account_id, shadow=shadow) if has_held or shadow.votes else PUBLIC


def window(db: Db, article_id: int, *, sort: Sort, after: str | None, viewer_id: int | None = None) -> Window:
    """A page of the discussion. A viewer's own posts of the last minutes are on it, wherever they stand."""
    audience = audience_of(db, article_id, viewer_id)
    order, beyond = _order(sort, after, audience)
    is_pinned = Comment.pinned_at.is_not(None) & counted_for(audience)
    here = select(Comment.id).where(Comment.article_id == article_id)
    listed = here.where(Comment.parent_id.is_(None), ~is_pinned, listed_for(audience), beyond)
    ids = [select(listed.order_by(*order).limit(TOP_LEVEL + 1).subquery())]
    if after is None:
        ids.append(here.where(is_pinned))  # at the top of the first page, in every sort, and on no other
    rows = db.execute(comment_rows(Comment.id.in_(union_all(*ids)))).all()
    top = _in_order(shown_only(rows, audience), sort)
    most = TOP_LEVEL + sum(1 for comment in top if comment.pinned)
    following, top = top[most:], top[:most]
    first = comment_rows(
        Comment.root_id.in_([comment.id for comment in top]),
        Comment.ordinal <= FIRST_REPLIES,
        listed_for(audience),
    )
    replies = shown_only(db.execute(first).all(), audience) if top else []
    comments = {comment.id: comment for comment in [*top, *replies]}
    if viewer_id is not None and after is None:
        comments |= _own_recent(db, article_id, viewer_id, audience, known=comments.keys())
    explained = explain(db, comments.values())
    nodes = [_count_rest(node, FIRST_REPLIES) for node in grow(_in_order(explained, sort))]
    return Window(nodes, _cursor(sort, top[-1]) if following else None, audience)


def branch(db: Db, comment_id: int, audience: Audience, *, after: int = 0) -> Branch | None:
    """The comment's page, or None where this audience sees nothing there."""
    chain = chain_above([comment_id])
    above = shown_only(db.execute(comment_rows(Comment.id.in_(select(chain.c.id)))).all(), audience)
    comment = next((one for one in above if one.id == comment_id), None)
    if comment is None:
        return None
    below = select(Comment.id).where(Comment.id == comment_id).cte("below", recursive=True)
    below = below.union(select(Comment.id).where(Comment.shown_under_id == below.c.id))
    query = comment_rows(
        Comment.id.in_(select(below.c.id)),
        Comment.ordinal > max(after, comment.ordinal),
        listed_for(audience),
    )
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


def votes_of(db: Db, account_id: int, comment_ids: Sequence[int]) -> set[int]:
    """Which of these comments the account recommends."""
    query = select(Vote.comment_id).where(Vote.account_id == account_id, Vote.comment_id.in_(comment_ids))
    return set(db.execute(query).scalars())


def revisions_of(db: Db, comment_id: int) -> Sequence[Revision]:
    """Earlier texts, oldest first. For moderators."""
    return db.execute(select(Revision).where(Revision.comment_id == comment_id).order_by(Revision.id)).scalars().all()


def shown_comment(db: Db, comment_id: int, audience: Audience) -> ShownComment | None:
    """One comment as `audience` may see it."""
    return next(iter(shown_only(db.execute(comment_rows(Comment.id == comment_id)).all(), audience)), None)


def _order(
    sort: Sort, after: str | None, audience: Audience
) -> tuple[Sequence[ColumnElement[int]], ColumnElement[bool]]:
    """How top-level comments are ordered, and which of them lie beyond the cursor."""
    cursor = [cursor_id(part) for part in after.split(".")] if after else []
    if cursor and len(cursor) != (2 if sort == "best" else 1):
        raise _bad_cursor()
    everything = Comment.id > 0
    if sort == "oldest":
        return [Comment.id.asc()], Comment.id > cursor[0] if cursor else everything
    if sort == "newest":
        return [Comment.id.desc()], Comment.id < cursor[0] if cursor else everything
    own = audience.shadow.votes
    score = Comment.score + case((Comment.id.in_(own), 1), else_=0) if own else Comment.score
    beyond = tuple_(score, Comment.id) < tuple_(*cursor) if cursor else everything
    return [score.desc(), Comment.id.desc()], beyond


def cursor_id(text: str) -> int:
    """A number out of a cursor. Raises BadRequest."""
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise _bad_cursor()
    return int(text)


def _bad_cursor() -> BadRequest:
    return BadRequest(_("This link to more comments is broken. Load the article again."), "after")


def _cursor(sort: Sort, last: ShownComment) -> str:
    return f"{last.score}.{last.id}" if sort == "best" else str(last.id)


def _in_order(comments: Iterable[ShownComment], sort: Sort) -> list[ShownComment]:
    """In the order of the sort, those that are pinned above the rest, the last pinned first."""
    keys: dict[Sort, Callable[[ShownComment], tuple[int, ...]]] = {
        "oldest": lambda comment: (comment.id,),
        "newest": lambda comment: (-comment.id,),
        "best": lambda comment: (-comment.score, -comment.id),
    }
    return sorted(comments, key=lambda comment: (-comment.pinned, keys[sort](comment)))


def _own_recent(
    db: Db, article_id: int, viewer_id: int, audience: Audience, known: Iterable[int]
) -> dict[int, ShownComment]:
    """The viewer's latest posts with what they hang on, as far as they are not known yet."""
    latest = (
        select(Comment.id)
        .where(
            Comment.author_id == viewer_id,
            Comment.created_at > now() - OWN_POSTS_KEPT,
            Comment.article_id == article_id,
            Comment.id.not_in(list(known)),
            listed_for(audience),
        )
        .order_by(Comment.created_at.desc())
        .limit(5)
    )
    ids = list(db.execute(latest).scalars())
    if not ids:
        return {}
    chain = chain_above(ids)
    rows = db.execute(comment_rows(Comment.id.in_(select(chain.c.id)))).all()
    return {comment.id: comment for comment in shown_only(rows, audience)}


def _between(db: Db, replies: Sequence[ShownComment], top: ShownComment, audience: Audience) -> Sequence[ShownComment]:
    """What stands between `top` and those replies, where a page begins in the middle of a branch."""
    known = {top.id, *(reply.id for reply in replies)}
    missing = {reply.shown_under_id for reply in replies if reply.shown_under_id} - known
    if not missing:
        return []
    chain = chain_above(missing)
    query = comment_rows(Comment.id.in_(select(chain.c.id)), Comment.id.not_in(known), Comment.depth > top.depth)
    return shown_only(db.execute(query).all(), audience)


def _count_rest(node: Node, shown_to: int) -> Node:
    """Note on a top-level comment how much of its branch is not on the page."""
    shown = sum(1 for one in node if one is not node and one.comment.state == State.VISIBLE)
    node.comment = replace(node.comment, shown_to=shown_to, more_replies=max(node.comment.reply_count - shown, 0))
    return node
