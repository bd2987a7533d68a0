"""One address, several worker processes; and an end in order."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from forum.config import Settings
from forum.site.queries import read_site
from tests.conftest import empty_site
from tests.live.page import Listening, listening
from tests.server import READY_SECONDS, Server, free_port
from tests.valkey import Valkey
from tests.waiting import until
from tests.world import World

pytestmark = pytest.mark.anyio


@pytest.fixture
def kind() -> str:
    """SQLite is written by one process alone."""
    return "postgres"


@pytest.fixture
def workers(settings: Settings, valkey: Valkey, tmp_path: Path) -> Iterator[Server]:
    """The site served by two workers."""
    shared = settings.model_copy(update={"redis_url": valkey.url})
    server = Server(shared, free_port(), tmp_path / "server.log", ("--workers", "2"))
    server.start()
    yield server
    server.stop()


def children(server: Server) -> set[int]:
    """The worker processes."""
    assert server.process is not None
    pid = server.process.pid
    return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


async def test_every_page_hears_of_a_post_whichever_worker_has_it(world: World, workers: Server) -> None:
    slug = await world.article()
    article, epoch = await world.article_id(slug), await epoch_of(world)
    async with AsyncExitStack() as stack:
        pages = [await stack.enter_async_context(listening(workers, article, epoch=epoch)) for _ in range(12)]
        for _ in range(3):
            comment = await world.post(slug)
            for page in pages:
                await page.until(lambda page, comment=comment: comment in page.page.comments)  # type: ignore[misc]
        for page in pages:
            await page.until(lambda page: any(frame.get("readers") == 12 for frame in page.frames))


async def test_a_worker_that_dies_is_replaced_and_its_pages_come_back(world: World, workers: Server) -> None:
    slug = await world.article()
    article, epoch = await world.article_id(slug), await epoch_of(world)
    first = children(workers)
    async with listening(workers, article, epoch=epoch) as page:
        os.kill(next(iter(first)), signal.SIGKILL)
        await until(lambda: len(children(workers)) == 2 and children(workers) != first, seconds=15)
        comment = await world.post(slug)
        if page.socket.state.name == "OPEN":
            await heard_or_closed(page, comment)
        async with listening(workers, article, epoch=epoch, page=page.page, after=page.page.version) as again:
            await again.until(lambda page: comment in page.page.comments)


async def test_workers_end_with_the_process_that_started_them(workers: Server) -> None:
    started = children(workers)
    workers.kill()
    await until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in started), seconds=15)


async def test_a_worker_ends_with_it_also_while_it_is_starting(workers: Server) -> None:
    first = children(workers)
    os.kill(next(iter(first)), signal.SIGKILL)
    await until(lambda: bool(children(workers) - first), seconds=15)
    started = children(workers)
    workers.kill()
    # It starts to its end first, which may take long on a busy machine.
    await until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in started), seconds=READY_SECONDS)


async def test_pages_are_told_of_a_restart_before_the_process_ends(world: World, workers: Server) -> None:
    article, epoch = await world.article_id(await world.article()), await epoch_of(world)
    async with listening(workers, article, epoch=epoch) as page:
        await page.until(lambda page: bool(page.frames))
        stopping = asyncio.create_task(asyncio.to_thread(workers.stop))
        with pytest.raises(ConnectionClosed) as closed:
            await page.until(lambda _page: False, seconds=10)
        assert closed.value.rcvd is not None
        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1012, "wait=1")
        await stopping
    assert workers.process is not None
    assert workers.process.returncode == 0


def test_more_than_one_worker_on_sqlite_is_refused_with_what_to_do(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with empty_site("sqlite", tmp_path, request) as settings:
        server = Server(settings, free_port(), tmp_path / "server.log")
        done = subprocess.run(
            [*server.program, "serve", "--workers", "2"], env=server.environment, capture_output=True, text=True
        )
    assert done.returncode == 1
    assert "FORUM_DATABASE_URL" in done.stderr


async def heard_or_closed(page: Listening, comment: int) -> None:
    try:
        await page.until(lambda page: comment in page.page.comments)
    except ConnectionClosed:
        return


async def epoch_of(world: World) -> str:
    return (await world.database.read(read_site)).epoch
