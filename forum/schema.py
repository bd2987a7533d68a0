"""The tables' shape: brings a database to the newest version, under PostgreSQL one process at a time."""

from collections.abc import Callable

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.ext.asyncio import create_async_engine

from forum.config import Settings
from forum.resources import MIGRATIONS

ADVISORY_LOCK = 0x666F72756D


async def migrate(settings: Settings) -> None:
    """Run every migration that this database has not seen."""
    await _with_connection(settings, _upgrade)


async def is_current(settings: Settings) -> bool:
    """Whether the database has the tables that this program expects."""
    return await _with_connection(settings, _is_current)


def _upgrade(connection: Connection) -> bool:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
    command.upgrade(_config(connection), "head")
    return True


def _is_current(connection: Connection) -> bool:
    newest = ScriptDirectory.from_config(_config(connection)).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == newest


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


async def _with_connection(settings: Settings, step: Callable[[Connection], bool]) -> bool:
    if settings.database.startswith("sqlite"):
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        engine = create_engine(settings.database)
        with engine.begin() as connection:
            result = step(connection)
        engine.dispose()
        return result
    async_engine = create_async_engine(settings.database)
    async with async_engine.begin() as async_connection:
        result = await async_connection.run_sync(step)
    await async_engine.dispose()
    return result
