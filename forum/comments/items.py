"""Comments as messages and answers carry them: one comment's whole state, its HTML included."""

from collections.abc import Sequence
from typing import Any

from forum.comments.frames import comment_html
from forum.comments.held import explain
from forum.comments.projection import PUBLIC, Audience, Gone, ShownComment
from forum.comments.queries import reply_counts
from forum.database import Db

Item = dict[str, Any]


def items(db: Db, comments: Sequence[ShownComment | Gone], audience: Audience = PUBLIC) -> list[Item]:
    """Comments as they stand in a message for that audience, each with the reply counts of all that it hangs on."""
    counts = reply_counts(db, {comment.shown_under_id for comment in comments if comment.shown_under_id}, audience)
    explained = {one.id: one for one in explain(db, [one for one in comments if isinstance(one, ShownComment)])}
    return [_item(explained.get(comment.id, comment), counts) for comment in comments]


def _item(comment: ShownComment | Gone, counts: dict[int, tuple[int | None, int]]) -> Item:
    item: Item = {
        "id": comment.id,
        "parent": comment.shown_under_id,
        "root": comment.root_id,
        "version": comment.version,
        "replies": {},
    }
    above = comment.shown_under_id
    while above in counts:
        next_above, item["replies"][str(above)] = counts[above]
        above = next_above
    if isinstance(comment, Gone):
        return item | {"state": "gone"}
    shown = {
        "ordinal": comment.ordinal,
        "state": comment.state,
        "score": comment.score,
        "html": comment_html(comment),
    }
    return item | shown
