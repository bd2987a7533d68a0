"""What the database is asked while something is read, and how it would look for that."""

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import event

from forum.database import Db

P = ParamSpec("P")
T = TypeVar("T")
Asked = tuple[str, Any]


def asked_by(db: Db, query: Callable[Concatenate[Db, P], T], /, *args: P.args, **kwargs: P.kwargs) -> list[Asked]:
    """The statements, with their parameters, that a query sends."""
    asked: list[Asked] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_more: object) -> None:
        asked.append((statement, parameters))

    connection = db.connection()
    event.listen(connection, "before_cursor_execute", note)
    query(db, *args, **kwargs)
    event.remove(connection, "before_cursor_execute", note)
    return asked


def plan_of(db: Db, asked: Asked, /) -> list[str]:
    """How SQLite would look for the answer, a step each."""
    statement, parameters = asked
    return [row.detail for row in db.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
