"""Two at once, from a barrier, 50 rounds each: one is before the other, whichever, and the log says in which order."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from forum.accounts.actor import Actor
from forum.comments.actions import edit_comment
from forum.comments.body import make_body
from forum.comments.models import State
from forum.errors import Conflict, Refusal
from forum.moderation.models import ActKind
from forum.moderation.removals import hold_comment, remove_comment, restore_comment
from forum.moderation.undoing import undo_act
from forum.permissions import Role
from tests.moderation.records import acts, head, is_whole
from tests.world import World

pytestmark = pytest.mark.anyio

ROUNDS = 50
NEW = "Words that no moderator has seen."


async def at_once(*deeds: Callable[[], Awaitable[Any]], swap: bool) -> list[Any]:
    """Do these from a barrier on, in either order; gives what came of each, a refusal too."""
    barrier = asyncio.Barrier(len(deeds))

    async def run(deed: Callable[[], Awaitable[Any]]) -> Any:
        await barrier.wait()
        try:
            return await deed()
        except Refusal as refusal:
            return refusal

    order = list(reversed(deeds)) if swap else list(deeds)
    done = await asyncio.gather(*(run(deed) for deed in order))
    return list(reversed(done)) if swap else done


async def last_act(world: World) -> int:
    return (await world.database.read(acts))[-1].id


async def edit_as_it_is(world: World, comment: int) -> Callable[[], Awaitable[Any]]:
    """Nora's edit of the comment as it is on her page now."""
    version, nora = (await world.comment(comment)).version, await world.account("nora")
    return lambda: world.database.write(
        edit_comment,
        author=nora,
        comment_id=comment,
        body=make_body(NEW),
        version=version,
        within=timedelta(minutes=15),
    )


def undoing(world: World, moderator: Actor, act_id: int) -> Callable[[], Awaitable[Any]]:
    return lambda: world.database.write(undo_act, moderator=moderator, act_id=act_id)


async def test_an_undo_against_an_edit_shows_no_text_that_nobody_decided_about(world: World, mona: Actor) -> None:
    slug, undone = await world.article(), 0
    for number in range(ROUNDS):
        comment = await world.post(slug, f"Number {number}.")
        await world.database.write(hold_comment, moderator=mona, comment_id=comment)
        undo = undoing(world, mona, await last_act(world))
        edited, back = await at_once(await edit_as_it_is(world, comment), undo, swap=number % 2 == 1)
        row = await world.comment(comment)
        if isinstance(back, Conflict):
            assert (row.state, row.body) == (State.HELD, NEW)
        else:
            assert (row.state, row.body) == (State.VISIBLE, f"Number {number}.")
            assert isinstance(edited, Conflict)
            undone += 1
    assert 0 < undone < ROUNDS
    assert await is_whole(world.database)


async def test_an_undo_that_hides_is_not_kept_off_by_an_edit(world: World, mona: Actor) -> None:
    slug = await world.article()
    for number in range(ROUNDS):
        comment = await world.post(slug, f"Number {number}.", held=True)
        await world.database.write(restore_comment, moderator=mona, comment_id=comment)
        undo = undoing(world, mona, await last_act(world))
        edited, back = await at_once(await edit_as_it_is(world, comment), undo, swap=number % 2 == 1)
        row = await world.comment(comment)
        assert not isinstance(back, Refusal)
        assert (row.state, row.body == NEW) == (State.HELD, not isinstance(edited, Conflict))
    assert await is_whole(world.database)


async def test_of_approving_and_removing_the_later_holds_and_the_log_knows_which_it_was(
    world: World, mona: Actor
) -> None:
    slug, other = await world.article(), await world.account("maya", Role.MODERATOR)
    lasts = set()
    for number in range(ROUNDS):
        comment, known = await world.post(slug, held=True), len(await world.database.read(acts))
        before = await world.database.read(head, slug)
        approve = partial(world.database.write, restore_comment, moderator=mona, comment_id=comment)
        remove = partial(world.database.write, remove_comment, moderator=other, comment_id=comment, reason="spam")
        await at_once(approve, remove, swap=number % 2 == 1)
        first, second = (await world.database.read(acts))[known:]
        assert second.before == first.after
        row = await world.comment(comment)
        assert (row.state, row.act_id) == ((second.after or {})["state"], second.id)
        assert (await world.database.read(head, slug))[0] == before[0] + 2
        lasts.add(second.kind)
    assert lasts == {ActKind.REMOVE, ActKind.RESTORE}
    assert await is_whole(world.database)


async def test_two_who_undo_the_same_act_make_one_entry(world: World, mona: Actor) -> None:
    slug, other = await world.article(), await world.account("maya", Role.MODERATOR)
    for _ in range(ROUNDS):
        comment = await world.post(slug)
        await world.database.write(remove_comment, moderator=mona, comment_id=comment, reason="spam")
        removal = await last_act(world)
        one, two = await at_once(undoing(world, mona, removal), undoing(world, other, removal), swap=False)
        assert one == two
        assert (await world.comment(comment)).state == State.VISIBLE
    log = await world.database.read(acts)
    assert len([act for act in log if act.kind == ActKind.UNDO]) == ROUNDS
    assert await is_whole(world.database)
