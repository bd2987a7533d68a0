"""Whether the indexes hold what they must, and nothing else."""

from collections.abc import Iterator
from gettext import gettext as _

from forum.database import Db
from forum.fulltext.places import LAST
from forum.search.filling import unfilled
from forum.search.texts import SOURCES, Source

AT_ONCE = 500


def find_index_faults(db: Db) -> list[str]:
    """What is wrong with the indexes, a sentence each; one that is being filled is not looked at."""
    known = unfilled(db)
    return [fault for name, source in SOURCES.items() if name not in known for fault in _faults_of(db, name, source)]


def _faults_of(db: Db, name: str, source: Source) -> Iterator[str]:
    wrong, stray = _count_wrong(db, source), _count_strays(db, source)
    if wrong or stray:
        yield _(
            "The index %(name)s lacks %(wrong)d texts, or has other words of them, and has %(stray)d too many."
            " Run “forum search rebuild”."
        ) % {"name": name, "wrong": wrong, "stray": stray}


def _count_wrong(db: Db, source: Source) -> int:
    wrong, row_id = 0, 0
    while ids := source.rows_after(db, row_id, AT_ONCE):
        found = {place: terms for place, terms in source.texts(db, ids).items() if terms is not None}
        wrong += len(source.index(db).differing(db, found))
        row_id = ids[-1]
    return wrong


def _count_strays(db: Db, source: Source) -> int:
    stray, after = 0, -LAST
    while places := source.index(db).places(db, after, AT_ONCE):
        stray += len(source.strays_in(db, places))
        after = places[-1]
    return stray
