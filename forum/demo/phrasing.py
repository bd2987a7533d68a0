"""Puts a comment into words: the phrases of phrases.toml around the reasons that an article's words give."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from random import Random
from zlib import crc32

from forum.demo.content import DemoArticle, DemoPerson, DemoTopic, people

INNERMOST = re.compile(r"\{([^{}]*)\}")
SENTENCE = re.compile(r"[A-Z][^.?!>\n]{15,110}[.?!]")


@dataclass(slots=True)
class Turn:
    """What was said, by whom, and what of it the next speaker can take up."""

    by: str
    ref: int
    kind: str = ""
    body: str = ""
    parent: "Turn | None" = None
    topic: DemoTopic | None = None
    stance: bool = True
    minutes: float = 0.0
    answers: list[str] = field(default_factory=list)
    answered: bool = False
    said: set[str] = field(default_factory=set)

    @property
    def depth(self) -> int:
        """How many turns stand above this one."""
        return 0 if self.parent is None else self.parent.depth + 1


@cache
def phrases() -> dict[str, dict[str, list[str]]]:
    """The phrases by part of the talk (top, second, reply, languages) and by kind."""
    return tomllib.loads((files(__package__) / "phrases.toml").read_text(encoding="utf-8"))


class Phrasing:
    """The words of one discussion; remembers what was used, so that nothing comes again before its time."""

    def __init__(self, article: DemoArticle, rng: Random) -> None:
        self.slug = article.slug
        self.words = article.words
        self.rng = rng
        self.used: Counter[str] = Counter()
        self.roles: dict[str, str] = {}
        self.told: set[str] = set()
        self.people = {person.handle: person for person in people()}

    def fresh(self, options: Sequence[str], said: set[str] | None = None) -> str | None:
        """One of the least used of `options` that is not among `said`; None when all have been said."""
        left = [option for option in options if said is None or option not in said]
        if not left:
            return None
        choice = min(left, key=lambda option: (self.used[option], self.rng.random()))
        self.used[choice] += 1
        if said is not None:
            said.add(choice)
        return choice

    def reason(self, turn: Turn, stance: bool) -> str | None:
        """A reason for or against the turn's topic that its branch has not heard yet."""
        if turn.topic is None:
            return None
        return self.fresh(turn.topic.pro if stance else turn.topic.con, turn.said)

    def phrase(self, part: str, kind: str, turn: Turn, **given: str) -> str | None:
        """A phrase of that kind with its slots filled; None when its branch has heard all that it needs."""
        template = self.fresh(phrases()[part][kind]) or ""
        missing = False

        def fill(match: re.Match[str]) -> str:
            nonlocal missing
            inner: str = match[1]
            if "|" in inner:
                return self.rng.choice(inner.split("|"))
            name = inner.lower()
            value = self.choices_made(given[name]) if name in given else self.slot(name, turn)
            missing = missing or value is None
            return _capital(value or "") if inner[0].isupper() else value or ""

        text = _expand(template, fill)
        return None if missing else text.strip()

    def slot(self, name: str, turn: Turn) -> str | None:
        """What stands for `{name}` in a phrase."""
        words, topic = self.words, turn.topic
        slots: dict[str, Callable[[], str | None]] = {
            "clause": lambda: self.reason(turn, turn.stance),
            "other": lambda: self.reason(turn, not turn.stance),
            "proposal": lambda: topic.proposal if topic else self.fresh(words.proposals),
            "proposal2": lambda: self.fresh(words.proposals),
            "about": lambda: topic.about if topic else self.fresh(words.things),
            "thing": lambda: self.fresh(words.things),
            "memory": lambda: self.fresh(words.memories, self.told),
            "place": lambda: self.fresh(words.places),
            "job": lambda: self.fresh(words.roles),
            "role": lambda: self.role(turn.by),
            "name": lambda: called(self.people[turn.parent.by]) if turn.parent else None,
            "slug": lambda: self.slug,
        }
        value = slots[name]()
        return value and self.choices_made(value)

    def choices_made(self, text: str) -> str:
        """`text` with one of each {a|b} taken."""
        return _expand(text, lambda match: self.rng.choice(str(match[1]).split("|")))

    def role(self, handle: str) -> str:
        """What that person does for a living, the same throughout the discussion."""
        if handle not in self.roles:
            self.roles[handle] = self.fresh(self.words.roles) or ""
        return self.roles[handle]


def _expand(text: str, fill: Callable[[re.Match[str]], str]) -> str:
    while INNERMOST.search(text):
        text = INNERMOST.sub(fill, text)
    return text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def called(person: DemoPerson) -> str:
    """How others address that person: by the first name where there is one."""
    first, *rest = person.display_name.split()
    if person.language == "ja":
        return f"{first}さん"
    return f"@{person.handle}" if person.group or not rest or len(first) < 3 else first


def quotable(body: str) -> str | None:
    """The sentence of `body` with the most to quote, if there is one; not one that is a quotation itself."""
    own = "\n".join(line for line in body.splitlines() if line[:1] not in ">-123")
    return max(SENTENCE.findall(own), key=len, default=None)


def in_the_manner_of(handle: str, body: str) -> str:
    """Some people never use capitals, some never reach the full stop."""
    manner = crc32(handle.encode()) % 25
    if manner == 0 and "](" not in body:
        return body.lower()
    return body.removesuffix(".") if manner == 1 else body
