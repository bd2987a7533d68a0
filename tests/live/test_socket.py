"""The socket of an open page: what it is sent, in what order, and what closes it."""

import asyncio
import json
from itertools import pairwise

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from forum.accounts.actions import end_session
from forum.articles.models import Article, Publication
from forum.database import Db
from forum.site.queries import read_site
from tests.live.page import listening
from tests.server import Server
from tests.world import World

pytestmark = pytest.mark.anyio


async def epoch_of(world: World) -> str:
    return (await world.database.read(read_site)).epoch


async def test_a_guest_hears_of_a_post_made_in_another_process_within_two_seconds(
    served_world: World, served: Server
) -> None:
    slug = await served_world.article()
    article = await served_world.article_id(slug)
    async with listening(served, article, epoch=await epoch_of(served_world)) as guest:
        comment = await served_world.post(slug, "Told to all.")
        await guest.until(lambda page: comment in page.page.comments, seconds=2)
        assert "Told to all." in guest.page.comments[comment]["html"]


async def test_who_comes_with_an_old_version_is_caught_up_at_once(served_world: World, served: Server) -> None:
    slug = await served_world.article()
    for number in range(5):
        await served_world.post(slug, f"Number {number}.")
    async with listening(
        served, await served_world.article_id(slug), after=2, epoch=await epoch_of(served_world)
    ) as late:
        await late.until(lambda page: page.page.version == 5)
        assert (late.frames[0]["from"], late.frames[0]["to"]) == (2, 5)
        assert len(late.page.comments) == 3


async def test_ranges_join_without_a_gap_however_many_post_at_once(served_world: World, served: Server) -> None:
    slug = await served_world.article()
    article, epoch = await served_world.article_id(slug), await epoch_of(served_world)
    async with listening(served, article, epoch=epoch) as first, listening(served, article, epoch=epoch) as second:
        people = [f"reader{number}" for number in range(10)]
        for person in people:
            await served_world.account(person)
        await asyncio.gather(
            *(served_world.post(slug, f"By {person}.", by=person) for person in people for _ in range(3))
        )
        for page in (first, second):
            await page.until(lambda page: page.page.version == 30)
            ranges = [(one["from"], one["to"]) for one in page.frames if one["type"] == "changes"]
            assert ranges[0][0] == 0
            assert all(before[1] == after[0] for before, after in pairwise(ranges))
            assert len(page.page.comments) == page.page.count == 30


async def test_a_page_may_ask_for_what_it_missed(served_world: World, served: Server) -> None:
    slug = await served_world.article()
    await served_world.post(slug)
    async with listening(
        served, await served_world.article_id(slug), after=1, epoch=await epoch_of(served_world)
    ) as page:
        await page.socket.send(json.dumps({"type": "since", "version": 0}))
        await page.until(lambda page: any(frame.get("from") == 0 for frame in page.frames))


async def test_another_epoch_is_told_to_load_afresh(served_world: World, served: Server) -> None:
    slug = await served_world.article()
    async with listening(served, await served_world.article_id(slug), epoch="another-life") as page:
        await page.until(lambda page: any(frame["type"] == "reload" for frame in page.frames))


@pytest.mark.parametrize(
    "frame", ["", "{", "[]", '{"type": "since"}', '{"type": "since", "version": "x"}', b"\xff\x00"]
)
async def test_garbage_closes_the_socket_it_came_from_and_no_other(
    served_world: World, served: Server, frame: str | bytes
) -> None:
    slug = await served_world.article()
    article, epoch = await served_world.article_id(slug), await epoch_of(served_world)
    async with listening(served, article, epoch=epoch) as rude, listening(served, article, epoch=epoch) as polite:
        await rude.socket.send(frame)
        with pytest.raises(ConnectionClosed):
            await rude.until(lambda _page: False)
        assert rude.socket.close_code == 4400
        comment = await served_world.post(slug)
        await polite.until(lambda page: comment in page.page.comments)


async def test_a_query_that_no_page_of_ours_makes_is_closed_as_bad(served: Server) -> None:
    async with connect(f"ws://127.0.0.1:{served.port}/live?article=x&after=-1", origin=served.url) as socket:  # type: ignore[arg-type]
        with pytest.raises(ConnectionClosed):
            await socket.recv()
        assert socket.close_code == 4400


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
async def test_a_foreign_origin_gets_403(served: Server, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with connect(f"ws://127.0.0.1:{served.port}/live?article=1&after=0&epoch=", origin=origin):  # type: ignore[arg-type]
            pass
    assert refused.value.response.status_code == 403


async def test_a_cookie_without_an_origin_gets_403(served_world: World, served: Server) -> None:
    cookie = await served_world.sign_in("nora")
    headers = {"Cookie": f"forum={cookie}"}
    with pytest.raises(InvalidStatus):
        async with connect(f"ws://127.0.0.1:{served.port}/live?article=1&after=0", additional_headers=headers):
            pass


async def test_signing_out_closes_the_sockets_of_that_session_with_4401(served_world: World, served: Server) -> None:
    slug = await served_world.article()
    cookie = await served_world.sign_in("nora")
    actor = await served_world.signed_in("nora")
    async with listening(
        served, await served_world.article_id(slug), epoch=await epoch_of(served_world), cookie=cookie
    ) as page:
        await served_world.post(slug)
        await page.until(lambda page: page.page.version == 1)
        first_session = (actor.session_id or 0) - 1
        await served_world.database.write(end_session, actor=actor, session_id=first_session)
        with pytest.raises(ConnectionClosed):
            await page.until(lambda _page: False)
        assert page.socket.close_code == 4401


async def test_a_withdrawn_article_closes_its_pages_with_4404(served_world: World, served: Server) -> None:
    slug = await served_world.article()
    article = await served_world.article_id(slug)
    async with listening(served, article, epoch=await epoch_of(served_world)) as page:
        await served_world.post(slug)
        await page.until(lambda page: page.page.version == 1)
        await served_world.database.write(withdraw, article)
        with pytest.raises(ConnectionClosed):
            await page.until(lambda _page: False)
        assert page.socket.close_code == 4404


async def test_a_held_comment_reaches_its_authors_pages_and_no_others(served_world: World, served: Server) -> None:
    slug = await served_world.article()
    article, epoch = await served_world.article_id(slug), await epoch_of(served_world)
    nora, omar = await served_world.sign_in("nora"), await served_world.sign_in("omar")
    async with (
        listening(served, article, epoch=epoch, cookie=nora) as author,
        listening(served, article, epoch=epoch, cookie=omar) as other,
        listening(served, article, epoch=epoch) as guest,
    ):
        held = await served_world.post(slug, "Seen by Nora alone.", held=True)
        for page in (author, other, guest):
            await page.until(lambda page: page.page.version == 1)
        assert held in author.page.comments
        assert "Seen by Nora alone." not in str(other.frames) + str(guest.frames)


async def test_a_restart_closes_with_1012_and_a_page_comes_back_to_all_it_missed(world: World, server: Server) -> None:
    slug = await world.article()
    article, epoch = await world.article_id(slug), await epoch_of(world)
    async with listening(server, article, epoch=epoch) as page:
        first = await world.post(slug)
        await page.until(lambda page: first in page.page.comments)
        server.stop()
        with pytest.raises(ConnectionClosed):
            await page.until(lambda _page: False)
        assert page.socket.close_code == 1012
    missed = await world.post(slug, "While nobody listened.")
    server.start()
    async with listening(server, article, after=page.page.version, epoch=epoch, page=page.page) as back:
        await back.until(lambda page: missed in page.page.comments)


def withdraw(db: Db, article_id: int) -> None:
    """What an editor's form does when it takes an article back."""
    article = db.get(Article, article_id)
    assert article is not None
    article.publication = Publication.DRAFT
