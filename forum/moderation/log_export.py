"""The log as a file: CSV for a spreadsheet, JSON lines for a program; read and sent in batches, whatever its length."""

import csv
import json
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from io import StringIO
from typing import Any

from forum.database import Database
from forum.moderation.log import Entry, read_log
from forum.moderation.log_search import Search

BATCH = 500
FORMULAS = tuple("=+-@\t\r\n＝＋－＠")
"""What a spreadsheet takes for the beginning of a formula; the last four are the wide ones of East Asian keyboards."""
_FORMULA_WITHIN = re.compile(r"[;\t\r\n]\s*+(?=[=+\-@＝＋－＠])")
"""Where a spreadsheet that parts cells elsewhere than at commas, as in half of Europe, would find one."""
COLUMNS = (
    "id",
    "at",
    "kind",
    "by",
    "account",
    "comment",
    "article",
    "section",
    "reason",
    "detail",
    "before",
    "after",
    "undoes",
)


async def batches(database: Database, search: Search) -> AsyncIterator[Sequence[Entry]]:
    """The entries that are looked for, newest first: each batch is a read of its own, so that nobody waits for all."""
    older: int | None = None
    while True:
        log = await database.read(read_log, search, older=older, limit=BATCH)
        yield log.entries
        if log.older is None:
            return
        older = log.older


async def as_csv(found: AsyncIterator[Sequence[Entry]]) -> AsyncIterator[str]:
    """Lines of CSV under one of the columns' names."""
    yield _csv_line(COLUMNS)
    async for entries in found:
        yield "".join(_csv_line(list(_cells(entry))) for entry in entries)


async def as_json_lines(found: AsyncIterator[Sequence[Entry]]) -> AsyncIterator[str]:
    """An object in each line."""
    async for entries in found:
        yield "".join(json.dumps(_facts(entry), ensure_ascii=False) + "\n" for entry in entries)


def defused(cell: str) -> str:
    """A text that no spreadsheet runs as a formula, wherever it parts the line."""
    cell = _FORMULA_WITHIN.sub(r"\g<0>'", cell)
    return "'" + cell if cell.startswith(FORMULAS) else cell


def _facts(entry: Entry) -> dict[str, Any]:
    values = (
        entry.id,
        entry.at.isoformat(),
        entry.kind.value,
        entry.by,
        entry.account,
        entry.comment_id,
        entry.slug,
        entry.section,
        entry.reason,
        entry.detail,
        entry.before or None,
        entry.after or None,
        entry.undoes_id,
    )
    return dict(zip(COLUMNS, values, strict=True))


def _cells(entry: Entry) -> Iterator[str]:
    for value in _facts(entry).values():
        text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value or "")
        yield defused(text)


def _csv_line(cells: Sequence[str]) -> str:
    line = StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
