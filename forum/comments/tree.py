"""A flat list of comments becomes a tree in one pass."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from forum.comments.projection import ShownComment


@dataclass(slots=True)
class Node:
    """A comment and what stands under it, in time order."""

    comment: ShownComment
    replies: list["Node"] = field(default_factory=list)

    def __iter__(self) -> Iterator["Node"]:
        yield self
        for reply in self.replies:
            yield from reply


def grow(comments: Iterable[ShownComment]) -> list[Node]:
    """The trees of these comments: the roots as they come, replies by ordinal.

    A comment whose place is not among them starts a tree of its own.
    """
    nodes = {comment.id: Node(comment) for comment in comments}
    roots: list[Node] = []
    for node in nodes.values():
        above = nodes.get(node.comment.shown_under_id or 0)
        (above.replies if above else roots).append(node)
    for node in nodes.values():
        node.replies.sort(key=lambda reply: reply.comment.ordinal)
    return roots
