"""uvicorn's HTTP protocol with an end to patience: how long each part of a request may take, how large its head is."""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

HEAD_SECONDS = 10.0
"""From the connection, or the first byte of a further request, to the end of its headers."""
BODY_SECONDS = 60.0
"""From there to the end of the body: 5 MB over a slow line."""
DRAIN_SECONDS = 60.0
"""For a client to read what waits for it."""
LARGEST_HEAD = 32 * 1024
"""Bytes of address and headers: four times what most servers take for one header. Nothing else limits them."""
TOO_LARGE = "The address and headers of the request are too large."


class TimedProtocol(HttpToolsProtocol):
    """Cuts connections that are silent, send their headers or body drop by drop, or do not read the answer.

    A head that is too large is answered with 400.
    """

    _part = 0
    """Grows with each part of a request that begins or ends."""
    _seconds: float | None = None
    """What it may take from there."""
    _deadline: asyncio.TimerHandle | None = None
    _drains: asyncio.TimerHandle | None = None
    _in_head = False
    _head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """A request must come soon."""
        super().connection_made(transport)
        self._allow(HEAD_SECONDS)
        self._set_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._allow(None)
        self._set_deadline()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Some more has come; of a head that goes on, no more than there is room for.

        Timed is what is still waited for then: nothing, where the request came whole, as nearly all do.
        """
        continues, part = self._in_head, self._part
        super().data_received(data)
        if self._part != part:
            self._set_deadline()
        if continues and self._in_head and not self.transport.is_closing():
            self._head_bytes += len(data)
            if self._head_bytes > LARGEST_HEAD:
                self.send_400_response(TOO_LARGE)

    def on_message_begin(self) -> None:
        """The first byte of a request has come."""
        super().on_message_begin()
        self._in_head, self._head_bytes = True, 0
        if self._seconds is None:
            self._allow(HEAD_SECONDS)

    def on_headers_complete(self) -> None:
        """The headers are there; the body must follow."""
        self.end_head()
        super().on_headers_complete()
        self._allow(BODY_SECONDS)

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._allow(None)
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """From here on another protocol looks after the connection, and finds nothing that waits to be read."""
        self._allow(None)
        before: RequestResponseCycle | None = self.cycle
        if self.transport.get_write_buffer_size() or (before and not before.response_complete):
            self.transport.abort()
            return
        super().handle_websocket_upgrade()

    def pause_writing(self) -> None:
        """The client does not read as fast as it is answered."""
        super().pause_writing()
        self._drains = self._drains or self.loop.call_later(DRAIN_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """It has read what waited."""
        if self._drains:
            self._drains.cancel()
            self._drains = None
        if self.flow is not None:
            super().resume_writing()

    def end_head(self) -> None:
        """The head is there. Raises where it is too large, though none of its pieces was."""
        self._in_head = False
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > LARGEST_HEAD:
            raise ValueError(TOO_LARGE)  # the parser stops, and it is answered like a head that cannot be read

    def _allow(self, seconds: float | None) -> None:
        self._part += 1
        self._seconds = seconds

    def _set_deadline(self) -> None:
        if self._deadline:
            self._deadline.cancel()
        self._deadline = self.loop.call_later(self._seconds, self.transport.abort) if self._seconds else None
