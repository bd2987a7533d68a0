"""uvicorn's websocket protocol, with a line: a ready frame goes straight to the socket.

It leans on uvicorn's insides: `seam_holds` tries them at start, and without them the ordinary way is used.
"""

import asyncio
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from forum.live.fanout import Fanout
from forum.live.frames import WireFrame
from forum.live.line import EXTENSION

DRAIN_SECONDS = 15.0
"""A page that does not read what waits for it within this is cut: 20 s after it stopped reading, buffers included."""
SEND_BUFFER = 48 * 1024
"""Bytes; the kernel doubles it. With one message of ours waiting, a page that does not read costs below 256 KiB."""
MOST_FRAMES, FRAMES_SECONDS = 60, 10.0
"""A page of ours sends a third of this, its pongs included; frames of six bytes are how little traffic costs most."""
PIECE = 512
"""Bytes that are parsed before frames are counted: what one read brings would hold 40,000 of the smallest."""
USED = (
    "connection_made",
    "connection_lost",
    "data_received",
    "handle_connect",
    "handle_events",
    "handle_ping",
    "pause_writing",
    "resume_writing",
    "send",
)


def seam_holds() -> bool:
    """Whether uvicorn's protocol still has all that is overridden here."""
    return all(callable(getattr(WebSocketsSansIOProtocol, name, None)) for name in USED)


class LineProtocol(WebSocketsSansIOProtocol):
    """One socket: the server's protocol, and the hub's line to it."""

    on_drain: Callable[[], None] | None = None
    cut = ""
    fanout: Fanout | None = None
    _fd = -1
    _stalled: asyncio.TimerHandle | None = None
    _frames_left = MOST_FRAMES
    _frames_until = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the socket over: nothing is buffered that the kernel would take, and what waits is told at once."""
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(0)
        sock = transport.get_extra_info("socket")
        if sock is not None and transport.get_extra_info("sslcontext") is None:
            self._fd = sock.fileno()
            raw = socket.socket(fileno=os.dup(self._fd))  # uvloop's own stand-in has no setsockopt
            with suppress(OSError), raw:
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
                raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(DRAIN_SECONDS * 1000))

    def connection_lost(self, exc: Exception | None) -> None:
        """The descriptor is another's from now on."""
        self._hush()
        self._fd = -1
        if self._stalled:
            self._stalled.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take it in small pieces: who floods us is cut before that has cost much."""
        for start in range(0, len(data), PIECE):
            if not self.transport.is_closing():
                super().data_received(data[start : start + PIECE])

    def handle_events(self) -> None:
        """Count what has come before anything is done for it."""
        if self.loop.time() > self._frames_until:
            self._frames_left, self._frames_until = MOST_FRAMES, self.loop.time() + FRAMES_SECONDS
        self._frames_left -= len(self.conn.events)
        if self._frames_left < 0:
            self._cut("flood")
        else:
            super().handle_events()

    def handle_connect(self, event: Request) -> None:
        """Offer the line to the app."""
        super().handle_connect(event)
        if hasattr(self, "scope"):  # else the handshake was refused
            cast(dict[str, Any], self.scope)["extensions"][EXTENSION] = self

    async def send(self, message: Any) -> None:
        """Once the handshake is made, forget its headers: they would cost 1.5 kB for as long as the page is open."""
        await super().send(message)
        if message["type"] == "websocket.accept":
            del self.request, self.response

    def handle_ping(self) -> None:
        """A page that asks for an answer and does not read the last one asks for memory."""
        if self._stalled:
            self._cut("slow")
        else:
            super().handle_ping()

    def pause_writing(self) -> None:
        """Something waits: it must be out in time."""
        self._hush()
        super().pause_writing()
        self._stalled = self.loop.call_later(DRAIN_SECONDS, self._cut, "slow")

    def resume_writing(self) -> None:
        """All is out."""
        super().resume_writing()
        if self._stalled:
            self._stalled.cancel()
            self._stalled = None
        if self.on_drain:
            self.on_drain()

    @property
    def fd(self) -> int:
        """The socket's descriptor, while nothing waits in the transport and the page is not closing."""
        return -1 if self._stalled or self.close_sent or self.transport.is_closing() else self._fd

    def write_rest(self, data: bytes) -> None:
        """Hand the rest of a frame to the transport, which then is no longer empty."""
        self.transport.write(data)

    def write(self, frame: WireFrame) -> bool:
        """Write straight to the socket, which is in order only while the transport itself has nothing waiting."""
        if self._stalled:
            return False
        if self.close_sent or self.transport.is_closing():
            return True
        data = frame.bytes
        if self._fd >= 0:
            try:
                sent = os.write(self._fd, data)
            except BlockingIOError:
                sent = 0
            except OSError:  # the transport hears of it too
                return True
            if sent == len(data):
                return True
            data = data[sent:]
        self.transport.write(data)
        return True

    def end(self, code: int, reason: str) -> None:
        """Say why, and close; cut where that could not be read."""
        self._hush()
        if self._stalled:
            self.transport.abort()
            return
        task = self.loop.create_task(self._end(code, reason))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def _hush(self) -> None:
        if self.fanout:
            self.fanout.hush(self._fd)

    def _cut(self, cause: str) -> None:
        self.cut = cause
        self.transport.abort()

    async def _end(self, code: int, reason: str) -> None:
        with suppress(ClientDisconnected, RuntimeError):  # it has gone or closed by itself meanwhile
            await self.send({"type": "websocket.close", "code": code, "reason": reason})
