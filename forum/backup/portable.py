"""The database as an archive holds it: a SQLite file of the same tables, from whichever database and into whichever."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from gettext import gettext as _
from pathlib import Path

from sqlalchemy import Connection, create_engine, func, insert, make_url, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from forum.backup.archive import BadArchive, Tell
from forum.config import Settings
from forum.database import ids_go_on
from forum.errors import Conflict
from forum.fulltext.index import ARTICLES, COMMENTS
from forum.models import Base
from forum.schema import knows, migrate

PAGES = 2000
"""Copied between two looks at the clock: some 8 MB."""
ROWS = 1000
TABLES = Base.metadata.sorted_tables
OURS = "site"
"""The one table that has a row before anybody has done anything."""


def export(settings: Settings, copy: Path, tell: Tell) -> None:
    """Write the database as it is at one moment into a new file, beside whoever writes."""
    if file := _file_of(settings):
        _export_sqlite(file, copy, tell)
        return
    asyncio.run(migrate(_at(settings, copy)))
    with _opened(copy) as target:
        asyncio.run(_with_postgres(settings, lambda source: copy_rows(source, target, tell), readonly=True))


def need_whole(copy: Path) -> None:
    """Have SQLite look at every page, index and reference of the file. Raises BadArchive."""
    with closing(sqlite3.connect(copy)) as connection:
        try:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
            broken = connection.execute("PRAGMA foreign_key_check").fetchone()
        except sqlite3.DatabaseError as error:
            found, broken = [str(error)], None
    if found != ["ok"] or broken:
        what = "; ".join(found) if found != ["ok"] else f"{broken[0]} → {broken[2]}"
        raise BadArchive(_("The copy of the database is not sound (%(what)s).") % {"what": what})


def describe(copy: Path) -> tuple[str, dict[str, int]]:
    """The migration that the file is at, and how many rows each of its tables has. Raises BadArchive."""
    with closing(sqlite3.connect(copy)) as connection:
        try:
            (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except (sqlite3.DatabaseError, TypeError) as error:
            raise BadArchive(_("The database in the archive is not one of ours.")) from error
        rows = {table: _count(connection, table) for table in _tables(connection)}
    return revision, rows


def bring_up_to_date(settings: Settings, copy: Path, revision: str) -> None:
    """Bring the file of an earlier version to this one's tables. Raises BadArchive for a later version's."""
    if not knows(revision):
        raise BadArchive(
            _("The backup was made by a later version (its tables are at %(revision)s). Update this program first.")
            % {"revision": revision}
        )
    asyncio.run(migrate(_at(settings, copy)))


def start_new_life(copy: Path, epoch: str) -> None:
    """Give the file another epoch: pages that were open before load their discussion afresh."""
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE site SET epoch = ?", (epoch,))


def load(settings: Settings, copy: Path, place: Callable[[], None], *, replace: bool, tell: Tell) -> None:
    """Make the database what the file is, in one transaction. Raises Conflict where it is in use, or not empty.

    `place` is called when nothing stands in the way any more, before the database is touched.
    """
    if file := _file_of(settings):
        with _alone(file) as there, closing(sqlite3.connect(copy)) as new:
            if not replace and _is_used(there):
                raise Conflict(_not_empty())
            place()
            new.backup(there, pages=PAGES, progress=_pages(tell))
        return

    def load_postgres(target: Connection) -> None:
        _lock_postgres(target, replace=replace)
        place()
        _fill_postgres(source, target, tell)

    asyncio.run(migrate(settings))
    with _opened(copy) as source:
        asyncio.run(_with_postgres(settings, load_postgres))


def copy_rows(source: Connection, target: Connection, tell: Tell) -> None:
    """Copy every table. In the order of their ids: a comment comes after what it answers."""
    total = sum(source.execute(select(func.count()).select_from(table)).scalar_one() for table in TABLES)
    done = 0
    for table in TABLES:
        rows = source.execute(select(table).order_by(*table.primary_key), execution_options={"yield_per": ROWS})
        for part in rows.mappings().partitions():
            target.execute(insert(table), [dict(row) for row in part])
            done += len(part)
            tell(_("Database"), done, total)


def _file_of(settings: Settings) -> str | None:
    url = make_url(settings.database)
    return url.database if url.drivername == "sqlite" else None


def _at(settings: Settings, copy: Path) -> Settings:
    return Settings(data_dir=settings.data_dir, database_url=f"sqlite:///{copy.absolute()}")


@contextmanager
def _opened(copy: Path) -> Iterator[Connection]:
    engine = create_engine(f"sqlite:///{copy.absolute()}")
    with engine.begin() as connection:
        yield connection
    engine.dispose()


async def _with_postgres(settings: Settings, step: Callable[[Connection], None], *, readonly: bool = False) -> None:
    engine = create_async_engine(
        settings.database,
        execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": readonly},
    )
    try:
        async with engine.begin() as connection:
            await connection.run_sync(step)
    finally:
        await engine.dispose()


def _export_sqlite(file: str, copy: Path, tell: Tell) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as source, closing(sqlite3.connect(copy)) as target:
        source.execute("PRAGMA query_only = ON")
        # Inside a snapshot the copy is of one moment, and does not begin again whenever somebody writes.
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        source.backup(target, pages=PAGES, progress=_pages(tell))
        target.execute("PRAGMA journal_mode = DELETE")


@contextmanager
def _alone(file: str) -> Iterator[sqlite3.Connection]:
    """A connection to a SQLite file that keeps everybody else out. Raises Conflict where somebody has it open."""
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise Conflict(_in_use()) from error
        except sqlite3.DatabaseError as error:
            raise Conflict(
                _("%(file)s is not a database that can be read (%(why)s). Move it away, then restore again.")
                % {"file": file, "why": error}
            ) from error
        yield connection


def _lock_postgres(target: Connection, *, replace: bool) -> None:
    """Lock every table; refuse where somebody else is connected, or where there is a site already."""
    others = target.execute(
        text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
    ).scalar_one()
    if others:
        raise Conflict(_in_use())
    target.execute(text(f"LOCK TABLE {_names()} IN ACCESS EXCLUSIVE MODE"))
    if not replace and any(target.execute(select(table).limit(1)).first() for table in TABLES if table.name != OURS):
        raise Conflict(_not_empty())


def _fill_postgres(source: Connection, target: Connection, tell: Tell) -> None:
    """Put the file's rows in the place of those that are there; new ids go on from the highest."""
    target.execute(text(f"TRUNCATE {_names()}, {ARTICLES}, {COMMENTS}"))
    copy_rows(source, target, tell)
    for table in TABLES:
        ids_go_on(target, table)


def _names() -> str:
    return ", ".join(f'"{table.name}"' for table in TABLES)


def _tables(connection: sqlite3.Connection) -> list[str]:
    there = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    return [table.name for table in TABLES if table.name in there]


def _is_used(connection: sqlite3.Connection) -> bool:
    """Whether there is a site in the file; what is too damaged to tell was one."""
    try:
        return any(_count(connection, table) for table in _tables(connection) if table != OURS)
    except sqlite3.DatabaseError:
        return True


def _count(connection: sqlite3.Connection, table: str) -> int:
    (count,) = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608 - a name of ours
    return int(count)


def _pages(tell: Tell) -> Callable[[int, int, int], None]:
    return lambda _status, remaining, total: tell(_("Database"), total - remaining, total)


def _in_use() -> str:
    return _("The database is in use. Stop the server, and whatever else is connected to it, then restore again.")


def _not_empty() -> str:
    return _("There is a site in this database already. To replace it by the backup, give --replace.")
