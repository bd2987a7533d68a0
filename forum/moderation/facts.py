"""What an act changes of a row, as the log keeps it: plain values by the names of the columns; and their way back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Enum, inspect

from forum.database import Base, Moment
from forum.moderation.acts import Undoing

Facts = dict[str, Any]


def facts_of(row: Base, names: Sequence[str]) -> Facts:
    """These columns of a row, moments in ISO."""
    values = {name: getattr(row, name) for name in names}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def put_back(row: Base, undoing: Undoing) -> bool:
    """Give a row the values that it had before an act; False where they are not those any more that the act gave it."""
    if facts_of(row, list(undoing.after)) != undoing.after:
        return False
    for name, value in undoing.before.items():
        setattr(row, name, _value(row, name, value))
    return True


def _value(row: Base, name: str, value: Any) -> Any:
    kind = inspect(type(row)).columns[name].type
    if value is not None and isinstance(kind, Moment):
        return datetime.fromisoformat(value)
    return kind.enum_class(value) if isinstance(kind, Enum) and kind.enum_class else value
