"""Windows of discussions as HTML, kept while they hold: made once, the same bytes on everybody's page."""

from collections import OrderedDict
from sys import getsizeof
from threading import Lock
from time import monotonic
from typing import NamedTuple

from markupsafe import Markup

MOST_BYTES = 32 * 1024 * 1024
"""Of memory: what was not asked for longest goes where there is no room."""
BESIDE = 1024
"""Bytes of memory that a window takes beside its texts; whoever invents addresses makes empty ones without end."""
MOST_SECONDS = 60.0
"""Names and pictures of people may change without a change of the discussion: they show after this at the latest."""


class Asked(NamedTuple):
    """Which window: of which life of the database, and by which parts of the address."""

    epoch: str
    article_id: int
    sort: str
    show: str | None
    after: str | None


class State(NamedTuple):
    """As of what a window was made: the discussion's version, the site's revision, and how often votes had changed."""

    version: int
    revision: int
    vote_changes: int


class Rendered(NamedTuple):
    """A window as HTML and as JSON-LD, the comments that are in it, and the cursor of what follows.

    It is `extended` where it holds what somebody has just written, that stands elsewhere for everybody else.
    """

    html: Markup
    ids: frozenset[int]
    next: str | None
    extended: bool
    linked: Markup = Markup("[]")

    @property
    def size(self) -> int:
        """Bytes that it takes up in memory, where a text that holds an emoji has four for each character."""
        return getsizeof(self.html) + getsizeof(self.linked) + getsizeof(self.ids) + BESIDE


class _Kept(NamedTuple):
    state: State
    rendered: Rendered
    made_at: float


class KeptWindows:
    """What everybody sees of discussions, by what was asked for. Several threads may ask at once."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[Asked, _Kept] = OrderedDict()
        self._lock = Lock()

    def find(self, asked: Asked, state: State) -> Rendered | None:
        """The window as it is in that state, if it is kept."""
        with self._lock:
            kept = self._kept.get(asked)
            if kept is None or kept.state != state or monotonic() - kept.made_at >= MOST_SECONDS:
                return None
            self._kept.move_to_end(asked)
            return kept.rendered

    def keep(self, asked: Asked, state: State, rendered: Rendered) -> None:
        """Keep what was made of that state; an older one does not take the place of a newer one."""
        with self._lock:
            before = self._kept.get(asked)
            if before and before.state > state:
                return
            self._bytes += rendered.size - (before.rendered.size if before else 0)
            self._kept[asked] = _Kept(state, rendered, monotonic())
            self._kept.move_to_end(asked)
            while self._bytes > self._most_bytes:
                self._bytes -= self._kept.popitem(last=False)[1].rendered.size
