"""A long life, by `python3 run.py test --soak MINUTES`: people, pages, restarts and faults, again and again.

Afterwards every promise holds, memory has not grown, and what was opened is closed.
"""

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from forum.config import Settings
from tests.faults.checker import broken_promises
from tests.faults.people import people_at
from tests.faults.test_at_once import reply_against_delete
from tests.faults.test_bans import comments_after_bans
from tests.live.page import listening
from tests.server import Server, free_port
from tests.waiting import until
from tests.world import World

pytestmark = [pytest.mark.anyio, pytest.mark.soak]
ROUNDS = 1000
WARM_MINUTES = 10
MOST_GROWTH = 1024 * 1024
"""Bytes an hour, once the server is warm."""


@pytest.fixture
def minutes(request: pytest.FixtureRequest) -> float:
    return float(request.config.getoption("--soak"))


@pytest.fixture
def stopped(settings: Settings, tmp_path: Path) -> Iterator[Server]:
    server = Server(settings, free_port(), tmp_path / "server.log")
    server.start()
    yield server
    server.stop()


def memory(server: Server) -> int:
    """Bytes that the process holds by itself."""
    assert server.process is not None
    fields = Path(f"/proc/{server.process.pid}/smaps_rollup").read_text().split()
    return int(fields[fields.index("Private_Dirty:") + 1]) * 1024


def descriptors(server: Server) -> int:
    assert server.process is not None
    return len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))


def growth(samples: list[tuple[float, int]]) -> float:
    """Bytes an hour: the slope of the least-squares line through (seconds, bytes)."""
    middle_time = sum(time for time, _ in samples) / len(samples)
    middle = sum(size for _, size in samples) / len(samples)
    rise = sum((time - middle_time) * (size - middle) for time, size in samples)
    run = sum((time - middle_time) ** 2 for time, _ in samples)
    return rise / run * 3600 if run else 0.0


async def test_restarted_and_killed_again_and_again(world: World, stopped: Server, minutes: float) -> None:
    moments, ends = random.Random(1), monotonic() + minutes * 60 / 4
    while monotonic() < ends:
        people = await people_at(stopped, world)
        for _ in range(5):
            await asyncio.sleep(moments.random() * 5)
            await asyncio.to_thread(moments.choice([stopped.kill, stopped.stop]))
            await asyncio.to_thread(stopped.start)
            await people.goes_on(seconds=20)
        await people.end()
        assert await world.database.read(broken_promises, people.witness) == []


async def test_memory_and_descriptors_stay_where_they_are(world: World, stopped: Server, minutes: float) -> None:
    begun, at_first = monotonic(), descriptors(stopped)
    samples: list[tuple[float, int]] = []
    while monotonic() < begun + minutes * 60 / 2:
        people = await people_at(stopped, world)
        for _ in range(20):
            async with listening(stopped, people.witness.article_id, epoch=people.epoch):
                await asyncio.sleep(0.5)
            if monotonic() > begun + min(WARM_MINUTES, minutes / 8) * 60:
                samples.append((monotonic(), memory(stopped)))
        await people.end()
        assert await world.database.read(broken_promises, people.witness) == []
    await until(lambda: descriptors(stopped) <= at_first + 5, seconds=10)
    if minutes / 2 > 2 * WARM_MINUTES:  # in less, what is kept on purpose still fills
        assert growth(samples) < MOST_GROWTH


async def test_a_thousand_replies_stand_or_are_given_back_when_their_parents_are_deleted(
    world: World, stopped: Server
) -> None:
    await reply_against_delete(world, stopped, ROUNDS)


async def test_not_one_post_comes_after_a_thousand_bans(world: World) -> None:
    assert await comments_after_bans(world, ROUNDS) == 0
