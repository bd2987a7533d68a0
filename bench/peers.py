"""Those that are compared: each can send messages to its open pages, one every so often."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bench.processes import cpu_seconds
from bench.programs import Program, compiled, python, running
from bench.requests import Client, at_pace
from bench.site import Article, Site
from bench.sockets import Arrival, Sockets, pages
from tests.server import free_port

Sent = dict[int, int]
"""Versions, and when each began to be sent, or was written: nanoseconds."""


class Peer(Protocol):
    """One that sends to its open pages."""

    name: str
    sockets: Sockets

    @property
    def pids(self) -> list[int]:
        """The processes that send."""

    async def send(self, count: int, per_second: float, size: int) -> Sent:
        """Send messages of that many bytes at a steady pace."""


@dataclass(slots=True)
class CSender:
    """One send() for each page, in C."""

    sockets: Sockets
    program: Program
    name: str = "C sender"

    @property
    def pids(self) -> list[int]:
        """Its process."""
        return [self.program.pid]

    async def send(self, count: int, per_second: float, size: int) -> Sent:
        """Let it send."""
        said = await self.program.ask(f"send {count} {round(1e6 / per_second)} {size}")
        if said["refused"]:
            raise RuntimeError(f"pages did not read {said['refused']} messages")
        return await _numbered(self.sockets, said["at"])


@dataclass(slots=True)
class StarletteLoop:
    """`send_text` for each page, in a loop."""

    sockets: Sockets
    pids: list[int]
    client: Client
    name: str = "send_text loop"

    async def send(self, count: int, per_second: float, size: int) -> Sent:
        """Let it send."""
        answer = await self.client.get(f"/send?count={count}&pause={round(1e6 / per_second)}&size={size}")
        return await _numbered(self.sockets, json.loads(answer.body)["at"])


@dataclass(slots=True)
class Forum:
    """The forum itself: what is sent are comments that readers post."""

    sockets: Sockets
    site: Site
    article: Article
    name: str = "forum"

    @property
    def pids(self) -> list[int]:
        """The server's processes."""
        return self.site.pids

    async def send(self, count: int, per_second: float, size: int) -> Sent:
        """Let readers post."""
        pace = await at_pace(lambda: self.site.post(self.article), per_second, count / per_second)
        if pace.failures:
            raise RuntimeError(f"{len(pace.failures)} posts failed, the first with {pace.failures[0]}")
        return await self.site.written(self.article)


@dataclass(frozen=True, slots=True)
class Cost:
    """What some messages cost the sender: seconds of processor time, and how many times a page got one."""

    seconds: float
    received: int
    sent: Sent
    arrivals: list[Arrival]


async def cost(peer: Peer, count: int, per_second: float, size: int) -> Cost:
    """Send, wait until all have it, and count what that took."""
    await peer.sockets.mark()
    before = cpu_seconds(peer.pids)
    sent = await peer.send(count, per_second, size)
    await until_received(peer.sockets, max(sent))
    seconds = cpu_seconds(peer.pids) - before
    arrivals = await peer.sockets.arrivals()
    return Cost(seconds, sum(one.pages for one in arrivals), sent, arrivals)


async def until_received(sockets: Sockets, version: int) -> None:
    """Wait until all pages have that version."""
    async with asyncio.timeout(60):
        while (state := await sockets.state()).lowest < version:
            if state.gaps or state.closed:
                raise RuntimeError(f"pages missed something: {state}")
            await asyncio.sleep(0.02)


@asynccontextmanager
async def c_sender(folder: Path) -> AsyncIterator[Peer | None]:
    """The C sender; None where there is no compiler."""
    program = compiled("sender", folder)
    if program is None:
        yield None
        return
    async with running(str(program)) as sender:
        port = (await sender.answer())["port"]
        async with pages(folder, port, "/") as sockets:
            yield CSender(sockets, sender)


@asynccontextmanager
async def starlette_loop(folder: Path) -> AsyncIterator[Peer]:
    """The loop of a tiny app under the same server."""
    port = free_port()
    client = Client(port)
    async with running(*python("bench.starlette_loop", str(port))) as program:
        async with asyncio.timeout(30):
            while True:
                try:
                    await client.get("/healthz")
                    break
                except OSError:
                    await asyncio.sleep(0.05)
        async with pages(folder, port, "/live?after=") as sockets:
            yield StarletteLoop(sockets, [program.pid], client)
        client.close()
        program.process.terminate()


async def _numbered(sockets: Sockets, at: list[int]) -> Sent:
    """The versions that were sent last: those of the rivals count from 1."""
    async with asyncio.timeout(60):
        while not (arrivals := await sockets.arrivals()) or len({one.to for one in arrivals}) < len(at):
            await asyncio.sleep(0.02)
    first = min(one.to for one in arrivals)
    return {first + number: moment for number, moment in enumerate(at)}
