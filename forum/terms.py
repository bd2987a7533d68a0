"""What a text is found by: its words, folded; pairs of characters where a script is written without spaces.

Pure, and the same for every database: what is stored and what is looked for go through here. A term holds letters,
digits and their marks alone, so a database's own language of queries never sees what a person typed.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from forum.folding import Folded
from forum.letters import LETTER, MARKS, SPACELESS

LONGEST = 60
"""Characters of a term: what goes on longer is found by its beginning."""
MOST = 16_000
"""Terms of a text; PostgreSQL knows places up to 16,383."""
BOUNDARY = "@"
"""Stands between parts of a text, where no phrase goes on. No term can be this, nor begin with it."""

# Korean has spaces, but hangs its particles on the words: they are found by pairs, too.
_HANGUL = "\uac00-\ud7a3"
_CHARACTER = rf"[{SPACELESS}{_HANGUL}][{MARKS}]*+"
_WORD = rf"(?:(?![{_HANGUL}]){LETTER}[{MARKS}]*+)++"
_ASCII = re.compile(r"[a-z0-9]+")
_CHARACTERS = re.compile(_CHARACTER)
_RUNS = re.compile(f"(?:{_CHARACTER})++|{_WORD}")
_UNITS = re.compile(f"({_CHARACTER})|{_WORD}")


class Unit(NamedTuple):
    """A word, or one character of a script without spaces, and where it stands in the folded text.

    `joined`: it is such a character, and stands right behind another.
    """

    text: str
    start: int
    end: int
    joined: bool


def terms_of(text: str) -> list[str]:
    """The terms of a text in their order; behind a boundary, the single characters that pairs have hidden."""
    folded = Folded(text).text
    if folded.isascii():
        return [word[:LONGEST] for word in _ASCII.findall(folded)][:MOST]
    hidden: set[str] = set()
    terms: list[str] = []
    for run in _RUNS.findall(folded):
        characters = _characters_of(run)
        terms += _joined(characters) or [run[:LONGEST]]
        if len(characters) > 1:
            hidden.update(characters)
    return [*terms, *([BOUNDARY] if hidden else []), *sorted(hidden)][:MOST]


def phrase_of(text: str) -> tuple[str, ...]:
    """The terms that stand side by side in every text that has these words together; none where there is no letter."""
    runs = _RUNS.findall(Folded(text).text)
    return tuple(term for run in runs for term in _joined(_characters_of(run)) or [run[:LONGEST]])[:MOST]


def units_of(folded: str) -> Iterator[Unit]:
    """The words of a folded text, and the characters of scripts without spaces one by one."""
    end, was_character = -1, False
    for match in _UNITS.finditer(folded):
        is_character = match[1] is not None
        joined = is_character and was_character and match.start() == end
        end, was_character = match.end(), is_character
        yield Unit(match[0][:LONGEST], match.start(), end, joined)


def _characters_of(run: str) -> list[str]:
    """The characters of a run, each with its marks; none of a word."""
    return _CHARACTERS.findall(run) if _CHARACTERS.match(run) else []


def _joined(characters: Sequence[str]) -> list[str]:
    """Each character with the next one."""
    return [(one + following)[:LONGEST] for one, following in pairwise(characters)]
