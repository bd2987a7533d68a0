"""The way to one page's socket: a frame is written or refused at once, nobody waits for a slow reader."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from starlette.websockets import WebSocket, WebSocketDisconnect

from forum.live.frames import WireFrame

if TYPE_CHECKING:
    from forum.live.fanout import Fanout

EXTENSION = "forum.line"
MOST_WAITING = 64


class Line(Protocol):
    """What the hub needs of a socket."""

    on_drain: Callable[[], None] | None
    """Called when all that waited is out, after a refused write."""
    cut: str
    """Why it was ended without a word: `slow` where the page did not read, `flood`; else empty."""
    fanout: "Fanout | None"
    """Who writes straight to the socket, and must be told (`hush`) before that would not be in order any more."""

    @property
    def fd(self) -> int:
        """The socket's descriptor, while a frame can be written straight to it; else -1."""

    def write_rest(self, data: bytes) -> None:
        """Write what the socket did not take of a frame that was written straight to it."""

    def write(self, frame: WireFrame) -> bool:
        """Put a frame on the wire; False, and nothing is sent, while an earlier one still waits."""

    def end(self, code: int, reason: str) -> None:
        """Close the socket with a code and a reason; one whose page does not read is cut."""


def line_of(websocket: WebSocket) -> Line:
    """The server's own line where it has one (our protocol class), else a queue with a task behind it."""
    line: Line | None = websocket.scope.get("extensions", {}).get(EXTENSION)
    return line or QueuedLine(websocket)


class QueuedLine:
    """A line for any other server: frames wait for a task that sends them one by one."""

    fd = -1
    fanout: "Fanout | None" = None

    def __init__(self, websocket: WebSocket) -> None:
        self.on_drain: Callable[[], None] | None = None
        self.cut = ""
        self._websocket = websocket
        self._waiting: deque[WireFrame | tuple[int, str]] = deque()
        self._refused = False
        self._task: asyncio.Task[None] | None = None

    def write(self, frame: WireFrame) -> bool:
        """Queue a frame; False where too many wait already."""
        self._refused = len(self._waiting) >= MOST_WAITING
        if not self._refused:
            self._put(frame)
        return not self._refused

    def write_rest(self, data: bytes) -> None:
        """Nothing is written past the queue."""
        raise NotImplementedError

    def end(self, code: int, reason: str) -> None:
        """Close once all that waits is out."""
        self._put((code, reason))

    def _put(self, sent: WireFrame | tuple[int, str]) -> None:
        self._waiting.append(sent)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._send())

    async def _send(self) -> None:
        try:
            while self._waiting:
                match self._waiting[0]:
                    case WireFrame() as frame:
                        await self._websocket.send_text(frame.text)
                    case (int(code), str(reason)):
                        await self._websocket.close(code, reason)
                self._waiting.popleft()
        except (WebSocketDisconnect, RuntimeError):  # the page has gone: its own task sees that too
            self._waiting.clear()
        if self._refused and self.on_drain:
            self._refused = False
            self.on_drain()
