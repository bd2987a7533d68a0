"""A page costs the same however large the discussion is: as many questions, each answered from an index."""

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from random import Random
from typing import Any

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.ext.asyncio import create_async_engine
from starlette.testclient import TestClient

from forum.accounts.sessions import cookie_name
from forum.app import make_app
from forum.articles.models import Article
from forum.articles.views import read_article_page
from forum.comments.discussion import Place
from forum.comments.kept import KeptWindows
from forum.comments.models import Comment
from forum.comments.voting import vote
from forum.comments.windows import FIRST_REPLIES, SORTS
from forum.config import Settings
from forum.database import Database, Db, open_database
from forum.demo.filling import Crowd, fill_discussion
from forum.demo.shape import Shape, chain, lively, shape_of
from forum.life import settle_life
from tests.conftest import KINDS, empty_site
from tests.statements import Statement, listened
from tests.windows import window_for
from tests.world import World

pytestmark = pytest.mark.anyio

SIZES = (10, 1_000, 100_000)
MOST_QUERIES = 8
LONG_CHAIN = 10_000
SCAN = re.compile("SCAN comments")
WALK = re.compile(
    r"SEARCH comments\w* USING (?:INTEGER PRIMARY KEY \(rowid[<>]|"
    r"(?:COVERING )?INDEX (?!ix_comments_(?:top_|pinned|featured))\w+ \(article_id=\?\)$)"
)
"""All comments, or all of a discussion but by the indexes that are read from their beginning."""
MOST_ROWS = 1_000
"""Of comments that PostgreSQL looks at for one of the things that it is asked."""


@dataclass(frozen=True, slots=True)
class Large:
    """A site with a discussion of each size, by its slug, and one that is a single chain of replies."""

    settings: Settings
    slugs: dict[int, str]
    chain: str
    reader: str
    """The cookie of somebody who has written in each of them a moment ago."""


@pytest.fixture(scope="module", params=KINDS)
def large(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Large]:
    """Filled once for all tests here, and not changed by them."""
    with empty_site(request.param, tmp_path_factory.mktemp("large"), request) as settings:
        yield asyncio.run(_fill(settings))


async def _fill(settings: Settings) -> Large:
    database = open_database(settings)
    await settle_life(database, settings)
    world = World(database)
    slugs = {size: await world.article(f"Of {size} comments") for size in SIZES}
    shapes = {slugs[size]: shape_of(lively(size, Random(size))) for size in SIZES}
    linked = await world.article("A chain")
    shapes[linked] = shape_of(chain(LONG_CHAIN))
    authors = [(await world.account(f"reader{number}")).account_id for number in range(30)]
    for slug, shape in shapes.items():
        await database.write(_write, slug, shape, authors)
        await world.post(slug, by="nora")
    token = await world.sign_in("nora")
    if not settings.on_sqlite:  # it gathers its statistics by itself; SQLite has none
        await database.write(_analyse)
    await database.close()
    return Large(settings, slugs, linked, f"{cookie_name(settings)}={token}")


@pytest.fixture
def asking(large: Large) -> Iterator[TestClient]:
    """The app over the large site."""
    with TestClient(make_app(large.settings)) as client:
        yield client


def _write(db: Db, slug: str, shape: Shape, authors: list[int]) -> None:
    texts = cycle([("A comment.", "<p>A comment.</p>")])
    for _rows in fill_discussion(db, slug, shape, Crowd(authors, texts, Random(1))):
        pass


def _analyse(db: Db) -> None:
    db.execute(text("ANALYZE"))


def pages(db: Db, slug: str) -> list[str]:
    """Every way to read in a discussion: sorts and filters, the middle, a comment at each level, more replies."""
    article_id = select(Article.id).where(Article.slug == slug).scalar_subquery()
    here = select(Comment).where(Comment.article_id == article_id)
    root = db.execute(
        here.where(Comment.parent_id.is_(None)).order_by(Comment.reply_count.desc()).limit(1)
    ).scalar_one()
    rows = {
        depth: db.execute(here.where(Comment.depth == depth).order_by(Comment.id.desc()).limit(1)).scalar_one_or_none()
        for depth in range(1, 8)
    }
    return [
        f"/articles/{slug}",
        *(f"/articles/{slug}?sort={sort}" for sort in ("oldest", "newest", "best")),
        *(f"/articles/{slug}?sort={sort}&after={root.id + 5}" for sort in ("oldest", "newest")),
        f"/articles/{slug}?sort=best&after=1.{root.id + 5}",
        *(f"/articles/{slug}?show={show}" for show in ("picks", "newsroom")),
        *(f"/articles/{slug}?show={show}&after={root.id}" for show in ("picks", "newsroom")),
        *(f"/comments/{row.id}" for row in [root, *rows.values()] if row),
        f"/comments/{root.id}?after=8",
        f"/comments/{root.id}/replies?after={FIRST_REPLIES}",
        f"/articles/{slug}/feed",
        *(f"/comments/{row.id}/feed" for row in [root, *rows.values()] if row),
        "/accounts/reader7/feed",
    ]


async def _pages(large: Large) -> dict[str, list[str]]:
    database = open_database(large.settings)
    found = {slug: await database.read(pages, slug) for slug in [*large.slugs.values(), large.chain]}
    await database.close()
    return found


def ask(client: TestClient, address: str, cookie: str | None) -> list[Statement]:
    """What the database is asked for a page of which nothing is kept; nothing where it is always too much.

    Asked again, for the clock may ask something meanwhile.
    """
    attempts = (_ask(client, address, cookie) for _ in range(3))
    return next((asked for asked in attempts if len(asked) <= MOST_QUERIES), [])


def _ask(client: TestClient, address: str, cookie: str | None) -> list[Statement]:
    client.app.state.windows = KeptWindows()  # type: ignore[attr-defined]
    fresh = f"{address}{'&' if '?' in address else '?'}fresh"
    with listened() as asked:
        answer = client.get(fresh, headers={"cookie": cookie} if cookie else {})
    assert answer.status_code == 200, address
    return asked


async def test_no_page_asks_more_than_eight_questions_at_any_size(large: Large, asking: TestClient) -> None:
    asking.get("/")  # what is read once for all: the site
    for addresses in (await _pages(large)).values():
        for cookie in (None, large.reader):
            assert [address for address in addresses if not ask(asking, address, cookie)] == []


async def test_a_window_takes_as_many_questions_at_every_size(large: Large) -> None:
    database = open_database(large.settings)
    for sort in SORTS:
        counted = set[int]()
        for slug in large.slugs.values():
            with listened() as asked:
                await database.read(read_article_page, slug, Place(sort), viewer=None, kept=None, windows=KeptWindows())
            counted.add(len(asked))
        assert len(counted) == 1, sort
    await database.close()


async def test_every_question_about_comments_is_answered_from_an_index(large: Large, asking: TestClient) -> None:
    asking.get("/")
    found = await _pages(large)
    statements = dict[str, Statement]()
    for address in [*found[large.slugs[SIZES[-1]]], *found[large.chain]]:
        for cookie in (None, large.reader):
            statements |= {one.sql: one for one in ask(asking, address, cookie)}
    scans = [(plan, one.sql) for one in statements.values() if (plan := await _scan(large.settings, one))]
    assert not scans, "\n".join(map(" in ".join, scans))


async def _scan(settings: Settings, statement: Statement) -> str:
    """The line of the plan in which all comments are gone through, if there is one."""
    if settings.on_sqlite:
        engine = create_engine(settings.database)
        with engine.connect() as connection:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement.sql}", statement.parameters)
            plan = [row[3] for row in rows]
        engine.dispose()
        in_order = "ORDER BY comments.version DESC" in statement.sql
        return next((line for line in plan if SCAN.match(line) or (WALK.match(line) and not in_order)), "")
    return next((step for step, rows in await _looked_at(settings, statement) if rows > MOST_ROWS), "")


async def _looked_at(settings: Settings, statement: Statement) -> list[tuple[str, int]]:
    """How PostgreSQL answers it, and how many comments it looks at in each step."""
    engine = create_async_engine(settings.database)
    async with engine.connect() as connection:
        explain = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement.sql}"
        plan = (await connection.exec_driver_sql(explain, statement.parameters)).scalar_one()
    await engine.dispose()
    return list(_steps(json.loads(plan)[0]["Plan"] if isinstance(plan, str) else plan[0]["Plan"]))


def _steps(step: dict[str, Any]) -> Iterator[tuple[str, int]]:
    if step.get("Relation Name") == "comments":
        rows = (step["Actual Rows"] + step.get("Rows Removed by Filter", 0)) * step["Actual Loops"]
        yield f"{step['Node Type']} by {step.get('Index Name')} of {rows} comments", rows
    for inner in step.get("Plans", ()):
        yield from _steps(inner)


async def test_the_best_come_in_the_order_of_all_scores_after_a_thousand_votes_and_posts(world: World) -> None:
    slug, rng = await world.article(), Random(7)
    article_id = await world.article_id(slug)
    voters = [await world.account(f"voter{number}") for number in range(12)]
    posted = [await world.post(slug, by="nora")]
    for _ in range(1_000):
        if rng.random() < 0.2:
            parent = rng.choice(posted) if rng.random() < 0.3 else None
            posted.append(await world.post(slug, by="nora", parent=parent))
        else:
            voter, value = rng.choice(voters), rng.random() < 0.8
            await world.database.write(vote, voter=voter, comment_id=rng.choice(posted), value=value)
    assert await _all_pages(world.database, article_id) == await world.database.read(_by_score, article_id)


async def _all_pages(database: Database, article_id: int) -> list[int]:
    shown, after = list[int](), None
    while True:
        page = await database.read(window_for, article_id, sort="best", after=after)
        shown += [node.comment.id for node in page.nodes]
        after = page.next
        if after is None:
            return shown


def _by_score(db: Db, article_id: int) -> list[int]:
    roots = select(Comment).where(Comment.article_id == article_id, Comment.parent_id.is_(None))
    comments = db.execute(roots).scalars().all()
    return [one.id for one in sorted(comments, key=lambda one: (-one.score, -one.id))]
