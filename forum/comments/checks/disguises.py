"""Words in disguise: digits, signs and letters of other alphabets in place of letters, and stretched letters."""

import re
from functools import cache
from itertools import groupby

from confusable_homoglyphs.categories import alias as script_of  # type: ignore[import-untyped]
from confusable_homoglyphs.utils import load as load_confusables  # type: ignore[import-untyped]

_SIGNS = {"@": "a", "$": "s", "€": "e", "!": "i", "|": "i"}
_DIGITS = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b", "9": "g"}
_ALPHABETS = {
    "GREEK",
    "CYRILLIC",
    "ARMENIAN",
    "CHEROKEE",
    "COPTIC",
    "LISU",
    "CANADIAN_ABORIGINAL",
    "DESERET",
    "GEORGIAN",
}
_GREEK_AND_CYRILLIC = "\u0370-\u052f"
_FEWEST = 3
_RUN = re.compile(r"(.)\1+")
_READ_SIGNS = str.maketrans(_SIGNS)


def without_signs(word: str) -> str:
    """A word of the list with its signs read as letters: "a$$" is looked for as "ass"."""
    return word.translate(_READ_SIGNS)


def undisguised(text: str) -> str:
    """The text with all stand-ins read as Latin letters, place for place; i and l become one, as "1" may be either."""
    return text.translate(_stand_ins())


def shapes(words: list[str]) -> list[str]:
    """The words undisguised, each run of a letter as one: words of different shapes are never alike."""
    return _RUN.sub(r"\1", undisguised("\n".join(words))).split("\n") if words else []


def may_be_disguised(words: set[str]) -> list[str]:
    """Those of the words that may be another one in disguise."""
    suspect = _patterns()[0].search
    return [word for word in words if len(word) >= _FEWEST and suspect(word)]


def is_disguised(word: str) -> bool:
    """Whether a word mixes letters with what stands for letters, or is made of another alphabet's look-alikes alone.

    A letter with a number is a code or a quantity (A55, 50s, $5m), and what has no letter is a number.
    """
    _, code, *disguises = _patterns()
    if len(word) < _FEWEST or code.fullmatch(word):
        return False
    return any(pattern.match(word) for pattern in disguises)


def are_alike(found: str, word: str) -> bool:
    """Whether what was found in a text may be read as the word: as it is, undisguised, or with letters stretched."""
    if found == word:
        return True
    if is_disguised(found):
        found, word = undisguised(found), undisguised(word)
    return found == word or _is_stretched(found, word)


def _is_stretched(found: str, word: str) -> bool:
    """Whether both have the same runs, but for letters that stand three times or more where the word has fewer."""
    stretched, runs = ([(char, len(list(run))) for char, run in groupby(text)] for text in (found, word))
    return len(stretched) == len(runs) and all(
        char == other and (count == wanted or (char.isalpha() and count >= max(3, wanted)))
        for (char, count), (other, wanted) in zip(stretched, runs, strict=True)
    )


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    small, capital = _look_alikes()
    foreign = "".join(sorted(small | capital)) + _GREEK_AND_CYRILLIC
    stand_in = re.escape("".join(_SIGNS) + "".join(_DIGITS))
    signs, letter = f"[{re.escape(''.join(_SIGNS))}]*", r"[^\W\d]"
    return (
        re.compile(rf"[{stand_in}{foreign}]|({letter})\1\1"),
        re.compile(rf"{signs}(?:{letter}\d+|\d+{letter}){signs}"),
        re.compile(rf"(?=[^{stand_in}]*[{stand_in}]).*{letter}"),
        re.compile(f"(?=[^a-z]*[a-z])[^{foreign}]*[{foreign}]"),
        re.compile(f"[{''.join(small)}]+\\Z"),
    )


@cache
def _stand_ins() -> dict[int, str]:
    small, capital = _look_alikes()
    return {
        ord(char): "i" if letter == "l" else letter for char, letter in (capital | small | _DIGITS | _SIGNS).items()
    } | {ord("l"): "i"}


@cache
def _look_alikes() -> tuple[dict[str, str], dict[str, str]]:
    """Folded letters of other alphabets with the Latin one they look like: as small letters, and as capitals only.

    What looks alike only as a capital (В and B) counts only where letters are mixed: small, it is a plain letter.
    """
    listed = load_confusables("confusables.json")
    found: tuple[dict[str, str], dict[str, str]] = ({}, {})
    for index, letters in enumerate(("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")):
        for letter in letters:
            for char in (pair["c"].casefold() for pair in listed.get(letter, ())):
                if len(char) == 1 and script_of(char) in _ALPHABETS and char not in found[0]:
                    found[index].setdefault(char, letter.lower())
    return found
