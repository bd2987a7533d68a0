"""A restart, with hundreds of pages open and readers who go on posting."""

import asyncio
import socket
from collections import Counter
from contextlib import AsyncExitStack

import httpx2
import pytest
from sqlalchemy import select

from forum.comments.models import Comment
from forum.config import Settings
from forum.database import Db
from forum.live import hub
from forum.live.hub import Hub
from forum.server import Server as ServerHere
from forum.server import server_config
from forum.site.queries import read_site
from tests.live.open_page import OpenPage
from tests.live.poster import Poster
from tests.server import Server
from tests.waiting import until
from tests.world import World

pytestmark = pytest.mark.anyio
PAGES, POSTERS = 300, 3
LIVE_AGAIN_WITHIN = 10
"""Seconds, from when the new process listens."""


@pytest.fixture
def kind() -> str:
    """The sockets do not know the database; tests/deployment restarts processes on PostgreSQL."""
    return "sqlite"


async def test_a_restart_loses_no_post_and_no_page(world: World, server: Server) -> None:
    slug = await world.article()
    article, epoch = await world.article_id(slug), (await world.database.read(read_site)).epoch
    pages = [OpenPage(server, article, epoch) for _ in range(PAGES)]
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
        posters = [await poster(stack, world, server, slug, f"Reader{letter}") for letter in "abc"[:POSTERS]]
        staying = [group.create_task(page.stay()) for page in pages]
        posting = [group.create_task(poster.post()) for poster in posters]
        await until(lambda: all(page.is_live for page in pages), seconds=20)
        await asyncio.to_thread(server.stop)
        before = [len(poster.acknowledged) for poster in posters]
        await asyncio.to_thread(server.start)
        await until(lambda: all(page.is_live for page in pages), seconds=LIVE_AGAIN_WITHIN)
        await until(lambda: all(len(p.acknowledged) > n for p, n in zip(posters, before, strict=True)), seconds=10)
        for poster_ in posters:
            poster_.is_done = True
        await asyncio.gather(*posting)
        stored = await world.database.read(stored_in, article)
        assert stored == set().union(*(poster.acknowledged for poster in posters))
        assert all(poster.refused for poster in posters), "nobody posted while it restarted"
        await until(lambda: all(page.page.comments.keys() == stored for page in pages), seconds=5)
        for task in staying:
            task.cancel()
    assert Counter(close for page in pages for close in page.closes) == {(1012, "wait=1"): PAGES}


async def test_pages_are_sent_away_in_waves(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "WAVE", 5)
    listening = socket.create_server(("127.0.0.1", 0))
    here = ServerHere(server_config(settings))
    running = asyncio.create_task(here._serve([listening]))
    await until(lambda: here.started or running.done(), seconds=30)
    own: Hub = here.config.loaded_app.state.hub
    world = World(here.config.loaded_app.state.database)
    article = await world.article_id(await world.article())
    outside = Server(settings, listening.getsockname()[1], settings.data_dir / "none.log")
    async with asyncio.TaskGroup() as group:
        pages = [OpenPage(outside, article, "") for _ in range(12)]
        staying = [group.create_task(page.stay()) for page in pages]
        await until(lambda: own.size == len(pages), seconds=10)
        listeners = list(own._topics[article].listeners)
        closing = asyncio.create_task(own.close_all())
        seen = []
        while not closing.done():
            seen.append(sum(listener.closing is not None for listener in listeners))
            await asyncio.sleep(0)
        for task in staying:
            task.cancel()
    assert sorted(set(seen)) == [0, 5, 10, 12]
    here.should_exit = True
    await running


async def poster(stack: AsyncExitStack, world: World, server: Server, slug: str, name: str) -> Poster:
    cookies = {"forum": await world.sign_in(name.lower())}
    browser = httpx2.AsyncClient(base_url=server.url, cookies=cookies, trust_env=False)
    return Poster(await stack.enter_async_context(browser), slug, name)


def stored_in(db: Db, article: int) -> set[int]:
    return set(db.execute(select(Comment.id).where(Comment.article_id == article)).scalars())
