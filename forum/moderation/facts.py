"""What an act changes of a row, as the log keeps it: plain values by the names of the columns."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from forum.database import Base

Facts = dict[str, Any]


def facts_of(row: Base, names: Sequence[str]) -> Facts:
    """These columns of a row, moments in ISO."""
    values = {name: getattr(row, name) for name in names}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}
