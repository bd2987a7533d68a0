"""One article that pages listen to: what they are told, and in which order.

A single task, the pump, sends everything of an article, and lives only while there is something to send. So ranges
join without a gap, in the order of the commits, whatever the order of the hints.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Iterable
from operator import itemgetter
from time import monotonic

import structlog

from forum.comments.shadow import scores_for
from forum.database import Database
from forum.live.fanout import Fanout, count_sent
from forum.live.frames import Message, WireFrame, encode, frame, frame_of_text
from forum.live.listener import Closing, Listener
from forum.live.messages import RELOAD, Changes, changes
from forum.live.recent import Recent
from forum.live.typing import Typing
from forum.metrics import CATCH_UPS, PUSH_LAG, RELOADS

WITHDRAWN = Closing(4404, "withdrawn")
BURST_SECONDS = 0.05
"""The first change is sent at once; those that follow it so closely go out together."""
BEHIND_AT_ONCE = 25
"""Pages brought up to date before other work gets its turn: each may need messages made for it alone."""

log = structlog.get_logger()


class Topic:
    """An article, its listeners, and its latest changes."""

    def __init__(self, article_id: int, database: Database, tell_others: Callable[[int, Changes], None]) -> None:
        self.article_id = article_id
        self.epoch = ""
        self.listeners: set[Listener] = set()
        self.typing = Typing()
        self._database = database
        self._tell_others = tell_others
        self._recent: Recent | None = None
        self._hinted = 0
        self._behind: set[Listener] = set()
        self._fanout = Fanout()
        self._apart: set[Listener] = set()
        self._heard: deque[Changes] = deque(maxlen=64)
        self._said: deque[Message] = deque()
        self._too_long_ago = -1
        self._quiet_until = 0.0
        self._hinted_at = 0.0
        self._pump: asyncio.Task[None] | None = None

    @property
    def version(self) -> int | None:
        """The version that pages have been brought to; None while nobody has caught up yet."""
        return self._recent.version if self._recent else None

    @property
    def state(self) -> str:
        """Whether the discussion is open, as pages were last told."""
        return self._recent.state if self._recent else ""

    def hint(self, version: int) -> None:
        """The discussion is said to have reached `version`."""
        if version > self._hinted:
            self._hinted = version
            self._hinted_at = self._hinted_at or monotonic()
        self.wake()

    def hear(self, found: Changes) -> None:
        """Another process has read these changes; they serve where they join what is known, else as a hint."""
        self._heard.append(found)
        self.hint(found.version)

    def say(self, message: Message) -> None:
        """Send everybody a message that has no version."""
        self._said.append(message)
        self.wake()

    def catch_up(self, listener: Listener) -> None:
        """Send a page all that it lacks since its `since`, and let it hear broadcasts again."""
        self._fanout.discard(listener)
        self._behind.add(listener)
        self.wake()

    def drained(self, listener: Listener) -> None:
        """Nothing waits for the page any more; one that has missed nothing meanwhile hears on."""
        if listener.since is None and not listener.closing:
            self._let_hear(listener)

    def part(self, listener: Listener) -> None:
        """From now on all that the page hears is made for it alone."""
        listener.apart = True
        if listener.since is None:
            self._let_hear(listener)

    def forget(self, listener: Listener) -> None:
        """The page has gone."""
        self.listeners.discard(listener)
        self._behind.discard(listener)
        self._fanout.discard(listener)
        self._apart.discard(listener)

    def say_farewell(self, closing: Closing) -> None:
        """The database is another one: pages load afresh, and nothing that was known of it holds any more."""
        self._recent, self._hinted, self._too_long_ago = None, 0, -1
        self._heard.clear()
        for listener in list(self.listeners):
            listener.write(frame(RELOAD))
            listener.close(closing)

    def close(self, closing: Closing) -> None:
        """Close every page."""
        for listener in list(self.listeners):
            listener.close(closing)

    def wake(self) -> None:
        """See whether there is something to send."""
        if self._waits() and (self._pump is None or self._pump.done()):
            self._pump = asyncio.get_running_loop().create_task(self._run())

    def _waits(self) -> bool:
        return bool(self.listeners) and (bool(self._behind) or bool(self._said) or self._has_news())

    def _has_news(self) -> bool:
        return self.version is not None and self._hinted > self.version

    async def _run(self) -> None:
        try:
            while self._waits():
                # One after the other: none may keep the others waiting, however much of it there is.
                if self._behind:
                    await self._bring_up()
                if self._said:
                    await self._tell(self._said.popleft())
                if self._has_news():
                    await self._gather()
                    await self._go_on()
        except Exception:
            log.exception("telling an article's pages failed; the next question tries again", article=self.article_id)

    def _let_hear(self, listener: Listener) -> None:
        """The page is up to date: it hears what comes from now on, with everybody or apart."""
        if listener.apart:
            self._fanout.discard(listener)
            self._apart.add(listener)
        else:
            self._fanout.add(listener)

    async def _tell(self, message: Message) -> None:
        """Give every page that is up to date a message without a version; scores as its account sees them."""
        await self._fanout.broadcast(frame(message))
        for listener in list(self._apart):
            if listener.since is None and listener.account_id is not None:
                scores = await self._database.read(scores_for, listener.account_id, message.get("scores", {}))
                listener.write(frame(message | ({"scores": scores} if scores else {})))

    async def _bring_up(self) -> None:
        """One answer for all that are behind: from memory, or by one question to the database."""
        behind = {one: one.since for one in self._behind if one.since is not None and not one.closing}
        self._behind.clear()
        try:
            await self._reach_back(behind.values())
            # In the order of their versions: what one gets is made once for all of the same version.
            for number, (listener, since) in enumerate(sorted(behind.items(), key=itemgetter(1)), start=1):
                if self._recent and listener.since == since:
                    await self._bring_one_up(listener, since, self._recent)
                if number % BEHIND_AT_ONCE == 0:
                    await asyncio.sleep(0)
        except Exception:
            self._behind |= behind.keys()
            raise

    async def _reach_back(self, versions: Collection[int]) -> None:
        """Know the changes since the oldest of these versions that is not too long ago, and reach the newest."""
        oldest = min((version for version in versions if version > self._too_long_ago), default=None)
        if oldest is not None and (self._recent is None or oldest < self._recent.since):
            await self._read(oldest)
        elif self._recent and max(versions, default=0) > self._recent.version:
            await self._read(self._recent.version)

    async def _bring_one_up(self, listener: Listener, since: int, recent: Recent) -> None:
        frames: Iterable[WireFrame] = recent.frames(since)
        if listener.epoch != self.epoch:
            RELOADS.labels("epoch").inc()
            frames = recent.frames(-1)
        elif not recent.covers(since):
            RELOADS.labels("future" if since > recent.version else "too_many").inc()
        elif listener.apart or listener.account_id in recent.hides_from_public(since):
            CATCH_UPS.labels("audience").inc()
            own = await self._database.read(changes, self.article_id, after=since, audience=listener.audience)
            listener.apart |= own is not None and own.apart
            frames = [frame_of_text("changes", encode(own.message), since)] if own else []
        for one in frames:
            if not listener.write(one):
                return
            count_sent(one, 1)
        if listener.since == since:
            listener.since = None
            self._let_hear(listener)

    async def _gather(self) -> None:
        """Let a burst become one message."""
        wait = self._quiet_until - asyncio.get_running_loop().time()
        if wait > 0:
            await asyncio.sleep(wait)
        self._quiet_until = asyncio.get_running_loop().time() + BURST_SECONDS

    async def _go_on(self) -> None:
        """Send all that came after the last version sent, as another process read it or else as the database has it."""
        recent = self._recent
        if recent is None:
            return
        while self._heard:
            found = self._heard.popleft()
            if found.message["from"] <= recent.version < found.version:
                await self._take_in(recent, found)
        if self._hinted > recent.version:
            found_here = await self._read(recent.version)
            if found_here and not found_here.reload:
                self._tell_others(self.article_id, found_here)

    async def _read(self, after: int) -> Changes | None:
        found = await self._database.read(changes, self.article_id, after=after)
        if found is None:
            self.close(WITHDRAWN)
            self._behind.clear()
        elif self._recent is None:
            self._recent = Recent(self.article_id, after, found)
        else:
            await self._take_in(self._recent, found, after)
        return found

    async def _take_in(self, recent: Recent, found: Changes, after: int | None = None) -> None:
        """Remember changes, and tell those who are up to date what is new among them."""
        before = recent.version
        self._hinted = max(self._hinted, found.version)
        if after is not None and after < recent.since:
            if found.reload:  # what came since then only grows: it will be too much for ever
                self._too_long_ago = after
                return
            self._recent = recent = Recent(self.article_id, after, found)
        else:
            recent.add(found)
        if recent.version == before:
            return
        authors = recent.hides_from_public(before)
        for listener in list(self.listeners if authors else self._apart):
            if (listener.apart or listener.account_id in authors) and listener.since is None:
                listener.since = before
                self._fanout.discard(listener)
                self._behind.add(listener)
        if self._hinted_at:
            PUSH_LAG.observe(monotonic() - self._hinted_at)
            self._hinted_at = 0.0
        for sent in recent.frames(before):
            await self._fanout.broadcast(sent)
