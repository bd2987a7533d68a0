"""Comments as HTML: the partial runs once for each kind of comment, and what is a comment's own is filled in.

Hundreds of comments stand on a page and differ in little. So what is a comment's own (its id, author, time, text) is
a `Slot` to the partial, which can put it out but not decide by it; all the rest is the key under which the frame that
it makes is kept. A frame so depends on its key alone.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from operator import attrgetter, itemgetter
from secrets import token_hex
from typing import Any

from markupsafe import Markup, escape

from forum.comments.projection import PEOPLE, ShownAuthor, ShownComment
from forum.comments.tree import Node
from forum.templating import fragment, time

Own = dict[str, Any]
OWN = (
    *("id", "parent_id", "shown_under_id", "root_id", "ordinal", "version", "score"),
    *("created_at", "edited_at", "in_reply_to", "html"),
)
OF_AUTHOR = ("handle", "display_name", "avatar", "hue", "initial")
KINDS = 4096
"""Frames that are kept, of 2 kB each."""
_MARK = token_hex(8)
"""Nobody can write it into a text that becomes part of a frame."""


class Slot:
    """A place in a frame. It stands only where there is something, so whether it is none may be asked."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __html__(self) -> str:
        return f"{_MARK}{self._name}{_MARK}"

    def __bool__(self) -> bool:
        raise TypeError(f"{self._name} is a comment's own: the partial must not decide by it")


_SLOTS = {name: Slot(name) for name in (*OWN, *OF_AUTHOR, "replies")}
_own = attrgetter(*OWN)
_of_author = attrgetter(*OF_AUTHOR)


def comment_html(comment: ShownComment, replies: str = "", *, pick: bool = False) -> str:
    """A comment's `<li>` with the HTML of its replies, the same for everybody. `pick`: alone in a list of picks."""
    own: Own = dict(zip(OWN, _own(comment), strict=True))
    author, of_author = _author(comment.author) if comment.author else (None, {})
    kind = comment._replace(**_slots_for(own), author=author)
    own |= of_author
    own["created_at"] = time(comment.created_at)
    own["in_reply_to"] = escape(comment.in_reply_to or "")
    own["replies"] = replies
    frame, names = _frame(kind, has_replies=bool(replies), pick=pick)
    return frame % names(own)


def list_html(nodes: Iterable[Node], *, pick: bool = False) -> Markup:
    """Comments with all that stands beneath them."""
    return Markup(_listed(nodes, pick=pick))  # noqa: S704 (made by the partial)


def _listed(nodes: Iterable[Node], *, pick: bool) -> str:
    return "".join([comment_html(node.comment, _listed(node.replies, pick=pick), pick=pick) for node in nodes])


@lru_cache(PEOPLE)
def _author(author: ShownAuthor) -> tuple[ShownAuthor, dict[str, str]]:
    """The kind of author, and what is the author's own."""
    own = dict(zip(OF_AUTHOR, _of_author(author), strict=True))
    return author._replace(**_slots_for(own)), {name: escape(value) for name, value in own.items()}


def _slots_for(own: Own) -> Own:
    return {name: None if value is None else _SLOTS[name] for name, value in own.items()}


@lru_cache(KINDS)
def _frame(kind: ShownComment, *, has_replies: bool, pick: bool) -> tuple[str, Callable[[Own], tuple[str, ...]]]:
    """The HTML of a kind, to be filled in by `%`, and what with."""
    replies = _SLOTS["replies"] if has_replies else None
    pieces = str(fragment("comments/_comment.html", "comment_item", kind, replies, pick)).split(_MARK)
    texts, names = pieces[::2], pieces[1::2]
    return "%s".join(text.replace("%", "%%") for text in texts), itemgetter(*names)
