"""Slow mode: how much time must lie between two comments of one account, and for whom."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from forum.accounts.actor import Actor
from forum.articles.words import span
from forum.comments.models import Comment
from forum.database import Db, now
from forum.errors import Forbidden, Invalid, TooSoon
from forum.live.messages import changes
from forum.moderation.branches import set_branch_pace
from forum.moderation.discussions import set_pace
from forum.moderation.models import ActKind
from forum.moderation.sections import set_section_pace
from forum.permissions import Role
from tests.moderation.records import acts, head
from tests.world import World

pytestmark = pytest.mark.anyio


def let_pass(db: Db, seconds: int) -> None:
    """Make all comments older."""
    db.execute(update(Comment).values(created_at=now() - timedelta(seconds=seconds)))


async def slow(world: World, mona: Actor, slug: str, seconds: int) -> None:
    await world.database.write(set_pace, moderator=mona, slug=slug, seconds=seconds)


async def test_who_writes_again_too_soon_is_told_the_rule_and_the_wait_and_nothing_is_stored(
    world: World, mona: Actor
) -> None:
    slug = await world.article()
    await slow(world, mona, slug, 300)
    await world.post(slug)
    version = await world.database.read(head, slug)
    with pytest.raises(TooSoon, match=r"One comment every 5 minutes here\. You can post again in 5 minutes") as refused:
        await world.post(slug)
    assert refused.value.retry_after is not None
    assert 290 < refused.value.retry_after <= 300
    assert await world.database.read(head, slug) == version
    await world.post(slug, by="omar")
    await world.database.write(let_pass, 301)
    await world.post(slug)


async def test_once_the_clock_is_set_back_nobody_waits_until_it_is_as_late_again(world: World, mona: Actor) -> None:
    slug = await world.article()
    await slow(world, mona, slug, 60)
    await world.post(slug)
    await world.database.write(let_pass, -3600)
    await world.post(slug)
    with pytest.raises(TooSoon, match=r"again in (1 minute|\d+ seconds)\."):
        await world.post(slug)


async def test_another_discussion_is_not_slowed_by_this_one(world: World, mona: Actor) -> None:
    slug, other = await world.article(), await world.article("The weir")
    await slow(world, mona, slug, 300)
    await world.post(slug)
    await world.post(other)
    await world.post(other)


async def test_the_strictest_of_section_article_and_branch_holds(world: World, mona: Actor) -> None:
    slug = await world.article()
    calm, heated = await world.post(slug, by="tilda"), await world.post(slug, by="tilda")
    await world.database.write(set_section_pace, moderator=mona, slug="news", seconds=120)
    await slow(world, mona, slug, 60)
    await world.database.write(set_branch_pace, moderator=mona, comment_id=heated, seconds=600)
    await world.post(slug, parent=heated)
    await world.database.write(let_pass, 90)
    with pytest.raises(TooSoon, match="One comment every 2 minutes"):
        await world.post(slug, parent=calm)
    await world.database.write(let_pass, 130)
    with pytest.raises(TooSoon, match="One reply every 10 minutes"):
        await world.post(slug, parent=heated)
    await world.post(slug, parent=calm)
    await world.database.write(set_section_pace, moderator=mona, slug="news", seconds=0)
    await world.database.write(let_pass, 61)
    await world.post(slug)


async def test_in_a_slow_branch_replies_elsewhere_do_not_count(world: World, mona: Actor) -> None:
    slug = await world.article()
    root, other = await world.post(slug), await world.post(slug)
    await world.database.write(set_branch_pace, moderator=mona, comment_id=root, seconds=600)
    await world.post(slug, parent=other)
    await world.post(slug, parent=root)
    with pytest.raises(TooSoon):
        await world.post(slug, parent=root)


async def test_who_deletes_a_comment_has_still_written_it(world: World, mona: Actor) -> None:
    slug = await world.article()
    await slow(world, mona, slug, 300)
    await world.delete(await world.post(slug))
    with pytest.raises(TooSoon):
        await world.post(slug)


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.EDITOR, Role.ADMIN])
async def test_staff_is_exempt(world: World, mona: Actor, role: Role) -> None:
    slug = await world.article()
    await slow(world, mona, slug, 300)
    await world.account(f"{role}-acting", role)
    for _ in range(2):
        await world.post(slug, by=f"{role}-acting")


async def test_of_many_comments_sent_at_once_by_one_account_one_is_stored(world: World, mona: Actor) -> None:
    slug = await world.article()
    await slow(world, mona, slug, 300)
    await world.account("nora")
    sent = await asyncio.gather(*(world.post(slug) for _ in range(6)), return_exceptions=True)
    assert [type(one) for one in sent if isinstance(one, Exception)] == [TooSoon] * 5
    assert (await world.database.read(head, slug))[1] == 1


async def test_a_post_that_is_sent_again_with_its_key_is_the_one_that_is_there(world: World, mona: Actor) -> None:
    slug = await world.article()
    await slow(world, mona, slug, 300)
    assert await world.post(slug, key="k") == await world.post(slug, key="k")


async def test_open_pages_are_told_and_so_is_the_log_and_twice_is_once(world: World, mona: Actor) -> None:
    slug = await world.article()
    article = await world.article_id(slug)
    for _ in range(2):
        await slow(world, mona, slug, 90)
    message = await world.database.read(changes, article, after=0)
    assert message is not None
    assert message.message["discussion"] == {
        "state": "open",
        "count": 0,
        "slow": "One comment every 90 seconds here.",
        "pace": 90,
    }
    [act] = await world.database.read(acts)
    assert (act.kind, act.article_id, act.before, act.after) == (ActKind.SLOW, article, {"slow": 0}, {"slow": 90})


async def test_only_moderators_slow_down_and_by_a_day_at_most(world: World, mona: Actor) -> None:
    slug = await world.article()
    for seconds in (-1, 86_401):
        with pytest.raises(Invalid, match="a day"):
            await slow(world, mona, slug, seconds)
    for role in (Role.READER, Role.EDITOR):
        with pytest.raises(Forbidden):
            await slow(world, await world.account(f"{role}-acting", role), slug, 60)
    assert await world.database.read(acts) == []


@given(seconds=st.integers(1, 86_400))
def test_a_span_says_how_many_seconds_it_has(seconds: int) -> None:
    number, _space, unit = span(seconds).rpartition(" ")
    assert int(number or 1) * {"second": 1, "minute": 60, "hour": 3600}[unit.removesuffix("s")] == seconds
