"""The tables' shape: brings a database to the newest version, one process at a time."""

from collections.abc import Callable
from functools import cache
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.ext.asyncio import create_async_engine

from forum.config import Settings
from forum.resources import MIGRATIONS

ADVISORY_LOCK = 0x666F72756D
PATIENCE = 600
"""Seconds to wait for another process that migrates the same SQLite file."""


async def migrate(settings: Settings) -> None:
    """Run every migration that this database has not seen."""
    await _with_connection(settings, _upgrade, begin="BEGIN IMMEDIATE")


async def is_current(settings: Settings) -> bool:
    """Whether the database has the tables that this program expects."""
    return await _with_connection(settings, _is_current, begin="BEGIN")


@cache
def newest() -> str:
    """The last migration that this program has."""
    return str(ScriptDirectory(str(MIGRATIONS)).get_current_head())


def knows(revision: str) -> bool:
    """Whether this program has the migration of that name: where not, a later version made it."""
    try:
        return bool(ScriptDirectory(str(MIGRATIONS)).get_revision(revision))
    except CommandError:
        return False


def _upgrade(connection: Connection) -> bool:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
    command.upgrade(_config(connection), "head")
    return True


def _is_current(connection: Connection) -> bool:
    return MigrationContext.configure(connection).get_current_revision() == newest()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


async def _with_connection(settings: Settings, step: Callable[[Connection], bool], *, begin: str) -> bool:
    if settings.database.startswith("sqlite"):
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        return _with_sqlite(settings.database, step, begin=begin)
    async_engine = create_async_engine(settings.database)
    async with async_engine.begin() as async_connection:
        result = await async_connection.run_sync(step)
    await async_engine.dispose()
    return result


def _with_sqlite(url: str, step: Callable[[Connection], bool], *, begin: str) -> bool:
    """Run a step in a real transaction: left to itself, pysqlite would commit each change of a table by itself."""
    engine = create_engine(url, connect_args={"timeout": PATIENCE})

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    with engine.begin() as connection:
        result = step(connection)
    engine.dispose()
    return result
