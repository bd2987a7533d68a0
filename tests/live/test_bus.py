"""Several processes: what one of them commits, the pages of the others hear of over the bus, and without it too."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import pytest
from limits import parse

from forum.accounts.sessions import read_viewer
from forum.comments.voting import vote
from forum.config import Settings
from forum.database import Database, open_database
from forum.errors import TooSoon
from forum.events import DiscussionChanged
from forum.limiter import Limiter
from forum.live.hub import Hub
from forum.live.listener import Listener
from forum.live.redis_bus import RedisBus
from forum.moderation.bans import Ban, ban_account
from forum.permissions import Role
from forum.reading.actions import Seen, note_seen
from tests.live.lines import Kept
from tests.valkey import Valkey
from tests.waiting import until
from tests.world import World

pytestmark = pytest.mark.anyio


@pytest.fixture
def kind() -> str:
    """Several processes need PostgreSQL."""
    return "postgres"


@dataclass
class Process:
    """What of a process makes it live: its own hub and bus, which asks the database only when the test does."""

    database: Database
    hub: Hub
    bus: RedisBus

    async def open_page(self, article_id: int, account_id: int | None = None, session_id: int | None = None) -> Kept:
        line = Kept()
        epoch = self.bus.epoch
        listener = Listener(article_id, 0, epoch, line, account_id=account_id, session_id=session_id)
        self.hub.join(listener)
        self.hub.catch_up(listener, "joined")
        await until(lambda: listener.since is None)
        return line

    async def hears_of(self, article_id: int, valkey: Valkey) -> None:
        """Wait until it has subscribed."""
        channel = f"forum:{self.bus.epoch}:{article_id}"
        await until(lambda: valkey.listeners(channel) > 0)


@asynccontextmanager
async def process(settings: Settings, url: str) -> AsyncIterator[Process]:
    database = open_database(settings)
    bus = RedisBus(url)
    hub = Hub(database, bus)
    await hub.ask()
    database.publish = hub.publish
    running = asyncio.create_task(bus.run(hub.hear))
    await until(lambda: bus.state == "up")
    yield Process(database, hub, bus)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await database.close()


@pytest.fixture
async def two(world: World, settings: Settings, valkey: Valkey) -> AsyncIterator[tuple[Process, Process]]:
    async with AsyncExitStack() as stack:
        here, there = [await stack.enter_async_context(process(settings, valkey.url)) for _ in range(2)]
        world.database = here.database
        yield here, there


async def test_changes_read_by_one_process_reach_the_pages_of_another_without_a_question(
    world: World, two: tuple[Process, Process], valkey: Valkey
) -> None:
    here, there = two
    slug = await world.article()
    article = await world.article_id(slug)
    page_here, page_there = await here.open_page(article), await there.open_page(article)
    await there.hears_of(article, valkey)
    there.database.read = None  # type: ignore[assignment, method-assign] # what it is not to need
    comment = await world.post(slug, "Told over the bus.")
    await until(lambda: comment in page_here.page.comments and comment in page_there.page.comments)
    assert page_there.frames[-1] == page_here.frames[-1]


async def test_a_process_without_pages_of_an_article_renders_nothing_and_lets_the_others_ask(
    world: World, two: tuple[Process, Process], valkey: Valkey
) -> None:
    _here, there = two
    slug = await world.article()
    article = await world.article_id(slug)
    page = await there.open_page(article)
    await there.hears_of(article, valkey)
    comment = await world.post(slug)
    await until(lambda: comment in page.page.comments)


async def test_where_nobody_listens_nothing_is_published(
    world: World, two: tuple[Process, Process], valkey: Valkey
) -> None:
    slug = await world.article()
    asked, published = valkey.calls("pubsub|numsub"), valkey.calls("publish")
    await world.post(slug)
    await until(lambda: valkey.calls("pubsub|numsub") > asked)
    assert valkey.calls("publish") == published


async def test_a_ban_in_one_process_closes_the_sockets_in_another(
    world: World, two: tuple[Process, Process], valkey: Valkey
) -> None:
    _here, there = two
    article = await world.article_id(await world.article())
    viewer = await world.database.read(read_viewer, await world.sign_in("nora"))
    assert viewer is not None
    page = await there.open_page(article, viewer.id, viewer.session_id)
    moderator = await world.account("mona", Role.MODERATOR)
    await world.database.write(ban_account, moderator=moderator, handle="nora", ban=Ban(reason="too loud"))
    await until(lambda: page.closed == 4403)
    assert page.frames[-1]["type"] == "banned"


async def test_a_word_of_another_version_is_passed_over_and_the_connection_stays(
    world: World, two: tuple[Process, Process], valkey: Valkey
) -> None:
    here, there = two
    slug = await world.article()
    article = await world.article_id(slug)
    await here.open_page(article)
    page = await there.open_page(article)
    await there.hears_of(article, valkey)
    told = {"by": "a later version", "article": 0, "event": "AccountRenamed", "of": {"account_id": 1}}
    subscribed = valkey.calls("subscribe")
    valkey.say(f"forum:{here.bus.epoch}:all", json.dumps(told))
    await world.post(slug)
    await until(lambda: page.page.version == 1)
    assert valkey.calls("subscribe") == subscribed


async def test_readers_now_and_scores_are_those_of_all_processes(
    world: World, two: tuple[Process, Process], valkey: Valkey
) -> None:
    here, there = two
    slug = await world.article()
    article = await world.article_id(slug)
    comment = await world.post(slug)
    pages = [await here.open_page(article), await there.open_page(article), await there.open_page(article)]
    await here.hears_of(article, valkey)
    await world.database.write(vote, voter=await world.account("omar"), comment_id=comment, value=True)

    def told(page: Kept) -> bool:
        here.hub.sample(beats=False)
        there.hub.sample(beats=False)
        sampled = [frame for frame in page.frames if frame["type"] == "sampled"]
        return any(frame["readers"] == 3 for frame in sampled) and any(frame["scores"] for frame in sampled)

    for page in pages:
        await until(lambda page=page: told(page))  # type: ignore[misc]


async def test_what_is_seen_on_a_page_of_one_process_is_told_to_the_accounts_pages_of_all(
    world: World, two: tuple[Process, Process]
) -> None:
    slug = await world.article()
    article, comment = await world.article_id(slug), await world.post(slug)
    reader = await world.account("iris")
    pages = [await one.open_page(article, reader.account_id) for one in two]
    seen = Seen(since=1, ranges=((comment, comment),), last=comment)
    place = await world.database.write(note_seen, reader=reader, slug=slug, seen=seen)
    told = {"type": "seen", "since": place.since, "ranges": place.ranges, "last": comment}

    def is_told(page: Kept) -> bool:
        for one in two:
            one.hub.sample(beats=False)
        return told in page.frames

    for page in pages:
        await until(lambda page=page: is_told(page))  # type: ignore[misc]


async def test_where_somebody_writes_is_told_in_all_processes(
    world: World, two: tuple[Process, Process], valkey: Valkey
) -> None:
    here, there = two
    article = await world.article_id(await world.article())
    await here.open_page(article)
    page = await there.open_page(article)
    await there.hears_of(article, valkey)
    here.hub.note_typing(Listener(article, None, "", Kept()), 7)

    def told() -> bool:
        here.hub.sample(beats=False)
        there.hub.sample(beats=False)
        return any(frame.get("typing") == [7] for frame in page.frames)

    await until(told)


async def test_while_the_bus_is_frozen_a_question_finds_what_it_would_have_told_and_it_heals(
    world: World, two: tuple[Process, Process], valkey: Valkey
) -> None:
    here, there = two
    slug = await world.article()
    article = await world.article_id(slug)
    page = await there.open_page(article)
    await here.open_page(article)
    await there.hears_of(article, valkey)
    valkey.freeze()
    try:
        first = await world.post(slug, "While it is frozen.")
        await there.hub.ask()
        await until(lambda: first in page.page.comments)
    finally:
        valkey.go_on()
    await until(lambda: here.bus.state == there.bus.state == "up", seconds=15)
    await there.hears_of(article, valkey)
    second = await world.post(slug, "Once it goes on.")
    await until(lambda: second in page.page.comments)


async def test_processes_count_limits_together_and_each_alone_while_the_bus_does_not_answer(valkey: Valkey) -> None:
    one, other = limiters = [Limiter(Settings(redis_url=valkey.url)) for _ in range(2)]
    twice = parse("2/hour")
    await one.hit(twice, "nora", message="too soon")
    await other.hit(twice, "nora", message="too soon")
    with pytest.raises(TooSoon):
        await one.hit(twice, "nora", message="too soon")
    valkey.freeze()
    try:
        await one.hit(twice, "nora", message="too soon")
        await one.hit(twice, "nora", message="too soon")
        with pytest.raises(TooSoon):
            await one.hit(twice, "nora", message="too soon")
    finally:
        valkey.go_on()
    for limiter in limiters:
        await limiter.close()


async def test_whenever_a_bus_is_told_to_end_it_ends(valkey: Valkey) -> None:
    for moment in range(40):
        bus = RedisBus(valkey.url)
        running = asyncio.create_task(bus.run(lambda _heard: None))
        await until(lambda bus=bus: bus.state == "up")  # type: ignore[misc]
        bus.follow(1)
        bus.tell(DiscussionChanged(1, 1))
        for _ in range(moment):
            await asyncio.sleep(0)
        running.cancel()
        done, _ = await asyncio.wait([running], timeout=5)
        assert done, f"it goes on when told so at step {moment}"
