"""All that a database holds, to see that a refused request has stored nothing."""

from typing import Any

from sqlalchemy import select

import forum.models  # noqa: F401 - every table
from forum.database import Base, Db

Rows = dict[str, list[tuple[Any, ...]]]


def everything(db: Db, but: str = "") -> Rows:
    """Every row of every table, `but` one."""
    return {
        table.name: sorted(tuple(row) for row in db.execute(select(table)))
        for table in Base.metadata.sorted_tables
        if table.name != but
    }
