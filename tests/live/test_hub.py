"""What the hub asks of the database, however many pages there are; and what it tells them."""

import asyncio
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from forum.database import Db
from forum.events import DiscussionChanged
from forum.live.bus import Bus
from forum.live.frames import WireFrame
from forum.live.hub import Hub
from forum.live.listener import Listener
from forum.live.messages import MOST_CHANGES, Changes, changes
from forum.live.recent import PART_BYTES, Recent
from forum.moderation.removals import hold_comment
from forum.permissions import Role
from forum.site.models import Site
from forum.site.queries import read_site
from forum.site.switches import Switch, set_switches
from tests.live.lines import Kept
from tests.waiting import until
from tests.world import World

pytestmark = pytest.mark.anyio


@pytest.fixture
async def hub(world: World) -> Hub:
    hub = Hub(world.database, Bus())
    await hub.ask()
    world.database.publish = hub.publish
    return hub


async def open_page(world: World, hub: Hub, article: int, since: int = 0, account_id: int | None = None) -> Kept:
    line = Kept()
    line.page.version = since
    site: Site = await world.database.read(read_site)
    listener = Listener(article, since, site.epoch, line, account_id=account_id)
    hub.join(listener)
    hub.catch_up(listener, "joined")
    return line


def count_readings(world: World, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The versions since which changes were read from the database, from now on."""
    readings: list[int] = []
    read = world.database.read

    async def counted(query: Callable[..., Any], /, *arguments: Any, **named: Any) -> Any:
        if query is changes:
            readings.append(named["after"])
        return await read(query, *arguments, **named)

    monkeypatch.setattr(world.database, "read", counted)
    return readings


async def test_a_storm_of_pages_that_come_back_asks_the_database_once(
    world: World, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    slug = await world.article()
    article = await world.article_id(slug)
    for number in range(30):
        await world.post(slug, f"Number {number}.")
    site: Site = await world.database.read(read_site)
    readings = count_readings(world, monkeypatch)
    pages = []
    for number in range(1000):
        line = Kept()
        line.page.version = number % 30
        listener = Listener(article, number % 30, site.epoch, line)
        hub.join(listener)
        hub.catch_up(listener, "joined")
        pages.append(line)
    await until(lambda: all(line.page.version == 30 for line in pages))
    assert readings == [0]


async def test_who_comes_back_while_others_listen_is_caught_up_from_memory(
    world: World, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    slug = await world.article()
    article = await world.article_id(slug)
    there = await open_page(world, hub, article)
    comments = [await world.post(slug, f"Number {number}.") for number in range(5)]
    await until(lambda: there.page.version == 5)
    readings = count_readings(world, monkeypatch)
    back = await open_page(world, hub, article, since=3)
    await until(lambda: back.page.version == 5)
    assert set(back.page.comments) == set(comments[3:])
    assert readings == []


async def test_a_burst_of_comments_is_told_in_few_messages(world: World, hub: Hub) -> None:
    slug = await world.article()
    page = await open_page(world, hub, await world.article_id(slug))
    people = [f"reader{number}" for number in range(20)]
    for person in people:
        await world.account(person)
    await asyncio.gather(*(world.post(slug, by=person) for person in people))
    await until(lambda: page.page.version == 20)
    assert sum(frame["type"] == "changes" for frame in page.frames) <= 10


async def test_a_long_catch_up_comes_in_parts_that_join(world: World, hub: Hub) -> None:
    slug = await world.article()
    for number in range(60):
        await world.post(slug, f"{number} " + "long " * 1000)
    page = await open_page(world, hub, await world.article_id(slug))
    await until(lambda: page.page.version == 60)
    sizes = [len(str(frame)) for frame in page.frames]
    assert len(sizes) > 1
    assert max(sizes) < PART_BYTES * 1.3


async def test_who_lacks_too_much_comes_from_the_future_or_another_life_is_told_to_load_afresh(
    world: World, hub: Hub
) -> None:
    slug = await world.article()
    article = await world.article_id(slug)
    for number in range(MOST_CHANGES + 1):
        await world.post(slug, f"Number {number}.")
    for since in (0, MOST_CHANGES + 50):
        page = await open_page(world, hub, article, since)
        await until(lambda page=page: page.frames == [{"type": "reload"}])  # type: ignore[misc]
    line = Kept()
    stranger = Listener(article, 0, "another-life", line)
    hub.join(stranger)
    hub.catch_up(stranger, "joined")
    await until(lambda: line.frames == [{"type": "reload"}])


async def test_who_lacks_too_much_disturbs_nobody_else(world: World, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    slug = await world.article()
    article = await world.article_id(slug)
    for number in range(MOST_CHANGES + 1):
        await world.post(slug, f"Number {number}.")
    there = await open_page(world, hub, article, since=MOST_CHANGES)
    await until(lambda: there.page.version == MOST_CHANGES + 1)
    readings = count_readings(world, monkeypatch)
    world.database.publish = lambda _events: None  # its hint comes later than the page
    await world.post(slug, "Not told yet.")
    for _ in range(2):
        sleeper = await open_page(world, hub, article, since=0)
        await until(lambda sleeper=sleeper: {"type": "reload"} in sleeper.frames)  # type: ignore[misc]
    await until(lambda: there.page.version == MOST_CHANGES + 2)
    assert {"type": "reload"} not in there.frames
    assert readings.count(0) == 1


async def test_pages_that_keep_asking_hold_nobody_elses_news_up(world: World, hub: Hub) -> None:
    slug = await world.article()
    article = await world.article_id(slug)
    for number in range(MOST_CHANGES + 50):
        await world.post(slug, f"Number {number}.")
    there = await open_page(world, hub, article, since=MOST_CHANGES + 50)
    site: Site = await world.database.read(read_site)
    listener = Listener(article, 0, site.epoch, line := Kept())

    def ask_again(_frame: WireFrame) -> bool:
        listener.since = (listener.since or 0) + 1
        hub.catch_up(listener, "asked")
        return True

    line.write = ask_again  # type: ignore[assignment, method-assign]
    hub.join(listener)
    hub.catch_up(listener, "joined")
    world.database.publish = lambda _events: None
    news = await world.post(slug, "News.")
    hub.publish([DiscussionChanged(article, MOST_CHANGES + 51)])
    await until(lambda: news in there.page.comments)
    assert listener.since is not None
    assert listener.since < 50


def test_what_is_kept_for_pages_that_come_back_does_not_grow_with_the_versions_they_come_from() -> None:
    comments = [{"id": number, "version": number, "html": "long " * 1000} for number in range(1, 101)]
    discussion = {"state": "open", "count": 100}
    recent = Recent(1, 0, Changes({"from": 0, "to": 100, "discussion": discussion, "comments": comments}, 100))
    tracemalloc.start()
    for since in range(100):
        assert recent.frames(since)
    kept, _most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 3_000_000


async def test_a_held_comment_goes_to_its_author_and_to_nobody_else(world: World, hub: Hub) -> None:
    slug = await world.article()
    article, nora = await world.article_id(slug), await world.account("nora")
    hers, a_guests = (
        await open_page(world, hub, article, account_id=nora.account_id),
        await open_page(world, hub, article),
    )
    comment = await world.post(slug, "A secret.", held=True)
    await until(lambda: comment in hers.page.comments and a_guests.page.version == 1)
    assert "A secret." not in str(a_guests.frames)
    public = await world.post(slug, "For all.")
    await world.database.write(hold_comment, moderator=await world.account("mona", Role.MODERATOR), comment_id=public)
    await until(lambda: hers.page.version == a_guests.page.version == 3)
    assert public in hers.page.comments
    assert public not in a_guests.page.comments


async def test_where_nobody_listens_nothing_is_read_or_rendered(
    world: World, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    slug = await world.article()
    readings = count_readings(world, monkeypatch)
    await world.post(slug)
    await hub.ask()
    assert readings == []


async def test_sockets_switched_off_close_and_stay_closed_until_they_are_on_again(world: World, hub: Hub) -> None:
    article = await world.article_id(await world.article())
    page = await open_page(world, hub, article)

    def switch(db: Db, *, off: bool) -> None:
        set_switches(db, admin=None, positions={Switch.SOCKETS_OFF: off})

    await world.database.write(switch, off=True)
    await hub.ask()
    assert page.closed == 1013
    assert (await open_page(world, hub, article)).closed == 1013
    await world.database.write(switch, off=False)
    await hub.ask()
    assert (await open_page(world, hub, article)).closed is None
