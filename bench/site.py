"""A site of the bench's own, served by real `forum serve` processes, with articles, readers and their sign-ins."""

import asyncio
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from bench.processes import with_children
from bench.requests import Answer, Client
from bench.sockets import Sockets, pages
from forum.comments.models import Comment
from forum.config import Settings
from forum.database import Database, Db, open_database
from forum.life import settle_life
from forum.schema import migrate
from forum.site.queries import read_site
from tests.server import free_port
from tests.world import World

WRITERS = 20
READY_SECONDS = 60
TRIES_AGAIN_AFTER = 0.1


@dataclass(slots=True)
class Article:
    """An article of the bench."""

    id: int
    slug: str
    posted: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Site:
    """A site that is being served."""

    database: Database
    folder: Path
    settings: Settings
    workers: int
    port: int
    epoch: str
    articles: list[Article]
    sign_ins: list[str]
    client: Client
    process: "subprocess.Popen[bytes]"
    pids: list[int] = field(default_factory=list)
    chance: random.Random = field(default_factory=lambda: random.Random(1))

    async def restart(self) -> float:
        """End the server in order and start it anew on the same port; gives when that listened, by the loop's clock."""
        self.process.terminate()
        await asyncio.to_thread(self.process.wait)
        self.process = _start(self.settings, self.port, self.workers)
        async with asyncio.timeout(READY_SECONDS):
            while not await _listens(self.port):
                await asyncio.sleep(0.005)
        self.pids = with_children(self.process.pid)
        return asyncio.get_running_loop().time()

    @asynccontextmanager
    async def pages(self, article: Article) -> AsyncIterator[Sockets]:
        """A program that can open pages of an article."""
        path = f"/live?article={article.id}&epoch={self.epoch}&after="
        async with pages(self.folder, self.port, path, await self.version(article)) as sockets:
            yield sockets

    async def post(self, article: Article, *, reply: bool = False, patient: bool = False) -> Answer:
        """One of the readers comments, durably, through the form; a patient one tries until it is stored."""
        parent = self.chance.choice(article.posted[-50:]) if reply and article.posted else ""
        form = {"body": TEXT.format(self.chance.random()), "parent": parent}
        if patient:
            form["key"] = str(self.chance.random())
        cookie = self.chance.choice(self.sign_ins)
        while True:
            try:
                answer = await self.client.post(f"/articles/{article.slug}/comments", form, cookie)
            except (OSError, asyncio.IncompleteReadError):
                if not patient:
                    raise
            else:
                if answer.status == 201:
                    article.posted.append(json.loads(answer.body)["id"])
                if answer.status < 500 or not patient:
                    return answer
            await asyncio.sleep(TRIES_AGAIN_AFTER)

    async def stored(self, article: Article) -> set[int]:
        """The comments that the database holds."""
        return await self.database.read(_stored, article.id)

    async def version(self, article: Article) -> int:
        """How far the discussion is."""
        return max((await self.written(article)).keys(), default=0)

    async def written(self, article: Article) -> dict[int, int]:
        """When each version was written, just before its commit: nanoseconds of CLOCK_MONOTONIC."""
        behind = time.time_ns() - time.monotonic_ns()
        rows = await self.database.read(_written, article.id)
        return {version: at - behind for version, at in rows}


TEXT = "The ferry was never meant to carry lorries, and the old bridge never did either. {}"


@asynccontextmanager
async def served(folder: Path, *, database_url: str = "", redis_url: str = "", workers: int = 1) -> AsyncIterator[Site]:
    """Make a site with two articles, and serve it until the end of the block."""
    folder.mkdir(parents=True)
    settings = Settings(data_dir=folder, database_url=database_url, redis_url=redis_url, limits="off", log="json")
    await migrate(settings)
    database = open_database(settings)
    await settle_life(database, settings)
    world = World(database)
    articles = [Article(await world.article_id(slug), slug) for slug in [await world.article(), await world.article()]]
    sign_ins = [await world.sign_in(f"reader{number}") for number in range(WRITERS)]
    port = free_port()
    client = Client(port)
    epoch = (await database.read(read_site)).epoch
    process = _start(settings, port, workers)
    site = Site(database, folder.parent, settings, workers, port, epoch, articles, sign_ins, client, process)
    try:
        await _until_ready(client, process, folder)
        site.pids = with_children(process.pid)
        yield site
    finally:
        client.close()
        await database.close()
        site.process.terminate()
        site.process.wait()


def _start(settings: Settings, port: int, workers: int) -> "subprocess.Popen[bytes]":
    environment = os.environ | {
        "FORUM_DATA_DIR": str(settings.data_dir),
        "FORUM_DATABASE_URL": settings.database_url,
        "FORUM_REDIS_URL": settings.redis_url,
        "FORUM_LIMITS": settings.limits,
        "FORUM_LOG": settings.log,
    }
    command = [sys.executable, "-m", "forum", "serve", "--port", str(port), "--workers", str(workers)]
    with (settings.data_dir / "server.log").open("ab") as log:
        return subprocess.Popen(command, env=environment, stdout=log, stderr=log)


async def _until_ready(client: Client, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    async with asyncio.timeout(READY_SECONDS):
        while process.poll() is None:
            try:
                if (await client.get("/healthz")).status == 200:
                    return
            except (OSError, asyncio.IncompleteReadError):
                await asyncio.sleep(0.05)
    raise RuntimeError(f"the server did not start:\n{(folder / 'server.log').read_text()}")


async def _listens(port: int) -> bool:
    try:
        _reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def _stored(db: Db, article_id: int) -> set[int]:
    return set(db.execute(select(Comment.id).where(Comment.article_id == article_id)).scalars())


def _written(db: Db, article_id: int) -> list[tuple[int, int]]:
    rows = db.execute(select(Comment.version, Comment.created_at).where(Comment.article_id == article_id)).all()
    return [(row.version, round(row.created_at.timestamp() * 1e6) * 1000) for row in rows]
