"""Removing all that an account wrote, and undoing it: batches, one entry of the log, gone on with after a crash."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import insert, select, update

from forum.accounts.actor import Actor
from forum.articles.models import Article
from forum.comments.models import Comment, State
from forum.database import Db, now
from forum.errors import Forbidden
from forum.events import DiscussionChanged
from forum.moderation.bans import Ban, Remove, ban_account
from forum.moderation.log import read_log
from forum.moderation.models import ActKind
from forum.moderation.removals import remove_comment, restore_comment
from forum.moderation.reports import report_comment
from forum.moderation.sweeps import BATCH, do_batch, finish_act, finish_acts, unfinished_acts
from forum.moderation.undoing import undo_act
from forum.permissions import Role
from tests.moderation.records import acts, head, is_whole, published, states, waiting
from tests.world import World

pytestmark = pytest.mark.anyio

MANY = 450


def write_many(db: Db, *, slugs: list[str], author_id: int, answered_by: int) -> None:
    """Comments of one account over some articles, each third with a reply of another account."""
    articles = db.execute(select(Article.id, Article.slug).where(Article.slug.in_(slugs)).order_by(Article.id)).all()
    for number in range(MANY):
        article_id = articles[number % len(articles)].id
        answered = number // len(articles) % 3 == 0
        root = _write(db, article_id, author_id, replies=int(answered))
        if answered:
            _write(db, article_id, answered_by, root=root)


def _write(db: Db, article_id: int, author_id: int, *, replies: int = 0, root: int | None = None) -> int:
    count = update(Article).where(Article.id == article_id)
    counted = count.values(version=Article.version + 1, comment_count=Article.comment_count + 1)
    row = {
        "article_id": article_id,
        "author_id": author_id,
        "parent_id": root,
        "shown_under_id": root,
        "root_id": root,
        "depth": 2 if root else 1,
        "ordinal": 1 if root else 0,
        "last_ordinal": replies,
        "reply_count": replies,
        "version": db.execute(counted.returning(Article.version)).scalar_one(),
        "state": State.VISIBLE,
        "was_public": True,
        "score": 0,
        "body": "x",
        "html": "<p>x</p>",
        "renderer": 1,
        "created_at": now(),
    }
    return db.execute(insert(Comment).values(row).returning(Comment.id)).scalar_one()


async def three_articles(world: World) -> list[str]:
    """Three articles with 450 comments of nora's."""
    slugs = [await world.article(headline) for headline in ("One", "Two", "Three")]
    nora, omar = await world.account("nora"), await world.account("omar")
    await world.database.write(write_many, slugs=slugs, author_id=nora.account_id, answered_by=omar.account_id)
    return slugs


async def ban(world: World, moderator: Actor, remove: Remove = "all") -> int:
    """Ban nora; gives the act that removes her comments."""
    act = await world.database.write(
        ban_account, moderator=moderator, handle="nora", ban=Ban("Advertising", remove=remove)
    )
    assert act is not None
    return act


async def undo(world: World, moderator: Actor, act: int) -> int:
    """Undo that act; gives the entry that does, for `finish_act`."""
    return (await world.database.write(undo_act, moderator=moderator, act_id=act)).entry_id


async def states_of(world: World, handle: str) -> set[State]:
    return set(await world.database.read(states, (await world.account(handle)).account_id))


async def test_all_comments_go_in_batches_each_a_step_of_every_article_that_it_touches(
    world: World, mona: Actor
) -> None:
    slugs = await three_articles(world)
    before = [await world.database.read(head, slug) for slug in slugs]
    act = await ban(world, mona)
    heard, batches = published(world.database), 0
    while not await world.database.write(do_batch, act_id=act):
        batches += 1
        assert await is_whole(world.database)
    after = [await world.database.read(head, slug) for slug in slugs]
    assert batches == MANY // BATCH
    assert await states_of(world, "nora") == {State.REMOVED}
    assert await states_of(world, "omar") == {State.VISIBLE}
    # 150 comments in each article, taken article by article: 200 of the first two, 200 of the last two, 50 of the last.
    assert [one[0] - other[0] for one, other in zip(after, before, strict=True)] == [1, 2, 2]
    assert [event.version for event in heard if isinstance(event, DiscussionChanged)] == [201, 201, 202, 201, 202]
    assert [one[1] for one in after] == [50, 50, 50]
    assert await is_whole(world.database)


async def test_after_a_crash_between_batches_the_next_start_goes_on_where_it_stopped(world: World, mona: Actor) -> None:
    slugs = await three_articles(world)
    act = await ban(world, mona)
    await world.database.write(do_batch, act_id=act)
    assert await states_of(world, "nora") == {State.REMOVED, State.VISIBLE}
    assert await world.database.read(unfinished_acts) == [act]

    await finish_acts(world.database)
    assert await states_of(world, "nora") == {State.REMOVED}
    assert await world.database.read(unfinished_acts) == []
    heads = [await world.database.read(head, slug) for slug in slugs]
    await finish_acts(world.database)
    await finish_act(world.database, act)
    assert [await world.database.read(head, slug) for slug in slugs] == heads
    assert await is_whole(world.database)


async def test_undoing_brings_back_what_the_removal_took_and_nothing_else(world: World, mona: Actor) -> None:
    slugs = await three_articles(world)
    deleted, removed_before, held = [await world.post(slugs[0]) for _ in range(2)] + [
        await world.post(slugs[0], held=True)
    ]
    await world.delete(deleted)
    await world.database.write(remove_comment, moderator=mona, comment_id=removed_before, reason="attack")
    act = await ban(world, mona)
    await finish_act(world.database, act)

    undoing = await undo(world, mona, act)
    await world.database.write(do_batch, act_id=undoing)
    await finish_acts(world.database)
    assert [(await world.comment(one)).state for one in (deleted, removed_before, held)] == [
        State.DELETED,
        State.REMOVED,
        State.HELD,
    ]
    nora = (await world.account("nora")).account_id
    assert (await world.database.read(states, nora)).count(State.VISIBLE) == MANY
    assert [(await world.database.read(head, slug))[1] for slug in slugs] == [200, 200, 200]
    assert await is_whole(world.database)


async def test_a_removal_is_one_entry_and_is_undone_once(world: World, mona: Actor) -> None:
    await world.post(await world.article())
    act = await ban(world, mona)
    await finish_act(world.database, act)
    assert [entry.can_be_undone for entry in (await world.database.read(read_log)).entries] == [True, True]
    first = await undo(world, mona, act)
    assert await undo(world, mona, act) == first
    log = (await world.database.read(read_log)).entries
    assert [entry.kind for entry in log] == [ActKind.UNDO, ActKind.REMOVE_ALL, ActKind.BAN]
    assert [entry.can_be_undone for entry in log] == [True, False, True]


async def test_a_removal_that_is_undone_half_way_stops(world: World, mona: Actor) -> None:
    await three_articles(world)
    act = await ban(world, mona)
    await world.database.write(do_batch, act_id=act)
    undoing = await undo(world, mona, act)
    assert await world.database.write(do_batch, act_id=act)
    await finish_act(world.database, undoing)
    assert await states_of(world, "nora") == {State.VISIBLE}
    assert await is_whole(world.database)


async def test_what_a_moderator_restored_since_is_nobody_elses_to_undo(world: World, mona: Actor) -> None:
    comment = await world.post(await world.article())
    act = await ban(world, mona)
    await finish_act(world.database, act)
    await world.database.write(restore_comment, moderator=mona, comment_id=comment)
    await world.database.write(remove_comment, moderator=mona, comment_id=comment, reason="hate")
    await finish_act(world.database, await undo(world, mona, act))
    row = await world.comment(comment)
    assert (row.state, row.reason) == (State.REMOVED, "hate")


async def test_the_last_day_alone_goes_where_that_is_asked(world: World, mona: Actor) -> None:
    slug = await world.article()
    with time_machine.travel(datetime.now(UTC) - timedelta(hours=25)):
        old = await world.post(slug)
    new = await world.post(slug)
    await finish_act(world.database, await ban(world, mona, "day"))
    assert [(await world.comment(one)).state for one in (old, new)] == [State.VISIBLE, State.REMOVED]


async def test_what_is_written_after_the_ban_was_lifted_stays(world: World, mona: Actor) -> None:
    slug = await world.article()
    before, act = await world.post(slug), await ban(world, mona)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=1)):
        await world.database.write(ban_account, moderator=mona, handle="nora", ban=Ban("x", now() + timedelta(hours=1)))
    with time_machine.travel(datetime.now(UTC) + timedelta(days=2)):
        after = await world.post(slug)
        await finish_acts(world.database)
    assert [(await world.comment(one)).state for one in (before, after)] == [State.REMOVED, State.VISIBLE]
    assert await world.database.read(unfinished_acts) == []
    assert act in [one.id for one in await world.database.read(acts)]


async def test_what_was_written_before_the_clock_was_set_back_goes_too(world: World, mona: Actor) -> None:
    slug = await world.article()
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1)):
        ahead = await world.post(slug)
    await finish_act(world.database, await ban(world, mona, "day"))
    assert (await world.comment(ahead)).state == State.REMOVED


async def test_no_comment_goes_where_none_is_asked_for(world: World, mona: Actor) -> None:
    comment = await world.post(await world.article())
    assert await world.database.write(ban_account, moderator=mona, handle="nora", ban=Ban("Rest")) is None
    assert (await world.comment(comment)).state == State.VISIBLE


async def test_the_reports_of_what_was_removed_are_settled(world: World, mona: Actor) -> None:
    comment = await world.post(await world.article())
    reporter = await world.account("omar")
    await world.database.write(report_comment, reporter=reporter, comment_id=comment, reason="spam")
    await finish_act(world.database, await ban(world, mona))
    assert await world.database.read(waiting) == []


async def test_only_moderators_undo(world: World, mona: Actor) -> None:
    await world.account("nora")
    act = await ban(world, mona)
    for role in (Role.READER, Role.EDITOR):
        with pytest.raises(Forbidden):
            await world.database.write(undo_act, moderator=await world.account(role + "1", role), act_id=act)
