"""Texts made alike for comparison, with the way back: what differs only in dress folds to the same characters."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cache, cached_property
from itertools import accumulate

from confusable_homoglyphs.categories import alias as script_of  # type: ignore[import-untyped]
from confusable_homoglyphs.utils import load as load_confusables  # type: ignore[import-untyped]

# Every character that folds to something else lies in these; the Han and Hangul between them fold to themselves.
_FOLDING = (
    range(0x3400),
    range(0xA000, 0xAC00),
    range(0xF900, 0x20000),
    range(0x2F800, 0x2FA20),
    range(0xE0000, 0xE0200),
)
_SCRIPTS_WITH_OPTIONAL_MARKS = {"INHERITED", "LATIN", "GREEK", "CYRILLIC", "HEBREW", "ARABIC", "SYRIAC"}
_VOICING = "\u3099\u309a"  # inherited too, yet they make another letter of a kana
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"
_TATWEEL = "\u0640"  # stretches an Arabic word
_SKIN_TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_MOST_EXPANDED = 3  # as ffi; some ligatures are whole sentences, which would make a long text of a short one
_ALPHABETS_OF_SYMBOLS = (0x1F150, 0x1F170, 0x1F1E6)  # white on black circles and squares, the letters of flags
_SMALL_CAPITAL = re.compile("LATIN LETTER SMALL CAPITAL ([A-Z])")


class Folded:
    """A text folded; `text` is what to compare."""

    def __init__(self, original: str) -> None:
        self._original = original
        # Most comments are ASCII.
        self.text = original.lower().replace("_", "-") if original.isascii() else original.translate(folds())

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where folded characters stand in the original, with the marks and invisible characters that follow them."""
        if not self._is_moved:
            return start, end
        return bisect_right(self._ends, start), max(bisect_left(self._ends, end) + 1, bisect_right(self._ends, end))

    @cached_property
    def _is_moved(self) -> bool:
        return _moving().search(self._original) is not None

    @cached_property
    def _ends(self) -> list[int]:
        """After each original character, how many folded ones there are."""
        table = folds()
        return list(accumulate(len(table.get(ord(char), char)) for char in self._original))


@cache
def folds() -> dict[int, str]:
    """What each character folds to, where that is not itself; 0.15 s, once.

    Compatibility forms, case, Latin letters with strokes and hooks and the small capitals become plain small
    letters. Marks go where a reader may leave them out (accents, Hebrew and Arabic points) and stay where they
    are vowels or make another letter (Hindi, Thai, kana). What nobody sees goes. One character may become several.
    """
    latin = _latin_letters()
    table = {code: _folded(chr(code), latin) for codes in _FOLDING for code in codes}
    table.update((ord(char), "") for char in _BLANK + _TATWEEL + _SKIN_TONES)
    for first in _ALPHABETS_OF_SYMBOLS:
        table.update((first + index, chr(ord("a") + index)) for index in range(26))
    table[ord("_")] = "-"  # the one punctuation that regular expressions call a letter
    return {code: folded for code, folded in table.items() if folded != chr(code)}


@cache
def _moving() -> re.Pattern[str]:
    """Characters that do not fold to one."""
    return re.compile(f"[{as_ranges(code for code, folded in sorted(folds().items()) if len(folded) != 1)}]")


@cache
def kept_marks() -> str:
    """The combining marks that folding keeps, as ranges for a class of a regular expression."""
    return as_ranges(
        code
        for codes in _FOLDING
        for code in codes
        if unicodedata.category(chr(code))[0] == "M" and code not in folds()
    )


def as_ranges(codes: Iterable[int]) -> str:
    """Sorted code points as the ranges of a regular expression's class."""
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in ranges)


def _folded(char: str, latin: dict[str, str]) -> str:
    # Twice: a compatibility form may hide a capital, and a folded letter may come apart again.
    for _ in range(2):
        char = unicodedata.normalize("NFKD", char).casefold()
    folded = "".join(latin.get(part, part) for part in char if not _is_dropped(part))
    return folded if len(folded) <= _MOST_EXPANDED else " "


def _is_dropped(char: str) -> bool:
    category = unicodedata.category(char)
    if category in ("Mn", "Me"):
        return char not in _VOICING and script_of(char) in _SCRIPTS_WITH_OPTIONAL_MARKS
    return category == "Cf"


def _latin_letters() -> dict[str, str]:
    """The letters that Unicode does not take apart and that are drawn like one of the 26, such as ø, ł, ı and ᴀ."""
    letters = {}
    for char, pairs in load_confusables("confusables.json").items():
        if len(char) == 1 and not char.casefold()[0].isascii() and script_of(char) == "LATIN":
            for drawn in (_without_marks(pair["c"]) for pair in pairs):
                if len(drawn) == 1 and drawn.isascii() and drawn.isalpha():
                    letters[char.casefold()] = drawn.lower()
    for code in range(0x250, 0xA800):
        if small := _SMALL_CAPITAL.fullmatch(unicodedata.name(chr(code), "")):
            letters[chr(code)] = small[1].lower()
    return letters


def _without_marks(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", text) if unicodedata.category(char)[0] != "M")
