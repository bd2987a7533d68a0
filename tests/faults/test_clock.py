"""The machine's clock is set an hour forward, and back: order, waits and sign-ins do not hang on the time of day."""

import re
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import select

from bench.processes import cpu_seconds
from forum.comments.models import Comment
from forum.config import Settings
from forum.database import Db
from tests.accounts.site import PASSWORD
from tests.faults.checker import broken_promises
from tests.faults.people import people_at
from tests.faults.preloaded import preloaded
from tests.server import Server, free_port
from tests.waiting import until
from tests.world import World

pytestmark = pytest.mark.anyio
on_sqlite = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
HOUR = 3600
JSON = {"accept": "application/json"}
BEATING = "from forum import cli; from forum.live import hub; hub.HEARTBEAT_SECONDS = 0.5; cli.main()"
"""The `forum` command with heartbeats as often as the database is asked: every second."""


@dataclass
class Clock:
    """The clock of a server that is started with these variables."""

    library: Path
    file: Path

    @property
    def variables(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(self.library), "CLOCK": str(self.file)}

    def set_off(self, seconds: int) -> None:
        """Let it jump to so much from the right time."""
        with self.file.open("r+b") as file:
            file.write(struct.pack("=q", seconds))


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return preloaded("clock", tmp_path_factory.mktemp("clock"))


@pytest.fixture
def clock(library: Path, tmp_path: Path) -> Clock:
    clock = Clock(library, tmp_path / "clock")
    clock.file.write_bytes(bytes(8))
    return clock


@pytest.fixture
def stopped(settings: Settings, clock: Clock, tmp_path: Path) -> Iterator[Server]:
    """A server that the test starts."""
    server = Server(settings, free_port(), tmp_path / "server.log", variables=clock.variables)
    yield server
    server.stop()


async def test_while_it_jumps_people_write_and_read_in_the_order_of_what_was_written(
    world: World, stopped: Server, clock: Clock
) -> None:
    stopped.start()
    people = await people_at(stopped, world)
    for seconds in (0, HOUR, 0, -HOUR, 0):
        clock.set_off(seconds)
        await people.goes_on()
    await people.end()
    assert await world.database.read(broken_promises, people.witness) == []
    written = await world.database.read(written_in, people.witness.article_id)
    jumps = [round((later - earlier) / HOUR) for (_, earlier), (_, later) in pairwise(written)]
    assert [jump for jump in jumps if jump] == [1, -1, -1, 1]
    assert [number for number, _at in written] == sorted(number for number, _at in written)
    async with httpx2.AsyncClient(base_url=stopped.url) as guest:
        page = (await guest.get(f"/articles/{people.slug}?sort=newest")).text
    latest = [number for number, _at in reversed(written)]
    assert [int(number) for number in re.findall(r'<li class="comment [^>]*data-comment="(\d+)"', page)] == latest[:25]


@on_sqlite
async def test_while_it_jumps_heartbeats_come_as_before_and_nothing_spins(
    world: World, stopped: Server, clock: Clock
) -> None:
    stopped.program = (sys.executable, "-c", BEATING)
    stopped.start()
    assert stopped.process is not None
    people = await people_at(stopped, world, authors=0)
    _page, frames = people.witness.pages[0]

    def beats() -> int:
        return sum(frame["type"] == "heartbeat" for frame in frames)

    await until(lambda: beats() > 0, seconds=10)
    for seconds in (HOUR, 0, -HOUR):
        heard, used = beats(), cpu_seconds([stopped.process.pid])
        clock.set_off(seconds)
        await until(lambda heard=heard: beats() >= heard + 3, seconds=10)  # type: ignore[misc]
        assert beats() < heard + 10, "they come in a rush"
        assert cpu_seconds([stopped.process.pid]) - used < 1, "something spins"
    await people.stop()


@on_sqlite
async def test_once_it_is_set_back_nobody_waits_for_longer_than_the_limits_say(
    world: World, stopped: Server, clock: Clock
) -> None:
    stopped.settings = stopped.settings.model_copy(update={"limits": "on"})
    stopped.start()
    slug, cookie = await world.article(), await world.sign_in("nora")
    async with httpx2.AsyncClient(base_url=stopped.url, headers={"cookie": f"forum={cookie}", **JSON}) as nora:

        async def post() -> httpx2.Response:
            return await nora.post(f"/articles/{slug}/comments", data={"body": "What time is it?"})

        async def previews() -> list[int]:
            form = {"body": "What time is it?", "slug": slug}
            return [(await nora.post("/comments/preview", data=form)).status_code for _ in range(60)]

        clock.set_off(HOUR)
        assert (await post()).status_code == 201
        assert await previews() == [200] * 60
        clock.set_off(0)
        assert (await post()).status_code == 201
        assert await previews() == [200] * 60
        for late in (await post(), await nora.post("/comments/preview", data={"body": "Again.", "slug": slug})):
            assert late.status_code == 429
            assert 1 <= int(late.headers["retry-after"]) <= 60


@on_sqlite
async def test_while_it_jumps_who_is_signed_in_stays_so(world: World, stopped: Server, clock: Clock) -> None:
    stopped.start()
    cookie = await world.sign_in("nora")
    async with (
        httpx2.AsyncClient(base_url=stopped.url, headers={"cookie": f"forum={cookie}"}) as nora,
        httpx2.AsyncClient(base_url=stopped.url) as omar,
    ):
        clock.set_off(HOUR)
        form = {"handle": "omar", "display_name": "Omar", "password": PASSWORD}
        assert (await omar.post("/register", data=form)).status_code == 303
        for seconds in (HOUR, 0, -HOUR, 0):
            clock.set_off(seconds)
            for person in (nora, omar):
                assert (await person.get("/settings/profile")).status_code == 200


def written_in(db: Db, article_id: int) -> list[tuple[int, float]]:
    """Comments in the order of their versions: ids, and the seconds at which they were written."""
    query = select(Comment.id, Comment.created_at).where(Comment.article_id == article_id).order_by(Comment.version)
    return [(row.id, row.created_at.timestamp()) for row in db.execute(query)]
