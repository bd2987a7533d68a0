"""How fast what is written reaches the open pages, and what that costs."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.figures import Budget, Figure
from bench.peers import Cost, Forum, Peer, c_sender, cost, starlette_loop, until_received
from bench.processes import cpu_seconds, open_files, resident_bytes, socket_bytes
from bench.requests import Pace, at_pace
from bench.site import Article, Site, served
from bench.sockets import Sockets, delays, quantile, quantile_of


@dataclass(frozen=True, slots=True)
class Scale:
    """How many pages, for how long: the real figures, or a quick look at whether all works."""

    fanout: tuple[int, ...]
    rounds: int
    messages: int
    per_second: float
    pages: int
    seconds: float
    screens: tuple[int, ...]
    storm: int
    stalled: tuple[int, int]
    cut_seconds: float
    workers: bool
    settled: float
    """Seconds after which all that comes with the opening of pages has been said, the number of readers too."""


FULL = Scale((1000, 5000, 10000), 3, 16, 4, 5000, 10, (1000, 5000), 10000, (2000, 200), 40, True, 2.5)
QUICK = Scale((50,), 1, 3, 10, 50, 0.5, (50,), 50, (40, 10), 0, False, 0.2)

Measure = Callable[[Path, Scale], AsyncIterator[Figure]]


async def fanout(folder: Path, scale: Scale) -> AsyncIterator[Figure]:
    """One message to many pages: processor time for each, memory for each, and how fast they can come."""
    async with (
        served(folder / "site") as site,
        site.pages(site.articles[0]) as many,
        site.pages(site.articles[1]) as one,
        c_sender(folder) as plain,
        starlette_loop(folder) as loop,
    ):
        ours, alone = Forum(many, site, site.articles[0]), Forum(one, site, site.articles[1])
        rivals: list[Peer] = [peer for peer in (plain, loop) if peer]
        await one.open(1)
        await alone.send(3, 10, 0)  # what is loaded at the first post is loaded now
        size = 0
        for count in scale.fanout:
            async for figure in _opening(ours, rivals, count, scale):
                yield figure
            size = size or await _frame_bytes(ours)
            costs: dict[str, list[Cost]] = {peer.name: [] for peer in (ours, *rivals)}
            for _ in range(scale.rounds):
                posts = await cost(alone, scale.messages, scale.per_second, size)
                for peer in (ours, *rivals):
                    spent = await cost(peer, scale.messages, scale.per_second, size)
                    less = posts.seconds if peer is ours else 0.0
                    costs[peer.name].append(Cost(spent.seconds - less, spent.received, spent.sent, spent.arrivals))
            each = {name: median(1e6 * one.seconds / one.received for one in found) for name, found in costs.items()}
            what = f"a message of {size / 1000:.1f} kB to {count:,} pages, processor time for each"
            for rival in rivals:
                budget = Budget(1.2, of_ratio=True) if rival is plain else None
                yield Figure(what, each[ours.name], "µs", (rival.name, each[rival.name]), budget)


async def _opening(ours: Forum, rivals: list[Peer], count: int, scale: Scale) -> AsyncIterator[Figure]:
    for rival in rivals:
        await rival.sockets.open(count - (await rival.sockets.state()).wanted)
    before, there = resident_bytes(ours.pids), (await ours.sockets.state()).wanted
    state = await ours.sockets.open(count - there)
    yield Figure(
        f"opening pages, up to {count:,}",
        (count - there) / (state.opened - state.started) * 1e9,
        "a second",
        None,
        Budget(1000, at_least=True),
    )
    await asyncio.sleep(scale.settled)
    kilobytes = (resident_bytes(ours.pids) - before) / (count - there) / 1000
    yield Figure(f"memory for each open page, up to {count:,}", kilobytes, "kB", None, Budget(24, "kB"))
    before_cpu = cpu_seconds(ours.pids)
    await asyncio.sleep(scale.settled)
    used = (cpu_seconds(ours.pids) - before_cpu) / scale.settled
    yield Figure(f"a core's use by {count:,} pages while nothing happens", 100 * used, "%")


async def _frame_bytes(ours: Forum) -> int:
    """How long the payload of the forum's own message is."""
    before = await ours.sockets.state()
    spent = await cost(ours, 1, 1, 0)
    return (await ours.sockets.state()).bytes // spent.received - before.bytes // spent.received - 4


async def pace(folder: Path, scale: Scale) -> AsyncIterator[Figure]:
    """Twenty messages a second to many pages: when they come, and how long other requests wait meanwhile."""
    per_second, count = 20, scale.pages
    what = f"{per_second} messages/s to {count:,} pages"
    async with (
        served(folder / "site") as site,
        site.pages(site.articles[0]) as sockets,
        c_sender(folder) as plain,
    ):
        ours = Forum(sockets, site, site.articles[0])
        page = f"/articles/{site.articles[1].slug}"
        await sockets.open(count)
        await ours.send(2, 5, 0)
        await asyncio.sleep(scale.settled)
        quiet = {path: await _asked(site, path, scale.seconds / 2) for path in ("/healthz", page)}
        spent, busy = await _sent_while_asked(ours, site, page, per_second, scale.seconds)
        found = {"forum": spent}
        if plain:
            await plain.sockets.open(count)
            found[plain.name] = await cost(plain, round(per_second * scale.seconds), per_second, 1200)
        late = {name: delays(one.arrivals, one.sent) for name, one in found.items()}
        spread = {name: _spread(one) for name, one in found.items()}
        for part, budget in ((0.5, None), (0.99, Budget(50, "ms"))):
            rival = (plain.name, quantile(late[plain.name], part)) if plain else None
            yield Figure(
                f"{what}: written to arrived, p{100 * part:.0f}", quantile(late["forum"], part), "ms", rival, budget
            )
        rival = (plain.name, quantile(spread[plain.name], 0.99)) if plain else None
        yield Figure(f"{what}: first page to each, p99", quantile(spread["forum"], 0.99), "ms", rival)
        use = {name: 100 * one.seconds / scale.seconds for name, one in found.items()}
        yield Figure(f"{what}: a core's use", use["forum"], "%", (plain.name, use[plain.name]) if plain else None)
        for path, name in (("/healthz", "/healthz"), (page, "an article's page")):
            figure = quantile_of(busy[path].milliseconds, 0.9)
            before = quantile_of(quiet[path].milliseconds, 0.9)
            yield Figure(f"{what}: {name} meanwhile, p90", figure, "ms", ("quiet", before), Budget(5, "ms"))


async def _asked(site: Site, path: str, seconds: float) -> Pace:
    return await at_pace(lambda: site.client.get(path), 20, seconds)


async def _sent_while_asked(
    ours: Forum, site: Site, page: str, per_second: float, seconds: float
) -> tuple[Cost, dict[str, Pace]]:
    async with asyncio.TaskGroup() as tasks:
        sending = tasks.create_task(cost(ours, round(per_second * seconds), per_second, 0))
        asked = {path: tasks.create_task(_asked(site, path, seconds)) for path in ("/healthz", page)}
    return sending.result(), {path: task.result() for path, task in asked.items()}


def _spread(found: Cost) -> list[tuple[float, float]]:
    """Milliseconds from the first page that got a message to each."""
    parts = ((at - one.at[0], one.pages) for one in found.arrivals for at in one.at)
    return sorted((delay / 1e6, float(count)) for delay, count in parts)


async def screen(folder: Path, scale: Scale) -> AsyncIterator[Figure]:
    """From the commit to the screens while many post and read."""
    async with served(folder / "site") as site:
        async for figure in _screens(site, scale, ""):
            yield figure


async def workers(folder: Path, scale: Scale) -> AsyncIterator[Figure]:
    """The same with two processes, PostgreSQL and a bus."""
    if not scale.workers:
        return
    from tests.postgres import fresh_database, postgres_server
    from tests.valkey import valkey_server

    with postgres_server() as postgres, fresh_database(postgres) as url, valkey_server() as valkey:
        async with served(folder / "site", database_url=url, redis_url=valkey.url, workers=2) as site:
            async for figure in _screens(site, scale, "two workers, PostgreSQL: "):
                yield figure


async def _screens(site: Site, scale: Scale, how: str) -> AsyncIterator[Figure]:
    article = site.articles[0]
    async with site.pages(article) as sockets:
        for count in scale.screens:
            await sockets.open(count - (await sockets.state()).wanted)
            await asyncio.sleep(scale.settled)
            await sockets.mark()
            before = cpu_seconds(site.pids)
            posts, reads = await _busy(site, article, scale.seconds)
            used = (cpu_seconds(site.pids) - before) / posts.seconds
            written = await site.written(article)
            await until_received(sockets, max(written))
            late = delays(await sockets.arrivals(), written)
            what = f"{how}{count:,} pages, {posts.per_second:.0f} posts/s, {reads.per_second:.0f} page reads/s"
            yield Figure(f"{what}: written to arrived, p50", quantile(late, 0.5), "ms")
            budget = Budget(50 if count <= 1000 and not how else 150, "ms")
            yield Figure(f"{what}: written to arrived, p99", quantile(late, 0.99), "ms", None, budget)
            yield Figure(f"{what}: a post's answer, p99", quantile_of(posts.milliseconds, 0.99), "ms")
            yield Figure(f"{what}: a page read, p99", quantile_of(reads.milliseconds, 0.99), "ms")
            yield Figure(f"{what}: the server's use of a core", 100 * used, "%")


async def _busy(site: Site, article: Article, seconds: float) -> tuple[Pace, Pace]:
    """A hundred posts and three hundred page reads a second, or as many as are answered."""
    await site.post(article)
    await site.client.get(f"/articles/{article.slug}")
    async with asyncio.TaskGroup() as tasks:
        posts = tasks.create_task(at_pace(lambda: site.post(article, reply=True), 100, seconds))
        path = f"/articles/{article.slug}"
        reads = tasks.create_task(at_pace(lambda: site.client.get(path), 300, seconds))
    return posts.result(), reads.result()


async def storm(folder: Path, scale: Scale) -> AsyncIterator[Figure]:
    """All pages lose their connection and come back at once, while somebody posts."""
    async with served(folder / "site") as site, site.pages(site.articles[0]) as sockets:
        article = site.articles[0]
        await site.post(article)
        await sockets.open(scale.storm)
        await asyncio.sleep(scale.settled)
        await sockets.storm()
        posting = asyncio.create_task(at_pace(lambda: site.post(article), 5, scale.seconds))
        opened = await sockets.until_open()
        await until_received(sockets, await site.version(article))
        now = await sockets.state()
        live = asyncio.get_running_loop().time() - opened.started / 1e9
        posts = await posting
        await until_received(sockets, await site.version(article))
        what = f"{scale.storm:,} pages reconnect at once"
        yield Figure(f"{what}: all open", (opened.opened - opened.started) / 1e9, "s")
        yield Figure(f"{what}: all caught up and live", live, "s", None, Budget(10, "s"))
        yield Figure(f"{what}: sent to load afresh, or with a gap", now.reloads + now.gaps, "pages", None, Budget(0))
        yield Figure(f"{what}: posts refused meanwhile", len(posts.failures), "", None, Budget(0))
        yield Figure(f"{what}: a post's answer meanwhile, p99", quantile_of(posts.milliseconds, 0.99), "ms")


async def stalled(folder: Path, scale: Scale) -> AsyncIterator[Figure]:
    """Some pages stop reading: what they cost, when they are cut, and whether the others notice."""
    count, stuck = scale.stalled
    what = f"{stuck} of {count:,} pages do not read"
    async with (
        served(folder / "site") as site,
        site.pages(site.articles[0]) as sockets,
        site.pages(site.articles[0]) as slow,
    ):
        ours = Forum(sockets, site, site.articles[0])
        await sockets.open(count - stuck)
        await asyncio.sleep(scale.settled)
        without = [await _p99(ours, sockets, scale.seconds)]
        resident, kernel, files = resident_bytes(site.pids), socket_bytes(), open_files(site.pids)
        opened = await slow.open(stuck, stalled=True)
        posting = asyncio.create_task(_p99(ours, sockets, max(scale.cut_seconds, scale.seconds)))
        most, cut = 0.0, float("nan")
        while not posting.done():
            await asyncio.sleep(0.1)
            most = max(most, resident_bytes(site.pids) - resident + socket_bytes() - kernel)
            if cut != cut and open_files(site.pids) <= files + stuck // 100:  # noqa: PLR0124 - not cut yet
                cut = asyncio.get_running_loop().time() - opened.opened / 1e9
        meanwhile = await posting
        without.append(await _p99(ours, sockets, scale.seconds))
        yield Figure(
            f"{what}: memory for each, kernel's included", most / stuck / 1024, "KiB", None, Budget(256, "KiB")
        )
        if scale.cut_seconds:
            yield Figure(f"{what}: cut after", cut, "s", None, Budget(20, "s"))
        rival = ("when all read", sum(without) / 2)
        yield Figure(f"{what}: the others' p99", meanwhile, "ms", rival, Budget(1.1, of_ratio=True))


async def _p99(ours: Forum, sockets: Sockets, seconds: float) -> float:
    found = await cost(ours, round(10 * seconds), 10, 0)
    return quantile(delays(found.arrivals, found.sent), 0.99)


MEASURES: dict[str, Measure] = {
    "fanout": fanout,
    "pace": pace,
    "screen": screen,
    "storm": storm,
    "stalled": stalled,
    "workers": workers,
}
