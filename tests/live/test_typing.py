"""Where somebody writes just now: said at open pages where the site has it switched on, without a name, never kept."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from forum.articles.models import DiscussionState
from forum.config import Settings
from forum.moderation.discussions import set_discussion
from forum.permissions import Role
from tests.live.page import Listening, listening
from tests.live.test_socket import epoch_of
from tests.server import Server, free_port
from tests.world import World

pytestmark = pytest.mark.anyio


@pytest.fixture
def talking(settings: Settings, tmp_path: Path) -> Iterator[Server]:
    """A site that says where somebody writes."""
    server = Server(settings, free_port(), tmp_path / "server.log", variables={"FORUM_TYPING": "on"})
    server.start()
    yield server
    server.stop()


async def says(page: Listening, parent: object) -> None:
    await page.socket.send(json.dumps({"type": "typing", "parent": parent}))


def typing(page: Listening) -> list[Any]:
    """What the page was told last."""
    return next((one["typing"] for one in reversed(page.frames) if "typing" in one), [])


async def test_pages_hear_where_somebody_writes_until_some_seconds_after_the_last_word(
    world: World, talking: Server
) -> None:
    slug = await world.article()
    article, epoch, comment = await world.article_id(slug), await epoch_of(world), await world.post(slug)
    nora = await world.sign_in("nora")
    async with (
        listening(talking, article, epoch=epoch, cookie=nora) as writer,
        listening(talking, article, epoch=epoch) as guest,
    ):
        await writer.until(lambda page: page.page.version == 1)
        await says(writer, comment)
        await says(writer, None)
        await guest.until(lambda page: set(typing(page)) == {comment, None})
        assert "nora" not in json.dumps([one for one in guest.frames if one["type"] == "sampled"])
        async with listening(talking, article, epoch=epoch) as late:
            await late.until(lambda page: set(typing(page)) == {comment, None})
        await guest.until(lambda page: typing(page) == [], seconds=10)
        told = [one for one in guest.frames if "typing" in one]
        assert len(told) <= 8, "at most once a second"


async def test_what_a_guest_says_of_writing_is_not_told(world: World, talking: Server) -> None:
    slug = await world.article()
    article, epoch = await world.article_id(slug), await epoch_of(world)
    nora = await world.sign_in("nora")
    async with (
        listening(talking, article, epoch=epoch) as guest,
        listening(talking, article, epoch=epoch, cookie=nora) as writer,
    ):
        await world.post(slug)
        for page in (guest, writer):
            await page.until(lambda page: page.page.version == 1)
        await says(guest, 1)
        await says(writer, 2)
        await guest.until(lambda page: typing(page) != [])
        assert typing(guest) == [2]


async def test_nobody_is_said_to_write_in_a_closed_discussion(world: World, talking: Server) -> None:
    slug = await world.article()
    article, epoch = await world.article_id(slug), await epoch_of(world)
    nora = await world.sign_in("nora")
    moderator = await world.account("mona", Role.MODERATOR)
    async with listening(talking, article, epoch=epoch, cookie=nora) as writer:
        await world.database.write(set_discussion, moderator=moderator, slug=slug, state=DiscussionState.READONLY)
        await writer.until(lambda page: page.page.state == "readonly")
        await says(writer, 1)
        await world.database.write(set_discussion, moderator=moderator, slug=slug, state=DiscussionState.OPEN)
        await writer.until(lambda page: page.page.state == "open")
        await says(writer, 2)
        await writer.until(lambda page: typing(page) != [])
        assert typing(writer) == [2]


async def test_where_it_is_switched_off_a_page_may_say_it_and_nobody_hears(served_world: World, served: Server) -> None:
    slug = await served_world.article()
    article, epoch = await served_world.article_id(slug), await epoch_of(served_world)
    async with listening(served, article, epoch=epoch, cookie=await served_world.sign_in("nora")) as page:
        await page.until(lambda page: any(one["type"] == "sampled" for one in page.frames))
        await says(page, 1)
        first = await served_world.post(slug)
        await page.until(lambda page: first in page.page.comments)
        async with listening(served, article, epoch=epoch):  # which makes for another sampled message
            await page.until(lambda page: page.frames[-1].get("readers") == 2)
        assert not any("typing" in one for one in page.frames)


@pytest.mark.parametrize("parent", ["x", -1, 1.5, [], {}, "1" * 12])
async def test_a_place_that_is_none_closes_the_socket(served_world: World, served: Server, parent: object) -> None:
    slug = await served_world.article()
    cookie = await served_world.sign_in("nora")
    async with listening(
        served, await served_world.article_id(slug), epoch=await epoch_of(served_world), cookie=cookie
    ) as page:
        await says(page, parent)
        await page.socket.wait_closed()
        assert page.socket.close_code == 4400
