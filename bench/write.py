"""What a durable post costs: the whole action with every check, beside bare commits of the same rows."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from itertools import cycle
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from bench.figures import Budget, Figure
from bench.scale import Scale
from forum.accounts.actor import Actor
from forum.comments.actions import post_comment
from forum.comments.body import make_body
from forum.comments.checks.catalogue import CHECKS
from forum.comments.checks.models import Response
from forum.comments.rates import Rates
from forum.config import Settings
from forum.database import Database, open_database
from forum.life import settle_life
from forum.schema import migrate
from forum.server import tune_python
from tests.postgres import fresh_database, postgres_server
from tests.world import World

WRITERS = (1, 8, 64)
ARTICLES, AUTHORS = 64, 600
"""So many that none of them posts more often than a site lets them."""
RATES = Rates(pause=0, in_ten_minutes=20)
TEXT = "The ferry was never meant to carry lorries, and the old bridge never did either. This is number {}."
"""Every one of its own, as checks look for repeated texts."""


async def sqlite(folder: Path, scale: Scale) -> AsyncIterator[Figure]:
    """Posts on SQLite, by one after the other and by many at once."""
    settings = Settings(data_dir=folder, limits="off")
    async with _site(settings) as (database, slugs, authors):
        bare = _bare_commits(folder / "bare.sqlite3", scale.posts)
        for writers in WRITERS:
            posted = await _post(database, slugs[:1], authors, writers, scale.posts)
            budget = {1: Budget(500, "", at_least=True), 64: Budget(2_000, "", at_least=True)}.get(writers)
            group = f"durable posts on SQLite, {writers} at a time"
            yield Figure(group, "posts a second", posted.per_second, "", ("bare commits", bare), budget)
            yield Figure(group, "p99", posted.p99, "ms", None, Budget(50, "ms"))


async def postgres(_folder: Path, scale: Scale) -> AsyncIterator[Figure]:
    """Posts on PostgreSQL: all under one article, which one can change at a time, and under many."""
    with postgres_server() as server, fresh_database(server) as url:
        async with _site(Settings(database_url=url, limits="off")) as (database, slugs, authors):
            for what, where, least in (("one article", slugs[:1], 300), ("many articles", slugs, 600)):
                posted = await _post(database, where, authors, WRITERS[1], scale.posts)
                group = f"durable posts on PostgreSQL under {what}, {WRITERS[1]} at a time"
                yield Figure(group, "posts a second", posted.per_second, "", None, Budget(least, "", at_least=True))
                yield Figure(group, "p99", posted.p99, "ms", None, Budget(50, "ms"))


class Posted:
    """How long each post took, and all of them together: seconds."""

    def __init__(self, seconds: float, each: list[float]) -> None:
        self.per_second = len(each) / seconds
        self.p99 = quantiles(each, n=100)[-1] * 1000


async def _post(database: Database, slugs: list[str], authors: list[Actor], writers: int, posts: int) -> Posted:
    """So many posts, by writers of which each waits for its own before it begins the next."""
    each: list[float] = []
    turns = cycle(authors)
    began = perf_counter()

    async def write(writer: int) -> None:
        for number in range(posts // writers):
            body = make_body(TEXT.format(f"{writer} {number} of {writers}"))
            at = perf_counter()
            await database.write(
                post_comment,
                author=next(turns),
                slug=slugs[(writer + number) % len(slugs)],
                parent_id=None,
                body=body,
                key=f"{writers}.{len(slugs)}.{writer}.{number}",
                rates=RATES,
            )
            each.append(perf_counter() - at)

    await asyncio.gather(*(write(writer) for writer in range(writers)))
    return Posted(perf_counter() - began, each)


@asynccontextmanager
async def _site(settings: Settings) -> AsyncIterator[tuple[Database, list[str], list[Actor]]]:
    """A site on which every check looks at every post, and lets it pass."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    await migrate(settings)
    database = open_database(settings)
    await settle_life(database, settings)
    world = World(database)
    slugs = [await world.article(f"Article {number}") for number in range(ARTICLES)]
    authors = [await world.account(f"reader{number}") for number in range(AUTHORS)]
    for check in CHECKS:
        await world.check(check, Response.NOTE)
    await world.words("banned", *(f"bannedword{number}" for number in range(2_000)))
    tune_python()
    yield database, slugs, authors
    await database.close()


def _bare_commits(file: Path, commits: int) -> float:
    """How many rows of a comment's size can be committed in a second, one after the other, with FULL."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE comments (id INTEGER PRIMARY KEY, body TEXT, html TEXT)")
        began = perf_counter()
        for number in range(commits):
            text = TEXT.format(number)
            connection.execute("INSERT INTO comments (body, html) VALUES (?, ?)", (text, text))
        return commits / (perf_counter() - began)


MEASURES: dict[str, Callable[[Path, Scale], AsyncIterator[Figure]]] = {"sqlite": sqlite, "postgres": postgres}
