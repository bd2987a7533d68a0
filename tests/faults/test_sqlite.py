"""SQLite and its disk: the power is cut, the disk is full, the file is locked by another program, or damaged."""

import asyncio
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest

from forum.comments.recount import find_faults
from forum.config import Settings
from forum.database import open_database
from tests.faults.checker import broken_promises
from tests.faults.people import people_at
from tests.faults.preloaded import preloaded
from tests.faults.test_server import DYING
from tests.server import Server, free_port
from tests.waiting import until
from tests.world import World

pytestmark = pytest.mark.anyio
ENOUGH = 20
JSON = {"accept": "application/json"}
LONG = "A long comment. " * 500


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture(scope="session")
def power(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that knows what is synced."""
    return preloaded("power", tmp_path_factory.mktemp("power"))


@pytest.fixture
def stopped(settings: Settings, tmp_path: Path) -> Iterator[Server]:
    """A server that the test starts."""
    server = Server(settings, free_port(), tmp_path / "server.log")
    yield server
    server.stop()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "forum", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("A disk of its own needs the right to mount one.")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def cut_power(server: Server) -> None:
    """Kill the server, and leave of its database what the disk was sure to have."""
    server.kill()
    database = server.settings.data_dir / "forum.sqlite3"
    for part in (database, database.with_name("forum.sqlite3-wal")):
        synced = part.with_name(part.name + ".synced")
        if synced.exists():
            shutil.move(synced, part)
        elif part != database:
            part.unlink(missing_ok=True)
    database.with_name("forum.sqlite3-shm").unlink(missing_ok=True)


async def broken_by_a_power_cut(world: World, server: Server, power: Path) -> list[str]:
    """The promises that do not hold after one, while people write."""
    server.variables = {"LD_PRELOAD": str(power)}
    server.start()
    people = await people_at(server, world, authors=2)
    await until(lambda: len(people.witness.acknowledged) > ENOUGH, seconds=20)
    await people.stop()
    await world.database.close()
    cut_power(server)
    after = open_database(server.settings)
    people.witness.pages.clear()  # they have seen what nobody was told is stored
    found = await after.read(broken_promises, people.witness)
    await after.close()
    return found


async def test_what_was_acknowledged_survives_a_power_cut(world: World, stopped: Server, power: Path) -> None:
    assert await broken_by_a_power_cut(world, stopped, power) == []


async def test_without_a_sync_for_each_commit_it_would_not(world: World, stopped: Server, power: Path) -> None:
    stopped.program = (sys.executable, DYING, "without-sync")
    found = await broken_by_a_power_cut(world, stopped, power)
    assert any(sentence.startswith("P1") for sentence in found)


async def test_a_full_disk_refuses_posts_with_a_sentence_goes_on_reading_and_heals_by_itself(
    world: World, stopped: Server, disk: Path
) -> None:
    del world
    stopped.settings = Settings(data_dir=disk, limits="off")
    stopped.command("migrate")
    stopped.start()
    database = open_database(stopped.settings)
    site = World(database)
    slug, cookie = await site.article(), await site.sign_in("nora")
    async with httpx2.AsyncClient(base_url=stopped.url, headers={"cookie": f"forum={cookie}", **JSON}) as nora:
        assert await status_of_a_post(nora, slug) == 201
        ballast = fill(disk)
        refused = await nora.post(f"/articles/{slug}/comments", data={"body": LONG})
        assert refused.status_code == 503
        assert "retry-after" in refused.headers
        assert (await nora.get(f"/articles/{slug}")).status_code == 200
        ballast.unlink()
        assert await status_of_a_post(nora, slug) == 201
    assert await database.read(find_faults) == []
    await database.close()


async def test_a_disk_that_fails_to_sync_acknowledges_nothing_and_goes_on_once_it_does(
    world: World, stopped: Server, power: Path, tmp_path: Path
) -> None:
    failing = tmp_path / "failing"
    stopped.variables = {"LD_PRELOAD": str(power), "FAILING": str(failing)}
    stopped.start()
    slug, cookie = await world.article(), await world.sign_in("nora")
    async with httpx2.AsyncClient(base_url=stopped.url, headers={"cookie": f"forum={cookie}", **JSON}) as nora:
        assert await status_of_a_post(nora, slug) == 201
        failing.touch()
        assert await status_of_a_post(nora, slug) == 503
        assert (await nora.get(f"/articles/{slug}")).status_code == 200
        failing.unlink()
        assert await status_of_a_post(nora, slug) == 201
    assert await world.database.read(find_faults) == []


async def test_while_another_program_locks_the_file_posts_are_refused_in_time_and_pages_are_served(
    world: World, stopped: Server
) -> None:
    stopped.start()
    slug, cookie = await world.article(), await world.sign_in("nora")
    other = sqlite3.connect(stopped.settings.data_dir / "forum.sqlite3", isolation_level=None)
    async with httpx2.AsyncClient(base_url=stopped.url, headers={"cookie": f"forum={cookie}", **JSON}) as nora:
        nora.timeout = httpx2.Timeout(8)
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(nora.post(f"/articles/{slug}/comments", data={"body": "While it is locked."}))
        async with asyncio.timeout(2):
            assert (await nora.get(f"/articles/{slug}")).status_code == 200
        assert (await waiting).status_code == 503
        other.execute("ROLLBACK")
        assert await status_of_a_post(nora, slug) == 201
    other.close()


async def test_a_damaged_file_is_not_served_and_said_to_be_damaged(world: World, stopped: Server) -> None:
    slug = await world.article()
    for number in range(40):
        await world.post(slug, f"{number} {LONG}")
    await world.database.close()
    file = stopped.settings.data_dir / "forum.sqlite3"
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with file.open("r+b") as damaged:
        damaged.seek(file.stat().st_size // 2)
        damaged.write(b"\0" * 20_000)
    with pytest.raises(RuntimeError, match="damaged"):
        stopped.start()


async def status_of_a_post(nora: httpx2.AsyncClient, slug: str) -> int:
    return (await nora.post(f"/articles/{slug}/comments", data={"body": "There is room."})).status_code


def fill(disk: Path) -> Path:
    """Leave no room on it."""
    ballast = disk / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)
    return ballast
