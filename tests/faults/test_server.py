"""The server dies: at any moment, and at the worst ones. What was acknowledged is there, once; every page is told."""

import asyncio
import random
import resource
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from forum.config import Settings
from tests.faults.checker import broken_promises
from tests.faults.people import people_at
from tests.server import Server, free_port
from tests.waiting import until
from tests.world import World

pytestmark = pytest.mark.anyio
DYING = str(Path(__file__).parent / "dying.py")


@pytest.fixture
def stopped(settings: Settings, tmp_path: Path) -> Iterator[Server]:
    """A server that the test starts."""
    server = Server(settings, free_port(), tmp_path / "server.log")
    yield server
    server.stop()


async def test_killed_at_any_moment_it_keeps_every_promise(world: World, stopped: Server) -> None:
    moments = random.Random(7)
    stopped.start()
    people = await people_at(stopped, world)
    for _ in range(2):
        await people.goes_on()
        await asyncio.sleep(moments.random() / 20)  # when it dies is not to depend on what it has just done
        stopped.kill()
        await asyncio.to_thread(stopped.start)
    await people.end()
    assert await world.database.read(broken_promises, people.witness) == []


@pytest.mark.parametrize("fault", ["before-commit", "before-push", "before-answer"])
async def test_killed_at_the_worst_moment_it_keeps_every_promise(world: World, stopped: Server, fault: str) -> None:
    stopped.program = (sys.executable, DYING, fault)
    stopped.start()
    people = await people_at(stopped, world, authors=1)
    process = stopped.process
    assert process is not None
    await until(lambda: process.poll() is not None, seconds=10)
    assert len(people.witness.acknowledged) == 2
    stopped.program = Server.program
    await asyncio.to_thread(stopped.start)
    await people.goes_on()
    await people.end()
    assert await world.database.read(broken_promises, people.witness) == []


async def test_stopped_for_a_while_it_goes_on_and_keeps_every_promise(world: World, stopped: Server) -> None:
    stopped.start()
    people = await people_at(stopped, world)
    assert stopped.process is not None
    await until(lambda: len(people.witness.acknowledged) > 5)
    stopped.process.send_signal(signal.SIGSTOP)
    await asyncio.sleep(3)  # as a machine that is moved does
    stopped.process.send_signal(signal.SIGCONT)
    await people.goes_on()
    await people.end()
    assert await world.database.read(broken_promises, people.witness) == []


async def test_out_of_descriptors_it_goes_on_once_there_are_some_again(world: World, stopped: Server) -> None:
    stopped.start()
    process = stopped.process
    assert process is not None
    used = len(list(Path(f"/proc/{process.pid}/fd").iterdir()))  # noqa: ASYNC240
    resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (used + 20, used + 20))
    many = [socket.create_connection(("127.0.0.1", stopped.port)) for _ in range(60)]
    for one in many:
        one.close()
    people = await people_at(stopped, world)
    await until(lambda: len(people.witness.acknowledged) > 5, seconds=15)
    await people.end()
    assert await world.database.read(broken_promises, people.witness) == []
