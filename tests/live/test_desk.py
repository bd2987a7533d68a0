"""The desk's channel: moderators alone are told how much waits and who has what open, and nothing else."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from forum.accounts.actions import promote
from forum.accounts.actor import Actor
from forum.live.desk import DESK, Desk, desk_state
from forum.live.listener import Listener
from forum.moderation.bans import Ban, ban_account
from forum.moderation.claims import claim, let_go
from forum.moderation.reports import report_comment
from forum.permissions import Role
from tests.live.lines import Kept
from tests.server import Server
from tests.world import World

pytestmark = pytest.mark.anyio


@dataclass
class Channel:
    """An open desk, and all that it was told."""

    socket: ClientConnection
    told: list[dict[str, Any]] = field(default_factory=list)

    async def hears(self) -> dict[str, Any]:
        """The next message."""
        self.told.append(json.loads(await self.socket.recv()))
        return self.told[-1]

    async def until(self, name: str, value: object) -> None:
        """Wait until the last message says that, of the counts or claims."""
        while self.told[-1]["counts" if name in self.told[-1]["counts"] else "claims"].get(name) != value:
            await self.hears()

    async def end(self) -> int | None:
        """Wait until it is closed; gives the code."""
        try:
            while True:
                await self.hears()
        except ConnectionClosed:
            return self.socket.close_code


@asynccontextmanager
async def desk_of(server: Server, cookie: str | None) -> AsyncIterator[Channel]:
    """Open the desk's socket."""
    headers = {"Cookie": f"forum={cookie}"} if cookie else {}
    address = f"ws://127.0.0.1:{server.port}/live?desk=1"
    async with connect(address, origin=server.url, additional_headers=headers) as socket:  # type: ignore[arg-type]
        yield Channel(socket)


async def moderator(world: World, handle: str, role: Role = Role.MODERATOR) -> tuple[Actor, str]:
    """A moderator, and the cookie."""
    return await world.account(handle, role), await world.sign_in(handle, role)


async def test_a_moderator_is_told_the_counts_at_once_and_of_each_change_within_two_seconds(
    served_world: World, served: Server
) -> None:
    _mona, cookie = await moderator(served_world, "mona")
    slug = await served_world.article()
    async with desk_of(served, cookie) as desk:
        first = await desk.hears()
        assert first["type"] == "desk"
        comment = await served_world.post(slug, held=True)
        await desk.until("held", first["counts"]["held"] + 1)
        await served_world.delete(comment)
        await desk.until("held", first["counts"]["held"])
        reported = await served_world.post(slug, by="tilda")
        omar = await served_world.account("omar")
        await served_world.database.write(report_comment, reporter=omar, comment_id=reported, reason="spam")
        await desk.until("reports", first["counts"]["reports"] + 1)
        await served_world.delete(reported, by="tilda")


async def test_what_somebody_has_open_is_told_with_their_name(served_world: World, served: Server) -> None:
    mona, cookie = await moderator(served_world, "mona")
    async with desk_of(served, cookie) as desk:
        await desk.hears()
        await served_world.database.write(claim, moderator=mona, item="comment-12")
        await desk.until("comment-12", [{"handle": "mona", "name": "Mona"}])
        await served_world.database.write(claim, moderator=mona, item="appeal-7")
        await desk.until("comment-12", None)
        assert desk.told[-1]["claims"] == {"appeal-7": [{"handle": "mona", "name": "Mona"}]}
        await served_world.database.write(let_go, moderator=mona, item="appeal-7")
        await desk.until("appeal-7", None)


async def test_nothing_but_counts_and_claims_is_told_and_not_more_often_than_once_a_second(
    served_world: World, served: Server
) -> None:
    _mona, cookie = await moderator(served_world, "mona")
    slug = await served_world.article()
    async with desk_of(served, cookie) as desk:
        before = (await desk.hears())["counts"]["held"]
        comments = [await served_world.post(slug, "Canary xsecretx.", held=True) for _ in range(30)]
        await desk.until("held", before + 30)
        assert len(desk.told) < 15
        for comment in comments:
            await served_world.delete(comment)
        await desk.until("held", before)
        assert all(set(one) == {"type", "counts", "claims"} for one in desk.told)
        assert "xsecretx" not in json.dumps(desk.told)


@pytest.mark.parametrize("role", [None, Role.READER, Role.EDITOR])
async def test_nobody_else_is_told_anything(served_world: World, served: Server, role: Role | None) -> None:
    cookie = await served_world.sign_in(f"some-{role}", role) if role else None
    async with desk_of(served, cookie) as desk:
        assert await desk.end() == (4403 if role else 4401)
        assert desk.told == []


async def test_who_moderates_no_more_is_cut_off_and_so_is_the_banned(served_world: World, served: Server) -> None:
    for handle in ("former", "rogue"):
        _account, cookie = await moderator(served_world, handle)
        async with desk_of(served, cookie) as desk:
            await desk.hears()
            if handle == "former":
                await served_world.database.write(promote, handle_folded=handle, role=Role.READER)
                assert await desk.end() == 4403
            else:
                await served_world.database.write(ban_account, moderator=None, handle=handle, ban=Ban("Enough."))
                assert await desk.end() == 4403
                assert desk.told[-1]["message"].endswith("Enough.")


@pytest.mark.parametrize("word", ["", "{}", '{"type": "since", "version": 1}', '{"type": "typing", "parent": null}'])
async def test_a_page_of_the_desk_has_nothing_to_say(served_world: World, served: Server, word: str) -> None:
    _mona, cookie = await moderator(served_world, "mona")
    async with desk_of(served, cookie) as desk:
        await desk.hears()
        await desk.socket.send(word)
        assert await desk.end() == 4400


async def test_another_sites_page_does_not_get_in(served_world: World, served: Server) -> None:
    _mona, cookie = await moderator(served_world, "mona")
    headers = {"Cookie": f"forum={cookie}"}
    address = f"ws://127.0.0.1:{served.port}/live?desk=1"
    with pytest.raises(InvalidStatus):
        async with connect(address, origin="https://evil.example", additional_headers=headers):  # type: ignore[arg-type]
            pass


async def test_article_0_is_not_a_way_to_the_desk(served: Server) -> None:
    address = f"ws://127.0.0.1:{served.port}/live?article=0&after=0&epoch="
    async with connect(address, origin=served.url) as socket:  # type: ignore[arg-type]
        with pytest.raises(ConnectionClosed):
            await socket.recv()
        assert socket.close_code == 4400


async def test_the_state_names_those_who_may_still_be_told(world: World) -> None:
    people = [await world.account(f"some-{role}", role) for role in Role]
    state = await world.database.read(desk_state, [person.account_id for person in people])
    allowed = {(await world.account(f"some-{role}")).account_id for role in (Role.MODERATOR, Role.ADMIN)}
    assert state.moderators == allowed


async def test_who_comes_while_the_desk_is_asked_about_the_others_stays(world: World) -> None:
    desk, mona, max_ = Desk(world.database), *[await world.account(one, Role.MODERATOR) for one in ("mona", "max")]
    there, comes = [Listener(DESK, None, "", Kept(), account_id=one.account_id) for one in (mona, max_)]
    desk.listeners.add(there)
    asking = asyncio.create_task(desk.ask())
    await asyncio.sleep(0)  # the question is on its way
    desk.listeners.add(comes)
    await asking
    assert (there.closing, comes.closing) == (None, None)
