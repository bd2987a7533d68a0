"""Several comments at once: one transaction, one entry, undone as one; what others decided meanwhile stays."""

import asyncio

import pytest

from forum.accounts.actor import Actor
from forum.comments.models import State
from forum.errors import Conflict, Forbidden, Invalid
from forum.events import DiscussionChanged
from forum.moderation.deciding import Basis
from forum.moderation.models import ActKind
from forum.moderation.queues import Queue
from forum.moderation.removals import remove_comment
from forum.moderation.reports import report_comment
from forum.moderation.several import MOST, Chosen, Deed, Done, decide_several
from forum.moderation.shadows import shadow_account
from forum.moderation.undoing import undo_act
from forum.permissions import Role
from tests.moderation.records import acts, head, is_whole, published, reports, waiting
from tests.world import World

pytestmark = pytest.mark.anyio

ROUNDS = 50


async def chosen(world: World, *comments: int) -> list[Chosen]:
    """These comments as they are now."""
    newest = {one.comment_id: one.id for one in await world.database.read(reports) if one.solved_at is None}
    return [Chosen(one, Basis((await world.comment(one)).version, newest.get(one, 0))) for one in comments]


async def decide(world: World, moderator: Actor, deed: Deed, seen: list[Chosen], reason: str = "spam") -> Done:
    return await world.database.write(decide_several, moderator=moderator, deed=deed, chosen=seen, reason=reason)


async def report(world: World, comment: int, *, by: str = "omar") -> None:
    reporter = await world.account(by)
    await world.database.write(report_comment, reporter=reporter, comment_id=comment, reason="spam")


async def states(world: World, *comments: int) -> set[State]:
    return {(await world.comment(one)).state for one in comments}


async def test_several_are_removed_in_one_step_for_each_article_and_one_entry(world: World, mona: Actor) -> None:
    first, second = await world.article("The bridge"), await world.article("The harbour")
    comments = [await world.post(slug) for slug in (first, second, first)]
    comments.append(await world.post(first, parent=comments[0]))
    await report(world, comments[1])
    heard = published(world.database)
    done = await decide(world, mona, "remove", await chosen(world, *comments))
    assert (done.comments, done.stay) == (4, 0)
    assert await states(world, *comments) == {State.REMOVED}
    assert heard == [
        DiscussionChanged(await world.article_id(first), 4),
        DiscussionChanged(await world.article_id(second), 2),
    ]
    [act] = await world.database.read(acts)
    assert (act.kind, act.detail, act.comment_id, act.reason) == (ActKind.REMOVE, "4", None, "spam")
    assert act.account_id == (await world.account("nora")).account_id
    assert await world.database.read(waiting) == []
    assert await is_whole(world.database)


async def test_it_is_undone_as_one_and_done_again(world: World, mona: Actor) -> None:
    slug = await world.article()
    comments = [await world.post(slug, by=by) for by in ("nora", "omar", "nora")]
    await report(world, comments[0], by="pia")
    done = await decide(world, mona, "remove", await chosen(world, *comments))
    undone = await world.database.write(undo_act, moderator=mona, act_id=done.act_id)
    assert await states(world, *comments) == {State.VISIBLE}
    assert await world.database.read(waiting) == [comments[0]]
    assert await world.database.read(head, slug) == (5, 3)
    await world.database.write(undo_act, moderator=mona, act_id=undone.entry_id)
    assert await states(world, *comments) == {State.REMOVED}
    assert await is_whole(world.database)


async def test_several_are_approved(world: World, mona: Actor) -> None:
    slug = await world.article()
    held = [await world.post(slug, held=True) for _ in range(3)]
    await decide(world, mona, "approve", await chosen(world, *held))
    assert await states(world, *held) == {State.VISIBLE}
    assert await world.database.read(waiting, Queue.HELD) == []
    [act] = await world.database.read(acts)
    assert act.waited is not None
    assert await world.database.read(head, slug) == (4, 3)


async def test_several_are_dismissed_and_that_is_undone(world: World, mona: Actor) -> None:
    slug = await world.article()
    comments = [await world.post(slug) for _ in range(3)]
    for comment in comments:
        await report(world, comment)
    done = await decide(world, mona, "dismiss", await chosen(world, *comments))
    assert await world.database.read(waiting) == []
    assert await world.database.read(head, slug) == (3, 3)
    await world.database.write(undo_act, moderator=mona, act_id=done.act_id)
    assert await world.database.read(waiting) == comments


async def test_what_others_decided_or_its_author_changed_is_left_out(world: World, mona: Actor) -> None:
    slug, max_ = await world.article(), await world.account("max", Role.MODERATOR)
    comments = [await world.post(slug) for _ in range(4)]
    seen = await chosen(world, *comments)
    await world.database.write(remove_comment, moderator=max_, comment_id=comments[0], reason="hate")
    await world.edit(comments[1], "Another text.")
    await world.delete(comments[2])
    done = await decide(world, mona, "remove", [*seen, Chosen(4711, Basis(1))])
    assert (done.comments, done.stay) == (1, 4)
    assert (await world.comment(comments[0])).reason == "hate"
    assert (await world.comment(comments[1])).state == State.VISIBLE
    assert (await world.database.read(acts))[-1].comment_id == comments[3]


async def test_where_nothing_is_left_to_decide_that_is_told(world: World, mona: Actor) -> None:
    slug, max_ = await world.article(), await world.account("max", Role.MODERATOR)
    comments = [await world.post(slug) for _ in range(2)]
    seen = await chosen(world, *comments)
    await decide(world, max_, "remove", seen)
    with pytest.raises(Conflict, match="Others have decided about all"):
        await decide(world, mona, "remove", seen)
    with pytest.raises(Conflict, match="Max removed this"):
        await decide(world, mona, "remove", seen[:1])
    with pytest.raises(Conflict):
        await decide(world, mona, "dismiss", await chosen(world, await world.post(slug)))
    assert len(await world.database.read(acts)) == 1


async def test_none_and_too_many_are_refused_and_so_are_readers(world: World, mona: Actor) -> None:
    with pytest.raises(Invalid, match="at least one"):
        await decide(world, mona, "approve", [])
    with pytest.raises(Invalid, match="50"):
        await decide(world, mona, "approve", [Chosen(number, Basis(1)) for number in range(MOST + 1)])
    comment = await world.post(await world.article(), held=True)
    with pytest.raises(Invalid):
        await decide(world, mona, "remove", await chosen(world, comment), reason="ugly")
    for role in (Role.READER, Role.EDITOR):
        with pytest.raises(Forbidden):
            await decide(world, await world.account(f"{role}-acting", role), "approve", await chosen(world, comment))


async def test_two_who_choose_the_same_at_once_share_them_and_lock_nothing_forever(world: World, mona: Actor) -> None:
    articles = [await world.article(f"Article {number}") for number in range(3)]
    max_ = await world.account("max", Role.MODERATOR)
    for _ in range(ROUNDS // 5):
        held = [await world.post(slug, held=True) for slug in articles for _ in range(2)]
        seen = await chosen(world, *held)
        results = await asyncio.gather(
            decide(world, mona, "approve", seen),
            decide(world, max_, "remove", seen[::-1]),
            return_exceptions=True,
        )
        assert sorted(type(one).__name__ for one in results) == ["Conflict", "Done"], results
        assert len(await states(world, *held)) == 1
    assert await is_whole(world.database)


async def test_reports_from_the_shadow_are_open_again_too_where_leaving_it_is_undone(world: World, mona: Actor) -> None:
    comment = await world.post(await world.article())
    for reporter in ("omar", "lurker"):
        await report(world, comment, by=reporter)
    await world.database.write(shadow_account, moderator=mona, handle="lurker", reason="Spam")
    seen = await chosen(world, comment)
    done = await decide(world, mona, "dismiss", seen)
    assert all(one.solved_at for one in await world.database.read(reports))
    await world.database.write(undo_act, moderator=mona, act_id=done.act_id)
    assert not any(one.solved_at for one in await world.database.read(reports))
