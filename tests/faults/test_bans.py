"""Post against ban: a post is either before the ban, or refused. Not one comes after it."""

import asyncio

import pytest
from sqlalchemy import func, select

from forum.accounts.actor import Actor, Standing, writer_standing
from forum.comments.models import Comment
from forum.database import Db
from forum.errors import Banned
from forum.moderation.bans import Ban, ban_account
from forum.permissions import Right, Role
from tests.world import World

pytestmark = pytest.mark.anyio

ROUNDS = 50
MOST_POSTS = 20


def written_by(db: Db, account_id: int) -> int:
    """How many comments an account has written."""
    return db.execute(select(func.count()).where(Comment.author_id == account_id)).scalar_one()


def ban_and_count(db: Db, *, moderator: Actor, handle: str, account_id: int) -> int:
    """Ban, and count the banned account's comments in the same transaction."""
    ban_account(db, moderator=moderator, handle=handle, ban=Ban(reason="too loud"))
    db.flush()
    return written_by(db, account_id)


async def post_until_banned(world: World, slug: str, handle: str) -> None:
    """Post as fast as the site takes it."""
    try:
        for number in range(MOST_POSTS):
            await world.post(slug, f"Number {number}.", by=handle)
    except Banned:
        return


async def comments_after_bans(world: World, rounds: int) -> int:
    """How many comments were written after a ban, in so many rounds of posting against banning."""
    slug, moderator = await world.article(), await world.account("mona", Role.MODERATOR)
    late = 0
    for number in range(rounds):
        handle = f"loud{number}x"
        account = await world.account(handle)
        posting = [asyncio.create_task(post_until_banned(world, slug, handle)) for _ in range(3)]
        for _ in range(number % 5):
            await asyncio.sleep(0)
        at_the_ban = await world.database.write(
            ban_and_count, moderator=moderator, handle=handle, account_id=account.account_id
        )
        await asyncio.gather(*posting)
        late += await world.database.read(written_by, account.account_id) - at_the_ban
    return late


async def test_not_one_post_comes_after_a_ban(world: World) -> None:
    assert await comments_after_bans(world, ROUNDS) == 0


async def test_a_ban_asked_for_outside_the_transaction_would_be_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier: dict[int, Standing] = {}

    def standing_before(db: Db, actor: Actor, right: Right, *, alone: bool) -> Standing:
        person = earlier.get(actor.account_id)
        return person or earlier.setdefault(actor.account_id, writer_standing(db, actor, right, alone=alone))

    monkeypatch.setattr("forum.comments.actions.writer_standing", standing_before)
    assert await comments_after_bans(world, 10) > 0
