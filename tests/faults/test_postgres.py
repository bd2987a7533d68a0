"""PostgreSQL and the bus are killed, stalled, slow, cut off: nobody waits for ever, nothing is lost or doubled."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import text

from forum.config import Settings
from forum.database import Db
from tests.faults.bad_bus import FAULTS, BadBus
from tests.faults.checker import broken_promises
from tests.faults.people import people_at
from tests.faults.proxy import Proxy, proxy
from tests.postgres import Postgres
from tests.server import Server, free_port
from tests.valkey import Valkey
from tests.waiting import until
from tests.world import World

pytestmark = pytest.mark.anyio
KILL = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.fixture
def kind() -> str:
    return "postgres"


@dataclass
class Site:
    """A server whose lines to the database and to the bus are in the test's hands."""

    server: Server
    database: Proxy
    bus: Proxy


Where = tuple[Settings, Postgres, Valkey, Path]


@pytest.fixture
def where(settings: Settings, postgres: Postgres, valkey: Valkey, tmp_path: Path) -> Where:
    """What a site stands on."""
    return settings, postgres, valkey, tmp_path


@asynccontextmanager
async def cut_off(
    settings: Settings, postgres: Postgres, valkey: Valkey, folder: Path, line: Proxy | None = None
) -> AsyncIterator[Site]:
    async with (
        proxy(lambda: asyncio.open_unix_connection(postgres.data / ".s.PGSQL.5432")) as database,
        proxy(lambda: asyncio.open_connection("127.0.0.1", int(valkey.url.rsplit(":")[-1])), line) as bus,
    ):
        url = re.sub(r"@/(\w+)\?.*", rf"@127.0.0.1:{database.port}/\1?ssl=disable", settings.database)
        shared = settings.model_copy(update={"database_url": url, "redis_url": f"redis://127.0.0.1:{bus.port}"})
        port = free_port()
        server = Server(shared, port, folder / f"{port}.log")
        await asyncio.to_thread(server.start)
        yield Site(server, database, bus)
        await asyncio.to_thread(server.stop)


@pytest.fixture
async def site(where: Where) -> AsyncIterator[Site]:
    async with cut_off(*where) as site:
        yield site


def kill_connections(db: Db) -> None:
    db.execute(KILL)


async def test_connections_killed_and_cut_while_people_write(world: World, site: Site) -> None:
    people = await people_at(site.server, world)
    await people.goes_on()
    await world.database.read(kill_connections)
    await people.goes_on()
    site.database.cut()
    await people.goes_on()
    site.database.refuses = True
    site.database.cut()
    await asyncio.sleep(0.5)  # for the site to meet a database that is not there
    site.database.refuses = False
    await people.goes_on()
    await people.end()
    assert await world.database.read(broken_promises, people.witness) == []


async def test_while_the_database_stalls_posts_are_refused_in_time_and_go_on_after_it(world: World, site: Site) -> None:
    slug, cookie = await world.article(), await world.sign_in("nora")
    headers = {"accept": "application/json", "cookie": f"forum={cookie}"}
    async with httpx2.AsyncClient(base_url=site.server.url, headers=headers, timeout=12) as nora:
        site.database.passing.clear()
        refused = await nora.post(f"/articles/{slug}/comments", data={"body": "While it stalls."})
        assert refused.status_code == 503
        assert refused.headers["retry-after"]
        assert (await nora.get("/healthz")).status_code == 200
        assert (await nora.get("/readyz")).status_code == 503
        site.database.passing.set()
        async with asyncio.timeout(15):
            while (await nora.post(f"/articles/{slug}/comments", data={"body": "After it."})).status_code != 201:
                pass


async def test_without_a_database_pages_say_in_time_that_the_site_is_busy(world: World, site: Site) -> None:
    cookie = await world.sign_in("nora")
    headers = {"cookie": f"forum={cookie}", "accept": "text/html"}
    async with httpx2.AsyncClient(base_url=site.server.url, headers=headers, timeout=12) as nora:
        assert (await nora.get("/")).status_code == 200
        site.database.passing.clear()
        stalled = await nora.get("/")
        site.database.passing.set()
        site.database.refuses = True
        site.database.cut()
        gone = await nora.get("/")
        program = await nora.get("/", headers={"accept": "application/json"})
    for answer in (stalled, gone, program):
        assert answer.status_code == 503
        assert answer.headers["retry-after"]
        assert "The site is busy" in answer.text


async def test_the_bus_cut_stalled_and_slow_changes_nothing_that_people_see(world: World, site: Site) -> None:
    people = await people_at(site.server, world)
    await people.goes_on()
    site.bus.cut()
    await people.goes_on()
    site.bus.passing.clear()
    await people.goes_on()
    site.bus.passing.set()
    site.bus.delay = 0.3
    await people.goes_on()
    await people.end()
    assert await world.database.read(broken_promises, people.witness) == []


async def test_pages_at_a_process_that_is_cut_off_from_the_bus_are_told_within_two_seconds(
    world: World, site: Site, where: Where
) -> None:
    async with AsyncExitStack() as stack:
        other = await stack.enter_async_context(cut_off(*where))
        people = await people_at(other.server, world, authors=0)
        other.bus.refuses = True
        other.bus.cut()
        comment = await world.post(people.slug)
        await until(lambda: all(comment in page.comments for page, _ in people.witness.pages), seconds=2)
        await people.stop()


@pytest.mark.parametrize("authors", [1, 4], ids=["one process writes", "both write"])
async def test_messages_between_processes_lost_doubled_late_and_overtaken_leave_no_gap_and_double_nothing(
    world: World, where: Where, authors: int
) -> None:
    line = BadBus()
    async with cut_off(*where, BadBus()) as here, cut_off(*where, line) as there:
        people = await people_at(here.server, world, authors, readers=3, other=there.server)
        await until(lambda: min(line.did[fault] for fault in FAULTS) >= 5, seconds=30)
        await people.end(seconds=2)
    assert await world.database.read(broken_promises, people.witness) == []
    for _page, frames in people.witness.pages:
        told = [frame["to"] for frame in frames if frame["type"] == "changes"]
        assert told == sorted(set(told)), "a page was told the same twice"
