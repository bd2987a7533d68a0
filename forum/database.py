"""The database: `await database.read(query, …)` and `await database.write(action, …)`.

Queries and actions are plain synchronous functions whose first argument is `db`. A read sees one snapshot and
cannot write. A write is one transaction; it may be run again (a lost race, a failed group), so an action has no
effect but on `db` and on the events that it records: those are published after the commit, here and nowhere else.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from gettext import gettext as _
from typing import Any, ClassVar, Concatenate, ParamSpec, Protocol, TypeVar, cast

import structlog
from sqlalchemy import (
    BigInteger,
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Enum,
    Executable,
    Integer,
    MetaData,
    Table,
    TypeDecorator,
    func,
    select,
)
from sqlalchemy.orm import DeclarativeBase, Session

from forum.config import Settings
from forum.errors import Busy
from forum.events import Event

log = structlog.get_logger()

Db = Session
P = ParamSpec("P")
T = TypeVar("T")
Work = Callable[Concatenate[Db, P], T]
Publish = Callable[[Sequence[Event]], None]
Guard = Callable[[Callable[..., Any]], Awaitable[None]]
CLOCKS_DIFFER = timedelta(minutes=2)
"""By so much at most; what lies further ahead of now was noted before the clock was set back."""

_EVEN_READ_ONLY: set[Callable[..., Any]] = set()


@dataclass(frozen=True, slots=True)
class Load:
    """How busy a database is: writes that wait for a turn, connections at work, and how many there are at most."""

    writes_waiting: int
    busy: int
    limit: int


class Database(Protocol):
    """What both databases offer.

    The app hands in `guard`, which is asked before each write and refuses it by raising, and `publish`, which gets
    what was recorded, after the commit.
    """

    guard: Guard
    publish: Publish

    async def read(self, query: Work[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `query` in one snapshot."""
        ...

    async def write(self, action: Work[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `action` in a transaction of its own, commit, publish what it recorded, and give its result.

        Raises Busy where the database has no room for it: nothing was stored.
        """
        ...

    def load(self) -> Load:
        """How busy it is just now."""
        ...

    async def close(self) -> None:
        """Finish what waits and let go of every connection."""
        ...


def publish_nothing(_events: Sequence[Event]) -> None:
    """For whoever has no listeners: a command, an importer."""


async def refuse_nothing(_action: Callable[..., Any]) -> None:
    """For whoever is not told what to refuse: a command."""


def even_read_only(action: Work[P, T]) -> Work[P, T]:
    """Mark an action that is done even while the site is read-only: signing in and out, and the like."""
    _EVEN_READ_ONLY.add(action)
    return action


def is_even_read_only(action: Callable[..., Any]) -> bool:
    """Whether the action is so marked."""
    return action in _EVEN_READ_ONLY


def busy(error: Exception) -> Busy:
    """The database has no room now."""
    log.warning("the database is busy", error=str(error))
    return Busy(_("The site is busy. Nothing was stored; try again in a moment."))


def open_database(settings: Settings, patience: float | None = None) -> Database:
    """The database that the settings name: SQLite, or PostgreSQL as `postgresql+asyncpg://…`.

    `patience`: seconds after which whoever waits for PostgreSQL is told that it is busy; a command waits for ever.
    """
    if settings.database.startswith("sqlite:///"):
        from forum.sqlite import SQLiteDatabase

        return SQLiteDatabase(settings.database)
    if settings.database.startswith("postgresql+asyncpg://"):
        from forum.postgres import PostgresDatabase

        return PostgresDatabase(settings.database, patience)
    raise ValueError("FORUM_DATABASE_URL must start with sqlite:/// or postgresql+asyncpg://")


class Moment(TypeDecorator[datetime]):
    """A time in UTC, aware in Python on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """SQLite's text as a time; PostgreSQL's is one. Shorter than by SQLAlchemy: a page has a thousand of them."""
        return _read_moment if dialect.name == "sqlite" else None


def _read_moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text + "+00:00")


def words(kind: type[StrEnum], name: str = "") -> Enum:
    """A column of one of `kind`'s words, checked by the database too; `name` is for the second one of a table."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=16,
        name=f"{name or kind.__name__.lower()}_word",
        values_callable=lambda members: [member.value for member in members],
    )


Id = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """The parent of every table's class."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {datetime: Moment}


def table_of(model: type[Base]) -> Table:
    """The table behind a class, for statements that are built once at import."""
    return cast(Table, model.__table__)


def run(db: Db, statement: Executable, **parameters: Any) -> CursorResult[Any]:
    """Run a statement of the Core, past the ORM: several times cheaper, for what runs at every post.

    It sees what has been flushed, and changes no object that the session holds.
    """
    return db.connection().execute(statement, parameters)


def ids_go_on(connection: Connection, table: Table) -> None:
    """Have new ids go on from the highest that is there: PostgreSQL does not see those that were given."""
    column = table.autoincrement_column
    if column is None or connection.dialect.name != "postgresql":
        return
    highest = connection.execute(select(func.max(column))).scalar_one()
    if highest is not None:
        connection.execute(select(func.setval(func.pg_get_serial_sequence(table.name, column.name), highest)))


def now() -> datetime:
    """The current time, in UTC."""
    return datetime.now(UTC)
