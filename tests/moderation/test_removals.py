"""Removing, holding and restoring one comment: tombstones, counters, one step of the version, one entry of the log."""

from itertools import product

import pytest

from forum.accounts.actor import Actor
from forum.comments.models import Comment, State
from forum.comments.projection import MODERATORS, PUBLIC, Audience, Gone, comment_rows, project
from forum.comments.projection import ShownComment as Shown
from forum.database import Db
from forum.errors import Conflict, Forbidden, Invalid, NotFound, SignInNeeded
from forum.events import DiscussionChanged
from forum.moderation.models import ActKind
from forum.moderation.removals import hold_comment, remove_comment, restore_comment
from forum.permissions import Role
from tests.moderation.records import acts, head, is_whole, published
from tests.world import World

pytestmark = pytest.mark.anyio


def seen(db: Db, comment_id: int, audience: Audience = PUBLIC) -> Shown | Gone | None:
    """What an audience sees of a comment."""
    return project(db.execute(comment_rows(Comment.id == comment_id)).one(), audience)


async def all_are(world: World, comments: list[int], kind: type) -> bool:
    """Whether everybody sees each of these comments in that way."""
    return all([isinstance(await world.database.read(seen, one), kind) for one in comments])


async def remove(world: World, comment_id: int, moderator: Actor, reason: str = "attack") -> None:
    await world.database.write(remove_comment, moderator=moderator, comment_id=comment_id, reason=reason)


async def test_a_removed_comment_with_a_reply_stands_as_a_tombstone_that_says_why(world: World, mona: Actor) -> None:
    slug = await world.article()
    comment = await world.post(slug)
    await world.post(slug, parent=comment)
    await remove(world, comment, mona)
    tombstone = await world.database.read(seen, comment)
    assert isinstance(tombstone, Shown)
    assert (tombstone.state, tombstone.reason, tombstone.author, tombstone.html) == (
        State.REMOVED,
        "personal attack",
        None,
        "",
    )
    assert await is_whole(world.database)


async def test_a_removal_is_one_step_one_event_and_one_entry_that_the_comment_names(world: World, mona: Actor) -> None:
    slug = await world.article()
    comment = await world.post(slug)
    heard = published(world.database)
    await remove(world, comment, mona)
    [act] = await world.database.read(acts)
    row = await world.comment(comment)
    assert await world.database.read(head, slug) == (2, 0)
    assert heard == [DiscussionChanged(row.article_id, 2)]
    assert (act.kind, act.by_id, act.comment_id, act.reason) == (ActKind.REMOVE, mona.account_id, comment, "attack")
    assert (row.act_id, row.version) == (act.id, 2)


async def test_removing_twice_does_nothing_the_second_time(world: World, mona: Actor) -> None:
    slug = await world.article()
    comment = await world.post(slug)
    await remove(world, comment, mona, "attack")
    await remove(world, comment, mona, "spam")
    assert (await world.comment(comment)).reason == "attack"
    assert await world.database.read(head, slug) == (2, 0)
    assert len(await world.database.read(acts)) == 1


async def test_restoring_brings_text_and_counters_back(world: World, mona: Actor) -> None:
    slug = await world.article()
    root = await world.post(slug)
    reply = await world.post(slug, "The words.", parent=root)
    await remove(world, reply, mona)
    await world.database.write(restore_comment, moderator=mona, comment_id=reply)
    shown = await world.database.read(seen, reply)
    assert isinstance(shown, Shown)
    assert "The words." in shown.html
    row = await world.comment(reply)
    assert (row.reason, row.act_id) == (None, (await world.database.read(acts))[-1].id)
    assert await world.database.read(head, slug) == (4, 2)
    assert await is_whole(world.database)


async def test_restoring_what_is_visible_does_nothing(world: World, mona: Actor) -> None:
    slug = await world.article()
    comment = await world.post(slug)
    await world.database.write(restore_comment, moderator=mona, comment_id=comment)
    assert await world.database.read(head, slug) == (1, 1)
    assert await world.database.read(acts) == []


async def test_tombstones_go_with_the_last_reply_beneath_them_and_come_back_with_it(world: World, mona: Actor) -> None:
    slug = await world.article()
    chain = [await world.post(slug)]
    for _ in range(3):
        chain.append(await world.post(slug, parent=chain[-1]))
    for comment in chain[:3]:
        await remove(world, comment, mona)
    assert await all_are(world, chain, Shown)

    await remove(world, chain[3], mona)
    version, count = await world.database.read(head, slug)
    assert count == 0
    assert await all_are(world, chain, Gone)
    assert {(await world.comment(one)).version for one in chain} == {version}

    await world.database.write(restore_comment, moderator=mona, comment_id=chain[3])
    assert await all_are(world, chain, Shown)
    assert {(await world.comment(one)).version for one in chain} == {version + 1}
    assert await is_whole(world.database)


async def test_deep_replies_shown_flat_are_counted_right_when_they_go_and_return(world: World, mona: Actor) -> None:
    slug = await world.article()
    chain = [await world.post(slug)]
    for _ in range(9):
        chain.append(await world.post(slug, parent=chain[-1]))
    for comment in (chain[7], chain[9], chain[5], chain[8]):
        await remove(world, comment, mona)
        assert await is_whole(world.database)
    for comment in (chain[9], chain[5], chain[8], chain[7]):
        await world.database.write(restore_comment, moderator=mona, comment_id=comment)
        assert await is_whole(world.database)
    assert (await world.database.read(head, slug))[1] == 10


async def test_what_its_author_deleted_stays_deleted(world: World, mona: Actor) -> None:
    comment = await world.post(await world.article())
    await world.delete(comment)
    with pytest.raises(Conflict, match="stays deleted"):
        await world.database.write(restore_comment, moderator=mona, comment_id=comment)
    with pytest.raises(Conflict, match="nothing left to remove"):
        await remove(world, comment, mona)
    with pytest.raises(Conflict):
        await world.database.write(hold_comment, moderator=mona, comment_id=comment)
    assert (await world.comment(comment)).state == State.DELETED


async def test_a_held_comment_is_hidden_until_it_is_approved(world: World, mona: Actor) -> None:
    slug = await world.article()
    comment = await world.post(slug, held=True)
    assert await world.database.read(seen, comment) is None
    assert isinstance(await world.database.read(seen, comment, MODERATORS), Shown)
    await world.database.write(restore_comment, moderator=mona, comment_id=comment)
    assert isinstance(await world.database.read(seen, comment), Shown)
    assert await world.database.read(head, slug) == (2, 1)
    assert await is_whole(world.database)


async def test_what_was_public_can_be_held_and_a_second_time_nothing_happens(world: World, mona: Actor) -> None:
    slug = await world.article()
    comment = await world.post(slug)
    for _ in range(2):
        await world.database.write(hold_comment, moderator=mona, comment_id=comment)
    assert isinstance(await world.database.read(seen, comment), Gone)
    assert await world.database.read(head, slug) == (2, 0)
    assert [act.kind for act in await world.database.read(acts)] == [ActKind.HOLD]


async def test_a_removal_needs_a_reason_of_the_list(world: World, mona: Actor) -> None:
    slug = await world.article()
    comment = await world.post(slug)
    with pytest.raises(Invalid):
        await remove(world, comment, mona, "because")
    assert await world.database.read(head, slug) == (1, 1)


async def test_who_does_not_moderate_is_refused_alike_whether_the_comment_exists_or_not(world: World) -> None:
    secret = await world.post(await world.article(), held=True)
    for role, action in product((Role.READER, Role.EDITOR), (remove_comment, restore_comment, hold_comment)):
        person = await world.account(f"{role}-acting", role)
        reason = {"reason": "spam"} if action is remove_comment else {}
        refusals = set()
        for comment in (secret, 4711):
            with pytest.raises(Forbidden) as refusal:
                await world.database.write(action, moderator=person, comment_id=comment, **reason)  # type: ignore[arg-type]
            refusals.add(refusal.value.message)
        assert len(refusals) == 1


async def test_a_moderator_whose_session_has_ended_moderates_no_more(world: World) -> None:
    comment = await world.post(await world.article())
    gone = Actor((await world.account("mona", Role.MODERATOR)).account_id, session_id=4711)
    with pytest.raises(SignInNeeded):
        await remove(world, comment, gone)


async def test_there_is_nothing_to_remove_where_there_is_no_comment(world: World, mona: Actor) -> None:
    with pytest.raises(NotFound):
        await remove(world, 4711, mona)
