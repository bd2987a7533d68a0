"""What one says in a discussion: arguments, questions, answers, memories, asides."""

from random import Random

from forum.demo.content import DemoArticle, DemoTopic
from forum.demo.phrasing import Phrasing, Turn, phrases, quotable

# How often a kind of remark is made, in relation to the others of its table.
OPENINGS = {"claim": 54, "ask": 13, "complaint": 12, "memory": 9, "small": 6, "thing": 5, "language": 2}
REPLIES = {
    "claim": {"claim": 60, "quote": 12, "ask": 11, "aside": 13, "memory": 1, "language": 1, "drift": 2},
    "ask": {"answer": 80, "unsure": 20},
    "answer": {"thanks": 30, "claim": 45, "ask": 10, "aside": 15},
    "memory": {"touched": 60, "memory": 30, "aside": 10},
    "small": {"nod": 80, "aside": 20},
    "thing": {"nod": 60, "aside": 40},
    "closing": {"aside": 15, "claim": 60, "drift": 25},
}
# Remarks that do not ask for an answer.
CLOSING = {"aside", "thanks", "touched", "nod", "language", "unsure"}


class Remarks:
    """The remarks of one discussion; remembers who holds which view."""

    def __init__(self, article: DemoArticle, rng: Random) -> None:
        self.slug = article.slug
        self.rng = rng
        self.phrasing = Phrasing(article, rng)
        self.topics = {topic.about: topic for topic in article.words.topics}
        self.views: dict[tuple[str, str], bool] = {}

    def put_into_words(self, turn: Turn) -> str | None:
        """The text of `turn`, whose kind, topic and stance are settled here; None when nothing fits."""
        if turn.parent:
            turn.topic, turn.said = turn.parent.topic, turn.parent.said
            follows = "closing" if turn.parent.kind in CLOSING else turn.parent.kind
            turn.kind = self.choose(REPLIES[follows])
            if turn.topic is None and turn.kind in ("claim", "quote", "ask"):
                turn.kind = "drift"
        else:
            turn.kind = self.choose(OPENINGS)
            if turn.kind in ("claim", "ask", "complaint"):
                turn.topic = self.another_topic(turn)
        if turn.topic:
            turn.stance = self.view(turn, turn.topic)
        say = getattr(self, turn.kind, None)
        return say(turn) if say else self.plain(turn)

    def choose(self, weights: dict[str, int]) -> str:
        return self.rng.choices(list(weights), list(weights.values()))[0]

    def another_topic(self, turn: Turn) -> DemoTopic | None:
        """A topic that has not come up in this branch."""
        about = self.phrasing.fresh(list(self.topics), turn.said)
        return self.topics[about] if about else None

    def view(self, turn: Turn, topic: DemoTopic) -> bool:
        """Whether the turn's author is for the topic's proposal; nobody changes sides."""
        lean = 0.62 if turn.parent is None else 0.3 if turn.parent.stance else 0.7
        return self.views.setdefault((turn.by, topic.about), self.rng.random() < lean)

    def plain(self, turn: Turn) -> str | None:
        """A remark that is a phrase and nothing more."""
        return self.phrasing.phrase("reply" if turn.parent else "top", turn.kind, turn)

    def claim(self, turn: Turn) -> str | None:
        """An argument: one's own, or for or against the one above."""
        if turn.parent is None:
            if self.rng.random() < 0.05:
                return self.phrasing.phrase("second", "list", turn)
            return self.at_length(turn, self.phrasing.phrase("top", "pro" if turn.stance else "con", turn))
        if turn.parent.kind in CLOSING:
            kind = "resume"
        elif turn.stance == turn.parent.stance:
            kind = "agree"
        else:
            kind = "back" if self.spoke_before(turn) else "disagree"
        body = self.phrasing.phrase("reply", kind, turn)
        return self.at_length(turn, body) if body else self.drift(turn)

    def spoke_before(self, turn: Turn) -> bool:
        """Whether its author has said something on the same topic further up."""
        above = turn.parent
        while above and (above.by, above.topic) != (turn.by, turn.topic):
            above = above.parent
        return above is not None

    def at_length(self, turn: Turn, body: str | None) -> str | None:
        """The body, with a second thought or a closing word now and then."""
        if body is None:
            return None
        wordy = self.rng.choice((1, 1, 1, 4)) / (1 if turn.parent is None else 2)
        for kind, often in (("same", 0.22), ("other", 0.13), ("end", 0.1)):
            if self.rng.random() < often * wordy:
                more = self.phrasing.phrase("second", kind, turn)
                apart = "\n\n" if kind == "other" or self.rng.random() < 0.4 else " "
                body = f"{body}{apart}{more}" if more else body
        return body

    def quote(self, turn: Turn) -> str | None:
        """An argument that takes up a sentence of the one above."""
        turn.kind = "claim"
        sentence = quotable(turn.parent.body) if turn.parent else None
        if turn.parent is None or sentence is None:
            return self.claim(turn)
        kind = "quote_agree" if turn.stance == turn.parent.stance else "quote"
        return self.phrasing.phrase("reply", kind, turn, quote=sentence)

    def ask(self, turn: Turn) -> str | None:
        """A question that the topic's words can answer."""
        answers = dict(turn.topic.asks) if turn.topic else {}
        question = self.phrasing.fresh(list(answers), turn.said)
        if question is None:
            return None
        turn.answers = list(answers[question])
        return self.phrasing.phrase("reply" if turn.parent else "top", "ask", turn, ask=question)

    def answer(self, turn: Turn) -> str | None:
        """An answer to the question above, while there is one left that was not given."""
        answer = self.phrasing.fresh(turn.parent.answers) if turn.parent else None
        if turn.parent is None or answer is None:
            return None
        turn.parent.answers.remove(answer)
        turn.parent.answered = True
        return self.phrasing.phrase("reply", "answer", turn, answer=answer)

    def unsure(self, turn: Turn) -> str | None:
        """The same question once more, as long as nobody has answered it."""
        return None if turn.parent and turn.parent.answered else self.plain(turn)

    def complaint(self, turn: Turn) -> str | None:
        """A complaint that ends in something to argue about."""
        complaint = self.phrasing.fresh(self.phrasing.words.complaints)
        turn.kind, turn.stance = "claim", True
        first = complaint and self.phrasing.phrase("top", "complaint", turn, clause=complaint)
        turn_to = self.phrasing.phrase("top", "remedy", turn)
        return f"{first}\n\n{turn_to}" if first and turn_to else None

    def drift(self, turn: Turn) -> str | None:
        """On to another topic."""
        turn.kind, turn.topic = "claim", self.another_topic(turn)
        if turn.topic is None:
            return None
        turn.stance = self.view(turn, turn.topic)
        return self.phrasing.phrase("reply", "drift", turn)

    def language(self, turn: Turn) -> str | None:
        """A sentence in the author's own language, for those who have one."""
        spoken = self.phrasing.people[turn.by].language
        return self.phrasing.fresh(phrases()["languages"][spoken]) if spoken else None
