"""People outside the site: they write until it is stored, and read until they are told all."""

import asyncio
import json
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle

import httpx2
from websockets.exceptions import WebSocketException

from forum.articles.models import Article
from forum.database import Db
from forum.site.queries import read_site
from tests.faults.checker import Acknowledged, Witness
from tests.live.page import Item, Page, listening
from tests.server import Server
from tests.waiting import until
from tests.world import World


@dataclass
class People:
    """Authors and readers of one article, by turns at each of the servers; they do not give up when one is away."""

    servers: Sequence[Server]
    world: World
    slug: str
    witness: Witness
    epoch: str
    busy: bool = True
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def start(self, authors: dict[int, str], readers: int) -> None:
        """Let each account (by id, with its cookie) write, and so many guests read."""
        turns = cycle(self.servers)
        self.tasks = [asyncio.create_task(self._write(next(turns), *author)) for author in authors.items()]
        for _ in range(readers):
            page, frames = Page(), list[Item]()
            self.witness.pages.append((page, frames))
            self.tasks.append(asyncio.create_task(self._read(next(turns), page, frames)))

    async def goes_on(self, seconds: float = 15) -> None:
        """Wait until more of what they write is stored."""
        stored = len(self.witness.acknowledged)
        await until(lambda: len(self.witness.acknowledged) > stored + 3, seconds)

    async def end(self, seconds: float = 10) -> None:
        """Let the authors finish what they write; give the pages so long to be told of all."""
        self.busy = False
        async with asyncio.timeout(seconds + 10):
            await asyncio.gather(*self.tasks[: -len(self.witness.pages)])
        head = await self.world.database.read(_head, self.witness.article_id)
        with suppress(TimeoutError):  # the checker says which page, and what it lacks
            await until(lambda: all(page.version == head for page, _ in self.witness.pages), seconds)
        await self.stop()

    async def stop(self) -> None:
        """Leave off in the middle of whatever they do."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def _write(self, server: Server, account: int, cookie: str) -> None:
        number = 0
        headers = {"accept": "application/json", "cookie": f"forum={cookie}"}
        async with httpx2.AsyncClient(base_url=server.url, headers=headers, timeout=5) as client:
            while self.busy:
                number += 1
                form = {"body": f"Number {number} of {account}.", "key": str(uuid.uuid4())}
                stored = await self._until_stored(client, form)
                self.witness.acknowledged.append(Acknowledged(stored, account, form["key"], form["body"]))
                await asyncio.sleep(0.02)  # nobody writes faster, and the machine has others to serve

    async def _until_stored(self, client: httpx2.AsyncClient, form: dict[str, str]) -> int:
        while True:
            with suppress(httpx2.HTTPError):
                answer = await client.post(f"/articles/{self.slug}/comments", data=form)
                if answer.status_code in (200, 201):
                    return int(answer.json()["id"])
                assert answer.status_code >= 500, answer.text
            await asyncio.sleep(0.05)

    async def _read(self, server: Server, page: Page, frames: list[Item]) -> None:
        while True:
            with suppress(OSError, WebSocketException):
                async with listening(
                    server, self.witness.article_id, after=page.version, epoch=self.epoch, page=page
                ) as open_page:
                    async for text in open_page.socket:
                        frame = json.loads(text)
                        frames.append(frame)
                        if page.apply(frame):
                            await open_page.socket.send(json.dumps({"type": "since", "version": page.version}))
            await asyncio.sleep(0.05)


async def people_at(
    server: Server, world: World, authors: int = 3, readers: int = 2, other: Server | None = None
) -> People:
    """Authors and readers of a new article of the site; where `other` serves it too, half of them are there."""
    slug = await world.article()
    witness = Witness(await world.article_id(slug))
    people = People([server, other or server], world, slug, witness, (await world.database.read(read_site)).epoch)
    cookies = {}
    for number in range(authors):
        handle = f"author{number}"
        cookie = await world.sign_in(handle)
        cookies[world.accounts[handle]] = cookie
    people.start(cookies, readers)
    return people


def _head(db: Db, article_id: int) -> int:
    return db.get_one(Article, article_id).version
