"""An open page without a browser: it connects again as static/js/socket.js does, after the same waits."""

import asyncio
import random
import re
from dataclasses import dataclass, field

from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.live.page import Page, listening
from tests.server import Server

FIRST_WAIT, LONGEST_WAIT = 0.25, 4.0


@dataclass(eq=False)
class OpenPage:
    """A guest's page of one article; `closes` are the codes and reasons that its sockets were closed with."""

    server: Server
    article: int
    epoch: str
    page: Page = field(default_factory=Page)
    closes: list[tuple[int, str]] = field(default_factory=list)
    failures: int = 0
    is_live: bool = False

    async def stay(self) -> None:
        """Keep a socket open until cancelled."""
        while True:
            try:
                await self._listen()
                reason = ""
            except ConnectionClosed as closed:
                reason = closed.rcvd.reason if closed.rcvd else ""
                self.closes.append((closed.rcvd.code if closed.rcvd else 1006, reason))
            except (OSError, InvalidHandshake, EOFError):
                reason = ""
            self.is_live = False
            self.failures += 1
            await asyncio.sleep(self._wait(reason))

    async def _listen(self) -> None:
        after = self.page.version
        async with listening(self.server, self.article, epoch=self.epoch, page=self.page, after=after) as socket:
            await socket.until(lambda socket: bool(socket.frames), seconds=10)
            self.failures, self.is_live = 0, True
            await socket.until(lambda _socket: False, seconds=3600)

    def _wait(self, reason: str) -> float:
        asked = re.search(r"wait=(\d+)", reason)
        told = float(asked[1]) if asked else 0
        longer = min(FIRST_WAIT * 2 ** (self.failures - 1), LONGEST_WAIT / 1.5)
        return (told or longer) * (0.5 + random.random()) + told / 2
