"""A burst of reports holds nothing by itself, unless an admin has said so; then it does, as an act of nobody."""

import asyncio

import pytest
from sqlalchemy import update

from forum.accounts.actor import Actor
from forum.comments.models import State
from forum.database import Db
from forum.errors import Forbidden, Invalid
from forum.events import DiscussionChanged
from forum.moderation.models import ActKind, Report
from forum.moderation.queues import Queue
from forum.moderation.removals import restore_comment
from forum.moderation.report_rule import read_report_rule, set_report_rule
from forum.moderation.reports import dismiss_reports, report_comment
from forum.moderation.undoing import undo_act
from forum.permissions import Role
from tests.moderation.records import acts, head, is_whole, published, waiting
from tests.world import World

pytestmark = pytest.mark.anyio


@pytest.fixture
async def anna(world: World) -> Actor:
    """An admin."""
    return await world.account("anna", Role.ADMIN)


async def set_rule(world: World, admin: Actor, reports: int = 3, weight: int = 50) -> None:
    await world.database.write(set_report_rule, admin=admin, reports=reports, weight=weight)


async def report(world: World, comment: int, *readers: str) -> None:
    for reader in readers:
        reporter = await world.account(reader)
        await world.database.write(report_comment, reporter=reporter, comment_id=comment, reason="spam")


async def state(world: World, comment: int) -> State:
    return (await world.comment(comment)).state


async def test_nothing_is_held_by_reports_unless_somebody_says_so(world: World) -> None:
    comment = await world.post(await world.article())
    await report(world, comment, *(f"reader{number}x" for number in range(30)))
    assert await state(world, comment) == State.VISIBLE
    assert await world.database.read(acts) == []


async def test_enough_reports_hold_a_comment_until_a_moderator_decides(world: World, anna: Actor, mona: Actor) -> None:
    await set_rule(world, anna)
    slug = await world.article()
    comment = await world.post(slug)
    await report(world, comment, "omar", "pia", "omar")
    assert await state(world, comment) == State.VISIBLE
    heard = published(world.database)
    await report(world, comment, "kai")
    assert await state(world, comment) == State.HELD
    assert heard == [DiscussionChanged((await world.comment(comment)).article_id, 2)]
    assert await world.database.read(waiting, Queue.HELD) == [comment]
    hold = (await world.database.read(acts))[-1]
    assert (hold.kind, hold.by_id, hold.comment_id) == (ActKind.HOLD, None, comment)

    await world.database.write(restore_comment, moderator=mona, comment_id=comment)
    await report(world, comment, *(f"reader{number}x" for number in range(5)))
    assert await state(world, comment) == State.VISIBLE
    assert await world.database.read(waiting) == [comment]
    assert await world.database.read(head, slug) == (3, 1)
    assert await is_whole(world.database)


async def test_what_a_moderator_left_as_it_is_is_not_held_by_more_reports(
    world: World, anna: Actor, mona: Actor
) -> None:
    await set_rule(world, anna)
    comment = await world.post(await world.article())
    await report(world, comment, "omar")
    await world.database.write(dismiss_reports, moderator=mona, comment_id=comment)
    await report(world, comment, "pia", "kai", "tilda", "imke")
    assert await state(world, comment) == State.VISIBLE


async def test_reports_that_weigh_less_do_not_count(world: World, anna: Actor, mona: Actor) -> None:
    slug = await world.article()
    for _ in range(2):
        wrong = await world.post(slug)
        await report(world, wrong, "omar", "pia")
        await world.database.write(dismiss_reports, moderator=mona, comment_id=wrong)
    await set_rule(world, anna, reports=2, weight=50)
    comment = await world.post(slug)
    await report(world, comment, "omar", "pia", "kai")
    assert await state(world, comment) == State.VISIBLE
    await report(world, comment, "tilda")
    assert await state(world, comment) == State.HELD


async def test_what_the_staff_writes_is_not_held_so(world: World, anna: Actor) -> None:
    await set_rule(world, anna, reports=1, weight=1)
    slug = await world.article()
    await world.account("eddie", Role.EDITOR)
    comment = await world.post(slug, by="eddie")
    await report(world, comment, "omar", "pia")
    assert await state(world, comment) == State.VISIBLE


async def test_reports_that_come_at_once_hold_once(world: World, anna: Actor) -> None:
    await set_rule(world, anna)
    slug = await world.article()
    comment = await world.post(slug)
    readers = [f"reader{number}x" for number in range(8)]
    for reader in readers:
        await world.account(reader)
    results = await asyncio.gather(*(report(world, comment, reader) for reader in readers), return_exceptions=True)
    assert await state(world, comment) == State.HELD
    assert [act.kind for act in await world.database.read(acts) if act.kind == ActKind.HOLD] == [ActKind.HOLD]
    # Whoever comes after that finds nothing there to be reported.
    assert sum(result is None for result in results) == 3


async def test_what_reports_held_is_undone_like_any_other_act(world: World, anna: Actor, mona: Actor) -> None:
    await set_rule(world, anna, reports=1)
    comment = await world.post(await world.article())
    await report(world, comment, "omar")
    hold = (await world.database.read(acts))[-1]
    await world.database.write(undo_act, moderator=mona, act_id=hold.id)
    assert await state(world, comment) == State.VISIBLE
    assert await world.database.read(waiting) == [comment]


async def test_only_admins_set_the_rule_and_only_to_what_makes_sense(world: World, anna: Actor, mona: Actor) -> None:
    with pytest.raises(Forbidden):
        await set_rule(world, mona)
    for reports, weight in ((-1, 50), (101, 50), (3, 0), (3, 100)):
        with pytest.raises(Invalid):
            await set_rule(world, anna, reports, weight)
    for _ in range(2):
        await set_rule(world, anna, 4, 70)
    [change] = await world.database.read(acts)
    assert change.before == {"hold_reports": 0, "hold_weight": 60}
    await world.database.write(undo_act, moderator=anna, act_id=change.id)
    assert (await world.database.read(read_report_rule)).reports == 0


async def test_a_report_of_before_the_weights_counts_for_nothing(world: World, anna: Actor) -> None:
    comment = await world.post(await world.article())
    await report(world, comment, "omar", "pia")

    def forget(db: Db) -> None:
        db.execute(update(Report).values(weight=None, due=None))

    await world.database.write(forget)
    await set_rule(world, anna, reports=2)
    await report(world, comment, "kai")
    assert await state(world, comment) == State.VISIBLE
