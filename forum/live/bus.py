"""Between processes: what one commits, the others hear of at once. A mere hint; the database is the truth.

A dead or stopped bus delays what it would have carried by at most the second after which every process asks the
database anyway. Nothing waits for it: what cannot be sent soon is dropped.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from forum.events import Event
from forum.live.messages import Changes
from forum.live.typing import Place


@dataclass(frozen=True, slots=True)
class Heard:
    """One word from another process: an event; or of an article its changes as read, or new scores and typing."""

    article_id: int = 0
    event: Event | None = None
    changes: Changes | None = None
    scores: Mapping[int, int] = field(default_factory=dict)
    typing: Sequence[Place] = ()


class Bus:
    """The bus of one process that is by itself: nobody to tell, nothing to hear."""

    state = "none"
    epoch = ""

    def follow(self, article_id: int) -> None:
        """Pages of this process listen to the article from now on."""

    def unfollow(self, article_id: int) -> None:
        """None of them does any more."""

    def tell(self, event: Event) -> None:
        """Let the other processes know of an event."""

    def tell_changes(self, article_id: int, found: Changes) -> None:
        """Let them have changes as they were read and rendered here."""

    def tell_scores(self, article_id: int, scores: Mapping[int, int]) -> None:
        """Let them have new scores of comments."""

    def tell_typing(self, article_id: int, places: Sequence[Place]) -> None:
        """Let them know where somebody writes."""

    def tell_readers(self, article_id: int, readers: int, *, again: bool) -> None:
        """Let them know how many pages listen here: when that changes, or once more."""

    def readers_elsewhere(self, _article_id: int) -> int:
        """How many pages listen to the article in other processes."""
        return 0

    async def run(self, hear: Callable[[Heard], None]) -> None:
        """Listen, and send what waits, for as long as the process lives."""
