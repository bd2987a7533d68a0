"""What a folded text falls into: words, and the single characters of scripts that are written without spaces."""

import re

from forum.letters import LETTER, MARKS, SPACELESS

_SIGN = "[@$€!|]"  # what stands for a letter in "a$$" and "sh!t"; at a word's end "!" is an exclamation mark

_SYMBOLS = "\u2190-\u2bff\U0001f000-\U0001faff"  # arrows, pictures, emoji
SYMBOL = re.compile(f"[{_SYMBOLS}]")
SIGN = re.compile(_SIGN)
DISGUISED_BY_SIGNS = rf"(?:{_SIGN}{{0,3}}{LETTER}[{MARKS}]*+)++[@$€]{{0,3}}"
_WORD = rf"(?:{LETTER}++[{MARKS}]*+)++"
_CHARACTER = rf"[{SPACELESS}][{MARKS}]*+"

# The gaps within what is one word: in scripts without spaces, and where letters are spelled out one by one.
SPACELESS_GAP = re.compile(r"[\s*._·~-]*")
_ALONE = rf"[{MARKS}]*+(?!{LETTER})"
_SINGLE = f"{LETTER}{_ALONE}"
_NOT_WORD = r"[^\w'’]"  # no apostrophes: those of "I'm a" part real words
SPELLING = re.compile(
    # The letter before what must not precede it: most places are passed by at once.
    rf"{LETTER}(?<!{LETTER}{LETTER})(?<![{MARKS}]{LETTER})(?<!{LETTER}['’]{LETTER}){_ALONE}"
    rf"(?:{_NOT_WORD}{{1,4}}{_SINGLE}){{2,}}+"
)
LONE_SIGN = re.compile(r"[@$€](?<=[\s.*/-].)(?=[\s.*/-])")
_GAPS = re.compile(f"{_NOT_WORD}+")
_GAP_AFTER_MARKS = re.compile(f"((?![{MARKS}]){_NOT_WORD}+)")


def splitter(symbols: str, *, signs: bool) -> re.Pattern[str]:
    """What splits a text into gaps and tokens by turns, a gap first.

    A token is a word, one character of a script without spaces with its marks, or one of these symbols. With
    `signs`, signs that may stand for letters are of the word.
    """
    lone = f"|[{re.escape(symbols)}]" if symbols else ""
    return re.compile(f"({_CHARACTER}|{DISGUISED_BY_SIGNS if signs else _WORD}{lone})")


def spelled(spelling: str) -> list[str]:
    """The letters of what is spelled out, and the gaps between them, by turns."""
    if len(spelling) % 2 and spelling[::2].isalnum() and _GAPS.fullmatch(spelling[1::2]):
        return list(spelling)  # one character each, as it mostly is
    return _GAP_AFTER_MARKS.split(spelling)


def is_spaceless(token: str) -> bool:
    """Whether what follows this token may begin at once."""
    return _SPACELESS_TOKEN.match(token) is not None


_SPACELESS_TOKEN = re.compile(f"[{SPACELESS}{_SYMBOLS}]")
