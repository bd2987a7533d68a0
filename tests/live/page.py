"""A page without a browser: listens on a real socket and keeps the discussion by the messages alone."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from tests.server import Server

Item = dict[str, Any]


@dataclass
class Page:
    """What a page knows: its version, and the state of each comment that it was told of."""

    version: int = 0
    count: int = 0
    state: str = "open"
    comments: dict[int, Item] = field(default_factory=dict)
    replies: dict[int, int] = field(default_factory=dict)

    def apply(self, message: Item) -> bool:
        """Take a message in as the contract says; whether it asks to be sent what lies between."""
        if message["type"] != "changes" or message["to"] <= self.version:
            return False
        if message["from"] > self.version:
            return True
        for item in message["comments"]:
            known = self.comments.get(item["id"])
            if known and known["version"] > item["version"]:
                continue
            if item["state"] == "gone":
                self.comments.pop(item["id"], None)
            else:
                self.comments[item["id"]] = item
        for item in message["comments"]:
            self.replies |= {int(above): count for above, count in item["replies"].items()}
        self.version = message["to"]
        self.count, self.state = message["discussion"]["count"], message["discussion"]["state"]
        return False

    def looks(self) -> dict[int, tuple[Any, ...]]:
        """What can be compared with another page: places, states, texts and reply counts."""
        return {
            number: (item["parent"], item["root"], item["ordinal"], item["state"], without_counts(item["html"]))
            for number, item in self.comments.items()
        }


def without_counts(html: str) -> str:
    """A comment's own `<article>`: counts stand outside it."""
    found = re.search(r"<article.*?</article>", html, re.DOTALL)
    return found[0] if found else ""


@dataclass
class Listening:
    """A page on an open socket."""

    socket: ClientConnection
    page: Page
    frames: list[Item] = field(default_factory=list)

    async def until(self, condition: Callable[["Listening"], bool], seconds: float = 5) -> None:
        """Take frames in until the condition holds."""
        async with asyncio.timeout(seconds):
            while not condition(self):
                frame = json.loads(await self.socket.recv())
                self.frames.append(frame)
                if self.page.apply(frame):
                    await self.socket.send(json.dumps({"type": "since", "version": self.page.version}))


@asynccontextmanager
async def listening(
    server: Server,
    article: int,
    *,
    after: int = 0,
    epoch: str = "",
    cookie: str | None = None,
    page: Page | None = None,
) -> AsyncIterator[Listening]:
    """Open the socket of a page, a guest's or of who holds the cookie."""
    address = f"ws://127.0.0.1:{server.port}/live?article={article}&after={after}&epoch={epoch}"
    headers = {"Cookie": f"forum={cookie}"} if cookie else {}
    async with connect(address, origin=server.url, additional_headers=headers) as socket:  # type: ignore[arg-type]
        yield Listening(socket, page or Page(version=after))
