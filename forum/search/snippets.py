"""Some of a text, around the words that were looked for, with these marked."""

from collections.abc import Iterator, Sequence

from forum.comments.checks.marking import Piece
from forum.folding import Folded
from forum.terms import units_of

LENGTH, BEFORE = 260, 60
"""Characters that are shown, and how many of them stand before the first mark."""
OF_ONE, OF_ALL = 20_000, 40_000
"""Characters in which the words are looked for: of one text, and of all on a page. Without any of them a text is shown
from its beginning."""
DOTS = "…"

Phrases = Sequence[list[str]]
"""What was looked for: of each part the words, or the characters of a script without spaces."""
Snippet = tuple[Piece, ...]


def looked_for(parts: Sequence[str]) -> Phrases:
    """The phrases of what somebody typed."""
    units = ([unit.text for unit in units_of(Folded(part).text)] for part in parts)
    return [phrase for phrase in units if phrase]


class Snippets:
    """Makes the snippets of one page."""

    def __init__(self, phrases: Phrases) -> None:
        self.phrases = phrases
        self._left = OF_ALL

    def of(self, text: str) -> Snippet:
        """The text where it first has one of the phrases."""
        looked_through = text[: min(OF_ONE, self._left)] if self.phrases else ""
        first = _first(looked_through, self.phrases)
        self._left -= first[1] if first else len(looked_through)
        begin = _beginning_of_word(text, max(0, first[0] - BEFORE)) if first else 0
        end = _end_of_word(text, begin + LENGTH)
        before, after = ([Piece(DOTS)] if cut else [] for cut in (begin > 0, end < len(text)))
        return (*before, *marked(text[begin:end], self.phrases), *after)


def marked(text: str, phrases: Phrases) -> Snippet:
    """The whole of a short text, with the phrases marked."""
    pieces, shown_to = [], 0
    for start, end in _marks(text, phrases):
        pieces += [Piece(text[shown_to:start]), Piece(text[start:end], marked=True)]
        shown_to = end
    pieces.append(Piece(text[shown_to:]))
    return tuple(piece for piece in pieces if piece.text)


def _first(text: str, phrases: Phrases) -> tuple[int, int] | None:
    """Where one of the phrases first stands in the text; the rest of it is not looked at."""
    folded = Folded(text)
    span = next(_spans(folded.text, phrases), None)
    return folded.place(*span) if span else None


def _marks(text: str, phrases: Phrases) -> Iterator[tuple[int, int]]:
    """Where phrases stand in the text, in order; what overlaps is one, or goes on where the one before ends."""
    folded, given_to = Folded(text), 0
    last: tuple[int, int] | None = None
    for span in _spans(folded.text, phrases):
        start, end = folded.place(*span)
        if last and start < last[1]:
            last = (min(last[0], max(start, given_to)), max(last[1], end))
            continue
        if last:
            yield last
            given_to = last[1]
        last = (start, end)
    if last:
        yield last


def _spans(folded: str, phrases: Phrases) -> Iterator[tuple[int, int]]:
    """Where each phrase begins and ends, in the order of the ends; looked for only as far as is asked."""
    by_last: dict[str, list[list[str]]] = {}
    for phrase in phrases:
        by_last.setdefault(phrase[-1], []).append(phrase)
    said, starts = list[str](), list[int]()
    for unit in units_of(folded):
        said.append(unit.text)
        starts.append(unit.start)
        for phrase in by_last.get(unit.text, ()):
            if said[-len(phrase) :] == phrase:
                yield starts[-len(phrase)], unit.end


def _beginning_of_word(text: str, at: int) -> int:
    """The next place where a word begins, if one is near; scripts without spaces are cut anywhere."""
    space = text.rfind(" ", max(0, at - BEFORE // 2), at)
    return space + 1 if space >= 0 else (at if at > BEFORE // 2 else 0)


def _end_of_word(text: str, at: int) -> int:
    """Where the word before ends, if that is near."""
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", at - BEFORE, at + 1)
    return space if space >= 0 else at
