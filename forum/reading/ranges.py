"""Sets of comments' ids as ranges, in few bytes. `static/js/ranges.js` does the same, and is tried by the same cases.

As text each range is how far it begins beyond the end of the one before, and, where it holds more than one id, how many
more: "0-915,5,2-1" are 0 to 915, 920, and 922 to 923. So a text stays short however large the ids are.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable
from itertools import pairwise

Ranges = tuple[tuple[int, int], ...]
"""First and last of each, ascending; between two there is at least one id that is in none."""

MOST_RANGES = 200
LARGEST = 2**53 - 1
"""The largest number that a browser counts to."""
MOST_TEXT = 8000
_TEXT = re.compile(r"[0-9]{1,16}(?:-[0-9]{1,16})?(?:,[0-9]{1,16}(?:-[0-9]{1,16})?)*")


def parse(text: str) -> Ranges:
    """The ranges that a text stands for, at most MOST_RANGES of them. Raises ValueError."""
    if not text:
        return ()
    if len(text) > MOST_TEXT or not _TEXT.fullmatch(text):
        raise ValueError("these are no ranges")
    pairs = list[tuple[int, int]]()
    end = 0
    for part in text.split(","):
        step, _, more = part.partition("-")
        first = end + int(step)
        end = first + int(more or 0)
        pairs.append((first, end))
    if end > LARGEST:
        raise ValueError("no comment has such an id")
    return bounded(union(pairs))


def encode(ranges: Ranges) -> str:
    """The ranges as text."""
    parts, before = list[str](), 0
    for first, last in ranges:
        parts.append(f"{first - before}-{last - first}" if last > first else f"{first - before}")
        before = last
    return ",".join(parts)


def union(*many: Iterable[tuple[int, int]]) -> Ranges:
    """All that is in any of them: in whatever order, and however often, they come."""
    joined = list[tuple[int, int]]()
    for first, last in sorted(pair for ranges in many for pair in ranges):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return tuple(joined)


def contains(ranges: Ranges, number: int) -> bool:
    """Whether the number is in one of them."""
    index = bisect_right(ranges, number, key=lambda pair: pair[0]) - 1
    return index >= 0 and number <= ranges[index][1]


def bounded(ranges: Ranges, most: int = MOST_RANGES) -> Ranges:
    """So many ranges at most: the gaps that are oldest close, as if what is in them had been seen."""
    beyond = len(ranges) - most
    return ((ranges[0][0], ranges[beyond][1]), *ranges[beyond + 1 :]) if beyond > 0 else ranges


def all_but(missing: Collection[int], last: int) -> Ranges:
    """Everything from 0 to `last`, but for what is `missing`."""
    ends = [-1, *sorted({number for number in missing if 0 <= number <= last}), last + 1]
    return tuple((one + 1, two - 1) for one, two in pairwise(ends) if two - one > 1)


def bridged(ranges: Ranges, missing: Collection[int]) -> Ranges:
    """The same with every gap closed in which nothing is that is `missing`: other numbers are of other discussions."""
    wanted, joined = sorted(missing), list[tuple[int, int]]()
    for first, last in ranges:
        if joined and bisect_right(wanted, joined[-1][1]) == bisect_right(wanted, first):
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return tuple(joined)
