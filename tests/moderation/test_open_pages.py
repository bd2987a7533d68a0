"""What moderation does to open pages: in the same process at once, from the command line within two seconds."""

import asyncio
import json
from contextlib import AsyncExitStack

import pytest
from httpx2 import AsyncClient
from websockets.exceptions import ConnectionClosed

from forum.moderation.shadows import shadow_account
from forum.permissions import Role
from forum.site.queries import read_site
from tests.live.page import Listening, listening
from tests.moderation.records import acts
from tests.server import Server
from tests.world import World

pytestmark = pytest.mark.anyio


async def open_page(stack: AsyncExitStack, world: World, server: Server, slug: str, cookie: str | None) -> Listening:
    """A page that listens and is up to date."""
    site = await world.database.read(read_site)
    page = await stack.enter_async_context(
        listening(server, await world.article_id(slug), epoch=site.epoch, cookie=cookie)
    )
    await page.until(lambda page: any(frame["type"] == "sampled" for frame in page.frames))
    return page


async def closing_of(page: Listening, seconds: float) -> tuple[int | None, list[str]]:
    """The code with which a page is closed, and the sentences that it was told, within so many seconds."""
    told = []
    async with asyncio.timeout(seconds):
        try:
            while True:
                frame = json.loads(await page.socket.recv())
                told += [frame["message"]] if frame["type"] == "banned" else []
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None, told


async def send(server: Server, path: str, cookie: str, **form: str) -> int:
    """Send a form to the running site."""
    async with AsyncClient(base_url=server.url) as client:
        answer = await client.post(path, data=form, headers={"cookie": f"forum={cookie}"})
        return answer.status_code


async def test_a_ban_closes_all_pages_of_the_account_within_a_second_and_says_why(
    served_world: World, served: Server
) -> None:
    world = served_world
    slug = await world.article("Banned while reading")
    moderator = await world.sign_in("mona", Role.MODERATOR)
    cookies = [await world.sign_in("loud-one"), await world.sign_in("loud-one")]
    bystanders = [None, await world.sign_in("calm-one")]
    async with AsyncExitStack() as stack:
        pages = [await open_page(stack, world, served, slug, cookie) for cookie in cookies]
        others = [await open_page(stack, world, served, slug, cookie) for cookie in bystanders]
        assert await send(served, "/accounts/loud-one/ban", moderator, reason="Shouting", until="2999-05-03") == 303
        for code, told in await asyncio.gather(*(closing_of(page, 1) for page in pages)):
            assert (code, told) == (4403, ["This account is banned until 3 May 2999: Shouting."])
        await world.post(slug, "Calm again.", by="calm-one")
        for page in others:
            await page.until(lambda page: page.page.count == 1, seconds=2)


async def test_a_ban_from_the_command_line_reaches_open_pages_within_two_seconds(
    served_world: World, served: Server
) -> None:
    world = served_world
    slug = await world.article("Banned from the shell")
    comment = await world.post(slug, "LOUD", by="loud-two")
    cookie = await world.sign_in("loud-two")
    async with AsyncExitStack() as stack:
        page = await open_page(stack, world, served, slug, cookie)
        guest = await open_page(stack, world, served, slug, None)
        assert comment in guest.page.comments
        terms = ("--reason", "Shouting", "--remove", "all")
        printed = await asyncio.to_thread(served.command, "account", "ban", "loud-two", *terms)
        assert "banned" in printed
        code, told = await closing_of(page, 2)
        assert (code, told) == (4403, ["This account is banned for good: Shouting."])
        await guest.until(lambda page: comment not in page.page.comments, seconds=2)
    assert await send(served, f"/articles/{slug}/comments", cookie, body="Still here?") == 303
    assert (await world.comment(comment)).state == "removed"
    assert "sign in again" in await asyncio.to_thread(served.command, "account", "lift", "loud-two")
    assert await world.sign_in("loud-two")
    assert "every count is right" in await asyncio.to_thread(served.command, "check")


async def test_a_removal_puts_a_tombstone_on_open_pages_and_a_restoral_or_an_undo_the_text(
    served_world: World, served: Server
) -> None:
    world = served_world
    slug = await world.article("Removed while reading")
    moderator = await world.sign_in("mona", Role.MODERATOR)
    comment = await world.post(slug, "Rude words.")
    await world.post(slug, parent=comment)
    async with AsyncExitStack() as stack:
        guest = await open_page(stack, world, served, slug, None)
        await send(served, f"/comments/{comment}/remove", moderator, reason="attack")
        await guest.until(lambda page: page.page.comments[comment]["state"] == "removed", seconds=1)
        html = guest.page.comments[comment]["html"]
        assert "Removed by a moderator: personal attack." in html
        assert "Rude words." not in html
        await send(served, f"/comments/{comment}/restore", moderator)
        await guest.until(lambda page: "Rude words." in page.page.comments[comment]["html"], seconds=1)
        restoral = (await world.database.read(acts))[-1].id
        await send(served, f"/moderation/acts/{restoral}/undo", moderator)
        await guest.until(lambda page: page.page.comments[comment]["state"] == "removed", seconds=1)


async def test_lifting_that_is_undone_closes_the_pages_that_were_opened_since(
    served_world: World, served: Server
) -> None:
    world = served_world
    slug, moderator = await world.article("Lifted by mistake"), await world.sign_in("mona", Role.MODERATOR)
    await world.account("loud-three")
    await send(served, "/accounts/loud-three/ban", moderator, reason="Shouting", until="")
    await send(served, "/accounts/loud-three/ban/lift", moderator)
    lifting = (await world.database.read(acts))[-1].id
    async with AsyncExitStack() as stack:
        page = await open_page(stack, world, served, slug, await world.sign_in("loud-three"))
        await send(served, f"/moderation/acts/{lifting}/undo", moderator)
        assert await closing_of(page, 1) == (4403, ["This account is banned for good: Shouting."])


async def test_open_pages_hear_of_a_discussion_that_closes_and_end_where_it_is_off(
    served_world: World, served: Server
) -> None:
    world = served_world
    slug = await world.article("Closed while reading")
    moderator = await world.sign_in("mona", Role.MODERATOR)
    async with AsyncExitStack() as stack:
        guest = await open_page(stack, world, served, slug, None)
        await send(served, f"/articles/{slug}/discussion", moderator, state="readonly")
        await guest.until(lambda page: page.page.state == "readonly", seconds=1)
        await send(served, f"/articles/{slug}/discussion", moderator, state="off")
        assert await closing_of(guest, 1) == (4404, [])


async def test_pages_of_the_shadow_hear_of_it_as_if_it_were_visible_and_no_other_page_does(
    served_world: World, served: Server
) -> None:
    world = served_world
    slug = await world.article("Read from the shadow")
    root = await world.post(slug, "Well?", by="calm-two")
    moderator, cookie = await world.sign_in("mona", Role.MODERATOR), await world.sign_in("loud-six")
    async with AsyncExitStack() as stack:
        own, early = [await open_page(stack, world, served, slug, cookie) for _ in range(2)]
        others = [await open_page(stack, world, served, slug, one) for one in (None, await world.sign_in("calm-two"))]
        assert await send(served, "/accounts/loud-six/shadow", moderator, reason="Shouting") == 303
        assert await send(served, f"/comments/{root}/vote", cookie, value="1") == 303
        assert await send(served, f"/articles/{slug}/comments", cookie, body="SHADOWED", parent=str(root)) == 303
        await send(served, f"/comments/{root}/vote", moderator, value="1")
        for page in (own, early):
            await page.until(lambda page: page.page.count == 2)
            await page.until(lambda page: scores_of(page)[-1:] == [{str(root): 2}])
            [reply] = [item for item in page.page.comments.values() if "SHADOWED" in item["html"]]
            assert (reply["state"], page.page.replies[root]) == ("visible", 1)
        late = await open_page(stack, world, served, slug, cookie)
        await world.post(slug, "The end.", by="calm-two")  # by another process: these hear of it within a second
        for page in (own, early, late):
            await page.until(lambda page: page.page.count == 3)
        for page in others:
            await page.until(lambda page: page.page.count == 2 and bool(scores_of(page)))
            assert scores_of(page)[-1] == {str(root): 1}
            assert "SHADOWED" not in json.dumps(page.frames)
            assert page.page.replies.get(root, 0) == 0
        assert own.page.looks() == early.page.looks() == late.page.looks()


def scores_of(page: Listening) -> list[dict[str, int]]:
    """The scores that a page was told of."""
    return [frame["scores"] for frame in page.frames if frame.get("scores")]


async def test_a_shadow_from_another_process_acts_at_the_next_act_and_on_open_pages_within_two_seconds(
    served_world: World, served: Server
) -> None:
    world = served_world
    slug = await world.article("Shadowed from elsewhere")
    comment = await world.post(slug, "Well?", by="calm-two")
    mona, cookie = await world.account("mona", Role.MODERATOR), await world.sign_in("loud-seven")
    async with AsyncExitStack() as stack:
        own = await open_page(stack, world, served, slug, cookie)
        guest = await open_page(stack, world, served, slug, None)
        await world.database.write(shadow_account, moderator=mona, handle="loud-seven", reason="Shouting")
        assert await send(served, f"/articles/{slug}/comments", cookie, body="SHADOWED") == 303
        await own.until(lambda page: page.page.count == 2)
        assert await send(served, f"/comments/{comment}/vote", cookie, value="1") == 303
        await send(served, f"/comments/{comment}/vote", await world.sign_in("calm-six"), value="1")
        await own.until(lambda page: scores_of(page)[-1:] == [{str(comment): 2}])
        await guest.until(lambda page: scores_of(page)[-1:] == [{str(comment): 1}])
        assert "SHADOWED" not in json.dumps(guest.frames)
