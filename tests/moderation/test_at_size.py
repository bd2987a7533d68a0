"""The desk asks as many questions as there are kinds of things on it, and an index answers each, at any size."""

from collections.abc import Callable

import pytest

from forum.accounts.actor import Actor
from forum.accounts.models import Account
from forum.comments.models import Comment
from forum.database import Db
from forum.moderation.comment_appeals import appeal_comment
from forum.moderation.decided import last_decision
from forum.moderation.desk import read_desk
from forum.moderation.log import read_log
from forum.moderation.log_search import Search
from forum.moderation.outcomes import own_decisions, own_reports
from forum.moderation.preview import preview_ban
from forum.moderation.queues import Filters, Queue, counts
from forum.moderation.record import account_record
from forum.moderation.removals import remove_comment
from forum.moderation.reports import report_comment
from forum.moderation.scopes import Scope, scope_of
from forum.moderation.tried_comments import newest_ids
from forum.moderation.whereabouts import Whereabouts
from tests.queries import asked_by, plan_of
from tests.world import World

FILTERS = [
    Filters(),
    Filters(section="news"),
    Filters(article="the-bridge"),
    Filters(account="nora"),
    Filters(check="links"),
]
LONG = ("comments", "reports", "acts", "appeals", "findings")
"""Tables that grow with all that was ever written or decided."""
WAITING = ("ix_reports_place", "ix_comments_held", "ix_appeals_waiting")
"""Indexes of what waits alone, in the order of the queue."""


@pytest.fixture
def kind() -> str:
    """How SQLite looks for things, which in life knows nothing of how many there are: nobody runs ANALYZE."""
    return "sqlite"


@pytest.fixture
async def viewer(world: World, mona: Actor) -> Account:
    """A moderator who looks at the desk."""
    return await world.database.read(lambda db: db.get_one(Account, mona.account_id))


async def fill(world: World, mona: Actor, number: int) -> str:
    """So many of everything that the desk shows; gives the article's slug."""
    slug = await world.article()
    for _ in range(number):
        await world.post(slug, held=True)
        reported, removed = await world.post(slug), await world.post(slug)
        reader, nora = await world.account("ruth"), await world.account("nora")
        await world.database.write(report_comment, reporter=reader, comment_id=reported, reason="spam")
        await world.database.write(remove_comment, moderator=mona, comment_id=removed, reason="spam")
        await world.database.write(appeal_comment, author=nora, comment_id=removed, text="It was a joke.")
    return slug


def scans(db: Db, query: Callable[..., object], /, *args: object, **kwargs: object) -> list[str]:
    """Where a query looks through the whole of a long table."""
    steps = [step for one in asked_by(db, query, *args, **kwargs) for step in plan_of(db, one)]
    through = [step for step in steps if step.startswith(tuple(f"SCAN {table}" for table in LONG))]
    return [step for step in through if not step.endswith(WAITING)]


async def test_the_desk_asks_no_more_questions_the_more_waits(world: World, mona: Actor, viewer: Account) -> None:
    asked = []
    for number in (1, 9):
        await fill(world, mona, number)
        asked.append(
            {
                queue: len(await world.database.read(asked_by, read_desk, Whereabouts(queue), viewer=viewer))
                for queue in Queue
            }
        )
    assert asked[0] == asked[1]
    assert max(asked[1].values()) <= 32


async def test_what_became_of_ones_own_is_read_by_one_question_each(world: World, mona: Actor) -> None:
    await fill(world, mona, 6)
    nora = await world.database.read(lambda db: db.get_one(Account, world.accounts["nora"]))
    assert len((await world.database.read(own_decisions, nora)).comments) == 6
    assert len(await world.database.read(asked_by, own_decisions, nora)) == 2
    assert len(await world.database.read(asked_by, own_reports, world.accounts["ruth"])) == 1


@pytest.mark.parametrize("queue", Queue)
@pytest.mark.parametrize("filters", FILTERS, ids=str)
async def test_no_queue_looks_through_all_that_was_ever_written(
    world: World, mona: Actor, viewer: Account, queue: Queue, filters: Filters
) -> None:
    await fill(world, mona, 2)
    here = Whereabouts(queue, filters)
    assert await world.database.read(scans, read_desk, here, viewer=viewer) == []
    asked = await world.database.read(asked_by, read_desk, here, viewer=viewer)
    plans = [await world.database.read(plan_of, one) for one in asked]
    # It begins with what waits, not with all articles there are: EXISTS keeps them from being the first.
    assert not [plan for plan in plans if plan[0].startswith("SEARCH articles USING COVERING INDEX ix_articles_front")]


async def test_counts_previews_and_the_log_look_through_nothing_that_grows(
    world: World, mona: Actor, viewer: Account
) -> None:
    slug = await fill(world, mona, 2)
    read, nora = world.database.read, world.accounts["nora"]
    assert await read(scans, counts) == []
    assert await read(scans, preview_ban, nora) == []
    assert await read(scans, account_record, viewer=viewer, handle="nora") == []
    assert await read(scans, read_log) == []
    assert await read(scans, read_log, Search(kind="note")) == []
    assert await read(scans, newest_ids, Scope()) == []
    assert await read(scans, newest_ids, await read(scope_of, section="news")) == []
    assert await read(scans, newest_ids, await read(scope_of, article=slug)) == []
    assert await read(lambda db: scans(db, last_decision, db.get_one(Comment, 2))) == []
