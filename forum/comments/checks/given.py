"""What a check is given, and what it gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Given:
    """A text that somebody wants to post, and the facts about it and its author that checks judge by.

    - `read_as` is the text as readers read it, without its markup; empty where that is the same.
    - `gist` tells whether two texts say the same; `links` are the addresses that the text leads to; `lists` are
      the words and sites that are looked for, by the list's name, one a line.
    - `is_edit`: it takes the place of an earlier text of the same comment, which counts nowhere here.
    - `is_staff`: the author is a moderator, an editor or an admin; `is_watched`: moderators watch the account.
    - `shown` counts the author's visible comments; `removed` of the last `recent` those that moderators removed;
      `in_ten_minutes` those just posted; `same` those with this text within a month, of whomever.
    """

    text: str
    read_as: str = ""
    gist: str = ""
    links: tuple[str, ...] = ()
    lists: Mapping[str, str] = field(default_factory=dict)
    is_edit: bool = False
    is_staff: bool = False
    is_watched: bool = False
    shown: int = 0
    removed: int = 0
    recent: int = 0
    in_ten_minutes: int = 0
    same: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found: the numbers and words of its sentence, and the places in the text as [start, end].

    `about` is what was found, without what stands around it: whoever approved that is not asked again when the rest of
    the text changes.
    """

    facts: Mapping[str, Any] = field(default_factory=dict)
    marks: tuple[tuple[int, int], ...] = ()
    about: frozenset[str] = frozenset()


Find = Callable[[Given, int], Found | None]
"""A check: of what it is given, and its number, what it finds."""


def as_read(source: str, plain: str) -> str:
    """The plain text of a source where that is something else: markup and entities may part a word in the source."""
    return "" if plain == " ".join(source.split()) else plain
