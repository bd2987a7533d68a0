"""What happens when all pages come back at once, when the server is restarted, and when some pages do not read."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from bench.figures import Budget, Figure
from bench.peers import Forum, cost, until_received
from bench.processes import cpu_seconds, open_files, resident_bytes, socket_bytes
from bench.requests import at_pace
from bench.scale import Scale
from bench.site import Site, served
from bench.sockets import delays, quantile, quantile_of


async def storm(folder: Path, scale: Scale) -> AsyncIterator[Figure]:
    """All pages lose their connection and come back at once, while somebody posts."""
    async with served(folder / "site") as site:
        article = site.articles[0]
        await site.post(article)
        async with site.pages(article) as sockets:
            await sockets.open(scale.storm)
            await asyncio.sleep(scale.settled)
            used = cpu_seconds(site.pids)
            await sockets.storm()
            posting = asyncio.create_task(at_pace(lambda: site.post(article), 5, scale.seconds))
            opened = await sockets.until_open()
            await until_received(sockets, await site.version(article))
            live = asyncio.get_running_loop().time() - opened.started / 1e9
            used = cpu_seconds(site.pids) - used
            posts = await posting
            await until_received(sockets, await site.version(article))
            state = await sockets.state()
        group = f"{scale.storm:,} pages reconnect at once, with 5 posts a second"
        yield Figure(group, "all open", (opened.opened - opened.started) / 1e9, "s")
        yield Figure(group, "all open and caught up", live, "s", None, Budget(10, "s"))
        yield Figure(group, "processor time for each", 1e6 * used / scale.storm, "µs")
        yield Figure(group, "refused at first", state.failed, "")
        yield Figure(group, "gaps, or told to load afresh", state.reloads + state.gaps, "", None, Budget(0))
        yield Figure(group, "posts refused", len(posts.failures), "", None, Budget(0))
        yield Figure(group, "a post's answer, p99", quantile_of(posts.milliseconds, 0.99), "ms")


async def restart(folder: Path, scale: Scale) -> AsyncIterator[Figure]:
    """The server ends in order, and another takes its place, while people write and do not give up."""
    async with served(folder / "site") as site:
        article = site.articles[0]
        await site.post(article)
        async with site.pages(article) as sockets:
            await sockets.open(scale.pages)
            await asyncio.sleep(scale.settled)
            await sockets.come_back()
            posting = asyncio.create_task(at_pace(lambda: site.post(article, patient=True), 5, scale.restart_seconds))
            await asyncio.sleep(scale.settled)
            ended = asyncio.get_running_loop().time()
            listening = await site.restart()
            await sockets.until_open()
            await until_received(sockets, await site.version(article))
            live = asyncio.get_running_loop().time()
            posts = await posting
            await until_received(sockets, await site.version(article))
            state = await sockets.state()
        lost = set(article.posted) ^ await site.stored(article)
        group = f"a restart with {scale.pages:,} pages and 5 posts a second"
        yield Figure(group, "from SIGTERM to listening", listening - ended, "s")
        yield Figure(group, "from listening to all open and caught up", live - listening, "s", None, Budget(10, "s"))
        yield Figure(group, "gaps, or told to load afresh", state.reloads + state.gaps, "", None, Budget(0))
        yield Figure(group, "posts lost, or stored twice", len(lost) + len(posts.failures), "", None, Budget(0))


async def stalled(folder: Path, scale: Scale) -> AsyncIterator[Figure]:
    """Some pages stop reading: what they cost, when they are cut, and whether the others notice."""
    count, stuck = scale.stalled
    group = f"{stuck} of {count:,} pages do not read, with 10 messages a second"
    async with (
        served(folder / "site") as site,
        site.pages(site.articles[0]) as sockets,
        site.pages(site.articles[0]) as slow,
    ):
        ours = Forum(sockets, site, site.articles[0])
        await sockets.open(count - stuck)
        await ours.send(3, 10, 0)
        await asyncio.sleep(scale.settled)
        before = await _p99(ours, scale.seconds)
        memory, files = _memory(site), open_files(site.pids)
        opened = await slow.open(stuck, stalled=True)
        posting = asyncio.create_task(_p99(ours, max(scale.cut_seconds, scale.seconds)))
        most, cut = 0, float("nan")
        while not posting.done():
            await asyncio.sleep(0.1)
            most = max(most, _memory(site) - memory)
            if cut != cut and open_files(site.pids) <= files + stuck // 100:  # noqa: PLR0124 - not cut yet
                cut = asyncio.get_running_loop().time() - opened.opened / 1e9
        without = (before + await _p99(ours, scale.seconds)) / 2
        yield Figure(group, "memory for each, with the kernel's", most / stuck / 1024, "KiB", None, Budget(256, "KiB"))
        if scale.cut_seconds:
            yield Figure(group, "cut after", cut, "s", None, Budget(20, "s"))
        rival = ("when all read", without)
        yield Figure(
            group, "the others: written to arrived, p99", await posting, "ms", rival, Budget(1.1, of_ratio=True)
        )


def _memory(site: Site) -> int:
    return resident_bytes(site.pids) + socket_bytes()


async def _p99(ours: Forum, seconds: float) -> float:
    found = await cost(ours, round(10 * seconds), 10, 0)
    return quantile(delays(found.arrivals, found.sent), 0.99)
