"""Words spelled out: "b a d", "b.a.d", "b-a-d"; put together before they are looked up."""

from collections.abc import Iterable, Iterator
from itertools import accumulate, compress, count, pairwise
from operator import add, gt, lt, or_

from forum.comments.checks.disguises import is_disguised, undisguised, without_signs
from forum.comments.checks.tokens import LONE_SIGN, SPELLING, is_spaceless, spelled

_FEWEST_LETTERS = 3  # two are the initials of a name
_MOST_LETTERS = 60  # all beginnings are kept, so a long line pasted into a list must not count
_WIDTH_OF_SPACE = 100  # wider than any gap of signs
_WORDS_OF_ONE_LETTER = frozenset("aeiouyаеёиоуыэюявкс")  # "a", "I", "y", "и", "в"


class Spellings:
    """Finds entries that are spelled out."""

    def __init__(self, phrases: list[list[str]]) -> None:
        self._entries: dict[str, list[tuple[str, int]]] = {}
        for number, words in enumerate(phrases):
            joined = "".join(words)
            if _FEWEST_LETTERS <= len(joined) <= _MOST_LETTERS and not any(map(is_spaceless, words)):
                self._entries.setdefault(undisguised(joined), []).append((joined, number))
        self._beginnings = {key[:end] for key in self._entries for end in range(1, len(key) + 1)}

    def find(self, text: str) -> Iterator[tuple[int, int, int]]:
        """At each place the longest entry: where it begins, where it ends (negative, for sorting), its number.

        An entry must fill whole segments: "c l a s s" is one segment, so there is no "ass" in it.
        """
        text = LONE_SIGN.sub(lambda sign: without_signs(sign[0]), text)
        for spelling in SPELLING.finditer(text):
            parts = spelled(spelling[0])
            letters, bounds = parts[::2], _bounds(parts[::2], parts[1::2])
            segments = _segments(letters, bounds)
            found = [(at, self._longest(letters, bounds, segments, at)) for at in self._beginnings_in(segments)]
            places = list(accumulate(map(len, parts), initial=spelling.start())) if found else []
            for at, longest in found:
                if longest:
                    yield places[2 * bounds[at]], -places[2 * bounds[longest[0] + 1] - 1], longest[1]

    def _beginnings_in(self, segments: list[str]) -> Iterable[int]:
        """The segments at which an entry may begin; three tell more than one, and most begin none."""
        twos = list(map(add, segments, [*segments[1:], ""]))
        begins = map(self._beginnings.__contains__, map(add, twos, [*segments[2:], "", ""]))
        for fewer in (twos, segments):
            if not self._entries.keys().isdisjoint(fewer):
                begins = map(or_, begins, map(self._entries.__contains__, fewer))
        return compress(count(), begins)

    def _longest(
        self, letters: list[str], bounds: list[int], segments: list[str], first: int
    ) -> tuple[int, int] | None:
        joined, longest = "", None
        for last in range(first, len(segments)):
            joined += segments[last]
            if joined not in self._beginnings:
                break
            if joined in self._entries:
                found = "".join(letters[bounds[first] : bounds[last + 1]])
                disguised = is_disguised(found)
                numbers = [number for word, number in self._entries[joined] if disguised or word == found]
                if numbers:
                    longest = last, min(numbers)
        return longest


def _bounds(letters: list[str], gaps: list[str]) -> list[int]:
    """Where segments begin: after a gap that is wider than one beside it, white space being wider than signs.

    The first and the last letter may be words by themselves: "you are a b a d man".
    """
    bounds = {0, len(letters)}
    if letters[0] in _WORDS_OF_ONE_LETTER:
        bounds.add(1)
    if letters[-1] in _WORDS_OF_ONE_LETTER:
        bounds.add(len(letters) - 1)
    if len(kinds := set(gaps)) > 1:
        rank = {gap: _width(gap) for gap in kinds}
        widths = [rank[gap] for gap in gaps]
        bounds.update(compress(count(1), map(gt, widths, widths[1:])))
        bounds.update(compress(count(2), map(lt, widths, widths[1:])))
    return sorted(bounds)


def _segments(letters: list[str], bounds: list[int]) -> list[str]:
    """What stands between the bounds, undisguised."""
    read = undisguised("".join(letters))
    if len(read) != len(letters):  # a letter may have marks
        ends = list(accumulate(map(len, letters), initial=0))
        bounds = [ends[bound] for bound in bounds]
    return [read[start:end] for start, end in pairwise(bounds)]


def _width(gap: str) -> int:
    return len(gap) + (_WIDTH_OF_SPACE if any(map(str.isspace, gap)) else 0)
