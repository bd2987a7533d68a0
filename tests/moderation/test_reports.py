"""Reports: once per reader and comment, and what becomes of them."""

import asyncio

import pytest
from sqlalchemy import func, select

from forum.accounts.actor import Actor, Standing, read_standing
from forum.articles.models import DiscussionState
from forum.database import Db
from forum.errors import Forbidden, Invalid, NotFound
from forum.moderation.cases import read_case
from forum.moderation.discussions import set_discussion
from forum.moderation.models import ActKind, Report
from forum.moderation.queues import Queue
from forum.moderation.removals import remove_comment
from forum.moderation.reports import NOTE_LENGTH, dismiss_reports, report_comment
from forum.permissions import Role
from tests.moderation.records import acts, head, reports, waiting
from tests.world import World

pytestmark = pytest.mark.anyio


async def report(world: World, comment_id: int, *, by: str = "omar", reason: str = "spam", note: str = "") -> None:
    reporter = await world.account(by)
    await world.database.write(report_comment, reporter=reporter, comment_id=comment_id, reason=reason, note=note)


async def moderating(world: World) -> Standing:
    person = await world.database.read(read_standing, (await world.account("mona", Role.MODERATOR)).account_id)
    assert person
    return person


async def test_a_report_waits_for_the_moderators_with_its_reason_and_note(world: World) -> None:
    comment = await world.post(await world.article())
    await report(world, comment, reason="attack", note="  Look at the last line. ")
    case = await world.database.read(read_case, Queue.REPORTS, comment, viewer=await moderating(world))
    assert case
    [said] = case.said
    assert (case.id, said.handle, said.code) == (comment, "omar", "attack")
    assert (said.reason, said.note) == ("personal attack", "Look at the last line.")


async def test_the_same_reader_reports_a_comment_once_however_often_they_try(world: World) -> None:
    comment = await world.post(await world.article())
    await report(world, comment, reason="spam")
    await report(world, comment, reason="attack")
    assert [one.reason for one in await world.database.read(reports)] == ["spam"]


async def test_a_report_changes_nothing_that_readers_see(world: World) -> None:
    slug = await world.article()
    await report(world, await world.post(slug))
    assert await world.database.read(head, slug) == (1, 1)


async def test_nobody_reports_their_own_comment(world: World) -> None:
    comment = await world.post(await world.article(), by="nora")
    with pytest.raises(Forbidden):
        await report(world, comment, by="nora")


async def test_what_cannot_be_seen_cannot_be_reported(world: World, mona: Actor) -> None:
    slug = await world.article()
    held, removed, fine = await world.post(slug, held=True), await world.post(slug), await world.post(slug)
    await world.database.write(remove_comment, moderator=mona, comment_id=removed, reason="spam")
    for comment in (held, removed, 4711):
        with pytest.raises(NotFound):
            await report(world, comment)
    await world.database.write(set_discussion, moderator=mona, slug=slug, state=DiscussionState.OFF)
    with pytest.raises(NotFound):
        await report(world, fine)


async def test_a_reason_off_the_list_or_a_note_too_long_is_refused(world: World) -> None:
    comment = await world.post(await world.article())
    with pytest.raises(Invalid, match="list"):
        await report(world, comment, reason="ugly")
    with pytest.raises(Invalid, match="1 character too long"):
        await report(world, comment, note="x" * (NOTE_LENGTH + 1))
    assert await world.database.read(reports) == []


async def test_a_removal_settles_the_reports_of_the_comment(world: World, mona: Actor) -> None:
    comment = await world.post(await world.article())
    await report(world, comment, by="omar")
    await report(world, comment, by="pia")
    await world.database.write(remove_comment, moderator=mona, comment_id=comment, reason="spam")
    assert {one.solved_by_id for one in await world.database.read(reports)} == {mona.account_id}
    assert await world.database.read(waiting) == []


async def test_dismissing_settles_the_reports_and_leaves_the_comment(world: World, mona: Actor) -> None:
    slug = await world.article()
    comment = await world.post(slug)
    await report(world, comment)
    for _ in range(2):
        await world.database.write(dismiss_reports, moderator=mona, comment_id=comment)
    assert await world.database.read(waiting) == []
    assert [act.kind for act in await world.database.read(acts)] == [ActKind.DISMISS]
    assert await world.database.read(head, slug) == (1, 1)


async def test_a_comment_that_its_author_deleted_waits_for_nobody(world: World) -> None:
    comment = await world.post(await world.article())
    await report(world, comment)
    await world.delete(comment)
    assert await world.database.read(waiting) == []


async def test_only_moderators_dismiss(world: World) -> None:
    comment = await world.post(await world.article())
    await report(world, comment)
    for role in (Role.READER, Role.EDITOR):
        person = await world.account(f"{role}-acting", role)
        with pytest.raises(Forbidden):
            await world.database.write(dismiss_reports, moderator=person, comment_id=comment)
    assert await world.database.read(waiting) == [comment]


async def test_two_reports_of_one_reader_at_once_are_one(world: World) -> None:
    comment = await world.post(await world.article())
    await world.account("omar")
    await asyncio.gather(*(report(world, comment) for _ in range(8)))

    def count(db: Db) -> int:
        return db.execute(select(func.count()).select_from(Report)).scalar_one()

    assert await world.database.read(count) == 1
