"""SQLite: one thread writes and commits several waiting actions together; others read beside it.

One writer connection, which also checkpoints: SQLite 3.7.0 to 3.51.2 can lose committed rows when several
connections write and checkpoint at once. `synchronous=FULL`: with NORMAL a power cut loses acknowledged comments.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from forum.database import Guard, Load, Publish, Work, busy, publish_nothing, refuse_nothing
from forum.events import Event, recorded
from forum.metrics import WRITES_PER_COMMIT

P = ParamSpec("P")
T = TypeVar("T")
READERS = 4
GROUP = 64
BUSY_TIMEOUT_MS = 5000
SYNCHRONOUS = "FULL"
LOOK_SECONDS, LOOK_STEPS = 5.0, 100_000


@dataclass(slots=True)
class _Job:
    """One action that waits for the writer, and who waits for it."""

    action: Callable[[Session], Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None
    events: list[Event] = field(default_factory=list)


class SQLiteDatabase:
    """A database file with one writer thread and some reading threads. See `forum.database.Database`."""

    def __init__(self, url: str) -> None:
        path = make_url(url).database
        if not path:
            raise ValueError("FORUM_DATABASE_URL names no file")
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        self.guard: Guard = refuse_nothing
        self.publish: Publish = publish_nothing
        self._writing = _engine(url, begin="BEGIN IMMEDIATE", readonly=False)
        self._reading = _engine(url, begin="BEGIN", readonly=True)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._connection: Connection | None = None
        self._writer = threading.Thread(target=self._write_until_closed, name="writer", daemon=True)
        self._writer.start()

    async def read(self, query: Work[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `query` in one snapshot, in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, query, args, kwargs)

    async def write(self, action: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Hand `action` to the writer thread; returns once its commit is synced to the disk."""
        await self.guard(action)
        loop = asyncio.get_running_loop()
        job = _Job(lambda db: action(db, *args, **kwargs), loop, loop.create_future())
        self._jobs.put(job)
        try:
            result: T = await job.future
        except OperationalError as error:
            raise busy(error) from error
        return result

    def load(self) -> Load:
        """How busy it is just now."""
        return Load(self._jobs.qsize(), cast(QueuePool, self._reading.pool).checkedout(), READERS)

    async def close(self) -> None:
        """Let the writer finish what waits, then close every connection."""
        self._jobs.put(None)
        await asyncio.to_thread(self._writer.join)
        self._readers.shutdown()
        self._reading.dispose()
        self._writing.dispose()

    def _read(self, query: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
        with Session(self._reading, expire_on_commit=False) as db:
            return query(db, *args, **kwargs)

    def _write_until_closed(self) -> None:
        while group := self._next_group():
            WRITES_PER_COMMIT.observe(len(group))
            self._commit(group)
            for job in group:
                job.loop.call_soon_threadsafe(self._settle, job)
        self._let_go()

    def _commit(self, group: list[_Job]) -> None:
        """Commit the group as one transaction; should one of it fail, each as its own."""
        try:
            # Kept while all goes well: to ask the pool for it again takes a tenth of what a post does.
            self._connection = self._connection or self._writing.connect()
            with self._connection.begin():
                for job in group:
                    _run(self._connection, job)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the one who waits is told
            self._let_go()
            if len(group) == 1:
                group[0].error = error
                return
            for job in group:
                self._commit([job])

    def _let_go(self) -> None:
        """Give the connection back; the pool throws it away where it cannot even be rolled back."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(SQLAlchemyError):
                connection.close()

    def _next_group(self) -> list[_Job]:
        """Wait for one job, and take with it those that wait already; empty when the database is being closed."""
        first = self._jobs.get()
        group = [first] if first else []
        while group and len(group) < GROUP:
            try:
                job = self._jobs.get_nowait()
            except Empty:
                break
            if job is None:
                self._jobs.put(None)
                break
            group.append(job)
        return group

    def _settle(self, job: _Job) -> None:
        """Publish, then answer: on the loop, in the order of the commits."""
        if job.error is None:
            self.publish(job.events)
        if job.future.cancelled():
            return
        if job.error is None:
            job.future.set_result(job.result)
        else:
            job.future.set_exception(job.error)


def damage(url: str) -> str:
    """What is wrong with the file, as SQLite says it; empty where nothing is found within 5 seconds."""
    path = make_url(url).database
    if not path or not Path(path).exists():
        return ""
    deadline = monotonic() + LOOK_SECONDS
    with closing(sqlite3.connect(path)) as connection:
        connection.set_progress_handler(lambda: monotonic() > deadline, LOOK_STEPS)
        try:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.OperationalError:  # out of time, or locked: whoever uses it will hear of it
            return ""
        except sqlite3.DatabaseError as error:
            return str(error)
    return "" if found == "ok" else str(found)


def _run(connection: Connection, job: _Job) -> None:
    with Session(connection, join_transaction_mode="rollback_only", expire_on_commit=False) as db:
        job.result = job.action(db)
        db.flush()
        job.events = recorded(db)


def _engine(url: str, *, begin: str, readonly: bool) -> Engine:
    engine = create_engine(
        url,
        pool_size=READERS,
        hide_parameters=True,  # what people write is nothing for a log
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        # Left to itself, pysqlite would BEGIN only before the first write: too late for a snapshot, or a lock.
        connection.isolation_level = None
        pragmas = (
            ["foreign_keys=ON", "query_only=ON"]
            if readonly
            else ["journal_mode=WAL", f"synchronous={SYNCHRONOUS}", "foreign_keys=ON"]
        )
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
