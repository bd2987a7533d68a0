"""Reports weigh by their reporter's record, and weight never makes anything wait for ever."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from forum.accounts.actor import Actor
from forum.database import Db
from forum.moderation.models import Report
from forum.moderation.removals import remove_comment, restore_comment
from forum.moderation.reports import dismiss_reports, report_comment
from forum.moderation.weighing import LATEST, MOST_LEAD, due, succession, weight_of
from tests.moderation.records import reports, waiting
from tests.world import World

pytestmark = pytest.mark.anyio

FIRST = datetime(2026, 11, 22, 7, 40, tzinfo=UTC)


async def report(world: World, comment: int, *, by: str) -> None:
    reporter = await world.account(by)
    await world.database.write(report_comment, reporter=reporter, comment_id=comment, reason="spam")


async def weight(world: World, handle: str) -> float:
    return await world.database.read(weight_of, (await world.account(handle)).account_id)


async def decided(world: World, mona: Actor, slug: str, *, by: str, removed: bool) -> int:
    """Somebody reports a comment, and Mona decides."""
    comment = await world.post(slug)
    await report(world, comment, by=by)
    if removed:
        await world.database.write(remove_comment, moderator=mona, comment_id=comment, reason="spam")
    else:
        await world.database.write(dismiss_reports, moderator=mona, comment_id=comment)
    return comment


async def test_who_never_reported_weighs_one_half_and_each_decision_moves_that(world: World, mona: Actor) -> None:
    slug = await world.article()
    assert await weight(world, "pia") == 1 / 2
    for _ in range(2):
        await decided(world, mona, slug, by="pia", removed=True)
    assert await weight(world, "pia") == 3 / 4
    await decided(world, mona, slug, by="pia", removed=False)
    assert await weight(world, "pia") == 3 / 5
    await report(world, await world.post(slug), by="pia")
    assert await weight(world, "pia") == 3 / 5


async def test_a_removal_that_is_taken_back_does_not_count_as_one(world: World, mona: Actor) -> None:
    comment = await decided(world, mona, await world.article(), by="pia", removed=True)
    await world.database.write(restore_comment, moderator=mona, comment_id=comment)
    assert await weight(world, "pia") == 1 / 3


async def test_only_the_latest_decisions_count(world: World, mona: Actor) -> None:
    slug = await world.article()
    await decided(world, mona, slug, by="pia", removed=True)
    for _ in range(LATEST):
        await decided(world, mona, slug, by="pia", removed=False)
    assert await weight(world, "pia") == 1 / (LATEST + 2)


async def test_what_a_reliable_reader_reports_comes_first(world: World, mona: Actor) -> None:
    slug = await world.article()
    for _ in range(5):
        await decided(world, mona, slug, by="pia", removed=True)
        await decided(world, mona, slug, by="kai", removed=False)
    light, heavy = await world.post(slug), await world.post(slug)
    await report(world, light, by="kai")
    await report(world, heavy, by="pia")
    assert await world.database.read(waiting) == [heavy, light]
    weights = [one.weight for one in await world.database.read(reports) if one.solved_at is None]
    assert weights == [pytest.approx(1 / 7), pytest.approx(6 / 7)]


async def test_several_reports_weigh_together(world: World) -> None:
    slug = await world.article()
    one, several = await world.post(slug), await world.post(slug)
    await report(world, one, by="kai")
    for reader in ("pia", "omar"):
        await report(world, several, by=reader)
    assert await world.database.read(waiting) == [several, one]


async def test_nothing_is_overtaken_by_what_was_reported_more_than_a_day_later(world: World) -> None:
    slug = await world.article()
    old, new = await world.post(slug), await world.post(slug)
    await report(world, old, by="kai")

    def age(db: Db) -> None:
        earlier = timedelta(days=1, minutes=1)
        [one] = reports(db)
        values = {"created_at": one.created_at - earlier, "due": one.created_at - earlier}
        db.execute(update(Report).where(Report.id == one.id).values(values))

    await world.database.write(age)
    for number in range(12):
        await report(world, new, by=f"reader{number}x")
    assert await world.database.read(waiting) == [old, new]


@given(decisions=st.lists(st.booleans(), max_size=LATEST))
def test_a_weight_is_never_nothing_and_never_all(decisions: list[bool]) -> None:
    chance = succession(sum(decisions), len(decisions))
    assert 0 < chance < 1
    assert succession(sum(decisions) + 1, len(decisions) + 1) > chance > succession(sum(decisions), len(decisions) + 1)


@given(weights=st.lists(st.floats(0, 1), max_size=30), more=st.floats(0, 1))
def test_more_reports_bring_a_comment_forward_but_by_a_day_at_most(weights: list[float], more: float) -> None:
    assert FIRST - MOST_LEAD <= due(FIRST, [*weights, more]) <= due(FIRST, weights) <= FIRST
