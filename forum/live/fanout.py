"""One frame, many sockets: the same bytes for every page, in chunks, so that other work gets its turn."""

import asyncio
from collections.abc import Iterable

from forum.live.frames import WireFrame
from forum.live.listener import Listener
from forum.metrics import BYTES_SENT, MESSAGES_SENT

CHUNK = 250
"""Sockets; about 1.5 ms of writing, which is how long another request waits at most."""


async def broadcast(listeners: Iterable[Listener], sent: WireFrame) -> None:
    """Write a frame to every listener that is not catching up.

    No task and no queue for each: a page whose buffer is not empty is skipped, and catches up when it drains.
    """
    everybody = list(listeners)
    count_sent(sent, len(everybody))
    for start in range(0, len(everybody), CHUNK):
        for listener in everybody[start : start + CHUNK]:
            if listener.since is None:
                listener.write(sent)
        await asyncio.sleep(0)


def count_sent(sent: WireFrame, pages: int) -> None:
    """Count a frame that goes to so many pages."""
    MESSAGES_SENT.labels(sent.kind).inc(pages)
    BYTES_SENT.inc(pages * len(sent.bytes))
