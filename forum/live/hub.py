"""Who listens to what in this process, and what makes it ask the database.

A hint (an event after a commit, another process, the question once a second) makes an article's topic ask for
everything after the version that it sent last. A lost hint delays by a second at most.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence

import structlog

from forum.articles.models import DiscussionState
from forum.database import Database
from forum.events import (
    AccountBanned,
    AccountShadowed,
    ArticleWithdrawn,
    CheckFailed,
    DiscussionChanged,
    Event,
    SessionsEnded,
    VotesChanged,
)
from forum.live.bus import Bus, Heard
from forum.live.desk import DESK, Desk
from forum.live.listener import Closing, Listener
from forum.live.places import Places
from forum.live.sampling import Sampler
from forum.live.standing import Heads, heads, sign_ins
from forum.live.topic import WITHDRAWN, Topic
from forum.live.typing import Place
from forum.metrics import CATCH_UPS, CHECK_FAILURES, SOCKETS

RESTARTING = Closing(1012, "restart", wait=1)
ANOTHER_LIFE = Closing(1012, "restart")
BUSY = Closing(1013, "full", wait=10)
SWITCHED_OFF = Closing(1013, "switched_off", wait=10)
ASK_SECONDS = 1.0
HEARTBEAT_SECONDS = 20.0
WAVE, WAVE_SECONDS = 500, 0.1
"""Sockets closed at once on a restart, and the pause between: their pages do not come back in one moment."""

log = structlog.get_logger()


def signed_out(ban_sentence: str = "") -> Closing:
    """How the page of somebody whose sign-in is over is closed: a ban's sentence is said to the banned."""
    return Closing(4403, "banned", message=ban_sentence) if ban_sentence else Closing(4401, "signed_out")


class Hub:
    """Every open page of this process."""

    def __init__(self, database: Database, bus: Bus) -> None:
        self._database = database
        self._bus = bus
        self._epoch = ""
        self._topics: dict[int, Topic] = {}
        self._accounts: defaultdict[int, set[Listener]] = defaultdict(set)
        self._addresses: Counter[str] = Counter()
        self._sampler = Sampler(bus)
        self._desk = Desk(database)
        self._seen = Places()
        self.size = 0
        self.closing: Closing | None = None
        """While set, whoever comes is closed so: the process stops, or sockets are switched off."""

    def pages_of(self, address: str, account_id: int | None) -> tuple[int, int]:
        """How many pages listen from an address, and for an account."""
        return self._addresses[address], len(self._accounts.get(account_id or 0, ()))

    def join(self, listener: Listener) -> None:
        """Register a page. It must then re-read its session and catch up, so that nothing falls between."""
        place = self._desk if listener.article_id == DESK else self._topic(listener.article_id)
        place.listeners.add(listener)
        self.size += 1
        SOCKETS.labels(_who(listener)).inc()
        self._addresses[listener.address] += 1
        if listener.account_id is not None:
            self._accounts[listener.account_id].add(listener)
        if self.closing:
            listener.close(self.closing)

    def leave(self, listener: Listener) -> None:
        """Forget a page; the last one takes its article with it."""
        if listener.article_id == DESK:
            self._desk.listeners.discard(listener)
        else:
            self._forget(listener)
        self.size -= 1
        SOCKETS.labels(_who(listener)).dec()
        self._addresses[listener.address] -= 1
        if not self._addresses[listener.address]:
            del self._addresses[listener.address]
        if listener.account_id is not None:
            self._accounts[listener.account_id].discard(listener)
            if not self._accounts[listener.account_id]:
                del self._accounts[listener.account_id]

    async def greet(self, listener: Listener) -> None:
        """Tell a page that has just been registered what it lacks."""
        if listener.article_id == DESK:
            await self._desk.greet(listener)
        self.catch_up(listener, "joined")

    def catch_up(self, listener: Listener, cause: str) -> None:
        """Send a page all that it lacks since its `since`."""
        if listener.since is not None and (topic := self._topics.get(listener.article_id)):
            CATCH_UPS.labels(cause).inc()
            topic.catch_up(listener)

    def drained(self, listener: Listener) -> None:
        """A page that read too slowly has read all that waited for it."""
        if topic := self._topics.get(listener.article_id):
            topic.drained(listener)
        self._desk.drained(listener)
        self.catch_up(listener, "slow")

    def note_typing(self, listener: Listener, place: Place) -> None:
        """Somebody writes at this page; nobody is told where the discussion is closed."""
        topic = self._topics.get(listener.article_id)
        if topic and topic.state == DiscussionState.OPEN:
            topic.typing.note(place, here=True)

    def publish(self, events: Sequence[Event]) -> None:
        """Take what a commit recorded, and let other processes know. Called on the loop, never in a transaction."""
        for event in events:
            self._take(event)
            if isinstance(event, CheckFailed):
                CHECK_FAILURES.labels(event.check).inc()
            elif isinstance(event, VotesChanged):
                self._sampler.note_vote(event.article_id, event.comment_id, event.score)
            elif not (isinstance(event, DiscussionChanged) and event.article_id in self._topics):
                self._bus.tell(event)  # a discussion that is listened to here is told with its changes, once read

    def hear(self, heard: Heard) -> None:
        """Take what another process let us know."""
        topic = self._topics.get(heard.article_id)
        if heard.event:
            self._take(heard.event)
        elif topic and heard.changes:
            topic.hear(heard.changes)
        elif topic:
            self._sampler.note_scores(heard.article_id, heard.scores)
            for place in heard.typing:
                topic.typing.note(place, here=False)

    async def run(self) -> None:
        """Ask the database once a second, and send heartbeats, for as long as the process lives."""
        loop = asyncio.get_running_loop()
        heartbeat_at = loop.time() + HEARTBEAT_SECONDS
        answers = True
        while True:
            try:
                await self.ask()
                answers = True
            except Exception as error:
                if answers:  # said once, not every second
                    log.exception("the question to the database failed; asking again", error=type(error).__name__)
                answers = False
            beats = loop.time() >= heartbeat_at
            if beats:
                heartbeat_at = loop.time() + HEARTBEAT_SECONDS
            self.sample(beats=beats)
            await asyncio.sleep(ASK_SECONDS)

    async def ask(self) -> None:
        """Ask for the heads of the articles that have listeners, and whether the signed-in may still listen."""
        asked = list(self._topics)
        found = await self._database.read(heads, asked)
        self._live_in(found)
        self._switch(sockets_off=found.sockets_off)
        for article_id in asked:
            topic = self._topics.get(article_id)
            if topic and article_id not in found.versions:
                topic.close(WITHDRAWN)
            elif topic:
                topic.hint(found.versions[article_id])
        pages = (page for pages in self._accounts.values() for page in pages)
        sessions = {page.session_id: account for page in pages if page.session_id and (account := page.account_id)}
        if sessions:
            signed_in = await self._database.read(sign_ins, sessions)
            for session_id, message in signed_in.ended.items():
                self._close(self._signed_in([session_id]), signed_out(message))
            for account_id in signed_in.shadowed:
                self._part(account_id)
        await self._desk.ask()

    async def close_all(self) -> None:
        """Tell every page that the process restarts, in waves."""
        self.closing = RESTARTING
        listeners = [listener for place in self._places() for listener in place.listeners]
        for start in range(0, len(listeners), WAVE):
            self._close(listeners[start : start + WAVE], RESTARTING)
            await asyncio.sleep(WAVE_SECONDS)

    def _places(self) -> list[Desk | Topic]:
        """All that pages listen to."""
        return [self._desk, *self._topics.values()]

    def _topic(self, article_id: int) -> Topic:
        """The article's topic, made for its first page."""
        topic = self._topics.get(article_id)
        if topic is None:
            topic = self._topics[article_id] = Topic(article_id, self._database, self._bus.tell_changes)
            topic.epoch = self._epoch
            self._bus.follow(article_id)
        return topic

    def _forget(self, listener: Listener) -> None:
        topic = self._topics[listener.article_id]
        topic.forget(listener)
        if not topic.listeners:
            del self._topics[listener.article_id]
            self._sampler.forget(listener.article_id)
            self._bus.unfollow(listener.article_id)

    def _take(self, event: Event) -> None:
        self._seen.note(event)
        match event:
            case DiscussionChanged(article_id, version):
                if topic := self._topics.get(article_id):
                    topic.hint(version)
            case VotesChanged(article_id, comment_id, score):
                if article_id in self._topics:
                    self._sampler.note_scores(article_id, {comment_id: score})
            case AccountBanned(account_id, message):
                self._close(self._accounts.get(account_id, ()), signed_out(message))
            case AccountShadowed(account_id):
                self._part(account_id)
            case SessionsEnded(session_ids):
                self._close(self._signed_in(session_ids), signed_out())
            case ArticleWithdrawn(article_id):
                if topic := self._topics.get(article_id):
                    topic.close(WITHDRAWN)

    def _switch(self, *, sockets_off: bool) -> None:
        if sockets_off and not self.closing:
            self.closing = SWITCHED_OFF
            for place in self._places():
                place.close(SWITCHED_OFF)
        elif self.closing is SWITCHED_OFF and not sockets_off:
            self.closing = None

    def _live_in(self, found: Heads) -> None:
        """Know the database's epoch; pages of another one load their discussion afresh."""
        if self._epoch and self._epoch != found.epoch:
            for topic in self._topics.values():
                topic.say_farewell(ANOTHER_LIFE)
        self._epoch = self._bus.epoch = found.epoch
        for topic in self._topics.values():
            topic.epoch = found.epoch

    def sample(self, *, beats: bool) -> None:
        """Tell pages and other processes what is not versioned."""
        self._sampler.sample(self._topics.values(), beats=beats)
        self._seen.tell(self._accounts)

    def _part(self, account_id: int) -> None:
        """What the account's pages hear is made for them alone; the desk, where one is open still, is no article."""
        for listener in self._accounts.get(account_id, ()):
            if not listener.apart and (topic := self._topics.get(listener.article_id)):
                topic.part(listener)

    def _signed_in(self, session_ids: Collection[int]) -> list[Listener]:
        wanted = set(session_ids)
        return [one for pages in self._accounts.values() for one in pages if one.session_id in wanted]

    @staticmethod
    def _close(listeners: Iterable[Listener], closing: Closing) -> None:
        for listener in list(listeners):
            listener.close(closing)


def _who(listener: Listener) -> str:
    return "guest" if listener.account_id is None else "signed_in"
