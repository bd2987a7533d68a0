"""Warnings are read before the next post; notes are for colleagues; new accounts are looked at."""

import asyncio

import pytest
from sqlalchemy import select

from forum.accounts.actor import Actor
from forum.accounts.models import AccountWarning
from forum.accounts.warnings import open_warnings
from forum.comments.actions import post_comment
from forum.comments.body import make_body
from forum.comments.models import Comment
from forum.comments.rates import NO_RATES, Rates
from forum.database import Db
from forum.errors import Conflict, Forbidden, Invalid, NotFound, TooSoon, Warned
from forum.moderation.author import author_record
from forum.moderation.models import ActKind
from forum.moderation.queues import Queue
from forum.moderation.remarks import TEXT_LENGTH, look_at_account, note_account, warn_account
from forum.moderation.undoing import undo_act
from forum.permissions import Role
from tests.moderation.records import account, acts, waiting
from tests.world import World

pytestmark = pytest.mark.anyio

ROUNDS = 50


async def warn(world: World, mona: Actor, text: str = "Stay with the article.", handle: str = "nora") -> int:
    return await world.database.write(warn_account, moderator=mona, handle=handle, text=text)


async def unread(world: World, handle: str = "nora") -> list[str]:
    found = await world.database.read(open_warnings, (await world.account(handle)).account_id)
    return [warning.text for warning in found]


async def post(world: World, slug: str, *, acknowledged: int = 0, rates: Rates = NO_RATES) -> None:
    await world.database.write(
        post_comment,
        author=await world.account("nora"),
        slug=slug,
        parent_id=None,
        body=make_body("A comment."),
        rates=rates,
        acknowledged=acknowledged,
    )


async def newest(world: World) -> int:
    def query(db: Db) -> int:
        return max(db.execute(select(AccountWarning.id)).scalars())

    return await world.database.read(query)


async def test_who_is_warned_posts_again_once_they_have_acknowledged_it(world: World, mona: Actor) -> None:
    slug = await world.article()
    await world.account("nora")
    await warn(world, mona)
    with pytest.raises(Warned) as refusal:
        await post(world, slug)
    [told] = refusal.value.facts["warnings"]
    assert told["text"] == "Stay with the article."
    await post(world, slug, acknowledged=told["id"])
    await post(world, slug)
    assert await unread(world) == []


async def test_a_second_warning_is_not_acknowledged_with_the_first(world: World, mona: Actor) -> None:
    slug = await world.article()
    await world.account("nora")
    await warn(world, mona)
    first = await newest(world)
    await warn(world, mona, "And no links, please.")
    with pytest.raises(Warned):
        await post(world, slug, acknowledged=first)
    assert await unread(world) == ["Stay with the article.", "And no links, please."]
    await post(world, slug, acknowledged=await newest(world))
    assert await unread(world) == []


async def test_a_warning_stays_unread_where_the_post_is_refused(world: World, mona: Actor) -> None:
    slug = await world.article()
    await post(world, slug)
    await warn(world, mona)
    with pytest.raises(TooSoon):
        await post(world, slug, acknowledged=await newest(world), rates=Rates(60, 1000))
    assert await unread(world) == ["Stay with the article."]


async def test_another_persons_warning_is_none_of_mine(world: World, mona: Actor) -> None:
    slug = await world.article()
    for handle in ("nora", "omar"):
        await world.account(handle)
        await warn(world, mona, handle=handle)
    await post(world, slug, acknowledged=await newest(world))
    assert await unread(world, "omar") == ["Stay with the article."]


async def test_the_same_warning_twice_is_one(world: World, mona: Actor) -> None:
    await world.account("nora")
    assert await warn(world, mona) == await warn(world, mona, "  Stay with the\narticle. ")
    assert await unread(world) == ["Stay with the article."]
    assert [act.kind for act in await world.database.read(acts)] == [ActKind.WARN]


async def test_a_warning_needs_words_and_not_too_many(world: World, mona: Actor) -> None:
    await world.account("nora")
    for text in ("", "  ", "x" * (TEXT_LENGTH + 1)):
        with pytest.raises(Invalid):
            await warn(world, mona, text)
    with pytest.raises(NotFound):
        await warn(world, mona, handle="nobody1")
    slug = await world.article()
    other = await world.post(slug, by="omar")
    with pytest.raises(NotFound):
        await world.database.write(warn_account, moderator=mona, handle="nora", text="This one.", comment_id=other)


async def test_nobody_warns_themselves_their_equal_or_their_senior(world: World, mona: Actor) -> None:
    for handle, role in (("mary", Role.MODERATOR), ("eddie", Role.EDITOR), ("anna", Role.ADMIN)):
        await world.account(handle, role)
    for handle in ("mona", "mary", "eddie", "anna"):
        with pytest.raises(Forbidden):
            await warn(world, mona, handle=handle)
    await warn(world, await world.account("anna", Role.ADMIN), handle="mona")


async def test_readers_neither_warn_nor_note_nor_look(world: World) -> None:
    nora = await world.account("nora")
    await world.account("omar")
    for action, more in ((warn_account, {"text": "x y"}), (note_account, {"text": "x y"}), (look_at_account, {})):
        with pytest.raises(Forbidden):
            await world.database.write(action, moderator=nora, handle="omar", **more)  # type: ignore[arg-type]


async def test_an_unread_warning_is_taken_back_and_given_again_but_not_one_that_was_read(
    world: World, mona: Actor
) -> None:
    slug = await world.article()
    await world.account("nora")
    undone = await world.database.write(undo_act, moderator=mona, act_id=await warn(world, mona))
    assert await unread(world) == []
    again = await world.database.write(undo_act, moderator=mona, act_id=undone.entry_id)
    assert await unread(world) == ["Stay with the article."]
    await post(world, slug, acknowledged=await newest(world))
    with pytest.raises(Conflict):
        await world.database.write(undo_act, moderator=mona, act_id=again.entry_id)


async def test_notes_are_read_by_moderators_newest_first_until_they_are_undone(world: World, mona: Actor) -> None:
    nora = await world.account("nora")
    viewer = await world.database.read(account, mona.account_id)
    texts = ("Knows a lot about bridges.", "Knows a lot about bridges.", "Was rude in May.")
    noted = [await world.database.write(note_account, moderator=mona, handle="nora", text=text) for text in texts]
    record = await world.database.read(author_record, nora.account_id, viewer=viewer)
    assert [(one.text, one.by) for one in record.notes] == [
        ("Was rude in May.", "Mona"),
        ("Knows a lot about bridges.", "Mona"),
    ]
    await world.database.write(undo_act, moderator=mona, act_id=noted[-1])
    record = await world.database.read(author_record, nora.account_id, viewer=viewer)
    assert [one.text for one in record.notes] == ["Knows a lot about bridges."]


async def test_who_could_not_warn_takes_no_warning_back_and_gives_none_again(world: World, mona: Actor) -> None:
    anna = await world.account("anna", Role.ADMIN)
    warning = await warn(world, anna, "Look at both sides.", handle="mona")
    with pytest.raises(Forbidden):
        await world.database.write(undo_act, moderator=mona, act_id=warning)
    assert await unread(world, "mona") == ["Look at both sides."]
    undone = await world.database.write(undo_act, moderator=anna, act_id=warning)
    max_ = await world.account("max", Role.MODERATOR)
    with pytest.raises(Forbidden):
        await world.database.write(undo_act, moderator=max_, act_id=undone.entry_id)
    assert await unread(world, "mona") == []


async def test_a_note_is_taken_back_by_its_author_or_by_whoever_is_above_whom_it_is_about(
    world: World, mona: Actor
) -> None:
    anna, max_ = await world.account("anna", Role.ADMIN), await world.account("max", Role.MODERATOR)
    by_anna, by_max = [
        await world.database.write(note_account, moderator=one, handle="mona", text="Asked to be fairer.")
        for one in (anna, max_)
    ]
    for act in (by_anna, by_max):
        with pytest.raises(Forbidden):
            await world.database.write(undo_act, moderator=mona, act_id=act)
    undone = await world.database.write(undo_act, moderator=max_, act_id=by_max)
    with pytest.raises(Forbidden):
        await world.database.write(undo_act, moderator=mona, act_id=undone.entry_id)
    await world.database.write(undo_act, moderator=anna, act_id=by_anna)


async def test_a_new_account_that_was_looked_at_waits_no_more_until_that_is_undone(world: World, mona: Actor) -> None:
    nora = await world.account("nora")
    await world.post(await world.article(), by="nora")
    act = await world.database.write(look_at_account, moderator=mona, handle="nora")
    assert await world.database.read(waiting, Queue.ACCOUNTS) == []
    assert await world.database.write(look_at_account, moderator=mona, handle="nora") is None
    assert act
    await world.database.write(undo_act, moderator=mona, act_id=act)
    assert await world.database.read(waiting, Queue.ACCOUNTS) == [nora.account_id]


async def test_not_one_post_comes_after_a_warning_unless_it_was_acknowledged(world: World, mona: Actor) -> None:
    slug = await world.article()

    async def keep_posting(handle: str) -> int:
        posted = 0
        while posted < 12:
            try:
                await world.post(slug, f"Number {posted}.", by=handle)
            except Warned:
                break
            posted += 1
        return posted

    for number in range(ROUNDS):
        handle = f"loud{number}x"
        author = await world.account(handle)
        posting = [asyncio.create_task(keep_posting(handle)) for _ in range(2)]
        for _ in range(number % 5):
            await asyncio.sleep(0)
        seen = await world.database.write(_warn_and_count, mona=mona, handle=handle, account_id=author.account_id)
        assert sum(await asyncio.gather(*posting)) == seen


def _warn_and_count(db: Db, *, mona: Actor, handle: str, account_id: int) -> int:
    """Warn, and count what was written until then in the same transaction."""
    warn_account(db, moderator=mona, handle=handle, text="Slowly.")
    return len(db.execute(select(Comment.id).where(Comment.author_id == account_id)).all())
