"""What was found in a text, shown in its surroundings: pieces of the text, those that are meant marked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

AROUND = 40
"""Code points that are shown on either side of a mark."""
MOST_MARKS, LONGEST_MARK = 8, 200


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of a text; `marked` is what a check means."""

    text: str
    marked: bool = False


def excerpt(source: str, marks: Iterable[Sequence[int]]) -> tuple[Piece, ...]:
    """The marked places of a text with what stands around them, dots where something is left out; empty without marks.

    `marks` are [start, end] in code points. Those that overlap are one; a long one is shown by its beginning.
    """
    pieces: list[Piece] = []
    shown_to = 0
    for start, end in _joined(marks, len(source))[:MOST_MARKS]:
        stop = min(end, start + LONGEST_MARK)
        behind = shown_to + AROUND if pieces else 0
        if start - AROUND > behind:
            pieces += [Piece(source[shown_to:behind]), Piece("…"), Piece(source[start - AROUND : start])]
        else:
            pieces.append(Piece(source[shown_to:start]))
        pieces.append(Piece(source[start:stop], marked=True))
        shown_to = stop
    if pieces:
        dots = "…" if shown_to + AROUND < len(source) else ""
        pieces.append(Piece(source[shown_to : shown_to + AROUND] + dots))
    return tuple(piece for piece in pieces if piece.text)


def _joined(marks: Iterable[Sequence[int]], length: int) -> list[tuple[int, int]]:
    """The marks in order, each within the text, overlapping and adjoining ones as one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted((max(0, mark[0]), min(mark[1], length)) for mark in marks):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif start < end:
            joined.append((start, end))
    return joined
