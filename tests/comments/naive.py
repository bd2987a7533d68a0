"""What a matcher should find, written plainly: each entry tried at each place, in as many steps as that takes.

Knows the alphabet of its test only.
"""

import re
from itertools import groupby, pairwise

from forum.comments.checks.matching import Match

ALPHABET = "abcilвпа01@$!+ .,-'’_\n\u0301\u200b傻逼क\u093f🖕ﬃßÉВ"
UNDISGUISED = {"в": "b", "а": "a", "0": "o", "1": "i", "l": "i", "@": "a", "$": "s", "!": "i"}
FOLDED = {"\u0301": "", "\u200b": "", "ﬃ": "ffi", "ß": "ss", "É": "e", "_": "-", "В": "в"}
SPACED, SPACELESS, SYMBOLS, SIGNS, MARK = set("abcilвпа01fseoक"), set("傻逼"), set("🖕"), set("@$!"), "\u093f"

Token = tuple[int, int, str]


def find(entries: str, text: str) -> list[Match]:
    """What Matcher.find should give."""
    listed = list(dict.fromkeys(line.strip() for line in entries.splitlines() if line.strip()))
    folded = [FOLDED.get(char, char) for char in text]
    origin = [index for index, part in enumerate(folded) for _ in part]
    plain = "".join(folded)
    symbols = SYMBOLS & set("".join(listed))
    places = []
    for number, entry in enumerate(listed):
        words = words_of(entry)
        if sum(map(len, words)) < 2 and not any(map(is_spaceless, words)):
            continue
        for signs in (False, True):
            places += [(*place, number) for place in phrases(plain, tokens_of(plain, symbols, signs=signs), words)]
        if not any(map(is_spaceless, words)) and len("".join(words)) >= 3:
            places += [(*place, number) for place in spelled(plain, "".join(words))]
    matches, reached = [], 0
    for start, end, number in sorted(places, key=lambda place: (place[0], -place[1], place[2])):
        if start >= reached:
            reached = last = end
            last = origin[end - 1] + 1
            while last < len(text) and not folded[last]:
                last += 1
            matches.append(Match(origin[start], last, listed[number]))
    return matches


def words_of(entry: str) -> list[str]:
    """The words of an entry, its signs read as letters."""
    folded = "".join(FOLDED.get(char, char) for char in entry)
    read = str.maketrans({"@": "a", "$": "s", "!": "i"})
    return [word.translate(read) for _, _, word in tokens_of(folded, SYMBOLS, signs=True)]


def is_spaceless(token: str) -> bool:
    """Whether a token is a character by itself."""
    return token[0] in SPACELESS | SYMBOLS


def tokens_of(text: str, symbols: set[str], *, signs: bool) -> list[Token]:
    """The tokens, each with its place."""
    tokens, at = [], 0
    while at < len(text):
        end = word_end(text, at) if not signs else signed_word_end(text, at)
        if text[at] in SPACELESS:
            end = after_marks(text, at + 1)
        elif text[at] in symbols:
            end = at + 1
        if end > at:
            tokens.append((at, end, text[at:end]))
        at = max(end, at + 1)
    return tokens


def word_end(text: str, at: int) -> int:
    """Where the letters end that begin here."""
    while at < len(text) and text[at] in SPACED:
        at = after_marks(text, at + 1)
    return at


def signed_word_end(text: str, at: int) -> int:
    """Where a word ends that may have up to three signs before each letter, and at its end, though not "!"."""
    start = at
    while True:
        letter = at
        while letter < len(text) and text[letter] in SIGNS and letter < at + 3:
            letter += 1
        if letter == len(text) or text[letter] not in SPACED:
            break
        at = after_marks(text, letter + 1)
    end = at
    while at > start and end < len(text) and text[end] in "@$" and end < at + 3:
        end += 1
    return end


def after_marks(text: str, at: int) -> int:
    """Past the marks that stand here."""
    while at < len(text) and text[at] == MARK:
        at += 1
    return at


def phrases(text: str, tokens: list[Token], words: list[str]) -> list[tuple[int, int]]:
    """Where tokens that follow each other are alike the words."""
    places = []
    for first in range(len(tokens) - len(words) + 1):
        taken = tokens[first : first + len(words)]
        if all(alike(token, word) for (_, _, token), word in zip(taken, words, strict=True)) and all(
            not (is_spaceless(before) or is_spaceless(after)) or set(text[end:start]) <= set(" \n*._·~-")
            for (_, end, before), (start, _, after) in pairwise(taken)
        ):
            places.append((taken[0][0], taken[-1][1]))
    return places


def alike(token: str, word: str) -> bool:
    """Whether a token is the word, in disguise or stretched."""
    if token == word:
        return True
    if disguised(token):
        token, word = undisguise(token), undisguise(word)
    runs, wanted = ([(char, len(list(run))) for char, run in groupby(text)] for text in (token, word))
    return len(runs) == len(wanted) and all(
        one == other and (count == least or (count >= least and count >= 3 and one.isalpha()))
        for (one, count), (other, least) in zip(runs, wanted, strict=True)
    )


def undisguise(text: str) -> str:
    """Stand-ins read as letters."""
    return "".join(UNDISGUISED.get(char, char) for char in text)


def disguised(token: str) -> bool:
    """Whether letters are mixed with stand-ins."""
    letters = [char for char in token if char.isalpha()]
    others = [char for char in token if char in "01@$!"]
    core = token.strip("@$!")
    digits = core[1:] if core[:1].isalpha() else core[:-1]
    is_code = len(core) > 1 and digits.isdecimal() and (core[0].isalpha() or core[-1].isalpha())
    if len(token) < 3 or is_code or not letters:
        return False
    is_mixed = any(char in "впа" for char in letters) and any(char.isascii() for char in letters)
    return bool(others) or is_mixed or set(token) == {"а"}


def spelled(text: str, word: str) -> list[tuple[int, int]]:
    """Where the word is spelled out, filling whole segments."""
    places = []
    for singles in chains(text):
        for first in range(len(singles)):
            for last in range(first, len(singles)):
                letters = "".join(token for _, _, token in singles[first : last + 1])
                is_word = letters == word or (disguised(letters) and undisguise(letters) == undisguise(word))
                if is_word and is_bound(text, singles, first) and is_bound(text, singles, last + 1):
                    places.append((singles[first][0], singles[last][1]))
    return places


def is_bound(text: str, singles: list[Token], index: int) -> bool:
    """Whether a segment begins with this letter, or the one before ends the chain."""
    if index in (0, len(singles)):
        return True
    if (index == 1 and singles[0][2] in "aeioав") or (index == len(singles) - 1 and singles[-1][2] in "aeioав"):
        return True
    widths = [
        width(text[singles[at - 1][1] : singles[at][0]])
        for at in range(max(1, index - 1), index + 2)
        if at < len(singles)
    ]
    return width(text[singles[index - 1][1] : singles[index][0]]) > min(widths)


def width(gap: str) -> tuple[bool, int]:
    """How wide a gap is."""
    return bool(re.search(r"\s", gap)), len(gap)


def chains(text: str) -> list[list[Token]]:
    """Three or more single letters with up to four signs or white spaces between, but no apostrophes."""
    text = "".join(
        UNDISGUISED[char]
        if char in "@$" and 0 < at < len(text) - 1 and is_rim(text[at - 1]) and is_rim(text[at + 1])
        else char
        for at, char in enumerate(text)
    )
    found: list[list[Token]] = []
    chain: list[Token] = []
    for start, end, token in tokens_of(text, set(), signs=False):
        is_single = after_marks(token, 1) == len(token) and token[0] in SPACED
        gap = text[chain[-1][1] : start] if chain else ""
        if chain and not (is_single and 1 <= len(gap) <= 4 and not set(gap) & {"'", "’"}):
            found.append(chain)
            chain = []
        after_apostrophe = start > 1 and text[start - 1] in "'’" and text[start - 2] in SPACED
        after_mark = start > 0 and text[start - 1] == MARK
        if is_single and (chain or not (after_apostrophe or after_mark)):
            chain.append((start, end, token))
    return [chain for chain in [*found, chain] if len(chain) >= 3]


def is_rim(char: str) -> bool:
    """Whether a sign beside this stands alone."""
    return char.isspace() or char in ".*/-"
