"""What is not versioned: readers now, scores, where somebody writes. At most one message a second for each article."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from forum.live.bus import Bus
from forum.live.topic import Topic


class Sampler:
    """What pages and other processes are yet to be told, and what they were told last."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._scores: defaultdict[int, dict[int, int]] = defaultdict(dict)
        self._scores_to_tell: defaultdict[int, dict[int, int]] = defaultdict(dict)
        self._readers_told: dict[int, int] = {}

    def note_scores(self, article_id: int, scores: Mapping[int, int]) -> None:
        """New scores of comments on an article that pages of this process listen to."""
        self._scores[article_id] |= scores

    def note_vote(self, article_id: int, comment_id: int, score: int) -> None:
        """A vote of this process, which the others do not know of yet."""
        self._scores_to_tell[article_id][comment_id] = score

    def forget(self, article_id: int) -> None:
        """No page of this process listens to the article any more."""
        self._readers_told.pop(article_id, None)

    def sample(self, topics: Iterable[Topic], *, beats: bool) -> None:
        """Tell all that is new; with a heartbeat (`beats`) also what has been told before."""
        for article_id, scores in self._scores_to_tell.items():
            self._bus.tell_scores(article_id, scores)
        self._scores_to_tell.clear()
        for topic in topics:
            self._sample(topic, beats=beats)

    def _sample(self, topic: Topic, *, beats: bool) -> None:
        article_id, here = topic.article_id, len(topic.listeners)
        self._bus.tell_readers(article_id, here, again=beats)
        if new := topic.typing.take_new():
            self._bus.tell_typing(article_id, new)
        readers = here + self._bus.readers_elsewhere(article_id)
        scores = self._scores.pop(article_id, {})
        places = topic.typing.places()
        typing_changes = topic.typing.changes(places)
        # Said again beside other news too: who comes meanwhile changes the readers, and learns of it so.
        typing = {"typing": places} if places or typing_changes else {}
        if scores or typing_changes or _differ(readers, self._readers_told.get(article_id, 0)):
            self._readers_told[article_id] = readers
            topic.say({"type": "sampled", "readers": readers, "scores": scores} | typing)
        if beats and topic.version is not None:
            topic.say({"type": "heartbeat", "version": topic.version, "readers": readers} | typing)


def _differ(readers: int, told: int) -> bool:
    """Whether pages are to be told of so many readers at once: by less than a hundredth, the heartbeat will do."""
    return readers != told and abs(readers - told) * 100 >= told
