"""Places: a text's number in the order of time, which says whose text it is, too."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

ROWS = 1 << 32
"""Rows of a table that a place can tell apart."""
HOUR = 3600
LAST = (1 << 30) * ROWS
"""Above every place: a hundred thousand years from now."""


class Match(NamedTuple):
    """A text that has all that is wanted. The higher its rank the better; 0 where nobody asked for ranks."""

    rank: int
    place: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a text must have: for each phrase its terms, side by side. Its place is below one, and not below another."""

    phrases: tuple[tuple[str, ...], ...]
    below: int = LAST
    since: int = -LAST


def place_of(moment: datetime, row_id: int) -> int:
    """Where a text stands: by the hour in which it was written, in that by its row."""
    return beginning_of(moment) + row_id


def beginning_of(moment: datetime) -> int:
    """Texts from that hour on have this place or a higher one, earlier ones a lower one."""
    return int(moment.astimezone(UTC).timestamp() // HOUR) * ROWS


def row_of(place: int) -> int:
    """The id of the row whose text it is."""
    return place % ROWS
