"""One open page: the line to it, and from which version it must catch up."""

from dataclasses import dataclass, field
from time import monotonic

from forum.comments.projection import PUBLIC, Audience
from forum.live.frames import WireFrame, frame
from forum.live.line import Line


@dataclass(frozen=True, slots=True)
class Closing:
    """Why and how a socket is closed: a code of the contract, and in the reason how long to wait, in seconds."""

    code: int
    cause: str
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
    catch-up. `apart` is set where the account has something in the shadow: all that it hears is made for it alone.
    """

    article_id: int
    since: int | None
    epoch: str
    line: Line
    address: str = ""
    account_id: int | None = None
    session_id: int | None = None
    apart: bool = False
    closing: Closing | None = None
    opened: float = field(default_factory=monotonic)
    sent: int = 0
    fd: int = -1
    """The descriptor by which the fan-out knows it."""

    @property
    def audience(self) -> Audience:
        """For whom its catch-up is projected."""
        return PUBLIC if self.account_id is None else Audience(self.account_id)

    def write(self, sent: WireFrame) -> bool:
        """Write a frame, unless the page is closing; one that reads too slowly must catch up, once it has read."""
        if self.closing:
            return True
        if self.line.write(sent):
            self.sent += 1
            return True
        if sent.after is not None:
            self.since = sent.after
        return False

    def close(self, closing: Closing) -> None:
        """Close it, once; a ban is told first."""
        if self.closing:
            return
        if closing.message:
            self.line.write(frame({"type": "banned", "message": closing.message}))
        self.closing = closing
        self.line.end(closing.code, closing.reason)
