"""What one message costs for each page that gets it, and what an open page costs."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.figures import Budget, Figure
from bench.peers import Forum, Peer, c_sender, cost, starlette_loop
from bench.processes import cpu_seconds, resident_bytes
from bench.scale import Scale
from bench.site import served


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening pages took: how many a second, microseconds of processor time for each, and memory."""

    per_second: float
    cpu: float
    kilobytes: float


async def fanout(folder: Path, scale: Scale) -> AsyncIterator[Figure]:
    """The forum, the C sender and the loop by turns, with more and more pages."""
    async with (
        served(folder / "site") as site,
        site.pages(site.articles[0]) as many,
        site.pages(site.articles[1]) as one,
        c_sender(folder) as plain,
        starlette_loop(folder) as loop,
    ):
        ours, alone = Forum(many, site, site.articles[0]), Forum(one, site, site.articles[1])
        await one.open(1)
        await alone.send(3, 10, 0)  # what is loaded at the first post is loaded now
        for count in scale.fanout:
            opened = {peer.name: await _opened(peer, count, scale) for peer in (plain, loop, ours) if peer}
            async for figure in _told(f"{count:,} open pages", opened[ours.name], opened[loop.name]):
                yield figure
            yield Figure(f"{count:,} open pages", "a core's use while nothing happens", await _idle(ours, scale), "%")
            size = await _frame_bytes(ours)
            spent = await _by_turns(ours, alone, [peer for peer in (plain, loop) if peer], scale, size)
            what = f"processor time for each that gets a message of {size / 1000:.1f} kB"
            for name in (rival for rival in spent if rival != ours.name):
                budget = Budget(1.2, of_ratio=True) if plain and name == plain.name else None
                yield Figure(f"{count:,} open pages", what, spent[ours.name], "µs", (name, spent[name]), budget)


async def _told(group: str, mine: Opened, theirs: Opened) -> AsyncIterator[Figure]:
    name = "send_text loop"
    yield Figure(
        group, "opened", mine.per_second, "a second", (name, theirs.per_second), Budget(1000, "a second", at_least=True)
    )
    yield Figure(group, "processor time to open one", mine.cpu, "µs", (name, theirs.cpu))
    yield Figure(group, "memory of one", mine.kilobytes, "kB", (name, theirs.kilobytes), Budget(24, "kB"))


async def _opened(peer: Peer, count: int, scale: Scale) -> Opened:
    new = count - (await peer.sockets.state()).wanted
    resident, used = resident_bytes(peer.pids), cpu_seconds(peer.pids)
    state = await peer.sockets.open(new)
    used = cpu_seconds(peer.pids) - used
    await asyncio.sleep(scale.settled)
    kilobytes = (resident_bytes(peer.pids) - resident) / new / 1000
    return Opened(new / (state.opened - state.started) * 1e9, 1e6 * used / new, kilobytes)


async def _idle(ours: Forum, scale: Scale) -> float:
    before = cpu_seconds(ours.pids)
    await asyncio.sleep(2 * scale.settled)
    return 100 * (cpu_seconds(ours.pids) - before) / (2 * scale.settled)


async def _by_turns(ours: Forum, alone: Forum, rivals: list[Peer], scale: Scale, size: int) -> dict[str, float]:
    """Microseconds for each page and message; from the forum's the cost of the posts is taken off."""
    spent: dict[str, list[float]] = {peer.name: [] for peer in (*rivals, ours)}
    for _ in range(scale.rounds):
        posts = await cost(alone, scale.messages, scale.per_second, size)
        for peer in (*rivals, ours):
            found = await cost(peer, scale.messages, scale.per_second, size)
            seconds = found.seconds - (posts.seconds if peer is ours else 0)
            spent[peer.name].append(1e6 * seconds / found.received)
    return {name: median(found) for name, found in spent.items()}


async def _frame_bytes(ours: Forum) -> int:
    """How long the payload of the forum's own message is."""
    before = (await ours.sockets.state()).bytes
    found = await cost(ours, 1, 1, 0)
    return round(((await ours.sockets.state()).bytes - before) / found.received) - 4
