"""The bus of processes that share a Redis or Valkey: one channel for all, one for each article that is listened to."""

import asyncio
import json
import secrets
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from time import monotonic
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub

from forum import events
from forum.events import DiscussionChanged, Event
from forum.live.bus import Bus, Heard
from forum.live.frames import encode
from forum.live.messages import Changes
from forum.live.typing import Place
from forum.metrics import BUS_MESSAGES, BUS_UP

EVERYBODY = 0
MOST_WAITING = 1000
"""Messages; what comes on top while the bus does not answer pushes the oldest out."""
PING_SECONDS = 2.0
SILENCE_SECONDS = 6.0
"""Without a word from the bus for this long, not even to a ping, the connection is made anew."""
RETRY_SECONDS = 1.0
READERS_KEPT_SECONDS = 60.0
"""Readers elsewhere are told every 20 s; those of a process that has died are forgotten."""

log = structlog.get_logger()


class RedisBus(Bus):
    """Subscribes only to articles that have listeners here, and publishes only what somebody listens to."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._me = secrets.token_hex(8)
        self._followed: set[int] = set()
        self._waiting: deque[tuple[int, str, bool]] = deque(maxlen=MOST_WAITING)
        self._work = asyncio.Event()
        self._readers_told: dict[int, int] = {}
        self._readers: defaultdict[int, dict[str, tuple[int, float]]] = defaultdict(dict)
        self.state = "down"

    def follow(self, article_id: int) -> None:
        """Subscribe to the article, soon."""
        self._followed.add(article_id)
        self._work.set()

    def unfollow(self, article_id: int) -> None:
        """Unsubscribe, soon."""
        self._followed.discard(article_id)
        self._readers_told.pop(article_id, None)
        self._readers.pop(article_id, None)
        self._work.set()

    def tell(self, event: Event) -> None:
        """Tell everybody, or those who listen to the article that it is about."""
        article_id = event.article_id if isinstance(event, DiscussionChanged) else EVERYBODY
        self._put(article_id, {"event": type(event).__name__, "of": asdict(event)})

    def tell_changes(self, article_id: int, found: Changes) -> None:
        """Tell those who listen to the article."""
        told = {"changes": found.message, "version": found.version, "hidden": list(found.hidden_authors.items())}
        self._put(article_id, told)

    def tell_scores(self, article_id: int, scores: Mapping[int, int]) -> None:
        """Tell those who listen to the article."""
        self._put(article_id, {"scores": list(scores.items())})

    def tell_typing(self, article_id: int, places: Sequence[Place]) -> None:
        """Tell those who listen to the article; a process of an earlier version takes it for scores without any."""
        self._put(article_id, {"scores": [], "typing": places})

    def tell_readers(self, article_id: int, readers: int, *, again: bool) -> None:
        """Tell those who listen to the article."""
        if again or self._readers_told.get(article_id) != readers:
            self._readers_told[article_id] = readers
            self._put(article_id, {"readers": readers})

    def readers_elsewhere(self, article_id: int) -> int:
        """As the other processes last told."""
        told = self._readers.get(article_id, {}).values()
        return sum(count for count, at in told if monotonic() - at < READERS_KEPT_SECONDS)

    async def run(self, hear: Callable[[Heard], None]) -> None:
        """Stay connected; a lost connection is made anew, with its subscriptions."""
        while True:
            try:
                await self._connected(hear)
            except* Exception as group:  # noqa: BLE001 - whatever it is, it is made anew
                if self.state == "up":
                    log.warning("the bus is down: asking the database", error=repr(group.exceptions[0]))
            self.state = "down"
            BUS_UP.set(0)
            await asyncio.sleep(RETRY_SECONDS)

    async def _connected(self, hear: Callable[[Heard], None]) -> None:
        # Time is limited here: the library would use `wait_for`, which in Python 3.11 can lose a cancel, and never end.
        redis = Redis.from_url(self._url, socket_timeout=None, socket_connect_timeout=PING_SECONDS)
        async with redis, redis.pubsub() as pubsub:
            async with asyncio.timeout(SILENCE_SECONDS):
                await pubsub.subscribe(self._channel(EVERYBODY))
            self.state = "up"
            BUS_UP.set(1)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._listen(pubsub, hear))
                tasks.create_task(self._send(redis, pubsub))

    async def _listen(self, pubsub: PubSub, hear: Callable[[Heard], None]) -> None:
        heard_at = pinged_at = monotonic()
        while monotonic() - heard_at < SILENCE_SECONDS:
            if monotonic() - pinged_at > PING_SECONDS:
                pinged_at = monotonic()
                await pubsub.ping()
            message = await pubsub.get_message(timeout=PING_SECONDS)
            if message is None:
                continue
            heard_at = monotonic()
            if message["type"] == "message" and (heard := self._read(json.loads(message["data"]))):
                BUS_MESSAGES.labels("in").inc()
                hear(heard)
        raise TimeoutError("the bus is silent")

    async def _send(self, redis: Redis, pubsub: PubSub) -> None:
        subscribed: set[int] = set()
        epoch = self.epoch
        while epoch == self.epoch:
            self._work.clear()
            wanted = set(self._followed)
            if new := wanted - subscribed:
                await pubsub.subscribe(*map(self._channel, new))
            if left := subscribed - wanted:
                await pubsub.unsubscribe(*map(self._channel, left))
            subscribed = wanted
            while self._waiting:
                await self._publish(redis, *self._waiting.popleft())
            await self._work.wait()
        raise ConnectionResetError("another backup was restored: the channels have other names")

    async def _publish(self, redis: Redis, article_id: int, text: str, is_for_some: bool) -> None:
        channel = self._channel(article_id)
        async with asyncio.timeout(SILENCE_SECONDS):
            if not is_for_some or (await redis.pubsub_numsub(channel))[0][1]:
                await redis.publish(channel, text)
                BUS_MESSAGES.labels("out").inc()

    def _put(self, article_id: int, told: dict[str, Any]) -> None:
        is_for_some = article_id != EVERYBODY and article_id not in self._followed
        self._waiting.append((article_id, encode({"by": self._me, "article": article_id} | told), is_for_some))
        self._work.set()

    def _channel(self, article_id: int) -> str:
        """Sites that share a bus do not hear of each other: the database's epoch is in the name."""
        return f"forum:{self.epoch}:{article_id or 'all'}"

    def _read(self, told: dict[str, Any]) -> Heard | None:
        if told["by"] == self._me:
            return None
        if "event" in told:
            event = _event(told["event"], told["of"])
            return Heard(event=event) if event else None
        article_id = told["article"]
        if "scores" in told:
            return Heard(article_id, scores=dict(told["scores"]), typing=told.get("typing", ()))
        if "readers" in told:
            if told["by"] not in self._readers[article_id]:  # which does not know of ours yet
                self._readers_told.pop(article_id, None)
            self._readers[article_id][told["by"]] = (told["readers"], monotonic())
            return None
        return Heard(article_id, changes=Changes(told["changes"], told["version"], dict(told["hidden"])))


def _event(name: str, of: dict[str, Any]) -> Event | None:
    """The event that was told; None for one that only another version knows, while one replaces the other."""
    kinds: dict[str, Callable[..., Event]] = {kind.__name__: kind for kind in events.KINDS}
    with suppress(KeyError, TypeError):
        return kinds[name](**{key: tuple(value) if isinstance(value, list) else value for key, value in of.items()})
    return None
