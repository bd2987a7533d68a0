"""The database as commands use it: only where it is up to date, beside a running server or without one."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from gettext import gettext as _
from typing import TypeVar

from forum.config import Settings
from forum.database import Database, open_database
from forum.schema import is_current
from forum.sqlite import damage

T = TypeVar("T")


async def need_current(settings: Settings) -> None:
    """End the command with a sentence where the database lacks migrations."""
    if not await is_current(settings):
        sys.exit(_("The database is not up to date. Run `forum migrate` first."))


def need_whole(settings: Settings) -> None:
    """End the command with a sentence where the SQLite file is damaged, as far as a few seconds of looking show."""
    if settings.on_sqlite and (fault := damage(settings.database)):
        sentence = _(
            "The database file is damaged: %(fault)s. Keep a copy, and restore a backup (`forum restore FILE`)."
        )
        sys.exit(sentence % {"fault": fault})


def with_database(work: Callable[[Database], Awaitable[T]]) -> T:
    """Run `work` with the database that the environment names."""

    async def run() -> T:
        settings = Settings()
        await need_current(settings)
        database = open_database(settings)
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())
