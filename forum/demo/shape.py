"""The shape of a made-up discussion of any size: who answers whom, and where each comment stands for that."""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from random import Random

from forum.comments.places import DEEPEST

STARTS_A_BRANCH, INTO_THE_FIRST = 0.2, 0.02
"""The share of comments that begin a branch, and of those that go into the first branch, whoever is answered there."""
SPREAD = 25
"""How many comments back the one stands, on average, that is answered."""


def _numbers() -> "array[int]":
    return array("q")


@dataclass(slots=True)
class Shape:
    """Who answers whom in a discussion, and what follows from it: a column for each of `Comment`'s, a row a comment.

    Comments are told by their place here, from 0; -1 is none.
    """

    parent: "array[int]" = field(default_factory=_numbers)
    under: "array[int]" = field(default_factory=_numbers)
    root: "array[int]" = field(default_factory=_numbers)
    depth: "array[int]" = field(default_factory=_numbers)
    ordinal: "array[int]" = field(default_factory=_numbers)
    replies: "array[int]" = field(default_factory=_numbers)
    last: "array[int]" = field(default_factory=_numbers)

    def add(self, parent: int) -> None:
        """One more comment, which answers `parent`; see `place_of_new`."""
        root, under, depth, ordinal = -1, -1, 1, 0
        if parent >= 0:
            root = self.root[parent] if self.root[parent] >= 0 else parent
            flat = self.depth[parent] > DEEPEST
            under, depth = self.under[parent] if flat else parent, min(self.depth[parent] + 1, DEEPEST + 1)
            self.last[root] += 1
            ordinal = self.last[root]
            if flat:
                self.replies[parent] += 1
        columns = (self.parent, self.under, self.root, self.depth, self.ordinal, self.replies, self.last)
        for column, value in zip(columns, (parent, under, root, depth, ordinal, 0, 0), strict=True):
            column.append(value)
        while under >= 0:
            self.replies[under] += 1
            under = self.under[under]

    def __len__(self) -> int:
        return len(self.parent)


def lively(count: int, rng: Random) -> Iterator[int]:
    """Whom each of `count` comments answers: mostly one of the last ones, some all the same branch."""
    for row in range(count):
        chance = rng.random()
        if row == 0 or chance < STARTS_A_BRANCH:
            yield -1
        elif chance < STARTS_A_BRANCH + INTO_THE_FIRST:
            yield 0
        else:
            yield max(row - 1 - int(rng.expovariate(1 / SPREAD)), 0)


def chain(count: int) -> Iterator[int]:
    """Each comment answers the one before."""
    return iter(range(-1, count - 1))


def shape_of(answered: Iterable[int]) -> Shape:
    """The discussion in which each comment answers the one that is named."""
    shape = Shape()
    for parent in answered:
        shape.add(parent)
    return shape
