"""Windows of a discussion: some top-level comments in their order, by keyset, with the first replies beneath each.

What a window costs does not depend on how large the discussion is: every part of it is the beginning of an index.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from gettext import gettext as _
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    Subquery,
    case,
    literal_column,
    select,
    true,
    tuple_,
    union_all,
)

from forum.comments.change import chain_above
from forum.comments.held import explain
from forum.comments.models import Comment, State
from forum.comments.projection import (
    PUBLIC,
    Audience,
    ShownComment,
    comment_rows,
    counted_for,
    listed_for,
    shown_only,
)
from forum.comments.tree import Node, grow
from forum.database import Db
from forum.errors import BadRequest

Sort = Literal["newest", "oldest", "best"]
SORTS: tuple[Sort, ...] = ("newest", "oldest", "best")
TOP_LEVEL = 25
FIRST_REPLIES = 7
"""Of each branch, the comments with an ordinal up to this come with the page."""


@dataclass(frozen=True, slots=True)
class Window:
    """Some top-level comments in their order, the first replies beneath each, and the cursor of what follows.

    `extended` by what the viewer has just written, where that stands elsewhere.
    """

    nodes: list[Node]
    next: str | None
    extended: bool = False


def window(
    db: Db,
    article_id: int,
    *,
    sort: Sort,
    after: str | None,
    audience: Audience = PUBLIC,
    own_recent: Sequence[int] = (),
) -> Window:
    """A page of the discussion. What is `own_recent` is on the first one, wherever it stands."""
    is_pinned = Comment.pinned_at.is_not(None) & counted_for(audience)
    here = select(Comment.id).where(Comment.article_id == article_id)
    ids = _listed(here.where(Comment.parent_id.is_(None), ~is_pinned), sort, after, audience)
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
    if missing := [] if after else [one for one in own_recent if one not in comments]:
        chain = chain_above(missing)
        above = db.execute(comment_rows(Comment.id.in_(select(chain.c.id)))).all()
        comments |= {comment.id: comment for comment in shown_only(above, audience)}
    explained = explain(db, comments.values())
    nodes = [_count_rest(node, FIRST_REPLIES) for node in grow(_in_order(explained, sort))]
    return Window(nodes, _cursor(sort, top[-1]) if following else None, extended=bool(missing))


def _listed(top: Select[Any], sort: Sort, after: str | None, audience: Audience) -> list[Select[Any]]:
    """The ids of the next top-level comments, and of one more, in parts that may overlap.

    What everybody sees is read off an index; what this audience alone sees, or sees elsewhere, is little.
    """
    cursor = _cursor_of(sort, after)
    own_votes = audience.shadow.votes if sort == "best" else frozenset[int]()
    for_all = top.where(listed_for(PUBLIC), Comment.id.not_in(own_votes) if own_votes else true())
    parts = [_first(for_all, sort, Comment.score, cursor)]
    if audience.account_id is not None:
        score = Comment.score + case((Comment.id.in_(own_votes), 1), else_=0)
        held = (Comment.author_id == audience.account_id) & (Comment.state == literal_column("'held'"))
        parts.append(_first(top.where(held), sort, score, cursor))
        if apart := own_votes | audience.shadow.replies.keys():
            parts.append(_first(top.where(Comment.id.in_(apart), listed_for(audience)), sort, score, cursor))
    return parts


def _first(query: Select[Any], sort: Sort, score: SQLColumnExpression[int], cursor: Sequence[int]) -> Select[Any]:
    """The first of them beyond the cursor, one more than a page has."""
    order: Sequence[ColumnElement[int]] = [Comment.id.desc()]
    if sort == "oldest":
        order, beyond = [Comment.id.asc()], Comment.id > cursor[0] if cursor else true()
    elif sort == "newest":
        beyond = Comment.id < cursor[0] if cursor else true()
    else:
        order, beyond = [score.desc(), *order], tuple_(score, Comment.id) < tuple_(*cursor) if cursor else true()
    part: Subquery = query.where(beyond).order_by(*order).limit(TOP_LEVEL + 1).subquery()
    return select(part)


def _cursor_of(sort: Sort, after: str | None) -> list[int]:
    """The numbers of a cursor; none for the first page. Raises BadRequest."""
    cursor = [cursor_id(part) for part in after.split(".")] if after else []
    if cursor and len(cursor) != (2 if sort == "best" else 1):
        raise _bad_cursor()
    return cursor


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


def _count_rest(node: Node, shown_to: int) -> Node:
    """Note on a top-level comment how much of its branch is not on the page."""
    shown = sum(1 for one in node if one is not node and one.comment.state == State.VISIBLE)
    node.comment = node.comment._replace(shown_to=shown_to, more_replies=max(node.comment.reply_count - shown, 0))
    return node
