"""The shadow: what somebody writes there is seen by themselves and moderators alone, and they cannot tell."""

import asyncio
from itertools import product

import pytest
from sqlalchemy import func, select

from forum.accounts.actions import promote
from forum.accounts.actor import Actor, read_standing
from forum.accounts.queries import account_by_handle
from forum.comments.models import Comment, State
from forum.comments.projection import MODERATORS, Audience, ShownComment
from forum.comments.queries import audience_of, shown_comment
from forum.comments.recount import find_faults
from forum.database import Db
from forum.errors import Conflict, Forbidden, Invalid, NotFound
from forum.events import AccountShadowed, VotesChanged
from forum.live.messages import changes
from forum.moderation.cases import read_case
from forum.moderation.models import ActKind
from forum.moderation.queues import Queue
from forum.moderation.removals import hold_comment, remove_comment, restore_comment
from forum.moderation.reports import report_comment
from forum.moderation.shadows import lift_shadow, shadow_account
from forum.moderation.sweeps import finish_act, finish_acts
from forum.moderation.undoing import undo_act
from forum.permissions import Role
from tests.moderation.records import acts, head, is_whole, published, waiting
from tests.windows import window_for
from tests.world import World

pytestmark = pytest.mark.anyio
ROUNDS = 50


async def shadow(world: World, mona: Actor) -> None:
    await world.account("nora")
    await world.database.write(shadow_account, moderator=mona, handle="nora", reason="Spam")


async def lift(world: World, mona: Actor, *, release: bool = False) -> None:
    act = await world.database.write(lift_shadow, moderator=mona, handle="nora", release=release)
    if act is not None:
        await finish_act(world.database, act)


async def seen_by(world: World, comment: int, handle: str | None) -> ShownComment | None:
    """The comment as an account, or else everybody, sees it."""
    row = await world.comment(comment)
    account_id = (await world.account(handle)).account_id if handle else None
    audience = await world.database.read(audience_of, row.article_id, account_id)
    return await world.database.read(shown_comment, comment, audience)


async def test_what_is_written_in_the_shadow_is_visible_to_its_author_and_nothing_to_others(
    world: World, mona: Actor
) -> None:
    slug = await world.article()
    root = await world.post(slug, by="omar")
    await shadow(world, mona)
    comment = await world.post(slug, by="nora", parent=root)
    own = await seen_by(world, comment, "nora")
    assert own is not None
    assert (own.state, own.shadowed) == (State.VISIBLE, False)
    assert [await seen_by(world, comment, who) for who in (None, "omar")] == [None, None]
    moderators = await world.database.read(shown_comment, comment, MODERATORS)
    assert moderators is not None
    assert (moderators.state, moderators.shadowed) == (State.HELD, True)
    assert await world.database.read(head, slug) == (2, 1)
    counts = [one.reply_count for who in ("nora", "omar") if (one := await seen_by(world, root, who))]
    assert counts == [1, 0]
    assert await is_whole(world.database)


async def test_what_was_written_before_stays_and_what_is_edited_goes_into_the_shadow(world: World, mona: Actor) -> None:
    slug = await world.article()
    before, edited = await world.post(slug, by="nora"), await world.post(slug, by="nora")
    answer = await world.post(slug, "An answer.", by="omar", parent=edited)
    await shadow(world, mona)
    await world.edit(edited, "Another text.")
    assert (await world.comment(before)).state == State.VISIBLE
    own, others = await seen_by(world, edited, "nora"), await seen_by(world, edited, "omar")
    assert own is not None
    assert (own.state, own.reply_count, "Another text." in own.html) == (State.VISIBLE, 1, True)
    assert others is not None
    assert (others.author, others.html, others.state) == (None, "", State.HELD)
    assert await seen_by(world, answer, None) is not None
    assert await is_whole(world.database)


async def test_a_moderators_queue_of_held_comments_does_not_grow(world: World, mona: Actor) -> None:
    slug = await world.article()
    await shadow(world, mona)
    comment = await world.post(slug, by="nora")
    assert (await world.comment(comment)).held_at is None
    held = await world.post(slug, by="nora", held=True)
    row = await world.comment(held)
    assert (row.shadowed, row.held_at is None) == (False, False)


async def test_who_is_in_the_shadow_answers_their_own_and_nobody_else_can(world: World, mona: Actor) -> None:
    slug = await world.article()
    await shadow(world, mona)
    root = await world.post(slug, by="nora")
    for by in ("omar", "mona"):
        with pytest.raises(Invalid, match="not here any more"):
            await world.post(slug, by=by, parent=root)
    answer = await world.post(slug, by="nora", parent=root)
    await lift(world, mona)
    later = await world.post(slug, by="nora", parent=answer)
    assert [(await world.comment(one)).shadowed for one in (root, answer, later)] == [True, True, True]
    assert not (await world.comment(await world.post(slug, by="nora"))).shadowed
    own = await seen_by(world, root, "nora")
    assert own is not None
    assert own.reply_count == 2


async def test_a_line_stands_for_what_a_reply_in_the_shadow_hangs_on_for_its_author_alone(
    world: World, mona: Actor
) -> None:
    slug = await world.article()
    root = await world.post(slug, by="omar")
    await shadow(world, mona)
    reply = await world.post(slug, by="nora", parent=root)
    await world.delete(root, by="omar")
    own = await seen_by(world, root, "nora")
    assert own is not None
    assert (own.author, own.state, own.reply_count) == (None, State.DELETED, 1)
    assert await seen_by(world, root, None) is None
    nora, article = (await world.account("nora")).account_id, await world.article_id(slug)
    page = await world.database.read(window_for, article, sort="newest", after=None, viewer_id=nora)
    assert [one.comment.id for node in page.nodes for one in node] == [root, reply]
    await world.delete(reply, by="nora")
    found = await world.database.read(changes, article, after=3, audience=Audience(nora))
    assert found is not None
    assert {item["id"]: item["state"] for item in found.message["comments"]} == {root: "gone", reply: "gone"}


async def test_a_vote_from_the_shadow_counts_for_its_voter_alone(world: World, mona: Actor) -> None:
    slug = await world.article()
    comment, other = await world.post(slug, by="omar"), await world.post(slug, by="omar")
    await world.recommend(other, by="nora")
    await shadow(world, mona)
    heard = published(world.database)
    for value, score in ((True, 1), (True, 1), (False, 0), (False, 0), (True, 1)):
        assert await world.recommend(comment, by="nora", value=value) == score
    assert {event.score for event in heard if isinstance(event, VotesChanged)} == {0}
    assert (await world.comment(comment)).score == 0
    assert await world.recommend(comment, by="pia") == 1
    own, others = await seen_by(world, comment, "nora"), await seen_by(world, comment, "pia")
    assert own is not None
    assert others is not None
    assert (own.score, others.score) == (2, 1)
    assert await world.recommend(other, by="nora", value=False) == 0
    await lift(world, mona, release=True)
    assert (await world.comment(comment)).score == 1
    assert await world.recommend(comment, by="nora", value=False) == 1
    assert await world.recommend(comment, by="nora") == 2
    assert (await world.comment(comment)).score == 2
    assert await is_whole(world.database)


async def test_best_is_sorted_by_the_scores_that_are_shown(world: World, mona: Actor) -> None:
    slug = await world.article()
    comments = [await world.post(slug, by="omar") for _ in range(30)]
    for comment in comments[10:]:
        await world.recommend(comment, by="pia")
    await shadow(world, mona)
    await world.recommend(comments[0], by="nora")
    await world.recommend(comments[12], by="nora")
    nora, article, after, seen = (await world.account("nora")).account_id, await world.article_id(slug), None, []
    while True:
        page = await world.database.read(window_for, article, sort="best", after=after, viewer_id=nora)
        seen += [(node.comment.score, node.comment.id) for node in page.nodes]
        after = page.next
        if after is None:
            break
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == 30
    assert seen[0] == (2, comments[12])


async def test_a_report_from_the_shadow_waits_until_its_reporter_leaves_it(world: World, mona: Actor) -> None:
    comment = await world.post(await world.article(), by="omar")
    await shadow(world, mona)
    await world.database.write(report_comment, reporter=await world.account("nora"), comment_id=comment, reason="spam")
    assert await world.database.read(waiting) == []
    await world.database.write(report_comment, reporter=await world.account("pia"), comment_id=comment, reason="spam")
    assert await heard_about(world, mona, comment) == {"pia"}
    await lift(world, mona)
    assert await heard_about(world, mona, comment) == {"nora", "pia"}


async def heard_about(world: World, moderator: Actor, comment_id: int) -> set[str]:
    """Whose reports the moderators read of a comment that waits for them."""
    assert await world.database.read(waiting) == [comment_id]
    viewer = await world.database.read(read_standing, moderator.account_id)
    assert viewer
    case = await world.database.read(read_case, Queue.REPORTS, comment_id, viewer=viewer)
    assert case
    return {said.handle for said in case.said}


async def test_leaving_the_shadow_shows_what_was_written_there_only_if_that_is_asked(world: World, mona: Actor) -> None:
    slug = await world.article()
    await shadow(world, mona)
    root = await world.post(slug, by="nora")
    answer = await world.post(slug, by="nora", parent=root)
    await lift(world, mona)
    assert [(await world.comment(one)).state for one in (root, answer)] == [State.HELD, State.HELD]
    seen = await seen_by(world, root, "nora")
    assert seen is not None
    assert seen.reply_count == 1
    await lift(world, mona, release=True)
    assert [(await world.comment(one)).state for one in (root, answer)] == [State.VISIBLE, State.VISIBLE]
    assert await world.database.read(head, slug) == (3, 2)
    assert await is_whole(world.database)
    assert [(act.kind, act.detail) for act in await world.database.read(acts)] == [
        (ActKind.SHADOW, ""),
        (ActKind.UNSHADOW, ""),
        (ActKind.UNSHADOW, "release"),
    ]


async def test_a_release_goes_in_batches_and_is_undone_as_one(
    world: World, mona: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forum.moderation.sweeps.BATCH", 3)
    slug = await world.article()
    await shadow(world, mona)
    root = await world.post(slug, by="nora")
    comments = [root, *[await world.post(slug, by="nora", parent=root) for _ in range(7)]]
    await world.database.write(lift_shadow, moderator=mona, handle="nora", release=True)
    await finish_acts(world.database)
    assert {(await world.comment(one)).state for one in comments} == {State.VISIBLE}
    act = (await world.database.read(acts))[-1]
    await world.database.write(undo_act, moderator=mona, act_id=act.id)
    await finish_acts(world.database)
    assert {(await world.comment(one)).shadowed for one in comments} == {True}
    assert await world.database.read(shadowed, "nora")
    assert await is_whole(world.database)


def shadowed(db: Db, handle: str) -> bool:
    account = account_by_handle(db, handle)
    return account is not None and account.shadowed_at is not None


async def test_a_moderator_shows_removes_and_brings_back_one_comment_of_the_shadow(world: World, mona: Actor) -> None:
    slug, write = await world.article(), world.database.write
    await shadow(world, mona)
    root = await world.post(slug, by="nora")
    answer = await world.post(slug, by="nora", parent=root)
    await write(hold_comment, moderator=mona, comment_id=root)
    assert (await world.comment(root)).shadowed
    await write(remove_comment, moderator=mona, comment_id=root, reason="spam")
    own = await seen_by(world, root, "nora")
    assert own is not None
    assert (own.author, own.state) == (None, State.REMOVED)
    [*_before, removal] = await world.database.read(acts)
    await write(undo_act, moderator=mona, act_id=removal.id)
    assert (await world.comment(root)).shadowed
    await write(restore_comment, moderator=mona, comment_id=answer)
    public = await seen_by(world, root, None)
    assert public is not None
    assert (public.author, public.html) == (None, "")
    assert await seen_by(world, answer, None) is not None
    assert await is_whole(world.database)


async def test_only_moderators_shadow_and_only_readers(world: World, mona: Actor) -> None:
    write = world.database.write
    for mine, theirs in product(Role, Role):
        me, handle = await world.account(f"{mine}-acting", mine), f"{theirs}-of-{mine}"
        await world.account(handle, theirs)
        if mine in (Role.MODERATOR, Role.ADMIN) and theirs == Role.READER:
            assert await write(shadow_account, moderator=me, handle=handle, reason="Spam")
            assert not await write(shadow_account, moderator=me, handle=handle, reason="Spam")
            await write(lift_shadow, moderator=me, handle=handle)
            continue
        with pytest.raises(Forbidden):
            await write(shadow_account, moderator=me, handle=handle, reason="Spam")
        if mine in (Role.READER, Role.EDITOR):
            with pytest.raises(Forbidden):
                await write(lift_shadow, moderator=me, handle=handle)
    with pytest.raises(NotFound):
        await write(shadow_account, moderator=mona, handle="whoever", reason="Spam")
    with pytest.raises(Invalid):
        await write(shadow_account, moderator=mona, handle="reader-acting", reason=" ")


async def test_whoever_is_promoted_out_of_the_shadow_writes_for_everybody(world: World, mona: Actor) -> None:
    slug = await world.article()
    await shadow(world, mona)
    await world.database.write(promote, handle_folded="nora", role=Role.MODERATOR)
    assert (await world.comment(await world.post(slug, by="nora"))).state == State.VISIBLE


async def test_the_act_is_told_to_pages_and_undone(world: World, mona: Actor) -> None:
    slug, nora = await world.article(), (await world.account("nora")).account_id
    heard = published(world.database)
    await shadow(world, mona)
    assert heard == [AccountShadowed(nora)]
    [act] = await world.database.read(acts)
    await world.database.write(undo_act, moderator=mona, act_id=act.id)
    assert (await world.comment(await world.post(slug, by="nora"))).state == State.VISIBLE
    await shadow(world, mona)
    with pytest.raises(Conflict):
        await world.database.write(undo_act, moderator=mona, act_id=(await world.database.read(acts))[0].id + 1)


async def test_not_one_post_is_public_after_its_author_went_into_the_shadow(world: World, mona: Actor) -> None:
    slug = await world.article()
    for number in range(ROUNDS):
        handle = f"loud{number}x"
        loud = (await world.account(handle)).account_id
        posting = [asyncio.create_task(post_many(world, slug, handle)) for _ in range(3)]
        for _ in range(number % 5):
            await asyncio.sleep(0)
        then = await world.database.write(shadow_and_count, moderator=mona, handle=handle, account_id=loud)
        await asyncio.gather(*posting)
        assert await world.database.read(public_of, loud) == then
    assert await world.database.read(find_faults) == []


async def post_many(world: World, slug: str, handle: str) -> None:
    for number in range(6):
        await world.post(slug, f"Number {number}.", by=handle)


def shadow_and_count(db: Db, *, moderator: Actor, handle: str, account_id: int) -> int:
    shadow_account(db, moderator=moderator, handle=handle, reason="Spam")
    return public_of(db, account_id)


def public_of(db: Db, account_id: int) -> int:
    return db.execute(
        select(func.count()).where(Comment.author_id == account_id, Comment.state == State.VISIBLE)
    ).scalar_one()
