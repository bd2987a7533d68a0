"""Fills the indexes, or puts right what is wrong in them, a batch at a time, while people read and write.

What an index is still to be filled with is noted, so it goes on after a crash.
"""

import asyncio
from collections.abc import Callable, Sequence
from time import monotonic

import structlog
from sqlalchemy import delete, select

from forum.database import Database, Db, even_read_only
from forum.fulltext.places import LAST, row_of
from forum.search.models import Filling
from forum.search.texts import SOURCES

log = structlog.get_logger()

FIRST = 60
"""Seconds after the start, which has enough to do; what an earlier version's last processes wrote is there by then."""
BATCH = 200
"""Rows in one transaction: some 50 ms of the writer's time."""
PLACES = 1000

Tell = Callable[[str, int, int], None]
"""Hears of which index how many rows have been looked through, and how many there are."""


def tell_nobody(_name: str, _done: int, _total: int) -> None:
    """For whoever does not look on."""


async def fill_when_needed(database: Database) -> None:
    """Fill what a migration has left empty, beside other work; a failure is logged, and the next start tries again."""
    await asyncio.sleep(FIRST)
    try:
        await fill(database)
    except Exception:
        log.exception("the index of search could not be filled; the next start tries again")


async def rebuild(database: Database, tell: Tell, *, rests: bool = True) -> None:
    """Look through all that is there, and put right whatever is not found as it should be, or should not be found."""
    await database.write(begin)
    await fill(database, tell, rests=rests)
    for name in SOURCES:
        after: int | None = -LAST
        while after is not None:
            after = await database.write(take_strays, name=name, after=after)


async def fill(database: Database, tell: Tell = tell_nobody, *, rests: bool = True) -> None:
    """Do batch after batch until none is left, resting as long as each has taken: others write meanwhile."""
    for name in await database.read(unfilled):
        total, done, began = await database.read(SOURCES[name].count), 0, monotonic()
        while count := await database.write(fill_batch, name=name):
            done += count
            tell(name, done, total)
            await asyncio.sleep(monotonic() - began if rests else 0)
            began = monotonic()


def unfilled(db: Db) -> Sequence[str]:
    """The indexes that are still to be filled."""
    return db.execute(select(Filling.name).order_by(Filling.name)).scalars().all()


def begin(db: Db) -> None:
    """Note that each index is to be filled from the first row on."""
    db.execute(delete(Filling))
    db.add_all([Filling(name=name, upto=0) for name in SOURCES])


@even_read_only
def fill_batch(db: Db, *, name: str) -> int:
    """Let the next rows be found as they should be; gives how many it looked at, 0 where none is left."""
    filling = db.execute(select(Filling).where(Filling.name == name).with_for_update()).scalar_one_or_none()
    if filling is None:
        return 0
    source = SOURCES[name]
    ids = source.rows_after(db, filling.upto, BATCH)
    if not ids:
        db.delete(filling)
        return 0
    source.lock(db, ids)
    texts, index = source.texts(db, ids), source.index(db)
    found = {place: terms for place, terms in texts.items() if terms is not None}
    if wrong := index.differing(db, found):
        index.put(db, {place: found[place] for place in wrong})
    for place in texts.keys() - found.keys():
        index.take(db, place)
    filling.upto = ids[-1]
    return len(ids)


@even_read_only
def take_strays(db: Db, *, name: str, after: int) -> int | None:
    """Take out of an index what nothing stands behind; gives the place to go on from, None at the end."""
    source = SOURCES[name]
    places = source.index(db).places(db, after, PLACES)
    if not places:
        return None
    if source.strays_in(db, places):
        source.lock(db, [row_of(place) for place in places])
        for place in source.strays_in(db, places):
            source.index(db).take(db, place)
    return places[-1]
