"""Many open pages: a program that connects them and reads what comes, so cheaply that it is not what is measured."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from bench.programs import Program, compiled, python, running

POLL_SECONDS = 0.02
OPEN_SECONDS = 120


class Arrival(NamedTuple):
    """One message at all pages: `at` are the moments in hundredths, from the first page's to the last's.

    Nanoseconds of CLOCK_MONOTONIC.
    """

    after: int
    to: int
    pages: int
    at: Sequence[int]


@dataclass(frozen=True, slots=True)
class State:
    """How the pages are. `lowest` is the version that the slowest has reached; `gaps` is what they would ask for."""

    open: int
    wanted: int
    closed: int
    failed: int
    lowest: int
    gaps: int
    reloads: int
    frames: int
    bytes: int
    started: int
    opened: int


@dataclass(slots=True)
class Sockets:
    """The pages of one article."""

    program: Program

    async def open(self, count: int, *, at_once: int = 100, stalled: bool = False) -> State:
        """Open more pages, `at_once` of them at a time; returns when all are open."""
        await self.program.ask(f"open {count} {at_once} {int(stalled)}")
        return await self.until_open()

    async def storm(self) -> None:
        """Cut them all, and connect them again at once."""
        await self.program.ask("storm 100000")

    async def come_back(self) -> None:
        """From now on those that are closed come back, after the same waits as a browser's."""
        await self.program.ask("return")

    async def until_open(self) -> State:
        """Wait until all are open."""
        async with asyncio.timeout(OPEN_SECONDS):
            while (state := await self.state()).open < state.wanted:
                if state.closed:
                    raise RuntimeError(f"pages were closed: {state}")
                await asyncio.sleep(POLL_SECONDS)
        return state

    async def state(self) -> State:
        """How they are now."""
        return State(**await self.program.ask("state"))

    async def mark(self) -> None:
        """Forget what arrived so far."""
        await self.program.ask("mark")

    async def arrivals(self) -> list[Arrival]:
        """What arrived since the mark."""
        found = []
        said = await self.program.ask("report")
        while said:
            found.append(Arrival(said["from"], said["to"], said["count"], said["at"]))
            said = await self.program.answer()
        return found


@asynccontextmanager
async def pages(folder: Path, port: int, path: str, version: int = 0) -> AsyncIterator[Sockets]:
    """A program that can open pages of one article, from that version on."""
    built = compiled("sockets", folder)
    command = (str(built),) if built else python("bench.sockets_in_python")
    async with running(*command, "127.0.0.1", str(port), path, str(version)) as program:
        yield Sockets(program)


def delays(arrivals: Iterable[Arrival], since: Mapping[int, int]) -> list[tuple[float, float]]:
    """Milliseconds from a version's moment to each page, in hundredths; with how many pages each stands for."""
    found = []
    for one in arrivals:
        for version in range(one.after + 1, one.to + 1):
            if version in since:
                found += [((at - since[version]) / 1e6, one.pages / len(one.at)) for at in one.at]
    return sorted(found)


def quantile(weighted: Sequence[tuple[float, float]], part: float) -> float:
    """The value that this part of the weight does not exceed; NaN where there is nothing."""
    left = part * sum(weight for _value, weight in weighted)
    for value, weight in weighted:
        left -= weight
        if left <= 1e-9:
            return value
    return weighted[-1][0] if weighted else float("nan")


def quantile_of(values: Iterable[float], part: float) -> float:
    """The same of plain values."""
    return quantile([(value, 1.0) for value in sorted(values)], part)
