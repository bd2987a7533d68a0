"""What the database is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Engine, event

NO_QUESTIONS = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")


class Statement(NamedTuple):
    """One statement as it goes to the driver."""

    sql: str
    parameters: Any


@contextmanager
def listened() -> Iterator[list[Statement]]:
    """What every database of this process is asked meanwhile, in order; transactions' beginnings and ends left out."""
    asked = list[Statement]()

    def note(_connection: object, _cursor: object, sql: str, parameters: Any, *_more: object) -> None:
        if not sql.startswith(NO_QUESTIONS):
            asked.append(Statement(sql, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)
