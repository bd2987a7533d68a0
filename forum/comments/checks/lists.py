"""The lists of words and sites, as this process last read them: what is made of a list is remembered by its text."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, select

from forum.comments.checks.models import WordList
from forum.database import Db, run, table_of

NAMES = ("banned", "suspect", "hosts")

word_lists = table_of(WordList)
_ENTRIES = select(word_lists.c.name, word_lists.c.entries, word_lists.c.changed_at).where(
    word_lists.c.name.in_(bindparam("names", expanding=True))
)
_known: dict[str, tuple[datetime, str]] = {}


def lists_of(db: Db, changed_at: Mapping[str, datetime | None]) -> dict[str, str]:
    """The entries of each list; `changed_at` says when it was last changed, so only what is not known yet is read."""
    there = {name: at for name, at in changed_at.items() if at is not None}
    unknown = [name for name, at in there.items() if name not in _known or _known[name][0] != at]
    if unknown:
        for row in run(db, _ENTRIES, names=unknown):
            _known[row.name] = (row.changed_at, row.entries)
    return {name: _known[name][1] for name in there}
