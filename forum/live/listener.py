"""One open page: what waits to be sent to it, and from which version it must catch up."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from forum.comments.projection import PUBLIC, Audience

MOST_FRAMES = 64
"""A page that lets more than this wait is skipped until it drains, and then catches up from the database."""


@dataclass(frozen=True, slots=True)
class Closing:
    """Why and how a socket is closed: a code of the contract, and in the reason how long to wait, in seconds."""

    code: int
    wait: int = 0
    message: str = ""

    @property
    def reason(self) -> str:
        """What goes into the close frame."""
        return f"wait={self.wait}"


@dataclass(eq=False, slots=True)
class Listener:
    """A page that listens to one article.

    While `since` is set it must catch up from that version and gets no broadcast: what it would miss is in the
    catch-up. `version` is what it has been sent.
    """

    article_id: int
    since: int | None
    epoch: str
    account_id: int | None = None
    session_id: int | None = None
    version: int = 0
    closing: Closing | None = None
    outbox: deque[tuple[str, int]] = field(default_factory=deque)
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def audience(self) -> Audience:
        """For whom its catch-up is projected."""
        return PUBLIC if self.account_id is None else Audience(self.account_id)

    def put(self, frame: str, version: int) -> None:
        """Queue a frame that brings the page to `version`; one that reads too slowly catches up later instead."""
        if self.since is not None:
            return
        if len(self.outbox) >= MOST_FRAMES:
            self.catch_up(self.version)
            return
        self.outbox.append((frame, version))
        self.wake.set()

    def catch_up(self, version: int) -> None:
        """Let it ask the database for all that came after `version`."""
        self.outbox.clear()
        self.since = version
        self.wake.set()

    def close(self, closing: Closing) -> None:
        """Close it, once what is being sent is out."""
        self.closing = self.closing or closing
        self.wake.set()
