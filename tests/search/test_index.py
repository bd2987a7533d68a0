"""The index holds what everybody may read and nothing else, whatever happens, and is put right where it does not."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import text, update

from forum.backup.restoring import restore_backup
from forum.backup.taking import take_backup
from forum.comments.indexing import index_comment
from forum.comments.models import Comment
from forum.comments.rendering import render_all
from forum.config import Settings
from forum.database import Database, Db, open_database
from forum.fulltext.index import articles_in, comments_in
from forum.fulltext.places import place_of
from forum.life import settle_life
from forum.markup import RENDERER
from forum.schema import migrate
from forum.search.faults import find_index_faults
from forum.search.filling import begin, fill, fill_when_needed, rebuild, tell_nobody
from tests.postgres import Postgres, fresh_database
from tests.search.looking import Looking
from tests.server import Server
from tests.world import World

T = TypeVar("T")


def forget_all(db: Db) -> None:
    """As after the migration of a site that has texts: the indexes are empty, and are to be filled."""
    for name in ("article_terms", "comment_terms"):
        db.execute(text(f"DELETE FROM {name}"))
    begin(db)


def plant(db: Db, comment: Comment, terms: list[str] | None) -> None:
    """Let a comment be found by other terms, or not at all."""
    place = place_of(comment.created_at, comment.id)
    if terms:
        comments_in(db).put(db, {place: terms})
    else:
        comments_in(db).take(db, place)


async def test_an_empty_index_is_filled_a_batch_at_a_time_while_people_write(
    looking: Looking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forum.search.filling.BATCH", 3)
    world = looking.world
    slug = await world.article()
    ids = [await world.post(slug, f"Canary {number}.") for number in range(20)]
    await world.database.write(forget_all)
    assert await looking.find("canary") == []
    assert await world.database.read(find_index_faults) == []  # it is known to be unfilled
    told: list[tuple[str, int, int]] = []

    async def write() -> None:
        ids.append(await world.post(slug, "Canary, meanwhile."))
        await world.edit(ids[3], "Another bird.")
        await world.delete(ids[17])

    await asyncio.gather(fill(world.database, lambda *step: told.append(step)), write())
    assert told[-1][0] == "comment_terms"
    assert told[-1][1] >= 20
    assert await looking.find("canary") == [number for number in reversed(ids) if number not in (ids[3], ids[17])]
    assert await looking.articles("closes") == [slug]
    assert await world.database.read(find_index_faults) == []


async def test_a_rebuilding_puts_right_whatever_is_wrong_and_a_check_says_what_that_is(looking: Looking) -> None:
    world = looking.world
    slug = await world.article()
    lost, changed, hidden = [await world.post(slug, f"Canary {number}.") for number in range(3)]
    await world.delete(hidden)
    await world.database.write(plant, await world.comment(lost), None)
    await world.database.write(plant, await world.comment(changed), ["parrot"])
    await world.database.write(plant, await world.comment(hidden), ["canary"])
    await world.database.write(lambda db: articles_in(db).put(db, {12345: ["canary"]}))
    faults = await world.database.read(find_index_faults)
    assert len(faults) == 2
    assert "comment_terms lacks 2 texts" in faults[1]
    assert "1 too many" in faults[0]
    assert "1 too many" in faults[1]
    assert await looking.find("canary") == []  # what is there too much is not shown all the same
    await rebuild(world.database, tell_nobody)
    assert await world.database.read(find_index_faults) == []
    assert await looking.find("canary") == [changed, lost]
    assert await looking.find("parrot") == []


@pytest.mark.parametrize("way", ["to sqlite", "to postgres", "from postgres"])
def test_what_was_restored_is_found_on_whichever_database(postgres: Postgres, tmp_path: Path, way: str) -> None:
    with fresh_database(postgres) as url:
        there = Settings(data_dir=tmp_path / "there", database_url=url, limits="off")
        here, elsewhere = (Settings(data_dir=tmp_path / name, limits="off") for name in ("here", "elsewhere"))
        source = there if way == "from postgres" else here
        target = there if way == "to postgres" else elsewhere
        asyncio.run(migrate(source))
        comment = asyncio.run(_with(source, _write))
        take_backup(source, tmp_path / "archive.tar.gz", quiet)
        _manifest, faults = restore_backup(target, tmp_path / "archive.tar.gz", replace=False, tell=quiet)
        assert faults == []
        assert asyncio.run(_with(target, _find)) == ([comment], ["the-bridge"], [])


def quiet(*_step: object) -> None:
    """For whoever does not look on."""


async def _write(database: Database) -> int:
    world = World(database)
    slug = await world.article()
    await world.post(slug, "Canary, held.", held=True)
    return await world.post(slug, "Canary.")


async def _find(database: Database) -> tuple[list[int], list[str], list[str]]:
    looking = Looking(World(database))
    faults = await database.read(find_index_faults)
    return await looking.find("canary"), await looking.articles("closes"), faults


async def _with(settings: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    database = open_database(settings)
    try:
        await settle_life(database, settings)
        return await work(database)
    finally:
        await database.close()


async def test_a_server_fills_an_empty_index_by_itself(looking: Looking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forum.search.filling.FIRST", 0)
    comment = await looking.world.post(await looking.world.article(), "Canary.")
    await looking.world.database.write(forget_all)
    await fill_when_needed(looking.world.database)
    assert await looking.find("canary") == [comment]


async def test_the_command_puts_right_what_a_check_has_found_beside_a_running_server(server: Server) -> None:
    database = open_database(server.settings)
    looking = Looking(World(database))
    comment = await looking.world.post(await looking.world.article(), "Canary.")
    await database.write(plant, await looking.world.comment(comment), None)
    with pytest.raises(RuntimeError, match="comment_terms lacks 1 texts"):
        server.command("check")
    assert server.command("search", "rebuild").startswith("Every article and every comment")
    assert server.command("check") == "Every comment is in its place, every count is right.\n"
    assert await looking.find("canary") == [comment]
    await database.close()


async def test_what_is_rendered_anew_is_found_by_what_it_shows_then(looking: Looking) -> None:
    world = looking.world
    comment = await world.post(await world.article(), "Canary.")

    def make_older(db: Db) -> None:
        db.execute(update(Comment).values(html="<p>Parrot.</p>", renderer=RENDERER - 1))
        index_comment(db, db.get_one(Comment, comment))

    await world.database.write(make_older)
    assert await looking.find("parrot") == [comment]
    async for _count in render_all(world.database, even_current=False):
        pass
    assert (await looking.find("canary"), await looking.find("parrot")) == ([comment], [])
    assert await world.database.read(find_index_faults) == []
