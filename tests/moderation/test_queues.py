"""What waits in which queue, in what order, and what of it a filter leaves."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from forum.accounts.actor import Actor
from forum.accounts.models import Account
from forum.articles.models import Article, Publication
from forum.comments.checks.models import Finding, Response
from forum.comments.models import Comment
from forum.database import Db, now
from forum.moderation.models import Report
from forum.moderation.queues import MOST_COUNTED, PAGE, Filters, Queue, counts
from forum.moderation.removals import hold_comment, remove_comment, restore_comment
from forum.moderation.reports import dismiss_reports, report_comment
from forum.moderation.waiting import list_queue
from forum.moderation.whereabouts import EVERYTHING
from forum.permissions import Role
from tests.moderation.records import waiting
from tests.world import World

pytestmark = pytest.mark.anyio


async def report(world: World, comment: int, *, by: str = "omar") -> None:
    reporter = await world.account(by)
    await world.database.write(report_comment, reporter=reporter, comment_id=comment, reason="spam")


async def test_a_comment_waits_in_one_place_only(world: World, mona: Actor) -> None:
    comment = await world.post(await world.article())
    await report(world, comment)
    assert await world.database.read(waiting) == [comment]
    await world.database.write(hold_comment, moderator=mona, comment_id=comment)
    assert await world.database.read(waiting) == []
    assert await world.database.read(waiting, Queue.HELD) == [comment]
    await world.database.write(restore_comment, moderator=mona, comment_id=comment)
    assert (await world.database.read(counts))["reports"] == (await world.database.read(counts))["held"] == 0


async def test_what_was_decided_waits_no_more(world: World, mona: Actor) -> None:
    slug = await world.article()
    left, removed, deleted = [await world.post(slug) for _ in range(3)]
    for comment in (left, removed, deleted):
        await report(world, comment)
    await world.database.write(dismiss_reports, moderator=mona, comment_id=left)
    await world.database.write(remove_comment, moderator=mona, comment_id=removed, reason="spam")
    await world.delete(deleted)
    assert await world.database.read(waiting) == []


async def test_held_comments_wait_in_the_order_in_which_they_were_held(world: World, mona: Actor) -> None:
    slug = await world.article()
    first, second = await world.post(slug), await world.post(slug, held=True)
    await world.database.write(hold_comment, moderator=mona, comment_id=first)
    assert await world.database.read(waiting, Queue.HELD) == [second, first]


async def test_what_is_in_a_draft_waits_for_nobody(world: World) -> None:
    slug = await world.article()
    await report(world, await world.post(slug))
    await world.post(slug, held=True)

    def withdraw(db: Db) -> None:
        db.execute(update(Article).values(publication=Publication.DRAFT))

    await world.database.write(withdraw)
    assert set((await world.database.read(counts)).values()) == {0}


async def test_a_new_account_waits_once_it_has_written_and_until_somebody_has_looked(world: World) -> None:
    slug = await world.article()
    await world.account("quiet")
    nora = await world.account("nora")
    mona = await world.account("mona", Role.MODERATOR)
    await world.post(slug, by="mona")
    assert await world.database.read(waiting, Queue.ACCOUNTS) == []
    comment = await world.post(slug, by="nora")
    assert await world.database.read(waiting, Queue.ACCOUNTS) == [nora.account_id]

    def change(db: Db, /, **values: object) -> None:
        db.execute(update(Account).where(Account.id == nora.account_id).values(**values))

    await world.database.write(change, looked_at=now())
    assert await world.database.read(waiting, Queue.ACCOUNTS) == []
    await world.post(slug, "And another.", by="nora")
    assert await world.database.read(waiting, Queue.ACCOUNTS) == [nora.account_id]
    await world.database.write(change, looked_at=None, created_at=now() - timedelta(days=8))
    assert await world.database.read(waiting, Queue.ACCOUNTS) == []
    await world.database.write(change, created_at=now())
    await world.database.write(remove_comment, moderator=mona, comment_id=comment, reason="spam")
    assert await world.database.read(waiting, Queue.ACCOUNTS) == [nora.account_id]


async def test_filters_are_combined(world: World) -> None:
    bridge, harbour = await world.article("The bridge"), await world.article("The harbour")
    found = await world.post(bridge, by="nora", held=True)
    others = [
        await world.post(harbour, by="nora", held=True),
        await world.post(bridge, by="omar", held=True),
        await world.post(bridge, by="nora", held=True),
    ]

    def find(db: Db) -> None:
        for comment in (found, *others[:2]):
            db.add(Finding(comment_id=comment, check="links", response=Response.HOLD))

    await world.database.write(find)
    every = Filters(section="news", article=bridge, account="@Nora".strip("@"), check="links")
    assert await world.database.read(waiting, Queue.HELD, every) == [found]
    for some, ids in [
        (Filters(section="news"), [found, *others]),
        (Filters(article=bridge), [found, *others[1:]]),
        (Filters(account="omar"), [others[1]]),
        (Filters(check="links"), [found, *others[:2]]),
        (Filters(section="nowhere"), []),
        (Filters(account="nobody1"), []),
    ]:
        assert await world.database.read(waiting, Queue.HELD, some) == ids
    accounts = await world.database.read(waiting, Queue.ACCOUNTS, Filters(article=harbour))
    assert accounts == [(await world.account("nora")).account_id]


@pytest.mark.parametrize("queue", [Queue.REPORTS, Queue.HELD, Queue.ACCOUNTS])
async def test_a_queue_goes_page_by_page_and_nothing_comes_twice(world: World, queue: Queue) -> None:
    slug, made = await world.article(), []
    for number in range(PAGE + 3):
        writer = f"writer{number}x" if queue == Queue.ACCOUNTS else "nora"
        comment = await world.post(slug, by=writer, held=queue == Queue.HELD)
        made.append((await world.account(writer)).account_id if queue == Queue.ACCOUNTS else comment)
        if queue == Queue.REPORTS:
            await report(world, comment)
    first = await world.database.read(list_queue, queue, EVERYTHING)
    assert first.following
    rest = await world.database.read(list_queue, queue, EVERYTHING, after=first.following)
    assert [item.id for page in (first, rest) for item in page.items] == made
    assert rest.following is None


async def test_counting_costs_the_same_however_much_waits(world: World) -> None:
    slug = await world.article()
    comment = await world.comment(await world.post(slug, held=True))

    def multiply(db: Db) -> None:
        columns = {column.name: getattr(comment, column.name) for column in Comment.__table__.columns}
        for number in range(MOST_COUNTED + 20):
            db.add(Comment(**columns | {"id": 10_000 + number}))

    await world.database.write(multiply)
    assert (await world.database.read(counts))["held"] == MOST_COUNTED + 1


async def test_a_report_of_before_the_weights_waits_since_it_was_made(world: World) -> None:
    slug = await world.article()
    old, new = await world.post(slug), await world.post(slug)
    for comment in (new, old):
        await report(world, comment)

    def forget(db: Db) -> None:
        values = {"weight": None, "due": None, "created_at": now() - timedelta(days=2)}
        db.execute(update(Report).where(Report.comment_id == old).values(values))

    await world.database.write(forget)
    assert await world.database.read(waiting) == [old, new]
