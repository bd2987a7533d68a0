"""One frame, many sockets: the same bytes for every page, in chunks, so that other work gets its turn."""

import asyncio
import os

from forum.live.frames import WireFrame
from forum.live.listener import Listener
from forum.metrics import BYTES_SENT, MESSAGES_SENT

CHUNK = 250
"""Sockets; about 1.2 ms of writing, which is how long another request waits at most."""


class Fanout:
    """The pages of an article that are up to date, and the way to give all of them the same bytes.

    Those that take a frame at once are known by their sockets' descriptors alone: looking at each page's own objects
    for each message took about as long as the writing. A descriptor leaves before it can be another's, and before
    anything waits in its transport (`hush`): else frames would be torn.
    """

    def __init__(self) -> None:
        self._ready: dict[int, Listener] = {}
        self._others: set[Listener] = set()
        self._sent = 0

    def add(self, listener: Listener) -> None:
        """The page is up to date: it hears what comes from now on."""
        self.discard(listener)
        fd = listener.line.fd
        if fd < 0:
            self._others.add(listener)
            return
        self._ready[fd] = listener
        listener.fd, listener.line.fanout = fd, self
        listener.sent -= self._sent

    def discard(self, listener: Listener) -> None:
        """The page must catch up first, or has gone."""
        self.hush(listener.fd)
        self._others.discard(listener)

    def hush(self, fd: int) -> None:
        """Nothing can be written straight to this socket any more: each frame is offered to its line instead."""
        if listener := self._ready.pop(fd, None):
            listener.fd = -1
            listener.sent += self._sent
            self._others.add(listener)

    async def broadcast(self, sent: WireFrame) -> None:
        """Give every page a frame.

        No task and no queue for each: a page whose buffer is not empty is skipped, and catches up when it drains.
        """
        count_sent(sent, len(self._ready) + len(self._others))
        self._sent += 1
        descriptors = list(self._ready)
        for start in range(0, len(descriptors), CHUNK):
            self._write(descriptors[start : start + CHUNK], sent.bytes)
            await asyncio.sleep(0)
        for number, listener in enumerate(list(self._others), start=1):
            if listener.since is None:
                listener.write(sent)
            if number % CHUNK == 0:
                await asyncio.sleep(0)

    def _write(self, descriptors: list[int], data: bytes) -> None:
        ready, write, size = self._ready, os.write, len(data)
        for fd in descriptors:
            if fd not in ready:  # it left while other work had its turn
                continue
            try:
                written = write(fd, data)
            except BlockingIOError:
                written = 0
            except OSError:  # the transport hears of it too
                continue
            if written < size:
                ready[fd].line.write_rest(data[written:])


def count_sent(sent: WireFrame, pages: int) -> None:
    """Count a frame that goes to so many pages."""
    MESSAGES_SENT.labels(sent.kind).inc(pages)
    BYTES_SENT.inc(pages * len(sent.bytes))
