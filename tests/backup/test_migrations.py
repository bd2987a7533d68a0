"""Migrations run one at a time, whoever starts them."""

import asyncio
import os
import sys

from forum.config import Settings
from forum.schema import is_current


async def test_of_several_migrations_at_once_all_succeed(elsewhere: Settings) -> None:
    command = [sys.executable, "-m", "forum", "migrate"]
    environment = os.environ | {
        "FORUM_DATA_DIR": str(elsewhere.data_dir),
        "FORUM_DATABASE_URL": elsewhere.database_url,
    }
    processes = [await asyncio.create_subprocess_exec(*command, env=environment) for _ in range(3)]
    assert [await process.wait() for process in processes] == [0, 0, 0]
    assert await is_current(elsewhere)
