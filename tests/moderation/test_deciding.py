"""Two moderators never undo one another without knowing: a decision that is based on something else is not made."""

import asyncio
from dataclasses import dataclass

import pytest

from forum.accounts.actor import Actor
from forum.comments.models import State
from forum.errors import Conflict
from forum.moderation.bans import Ban, ban_account
from forum.moderation.deciding import Basis
from forum.moderation.models import ActKind
from forum.moderation.removals import hold_comment, remove_comment, restore_comment
from forum.moderation.reports import dismiss_reports, report_comment
from forum.moderation.sweeps import finish_act
from forum.moderation.undoing import undo_act
from forum.permissions import Role
from tests.moderation.records import acts, is_whole, reports
from tests.world import World

pytestmark = pytest.mark.anyio

ROUNDS = 50


@dataclass
class Seen:
    """A comment as somebody looks at it."""

    world: World
    comment: int
    basis: Basis

    async def remove(self, moderator: Actor) -> State:
        """Decide to remove it, on the ground of what was seen."""
        done = await self.world.database.write(
            remove_comment, moderator=moderator, comment_id=self.comment, reason="spam", basis=self.basis
        )
        return done.state

    async def approve(self, moderator: Actor) -> State:
        """Decide to approve it."""
        done = await self.world.database.write(
            restore_comment, moderator=moderator, comment_id=self.comment, basis=self.basis
        )
        return done.state

    async def dismiss(self, moderator: Actor) -> State:
        """Decide to leave it."""
        done = await self.world.database.write(
            dismiss_reports, moderator=moderator, comment_id=self.comment, basis=self.basis
        )
        return done.state


async def look(world: World, comment: int) -> Seen:
    """Look at a comment as it is now."""
    latest = max((one.id for one in await world.database.read(reports) if one.solved_at is None), default=0)
    return Seen(world, comment, Basis((await world.comment(comment)).version, latest))


async def reported(world: World, slug: str, *, by: str = "omar") -> int:
    comment = await world.post(slug)
    await report(world, comment, by=by)
    return comment


async def report(world: World, comment: int, *, by: str) -> None:
    reporter = await world.account(by)
    await world.database.write(report_comment, reporter=reporter, comment_id=comment, reason="spam")


@pytest.fixture
async def max_(world: World) -> Actor:
    """Another moderator."""
    return await world.account("max", Role.MODERATOR)


async def test_the_second_is_told_what_the_first_did_and_does_nothing(world: World, mona: Actor, max_: Actor) -> None:
    seen = await look(world, await reported(world, await world.article()))
    assert await seen.remove(mona) == State.REMOVED
    for act in (seen.remove, seen.dismiss, seen.approve):
        with pytest.raises(Conflict, match=r"^Mona removed this .*: advertising or spam\. Nothing was done\.$"):
            await act(max_)
    assert len(await world.database.read(acts)) == 1


async def test_that_somebody_left_it_as_it_is_is_a_decision_too(world: World, mona: Actor, max_: Actor) -> None:
    seen = await look(world, await reported(world, await world.article()))
    await seen.dismiss(mona)
    for act in (seen.remove, seen.dismiss):
        with pytest.raises(Conflict, match="Mona left this as it is"):
            await act(max_)
    assert (await world.comment(seen.comment)).state == State.VISIBLE
    assert [act.kind for act in await world.database.read(acts)] == [ActKind.DISMISS]


async def test_an_approval_and_what_came_after_it_are_told(world: World, mona: Actor, max_: Actor) -> None:
    comment = await world.post(await world.article(), held=True)
    seen = await look(world, comment)
    await seen.approve(mona)
    with pytest.raises(Conflict, match="Mona approved this"):
        await seen.remove(max_)
    await world.database.write(hold_comment, moderator=mona, comment_id=comment)
    with pytest.raises(Conflict, match="Mona held this"):
        await seen.remove(max_)
    await world.database.write(undo_act, moderator=mona, act_id=(await world.database.read(acts))[-1].id)
    with pytest.raises(Conflict, match="Mona undid the last decision"):
        await seen.remove(max_)
    await world.delete(comment)
    with pytest.raises(Conflict, match="Its author has deleted this"):
        await seen.remove(max_)


async def test_who_decided_about_many_is_told_of_each(world: World, mona: Actor, max_: Actor) -> None:
    seen = await look(world, await reported(world, await world.article()))
    act = await world.database.write(ban_account, moderator=mona, handle="nora", ban=Ban("Rest", remove="all"))
    assert act
    await finish_act(world.database, act)
    with pytest.raises(Conflict, match=r"Mona removed this .* with all that its author wrote"):
        await seen.dismiss(max_)


async def test_another_text_is_not_decided_about_unread(world: World, mona: Actor) -> None:
    seen = await look(world, await reported(world, await world.article()))
    await world.edit(seen.comment, "Something quite different.")
    with pytest.raises(Conflict, match="Its author changed the text"):
        await seen.remove(mona)
    assert await (await look(world, seen.comment)).remove(mona) == State.REMOVED


async def test_a_form_that_comes_twice_is_done_once(world: World, mona: Actor) -> None:
    slug = await world.article()
    first, second = await look(world, await reported(world, slug)), await look(world, await world.post(slug, held=True))
    for _ in range(2):
        assert await first.remove(mona) == State.REMOVED
        assert await second.approve(mona) == State.VISIBLE
    third = await look(world, await reported(world, slug))
    for _ in range(2):
        assert await third.dismiss(mona) == State.VISIBLE
    assert len(await world.database.read(acts)) == 3


async def test_ones_own_other_decision_is_told_as_ones_own(world: World, mona: Actor) -> None:
    seen = await look(world, await reported(world, await world.article()))
    await seen.dismiss(mona)
    with pytest.raises(Conflict, match="You left this as it is"):
        await seen.remove(mona)


async def test_a_report_that_came_meanwhile_is_no_conflict(world: World, mona: Actor) -> None:
    seen = await look(world, await reported(world, await world.article()))
    await report(world, seen.comment, by="pia")
    assert await seen.dismiss(mona) == State.VISIBLE
    assert all(one.solved_at for one in await world.database.read(reports))


async def test_without_a_basis_nobody_asks(world: World, mona: Actor, max_: Actor) -> None:
    seen = await look(world, await reported(world, await world.article()))
    await seen.dismiss(mona)
    await world.database.write(remove_comment, moderator=max_, comment_id=seen.comment, reason="spam")
    assert (await world.comment(seen.comment)).state == State.REMOVED


async def test_of_two_who_decide_at_once_one_does_and_the_other_is_told(world: World, mona: Actor, max_: Actor) -> None:
    slug = await world.article()
    for number in range(ROUNDS):
        seen = await look(world, await world.post(slug, held=True))
        first, second = (seen.approve(mona), seen.remove(max_))
        in_turn = [first, second] if number % 2 else [second, first]
        results = await asyncio.gather(*in_turn, return_exceptions=True)
        told = [one for one in results if isinstance(one, Conflict)]
        done = [one for one in results if isinstance(one, State)]
        assert (len(done), len(told)) == (1, 1), results
        assert (await world.comment(seen.comment)).state == done[0]
    assert len(await world.database.read(acts)) == ROUNDS
    assert await is_whole(world.database)


async def test_who_approves_again_what_was_changed_and_held_since_is_told_and_approves_nothing(
    world: World, mona: Actor
) -> None:
    await world.words("suspect", "poppycock")
    await world.check("suspect", "hold")
    comment = await world.post(await world.article(), "What poppycock.")
    seen = await look(world, comment)
    assert await seen.approve(mona) == State.VISIBLE
    await world.edit(comment, "What poppycock, you poppycocks: poppycock.")
    await world.words("suspect", "poppycock", "rubbish")
    await world.edit(comment, "What rubbish.")
    assert (await world.comment(comment)).state == State.HELD
    with pytest.raises(Conflict, match="changed the text"):
        await seen.approve(mona)
    assert (await world.comment(comment)).state == State.HELD
