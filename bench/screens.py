"""When what was written is on the screens, how long other requests wait meanwhile, and how much at once is possible."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from bench.figures import Budget, Figure
from bench.peers import Cost, Forum, c_sender, cost, until_received
from bench.processes import cpu_seconds
from bench.requests import Pace, at_pace
from bench.scale import Scale
from bench.site import Article, Site, served
from bench.sockets import delays, quantile, quantile_of

STEADY = 20
LOADS = ((20, 20), (100, 300))
"""Posts and page reads in a second: an animated evening, and more than one process is meant for."""


async def pace(folder: Path, scale: Scale) -> AsyncIterator[Figure]:
    """Twenty messages a second to many pages: when they come, and how long other requests wait meanwhile."""
    async with (
        served(folder / "site") as site,
        site.pages(site.articles[0]) as sockets,
        c_sender(folder) as plain,
    ):
        ours, page = Forum(sockets, site, site.articles[0]), f"/articles/{site.articles[1].slug}"
        await sockets.open(scale.pages)
        await ours.send(2, 5, 0)
        await asyncio.sleep(scale.settled)
        quiet = {path: await _asked(site, path, scale.seconds) for path in ("/healthz", page)}
        mine, busy = await _sent_while_asked(ours, page, scale.seconds)
        theirs = None
        if plain:
            await plain.sockets.open(scale.pages)
            theirs = await cost(plain, round(STEADY * scale.seconds), STEADY, 2700)
        group = f"{STEADY} messages a second to {scale.pages:,} pages"
        for figure in _compared(group, mine, theirs, scale.seconds):
            yield figure
        for path, name in (("/healthz", "/healthz"), (page, "an article's page")):
            before = quantile_of(quiet[path].milliseconds, 0.9)
            meanwhile = quantile_of(busy[path].milliseconds, 0.9)
            budget = Budget(5, "ms") if path == "/healthz" else None
            yield Figure(group, f"{name} meanwhile, p90", meanwhile, "ms", ("without them", before), budget)


def _compared(group: str, mine: Cost, theirs: Cost | None, seconds: float) -> list[Figure]:
    def beside(ours: float, rival: float | None) -> tuple[float, tuple[str, float] | None]:
        return ours, None if rival is None else ("C sender", rival)

    def p99(cost: Cost | None, part: float = 0.99) -> float | None:
        return quantile(delays(cost.arrivals, cost.sent), part) if cost else None

    late, rival = beside(p99(mine) or 0, p99(theirs))
    half, half_rival = beside(p99(mine, 0.5) or 0, p99(theirs, 0.5))
    spread, spread_rival = beside(_spread(mine), _spread(theirs) if theirs else None)
    use, use_rival = beside(100 * mine.seconds / seconds, 100 * theirs.seconds / seconds if theirs else None)
    return [
        Figure(group, "written to arrived, p50", half, "ms", half_rival),
        Figure(group, "written to arrived, p99", late, "ms", rival, Budget(50, "ms")),
        Figure(group, "from the first page that has it to each, p99", spread, "ms", spread_rival),
        Figure(group, "a core's use", use, "%", use_rival),
    ]


def _spread(found: Cost) -> float:
    parts = (((at - one.at[0]) / 1e6, float(one.pages)) for one in found.arrivals for at in one.at)
    return quantile(sorted(parts), 0.99)


async def _asked(site: Site, path: str, seconds: float) -> Pace:
    return await at_pace(lambda: site.client.get(path), 20, seconds)


async def _sent_while_asked(ours: Forum, page: str, seconds: float) -> tuple[Cost, dict[str, Pace]]:
    async with asyncio.TaskGroup() as tasks:
        sending = tasks.create_task(cost(ours, round(STEADY * seconds), STEADY, 0))
        asked = {path: tasks.create_task(_asked(ours.site, path, seconds)) for path in ("/healthz", page)}
    return sending.result(), {path: task.result() for path, task in asked.items()}


async def screen(folder: Path, scale: Scale) -> AsyncIterator[Figure]:
    """From the row to the screens while many post and read."""
    async with served(folder / "site") as site:
        async for figure in _screens(site, scale, ""):
            yield figure


async def workers(folder: Path, scale: Scale) -> AsyncIterator[Figure]:
    """The same with two processes, PostgreSQL and a bus."""
    from tests.postgres import fresh_database, postgres_server
    from tests.valkey import valkey_server

    with postgres_server() as postgres, fresh_database(postgres) as url, valkey_server() as valkey:
        async with served(folder / "site", database_url=url, redis_url=valkey.url, workers=2) as site:
            async for figure in _screens(site, scale, "two workers, PostgreSQL, Valkey: "):
                yield figure


async def _screens(site: Site, scale: Scale, how: str) -> AsyncIterator[Figure]:
    article = site.articles[0]
    async with site.pages(article) as sockets:
        for count in scale.screens:
            await sockets.open(count - (await sockets.state()).wanted)
            for load in LOADS:
                await asyncio.sleep(scale.settled)
                await sockets.mark()
                before = cpu_seconds(site.pids)
                posts, reads = await _busy(site, article, *load, scale.seconds)
                used = (cpu_seconds(site.pids) - before) / posts.seconds
                written = await site.written(article)
                await until_received(sockets, max(written))
                late = delays(await sockets.arrivals(), written)
                group = (
                    f"{how}{count:,} pages, {posts.per_second:.0f} of {load[0]} posts a second, "
                    f"{reads.per_second:.0f} of {load[1]} page reads"
                )
                budget = Budget(50 if count <= 1000 and not how else 150, "ms")
                yield Figure(group, "written to arrived, p50", quantile(late, 0.5), "ms")
                yield Figure(group, "written to arrived, p99", quantile(late, 0.99), "ms", None, budget)
                yield Figure(group, "a post's answer, p99", quantile_of(posts.milliseconds, 0.99), "ms")
                yield Figure(group, "a page read, p99", quantile_of(reads.milliseconds, 0.99), "ms")
                yield Figure(group, "a core's use", 100 * used, "%")


async def _busy(site: Site, article: Article, posting: float, reading: float, seconds: float) -> tuple[Pace, Pace]:
    """So many posts and page reads a second, or as many as are answered."""
    path = f"/articles/{article.slug}"
    await site.post(article)
    await site.client.get(path)
    async with asyncio.TaskGroup() as tasks:
        posts = tasks.create_task(at_pace(lambda: site.post(article, reply=True), posting, seconds))
        reads = tasks.create_task(at_pace(lambda: site.client.get(path), reading, seconds))
    return posts.result(), reads.result()
