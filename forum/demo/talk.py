"""Makes further comments for an article of the demo site: discussions of the size of real ones."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from forum.demo.content import DemoArticle, people
from forum.demo.phrasing import Turn, in_the_manner_of
from forum.demo.remarks import CLOSING, Remarks

# Nobody goes on with an exchange beyond this depth.
DEEPEST = 18
# Minutes that it takes to read a comment and to write an answer.
TIME_TO_WRITE = 2.0


@dataclass(frozen=True, slots=True)
class GeneratedComment:
    """A comment made of phrases; `parent` is an earlier one's `ref`, `minutes` count from publication."""

    ref: int
    parent: int | None
    by: str
    minutes: float
    body: str
    votes: int


def more_comments(article: DemoArticle, rng: Random, count: int) -> Iterator[GeneratedComment]:
    """`count` further comments in order of time, no two alike, the same for the same state of `rng`.

    They begin when most of the article's own comments have been written, and end a little before now, or
    long before where the discussion is closed. `ref` counts from 1.
    Raises ValueError when the article's words do not suffice for so many.
    """
    talk = _Talk(article, rng)
    for minutes in _times(article, rng, count):
        turn = talk.take_turn(minutes, talk.whom_to_answer(minutes))
        parent = turn.parent.ref if turn.parent else None
        votes = min(24, int(rng.expovariate((turn.depth + 1) / 6)))
        yield GeneratedComment(turn.ref, parent, turn.by, minutes, turn.body, votes)


def _times(article: DemoArticle, rng: Random, count: int) -> list[float]:
    """Minutes, strictly ascending, denser at the beginning."""
    written = sorted(comment.minutes for comment in article.discussion)
    start = written[len(written) * 3 // 4] if written else 5
    end = article.published * (15 if article.comments == "readonly" else 60) - 5
    spread = sorted(start + (end - start) * rng.random() ** 1.15 for _ in range(count))
    return [round(minutes + index * 0.002, 3) for index, minutes in enumerate(spread)]


class _Talk:
    """The discussion so far: who answers whom, and who falls into a long exchange."""

    def __init__(self, article: DemoArticle, rng: Random) -> None:
        self.rng = rng
        self.remarks = Remarks(article, rng)
        self.turns: list[Turn] = []
        self.bodies = {comment.body for comment in article.discussion}
        self.exchange: Turn | None = None
        self.fatigue = 0.07 if len(article.words.topics) > 12 else 0.2
        self.last_spoke: dict[str, float] = {}
        authors = {comment.by for comment in article.discussion}
        readers = [person.handle for person in people() if person.role == "reader" and not person.group]
        self.readers = [handle for handle in readers if handle not in authors]
        self.activity = [min(rng.paretovariate(1.2), 8.0) for _ in self.readers]

    def whom_to_answer(self, now: float) -> Turn | None:
        """An earlier turn, mostly a recent one; None for a comment that begins a branch."""
        settled = bisect_left(self.turns, now - TIME_TO_WRITE, key=lambda turn: turn.minutes)
        if self.rng.random() < 0.2:
            return None
        if self.exchange and self.exchange.ref <= settled and self.rng.random() < 0.5:
            return self.exchange
        for _ in range(6):
            index = settled - 1 - int(self.rng.expovariate(1 / 25))
            if index >= 0 and self.rng.random() < self.appeal(self.turns[index]):
                return self.turns[index]
        return None

    def appeal(self, turn: Turn) -> float:
        """How likely somebody answers that turn rather than another."""
        petered_out = turn.kind in CLOSING and turn.parent is not None and turn.parent.kind in CLOSING
        if petered_out or (turn.kind == "ask" and not turn.answers):
            return 0.0
        return 0.15 if turn.kind in CLOSING or turn.depth > 6 else 1.0

    def take_turn(self, now: float, parent: Turn | None) -> Turn:
        """Adds and returns the next turn: an answer to `parent`, or one that begins a branch."""
        for attempt in range(90):
            if attempt == 30:
                # Nothing is left to say in this branch.
                parent = None
            turn = Turn(by=self.speaker(now, parent), ref=len(self.turns) + 1, parent=parent, minutes=now)
            body = self.remarks.put_into_words(turn)
            turn.body = in_the_manner_of(turn.by, body) if body else ""
            if turn.body and turn.body not in self.bodies:
                break
        else:
            raise ValueError(f"the words of {self.remarks.slug} do not suffice for so many comments")
        self.bodies.add(turn.body)
        self.turns.append(turn)
        self.last_spoke[turn.by] = now
        self.follow_exchange(turn)
        return turn

    def speaker(self, now: float, parent: Turn | None) -> str:
        """Whoever was answered themselves comes back often, in a long exchange nearly always."""
        before = parent.parent if parent else None
        returning = 0.9 if parent and parent is self.exchange else 0.35
        if parent and before and before.by != parent.by and self.rng.random() < returning:
            return before.by
        rested = now - 3 * TIME_TO_WRITE
        while True:
            handle = self.rng.choices(self.readers, self.activity)[0]
            if (parent is None or handle != parent.by) and self.last_spoke.get(handle, 0) < rested:
                return handle

    def follow_exchange(self, turn: Turn) -> None:
        """Keeps the latest turn of two people who go on answering each other, until they tire."""
        if turn.parent and turn.parent is self.exchange:
            tired = turn.depth >= DEEPEST or self.appeal(turn) == 0 or self.rng.random() < self.fatigue
            self.exchange = None if tired else turn
        elif self.exchange is None and turn.kind == "claim" and turn.parent:
            self.exchange = turn
