"""Who listens to what, and in what order they are told.

Per article the hub knows the last version that it sent. A hint (an event after a commit, the question once a
second) makes it ask the database for everything after that: so ranges join without a gap, in the order of the
commits, whatever the order of the hints, and a lost hint delays by a second at most.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import structlog

from forum.database import Database
from forum.events import (
    AccountBanned,
    ArticleWithdrawn,
    DiscussionChanged,
    Event,
    SessionsEnded,
    VotesChanged,
)
from forum.live.fanout import broadcast
from forum.live.listener import Closing, Listener
from forum.live.messages import changes
from forum.live.standing import ended_sessions, heads

WITHDRAWN = Closing(4404)
RESTARTING = Closing(1012, wait=1)
ASK_SECONDS = 1.0
HEARTBEAT_SECONDS = 20.0

log = structlog.get_logger()


def signed_out(ban_sentence: str = "") -> Closing:
    """How the page of somebody whose sign-in is over is closed: a ban's sentence is said to the banned."""
    return Closing(4403, message=ban_sentence) if ban_sentence else Closing(4401)


@dataclass(eq=False, slots=True)
class Topic:
    """An article that pages listen to. `version` is the last one sent, `hinted` the highest heard of."""

    article_id: int
    version: int | None = None
    hinted: int = 0
    listeners: set[Listener] = field(default_factory=set)
    scores: dict[int, int] = field(default_factory=dict)
    readers_told: int = 0
    pump: asyncio.Task[None] | None = None


class Hub:
    """Every open page of this process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._topics: dict[int, Topic] = {}
        self._accounts: defaultdict[int, set[Listener]] = defaultdict(set)
        self.closing: Closing | None = None

    @property
    def size(self) -> int:
        """How many pages listen."""
        return sum(len(topic.listeners) for topic in self._topics.values())

    def join(self, listener: Listener) -> None:
        """Register a page. It must then re-read its session and catch up, so that nothing falls between."""
        topic = self._topics.setdefault(listener.article_id, Topic(listener.article_id))
        topic.listeners.add(listener)
        if listener.account_id is not None:
            self._accounts[listener.account_id].add(listener)
        if self.closing:
            listener.close(self.closing)

    def leave(self, listener: Listener) -> None:
        """Forget a page; the last one takes its article with it."""
        topic = self._topics.get(listener.article_id)
        if topic is not None:
            topic.listeners.discard(listener)
            if not topic.listeners:
                del self._topics[listener.article_id]
        if listener.account_id is not None:
            self._accounts[listener.account_id].discard(listener)
            if not self._accounts[listener.account_id]:
                del self._accounts[listener.account_id]

    def publish(self, events: Sequence[Event]) -> None:
        """Take what a commit recorded. Called on the loop, never inside a transaction."""
        for event in events:
            match event:
                case DiscussionChanged(article_id, version):
                    self.changed(article_id, version)
                case VotesChanged(article_id, comment_id, score):
                    if topic := self._topics.get(article_id):
                        topic.scores[comment_id] = score
                case AccountBanned(account_id, message):
                    self._close(self._accounts.get(account_id, ()), signed_out(message))
                case SessionsEnded(session_ids):
                    self._close(self._signed_in(session_ids), signed_out())
                case ArticleWithdrawn(article_id):
                    if topic := self._topics.get(article_id):
                        self._close(topic.listeners, WITHDRAWN)

    def changed(self, article_id: int, version: int) -> None:
        """A hint that the article's discussion has reached `version`."""
        topic = self._topics.get(article_id)
        if topic is None or version <= max(topic.hinted, topic.version or 0):
            return
        topic.hinted = version
        self._start_pump(topic)

    async def catch_up(self, listener: Listener) -> None:
        """Send a page all that it lacks, and let it hear broadcasts again."""
        while listener.since is not None and not listener.closing:
            after = listener.since
            found = await self._database.read(
                changes, listener.article_id, after=after, epoch=listener.epoch, audience=listener.audience
            )
            topic = self._topics.get(listener.article_id)
            if found is None or topic is None:
                listener.close(WITHDRAWN)
                return
            if listener.since != after:
                continue
            if topic.version is None or len(topic.listeners) == 1:
                topic.version = max(topic.version or 0, found.version)
            listener.since = None
            if found.reload or found.version > after:
                broadcast([listener], found.message, found.version)
            listener.version = max(listener.version, found.version)
            if topic.version > found.version:
                listener.since = found.version
            elif topic.hinted > topic.version:
                self._start_pump(topic)

    async def run(self) -> None:
        """Ask the database once a second, and send heartbeats, for as long as the process lives."""
        loop = asyncio.get_running_loop()
        heartbeat_at = loop.time() + HEARTBEAT_SECONDS
        while True:
            await asyncio.sleep(ASK_SECONDS)
            try:
                await self.ask()
            except Exception:
                log.exception("the question to the database failed; asking again")
            self._sample()
            if loop.time() >= heartbeat_at:
                heartbeat_at += HEARTBEAT_SECONDS
                self._beat()

    async def ask(self) -> None:
        """Ask for the heads of the articles that have listeners, and whether the signed-in may still listen."""
        if not self._topics:
            return
        asked = list(self._topics)
        found = await self._database.read(heads, asked)
        for article_id in asked:
            topic = self._topics.get(article_id)
            if topic and article_id not in found:
                self._close(topic.listeners, WITHDRAWN)
            elif topic:
                topic.hinted = max(topic.hinted, found[article_id])
                self._start_pump(topic)
        pages = (page for pages in self._accounts.values() for page in pages)
        sessions = {page.session_id: account for page in pages if page.session_id and (account := page.account_id)}
        for session_id, message in (await self._database.read(ended_sessions, sessions)).items():
            self._close(self._signed_in([session_id]), signed_out(message))

    def close_all(self) -> None:
        """Tell every page that the process restarts."""
        self.closing = RESTARTING
        for topic in self._topics.values():
            self._close(topic.listeners, RESTARTING)

    def _start_pump(self, topic: Topic) -> None:
        waits = topic.version is not None and topic.hinted > topic.version
        if waits and (topic.pump is None or topic.pump.done()):
            topic.pump = asyncio.get_running_loop().create_task(self._pump(topic))

    async def _pump(self, topic: Topic) -> None:
        """Send all that came after the last version sent, until nothing more is heard of."""
        while topic.listeners and topic.version is not None and topic.hinted > topic.version:
            after = topic.version
            try:
                found = await self._database.read(changes, topic.article_id, after=after)
            except Exception:
                log.exception("reading changes failed; the next question tries again", article=topic.article_id)
                return
            if found is None:
                self._close(topic.listeners, WITHDRAWN)
                return
            if topic.version != after:
                continue
            for listener in topic.listeners:
                if listener.account_id in found.hidden_authors and listener.since is None:
                    listener.catch_up(after)
            broadcast(topic.listeners, found.message, found.version)
            topic.version = found.version
            topic.hinted = max(topic.hinted, found.version)

    def _sample(self) -> None:
        """Readers and scores are not versioned: at most one message a second for each article."""
        for topic in self._topics.values():
            readers = len(topic.listeners)
            if topic.scores or readers != topic.readers_told:
                message = {"type": "sampled", "readers": readers, "scores": topic.scores}
                broadcast(topic.listeners, message, topic.version or 0)
                topic.scores, topic.readers_told = {}, readers

    def _beat(self) -> None:
        for topic in self._topics.values():
            if topic.version is not None:
                message = {"type": "heartbeat", "version": topic.version, "readers": len(topic.listeners)}
                broadcast(topic.listeners, message, topic.version)

    def _signed_in(self, session_ids: Iterable[int]) -> list[Listener]:
        wanted = set(session_ids)
        return [one for pages in self._accounts.values() for one in pages if one.session_id in wanted]

    @staticmethod
    def _close(listeners: Iterable[Listener], closing: Closing) -> None:
        for listener in list(listeners):
            listener.close(closing)
