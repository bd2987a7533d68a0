"""Who has what open: told for two minutes, one item each, and never a lock."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from forum.accounts.actor import Actor
from forum.database import Db, now
from forum.errors import Forbidden, Invalid
from forum.moderation.claims import LASTS, claim, claims, let_go
from forum.moderation.models import Claim
from forum.moderation.removals import remove_comment
from forum.permissions import Role
from forum.sweeping import forget
from tests.stored import everything
from tests.world import World

pytestmark = pytest.mark.anyio


async def opened(world: World, but: Actor | None = None) -> dict[str, list[str]]:
    found = await world.database.read(claims, but=but.account_id if but else None)
    return {item: [holder.handle for holder in holders] for item, holders in found.items()}


async def test_a_moderator_has_one_item_open_and_sees_what_others_have(world: World, mona: Actor) -> None:
    max_ = await world.account("max", Role.MODERATOR)
    await world.database.write(claim, moderator=mona, item="comment-1")
    await world.database.write(claim, moderator=mona, item="comment-2")
    await world.database.write(claim, moderator=max_, item="comment-2")
    assert await opened(world) == {"comment-2": ["max", "mona"]}
    assert await opened(world, but=mona) == {"comment-2": ["max"]}
    await world.database.write(let_go, moderator=max_, item="comment-1")
    assert await opened(world, but=mona) == {"comment-2": ["max"]}
    await world.database.write(let_go, moderator=max_, item="comment-2")
    assert await opened(world, but=mona) == {}


async def test_a_claim_lapses_and_is_forgotten(world: World, mona: Actor) -> None:
    await world.database.write(claim, moderator=mona, item="comment-1")

    def age(db: Db) -> None:
        db.execute(update(Claim).values(until=now() - timedelta(seconds=1)))

    await world.database.write(age)
    assert await opened(world) == {}
    await world.database.write(forget, address_days=30)
    assert (await world.database.read(everything))["claims"] == []
    assert timedelta(minutes=2) == LASTS


async def test_only_moderators_claim_and_only_what_can_be_on_the_desk(world: World, mona: Actor) -> None:
    for role in (Role.READER, Role.EDITOR):
        with pytest.raises(Forbidden):
            await world.database.write(claim, moderator=await world.account(f"{role}-acting", role), item="comment-1")
    for item in ("", "comment-", "comment--1", "section-1", "comment-1 ", "comment-" + "9" * 19, "<b>"):
        with pytest.raises(Invalid):
            await world.database.write(claim, moderator=mona, item=item)


async def test_a_claim_hinders_nobody(world: World, mona: Actor) -> None:
    max_ = await world.account("max", Role.MODERATOR)
    comment = await world.post(await world.article())
    await world.database.write(claim, moderator=mona, item=f"comment-{comment}")
    await world.database.write(remove_comment, moderator=max_, comment_id=comment, reason="spam")
    assert (await world.comment(comment)).state == "removed"
