"""The load generator where there is no C compiler: obeys the same commands as sockets.c. It costs more than a server.

Its figures show that things work, and nothing of how fast they are.
"""

import asyncio
import json
import sys
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from random import random
from time import monotonic_ns
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException


@dataclass(slots=True)
class Page:
    """One open page."""

    version: int
    stalled: bool = False
    socket: ClientConnection | None = None


class Sockets:
    """All of them."""

    def __init__(self, host: str, port: str, path: str, version: str) -> None:
        self._origin: Any = f"http://{host}:{port}"
        self._url = f"ws://{host}:{port}{path}"
        self._version = int(version)
        self._pages: list[Page] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._arrivals: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        self._at_once = asyncio.Semaphore(1)
        self._returning = False
        self._counts = dict.fromkeys(("closed", "failed", "gaps", "reloads", "frames", "bytes", "started", "opened"), 0)

    async def obey(self, line: str) -> list[dict[str, Any]]:
        """The answers to a command."""
        match line.split():
            case ["open", count, at_once, stalled]:
                new = [Page(self._newest(), stalled == "1") for _ in range(int(count))]
                self._pages += new
                self._begin(new, int(at_once))
            case ["storm", at_once]:
                for task in self._tasks:
                    task.cancel()
                await asyncio.gather(*self._tasks, return_exceptions=True)
                self._tasks.clear()
                self._begin(self._pages, int(at_once))
            case ["return"]:
                self._returning = True
            case ["state"]:
                return [self._state()]
            case ["mark"]:
                self._arrivals.clear()
            case ["report"]:
                return [*self._report(), {}]
            case _:
                return [{"error": "no such command"}]
        return [{}]

    def _newest(self) -> int:
        """The newest version that is known: pages are loaded as the discussion is."""
        return max((page.version for page in self._pages), default=self._version)

    def _begin(self, pages: list[Page], at_once: int) -> None:
        self._counts["started"] = monotonic_ns()
        self._at_once = asyncio.Semaphore(at_once)
        self._tasks += [asyncio.create_task(self._live(page)) for page in pages]

    async def _live(self, page: Page) -> None:
        await self._listen(page)
        while self._returning:
            await asyncio.sleep(1 + random())
            await self._listen(page)
        self._counts["closed"] += 1

    async def _listen(self, page: Page) -> None:
        page.socket = socket = await self._connected(page)
        self._counts["opened"] = monotonic_ns()
        try:
            if page.stalled:
                socket.transport.pause_reading()
            with suppress(ConnectionClosed):
                async for text in socket:
                    self._take(page, str(text))
        finally:
            page.socket = None
            socket.transport.abort()

    async def _connected(self, page: Page) -> ClientConnection:
        url = f"{self._url}{page.version}"
        while True:
            try:
                async with self._at_once:
                    return await connect(url, origin=self._origin, proxy=None, compression=None)
            except (OSError, WebSocketException):
                self._counts["failed"] += 1
                await asyncio.sleep(1)

    def _take(self, page: Page, text: str) -> None:
        self._counts["frames"] += 1
        self._counts["bytes"] += len(text.encode())
        message = json.loads(text)
        if message["type"] == "reload":
            self._counts["reloads"] += 1
        elif message["type"] == "changes":
            self._arrivals[message["to"], message["from"]].append(monotonic_ns())
            self._counts["gaps"] += message["from"] > page.version
            page.version = max(page.version, message["to"])

    def _state(self) -> dict[str, int]:
        reading = [page.version for page in self._pages if not page.stalled]
        open_count = sum(page.socket is not None for page in self._pages)
        return {"open": open_count, "wanted": len(self._pages), "lowest": min(reading, default=-1), **self._counts}

    def _report(self) -> list[dict[str, Any]]:
        return [
            {"from": after, "to": to, "count": len(at), "at": [at[(len(at) - 1) * part // 100] for part in range(101)]}
            for (to, after), at in sorted(self._arrivals.items())
        ]


async def main() -> None:
    """Obey until standard input ends."""
    sockets = Sockets(*sys.argv[1:])
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := (await reader.readline()).decode():
        for answer in await sockets.obey(line):
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
