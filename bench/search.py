"""What a search costs among many comments: for a word that hardly anybody says, for one that many do, and for both."""

import random
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from itertools import accumulate
from pathlib import Path
from statistics import median
from urllib.parse import quote

from sqlalchemy import select

from bench.figures import Budget, Figure
from bench.scale import Scale
from bench.site import Site, served
from forum.accounts.models import Account
from forum.database import Db
from forum.demo.filling import Crowd, Text, fill_discussion
from forum.demo.shape import lively, shape_of
from tests.postgres import fresh_database, postgres_server

SEED = 7
VOCABULARY, WORDS = 60_000, (10, 80)
LETTERS = "abcdefghijklmnopqrstuvwxyz"
RARE, FREQUENT = "lighthouse", "harbour"
SHARES = {RARE: 0.0001, FREQUENT: 0.3}
ASKED = {
    "a word in 0.01 %": RARE,
    "a word in 30 %": FREQUENT,
    "both words": f"{RARE} {FREQUENT}",
    "a phrase of two frequent words": '"{} {}"',
    "a word in 30 %, of one author": f"{FREQUENT}&author=reader1",
}
TIMES = 9


async def sqlite(folder: Path, scale: Scale) -> AsyncIterator[Figure]:
    """On SQLite."""
    async for figure in _measured(folder, scale, "SQLite", ""):
        yield figure


async def postgres(folder: Path, scale: Scale) -> AsyncIterator[Figure]:
    """On PostgreSQL."""
    with ExitStack() as stack:
        url = stack.enter_context(fresh_database(stack.enter_context(postgres_server())))
        async for figure in _measured(folder, scale, "PostgreSQL", url):
            yield figure


async def _measured(folder: Path, scale: Scale, name: str, url: str) -> AsyncIterator[Figure]:
    """Each search as a guest's request to a server, from the first byte sent to the last one read."""
    group = f"search among {scale.sizes[-1]:,} comments on {name}"
    async with served(folder, database_url=url) as site:
        rng = random.Random(SEED)
        vocabulary = ["".join(rng.choices(LETTERS, k=rng.randint(2, 9))) for _ in range(VOCABULARY)]
        began = time.perf_counter()
        await site.database.write(_fill, site.articles[0].slug, scale.sizes[-1], texts(vocabulary, rng), rng)
        yield Figure(group, "written and indexed", time.perf_counter() - began, "s")
        for what, words in ASKED.items():
            for sort, order in {"newest": "newest first", "best": "best match"}.items():
                address = f"/search?sort={sort}&show=comments&q=" + quote(words.format(*vocabulary), safe="&=")
                budget = Budget(50, "ms") if words in SHARES else None
                yield Figure(group, f"{what}, {order}", await _milliseconds(site, address), "ms", budget=budget)


def texts(vocabulary: list[str], rng: random.Random) -> Iterator[Text]:
    """Texts in which a few words come often and most hardly ever, without end."""
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(vocabulary))))
    while True:
        words = rng.choices(vocabulary, cum_weights=weights, k=rng.randint(*WORDS))
        words += [word for word, share in SHARES.items() if rng.random() < share]
        rng.shuffle(words)
        body = " ".join(words)
        yield body, f"<p>{body}</p>"


def _fill(db: Db, slug: str, count: int, of: Iterator[Text], rng: random.Random) -> None:
    authors = list(db.execute(select(Account.id)).scalars())
    for _written in fill_discussion(db, slug, shape_of(lively(count, rng)), Crowd(authors, of, rng)):
        pass


async def _milliseconds(site: Site, address: str) -> float:
    """How long an answer usually takes."""
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        answer = await site.client.get(address)
        taken.append(time.perf_counter() - began)
        if answer.status != 200:
            raise RuntimeError(f"{address} was answered {answer.status}")
    return median(taken) * 1000


MEASURES: dict[str, Callable[[Path, Scale], AsyncIterator[Figure]]] = {
    "search_sqlite": sqlite,
    "search_postgres": postgres,
}
