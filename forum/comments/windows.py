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
    bindparam,
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
    is_public, is_first = audience == PUBLIC, not after
    ask = _PUBLIC_TOP[sort, is_first] if is_public else _top(sort, is_first=is_first, audience=audience)
    rows = db.execute(ask, {"article_id": article_id} | _cursor_of(sort, after)).all()
    top = _in_order(shown_only(rows, audience), sort)
    most = TOP_LEVEL + sum(1 for comment in top if comment.pinned)
    following, top = top[most:], top[:most]
    ask = _PUBLIC_REPLIES if is_public else _replies(audience)
    roots = {"roots": [comment.id for comment in top]}
    replies = shown_only(db.execute(ask, roots).all(), audience) if top else []
    comments = {comment.id: comment for comment in [*top, *replies]}
    if missing := [] if after else [one for one in own_recent if one not in comments]:
        chain = chain_above(missing)
        above = db.execute(comment_rows(Comment.id.in_(select(chain.c.id)))).all()
        comments |= {comment.id: comment for comment in shown_only(above, audience)}
    explained = explain(db, comments.values())
    nodes = [_count_rest(node, FIRST_REPLIES) for node in grow(_in_order(explained, sort))]
    return Window(nodes, _cursor(sort, top[-1]) if following else None, extended=bool(missing))


def _top(sort: Sort, *, is_first: bool, audience: Audience) -> Select[Any]:
    """The next top-level comments of `article_id` beyond the cursor, and one more; see `_cursor_of`."""
    is_pinned = Comment.pinned_at.is_not(None) & counted_for(audience)
    here = select(Comment.id).where(Comment.article_id == bindparam("article_id"))
    ids = _listed(here.where(Comment.parent_id.is_(None), ~is_pinned), sort, is_first, audience)
    if is_first:
        ids.append(here.where(is_pinned))  # at the top of the first page, in every sort, and on no other
    return comment_rows(Comment.id.in_(union_all(*ids)))


def _replies(audience: Audience) -> Select[Any]:
    """What comes with the page of the branches of `roots`."""
    in_branches = Comment.root_id.in_(bindparam("roots", expanding=True))
    return comment_rows(in_branches, Comment.ordinal <= FIRST_REPLIES, listed_for(audience))


def _listed(top: Select[Any], sort: Sort, is_first: bool, audience: Audience) -> list[Select[Any]]:
    """The ids of the next top-level comments, and of one more, in parts that may overlap.

    What everybody sees is read off an index; what this audience alone sees, or sees elsewhere, is little.
    """
    own_votes = audience.shadow.votes if sort == "best" else frozenset[int]()
    for_all = top.where(listed_for(PUBLIC), Comment.id.not_in(own_votes) if own_votes else true())
    parts = [_first(for_all, sort, Comment.score, is_first)]
    if audience.account_id is not None:
        score = Comment.score + case((Comment.id.in_(own_votes), 1), else_=0)
        held = (Comment.author_id == audience.account_id) & (Comment.state == literal_column("'held'"))
        parts.append(_first(top.where(held), sort, score, is_first))
        if apart := own_votes | audience.shadow.replies.keys():
            parts.append(_first(top.where(Comment.id.in_(apart), listed_for(audience)), sort, score, is_first))
    return parts


def _first(query: Select[Any], sort: Sort, score: SQLColumnExpression[int], is_first: bool) -> Select[Any]:
    """The first of them beyond the cursor, one more than a page has."""
    order: Sequence[ColumnElement[int]] = [Comment.id.desc()]
    last_id, last_score = bindparam("last_id", type_=Comment.id.type), bindparam("last_score", type_=Comment.score.type)
    if sort == "oldest":
        order, beyond = [Comment.id.asc()], Comment.id > last_id
    elif sort == "newest":
        beyond = Comment.id < last_id
    else:
        order, beyond = [score.desc(), *order], tuple_(score, Comment.id) < tuple_(last_score, last_id)
    query = query if is_first else query.where(beyond)
    part: Subquery = query.order_by(*order).limit(TOP_LEVEL + 1).subquery()
    return select(part)


def _cursor_of(sort: Sort, after: str | None) -> dict[str, int]:
    """The numbers of a cursor by their names; none for the first page. Raises BadRequest."""
    names = ("last_score", "last_id") if sort == "best" else ("last_id",)
    numbers = [cursor_id(part) for part in after.split(".")] if after else []
    if numbers and len(numbers) != len(names):
        raise _bad_cursor()
    return dict(zip(names, numbers, strict=False))


def cursor_id(text: str) -> int:
    """A number out of a cursor. Raises BadRequest."""
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise _bad_cursor()
    return int(text)


def _bad_cursor() -> BadRequest:
    return BadRequest(_("This link to more comments is broken. Load the article again."), "after")


# What everybody asks is put together once: that takes longer than to ask it.
_PUBLIC_TOP = {
    (sort, is_first): _top(sort, is_first=is_first, audience=PUBLIC) for sort in SORTS for is_first in (True, False)
}
_PUBLIC_REPLIES = _replies(PUBLIC)


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
