"""The words of a list in a text, however they are dressed; time grows with the text, not with the list.

A list holds words and phrases, never patterns. A text is folded (folding.py), split into tokens (tokens.py), and
the tokens are looked up in a tree of the list's words; each token may be read in several ways (disguises.py).
Letters that are spelled out one by one are put together first (spelling.py).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, compress, count, repeat
from operator import contains, or_
from typing import Any

from forum.comments.checks.disguises import are_alike, may_be_disguised, shapes, without_signs
from forum.comments.checks.spelling import Spellings
from forum.comments.checks.tokens import SIGN, SPACELESS_GAP, SYMBOL, is_spaceless, splitter
from forum.folding import Folded

_FEWEST_LETTERS = 2
_END = ""  # in a node of the tree: the number of the entry that ends there

Tree = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Match:
    """An entry of the list, as it stands there, and where the text has it, in code points."""

    start: int
    end: int
    entry: str


@lru_cache(maxsize=8)
def matcher_of(entries: str) -> "Matcher":
    """What finds the entries, one a line; made once for a list (10,000 words take 0.1 s)."""
    return Matcher(entries)


class Matcher:
    """Finds entries in texts; `size` is how many it looks for: one letter alone, or punctuation, is none."""

    def __init__(self, entries: str) -> None:
        self._entries = list(dict.fromkeys(line.strip() for line in entries.splitlines() if line.strip()))
        folded = [Folded(entry).text for entry in self._entries]
        symbols = "".join(sorted(set(SYMBOL.findall("".join(folded)))))
        self._plain, self._with_signs = (splitter(symbols, signs=signs) for signs in (False, True))
        self._tree: Tree = {}
        self._shapes: dict[str, list[str]] = {}
        self.size = 0
        phrases = [[without_signs(token) for token in self._with_signs.split(text)[1::2]] for text in folded]
        for number, words in enumerate(phrases):
            if sum(map(len, words)) >= _FEWEST_LETTERS or any(map(is_spaceless, words)):
                self.size += 1
                self._plant(number, words)
        self._alone = {word for word, node in self._tree.items() if _END in node}
        self._spellings = Spellings(phrases)
        words_of_list = list({word for words in phrases for word in words})
        for word, shape in zip(words_of_list, shapes(words_of_list), strict=True):
            self._shapes.setdefault(shape, []).append(word)

    def find(self, text: str) -> list[Match]:
        """The entries in the text, in order and apart: of those that overlap the first, of those that begin
        at one place the longest, of those as long the one that the list has first."""
        folded = Folded(text)
        matches: list[Match] = []
        reached = 0
        for start, negative_end, number in sorted(self._found(folded.text)):
            if start >= reached:
                reached = -negative_end
                matches.append(Match(*folded.place(start, reached), self._entries[number]))
        return matches

    def _plant(self, number: int, words: list[str]) -> None:
        node = self._tree
        for word in words:
            node = node.setdefault(word, {})
        node.setdefault(_END, number)

    def _found(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Where entries begin, where they end (negative: the longest is first when sorted), and their numbers."""
        if not self.size:
            return
        yield from self._phrases(self._plain.split(text))
        if SIGN.search(text):
            parts = self._with_signs.split(text)
            if self._readings(token for token in parts[1::2] if SIGN.search(token)):
                yield from self._phrases(parts)
        yield from self._spellings.find(text)

    def _phrases(self, parts: list[str]) -> Iterator[tuple[int, int, int]]:
        tokens, tree = parts[1::2], self._tree
        readings = self._readings(tokens)
        if not readings and tree.keys().isdisjoint(tokens):
            return
        found = [(index, self._longest(parts, readings, index)) for index in self._beginnings(tokens, readings)]
        places = list(accumulate(map(len, parts))) if found else []
        for index, longest in found:
            if longest:
                yield places[2 * index], -places[2 * longest[0] + 1], longest[1]

    def _beginnings(self, tokens: list[str], readings: dict[str, list[str]]) -> Iterable[int]:
        """The tokens at which an entry may begin, without a step of Python for each that none does.

        Of a text of Han nearly each does; the next one tells most that do not.
        """
        following = [*tokens[1:], _END]
        begins = map(contains, map(self._tree.get, tokens, repeat({})), following)
        if not self._alone.isdisjoint(tokens):
            begins = map(or_, begins, map(self._alone.__contains__, tokens))
        if readings:
            near = map(or_, map(readings.__contains__, tokens), map(readings.__contains__, following))
            begins = map(or_, begins, near)
        return compress(count(), begins)

    def _longest(self, parts: list[str], readings: dict[str, list[str]], first: int) -> tuple[int, int] | None:
        """The last token of the longest entry that begins with this token, and the entry's number."""
        nodes, longest = [self._tree], None
        for index in range(first, len(parts) // 2):
            token = parts[2 * index + 1]
            if index > first and not _belong(parts[2 * index - 1], parts[2 * index], token):
                break
            words = [token, *readings.get(token, ())]
            nodes = [node[word] for node in nodes for word in words if word in node]
            if not nodes:
                break
            if numbers := [node[_END] for node in nodes if _END in node]:
                longest = index, min(numbers)
        return longest

    def _readings(self, tokens: Iterable[str]) -> dict[str, list[str]]:
        """The words of the list that tokens may be read as, beside those that they are."""
        suspects = may_be_disguised(set(tokens))
        readings = {}
        for token, shape in zip(suspects, shapes(suspects), strict=True):
            if shape in self._shapes:
                words = [word for word in self._shapes[shape] if word != token and are_alike(token, word)]
                if words:
                    readings[token] = words
        return readings


def _belong(before: str, gap: str, after: str) -> bool:
    """Whether two tokens may be of one phrase: punctuation parts what is written without spaces."""
    if not gap or SPACELESS_GAP.fullmatch(gap):
        return True
    return not (is_spaceless(before) or is_spaceless(after))
