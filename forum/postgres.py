"""PostgreSQL: the same synchronous queries and actions, run on asyncpg."""

import asyncio
from typing import ParamSpec, TypeVar, cast

from sqlalchemy.exc import DBAPIError, TimeoutError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.pool import QueuePool

from forum.database import Guard, Load, Publish, Work, busy, publish_nothing, refuse_nothing
from forum.events import Event, recorded

P = ParamSpec("P")
T = TypeVar("T")
CONNECTIONS = 10
CONNECT_SECONDS = 5
ATTEMPTS = 4
PAUSE_SECONDS = 0.02
"""Before it is run again, and longer each time: whoever won must get by first, or both meet as before."""
LOST_RACES = {"40001", "40P01", "23505"}
"""Serialization failure, deadlock, and a unique row that another transaction wrote first: run again, it finds it."""

AWAY = ("08", "53", "57")
"""What an SQLSTATE begins with where there is no connection, no room, or somebody stops the database."""
FAILURES = (DBAPIError, TimeoutError, OSError)
"""From the database, from the pool of connections, and from the network (our own patience is over, too)."""


class PostgresDatabase:
    """A PostgreSQL database. See `forum.database.Database`."""

    def __init__(self, url: str, patience: float | None = None) -> None:
        self._patience = patience
        self.guard: Guard = refuse_nothing
        self.publish: Publish = publish_nothing
        self._writing = create_async_engine(
            url,
            pool_size=CONNECTIONS,
            max_overflow=0,
            pool_timeout=5,
            pool_pre_ping=True,
            connect_args={"timeout": CONNECT_SECONDS},
            hide_parameters=True,  # what people write is nothing for a log
        )
        self._reading = self._writing.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    async def read(self, query: Work[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `query` in one snapshot."""
        try:
            async with asyncio.timeout(self._patience), AsyncSession(self._reading, expire_on_commit=False) as session:
                return await session.run_sync(query, *args, **kwargs)
        except FAILURES as error:
            if _is_away(error):
                raise busy(error) from error
            raise

    async def write(self, action: Work[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `action` in a transaction, again if it lost a race; publish after the commit."""
        await self.guard(action)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with asyncio.timeout(self._patience):
                    result, events = await self._attempt(action, *args, **kwargs)
            except FAILURES as error:
                lost = _lost_race(error)
                if lost and attempt < ATTEMPTS:
                    await asyncio.sleep(PAUSE_SECONDS * attempt)
                    continue
                if lost or _is_away(error):
                    raise busy(error) from error
                raise
            else:
                self.publish(events)
                return result
        raise AssertionError("unreachable")

    def load(self) -> Load:
        """How busy it is just now."""
        return Load(0, cast(QueuePool, self._writing.pool).checkedout(), CONNECTIONS)

    async def close(self) -> None:
        """Let go of every connection."""
        await self._writing.dispose()

    async def _attempt(self, action: Work[P, T], /, *args: P.args, **kwargs: P.kwargs) -> tuple[T, list[Event]]:
        async with AsyncSession(self._writing, expire_on_commit=False) as session, session.begin():
            result = await session.run_sync(action, *args, **kwargs)
            await session.flush()
            return result, recorded(session.sync_session)


def _is_away(error: Exception) -> bool:
    """Whether the database cannot be asked just now; anything else is a fault of ours."""
    return not isinstance(error, DBAPIError) or error.connection_invalidated or _sqlstate(error).startswith(AWAY)


def _lost_race(error: Exception) -> bool:
    return isinstance(error, DBAPIError) and _sqlstate(error) in LOST_RACES


def _sqlstate(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""
