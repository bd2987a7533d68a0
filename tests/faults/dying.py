"""The `forum` command with a fault planted, for a server that a test starts: `python dying.py FAULT COMMAND …`.

At the third comment: dies inside the transaction, after the commit and before the push, or after the push and before
the answer. Or writes without syncing each commit.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from forum import cli, sqlite
from forum.comments.actions import post_comment
from forum.postgres import PostgresDatabase
from forum.sqlite import SQLiteDatabase

FATAL = 3
posts: list[None] = []


def die() -> None:
    """As a crash does."""
    os.kill(os.getpid(), signal.SIGKILL)


def is_fatal(action: Callable[..., Any]) -> bool:
    """Whether this is the comment at which the process dies."""
    if action is post_comment:
        posts.append(None)
    return action is post_comment and len(posts) == FATAL


def plant(fault: str) -> None:
    """Plant it in both databases."""
    if fault == "without-sync":
        sqlite.SYNCHRONOUS = "NORMAL"
    for kind in (SQLiteDatabase, PostgresDatabase):
        _plant_in_write(kind, fault)


def _plant_in_write(kind: type[Any], fault: str) -> None:
    write = kind.write

    async def write_and_die(self: Any, action: Callable[..., Any], /, *arguments: Any, **named: Any) -> Any:
        fatal = is_fatal(action)

        def act_and_die(*arguments: Any, **named: Any) -> Any:
            done = action(*arguments, **named)
            die()
            return done

        if fatal and fault == "before-commit":
            return await write(self, act_and_die, *arguments, **named)
        if fatal and fault == "before-push":
            self.publish = lambda _events: die()
        done = await write(self, action, *arguments, **named)
        if fatal and fault == "before-answer":
            await asyncio.sleep(0.3)
            die()
        return done

    kind.write = write_and_die


if __name__ == "__main__":
    plant(sys.argv.pop(1))
    cli.main()
