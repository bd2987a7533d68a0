"""An author asks once for each comment that moderators look again; another moderator answers, and may take it back."""

import asyncio

import pytest
from sqlalchemy import func, select

from forum.accounts.actor import Actor
from forum.comments.models import State
from forum.database import Db
from forum.errors import Conflict, Forbidden, Invalid, NotFound
from forum.moderation.appeal_answers import answer_appeal
from forum.moderation.bans import Ban, ban_account, lift_ban
from forum.moderation.comment_appeals import APPEAL_LENGTH, appeal_comment
from forum.moderation.deciding import Basis
from forum.moderation.models import Act, ActKind, Appeal
from forum.moderation.outcomes import own_decisions, own_reports
from forum.moderation.queues import Queue
from forum.moderation.removals import remove_comment, restore_comment
from forum.moderation.reports import dismiss_reports, report_comment
from forum.moderation.terms import terms_of
from forum.moderation.undoing import undo_act
from forum.permissions import Role
from tests.moderation.records import account, acts, is_whole, waiting
from tests.world import World

pytestmark = pytest.mark.anyio


async def removed(world: World, mona: Actor, *, by: str = "nora") -> int:
    comment = await world.post(await world.article(), by=by)
    await world.database.write(remove_comment, moderator=mona, comment_id=comment, reason="spam")
    return comment


async def ask(world: World, comment: int, text: str = "It is no spam.", *, by: str = "nora") -> int:
    author = await world.account(by)
    return (await world.database.write(appeal_comment, author=author, comment_id=comment, text=text)).id


async def answer(world: World, moderator: Actor, appeal: int, granted: bool, said: str = "We looked again.") -> int:
    return await world.database.write(
        answer_appeal, moderator=moderator, appeal_id=appeal, granted=granted, answer=said
    )


async def told(world: World, handle: str = "nora") -> list[tuple[str, str]]:
    """What became of each appeal of somebody, and the answer, as they read it."""
    person = await world.database.read(account, (await world.account(handle)).account_id)
    decisions = await world.database.read(own_decisions, person)
    return [(one.appeal.state, one.appeal.appeal.answer) for one in decisions.comments if one.appeal.appeal]


async def test_an_author_appeals_and_the_comment_is_brought_back(world: World, mona: Actor) -> None:
    comment = await removed(world, mona)
    appeal = await ask(world, comment)
    assert await world.database.read(waiting, Queue.APPEALS) == [appeal]
    assert await told(world) == [("waiting", "")]
    max_ = await world.account("max", Role.MODERATOR)
    await answer(world, max_, appeal, granted=True)
    assert (await world.comment(comment)).state == State.VISIBLE
    assert await world.database.read(waiting, Queue.APPEALS) == []
    assert await told(world) == [("granted", "We looked again.")]
    assert [act.kind for act in await world.database.read(acts)] == [ActKind.REMOVE, ActKind.APPEAL]
    assert await is_whole(world.database)


async def test_a_held_comment_is_approved_by_its_appeal(world: World, mona: Actor) -> None:
    comment = await world.post(await world.article(), held=True)
    await answer(world, mona, await ask(world, comment), granted=True, said="")
    assert (await world.comment(comment)).state == State.VISIBLE
    assert await world.database.read(waiting, Queue.HELD) == []


async def test_an_appeal_is_declined_with_words_that_its_author_reads(world: World, mona: Actor) -> None:
    comment = await removed(world, mona)
    appeal = await ask(world, comment)
    with pytest.raises(Invalid, match="Say why"):
        await answer(world, mona, appeal, granted=False, said=" ")
    await answer(world, mona, appeal, granted=False)
    assert (await world.comment(comment)).state == State.REMOVED
    assert await told(world) == [("declined", "We looked again.")]
    with pytest.raises(Conflict, match="appealed about this comment already"):
        await ask(world, comment, "Once more.")


async def test_the_same_text_twice_is_one_appeal(world: World, mona: Actor) -> None:
    comment = await removed(world, mona)
    await world.account("nora")
    await asyncio.gather(*(ask(world, comment) for _ in range(6)))

    def count(db: Db) -> int:
        return db.execute(select(func.count()).select_from(Appeal)).scalar_one()

    assert await world.database.read(count) == 1


async def test_only_its_author_appeals_and_only_about_what_is_hidden(world: World, mona: Actor) -> None:
    slug = await world.article()
    hidden, seen, secret = await removed(world, mona), await world.post(slug), await world.post(slug, held=True)
    with pytest.raises(Forbidden):
        await ask(world, hidden, by="omar")
    with pytest.raises(NotFound):
        await ask(world, secret, by="omar")
    with pytest.raises(NotFound):
        await ask(world, 4711)
    with pytest.raises(Conflict, match="nothing to appeal"):
        await ask(world, seen)
    for text in (" ", "x" * (APPEAL_LENGTH + 1)):
        with pytest.raises(Invalid):
            await ask(world, hidden, text)
    await world.delete(secret)
    with pytest.raises(NotFound):
        await ask(world, secret)


async def test_what_became_visible_or_was_deleted_waits_no_more(world: World, mona: Actor) -> None:
    comment, held = await removed(world, mona), await world.post(await world.article("Another"), held=True)
    first, second = await ask(world, comment), await ask(world, held)
    assert await world.database.read(waiting, Queue.APPEALS) == [first, second]
    await world.database.write(restore_comment, moderator=mona, comment_id=comment)
    await world.delete(held)
    assert await world.database.read(waiting, Queue.APPEALS) == []
    assert await told(world) == [("granted", "")]


async def test_two_moderators_do_not_answer_one_appeal(world: World, mona: Actor) -> None:
    max_ = await world.account("max", Role.MODERATOR)
    appeal = await ask(world, await removed(world, mona))
    act = await answer(world, mona, appeal, granted=False)
    assert await answer(world, mona, appeal, granted=False) == act
    for granted in (True, False):
        with pytest.raises(Conflict, match=r"^Mona declined this .*\. Nothing was done\.$"):
            await answer(world, max_, appeal, granted=granted)
    with pytest.raises(Conflict, match="You declined this"):
        await answer(world, mona, appeal, granted=True)


async def test_an_answer_is_not_given_about_what_was_decided_meanwhile(world: World, mona: Actor) -> None:
    max_ = await world.account("max", Role.MODERATOR)
    comment = await removed(world, mona)
    appeal, version = await ask(world, comment), (await world.comment(comment)).version
    await world.database.write(restore_comment, moderator=mona, comment_id=comment)
    with pytest.raises(Conflict, match="Mona brought this back"):
        await world.database.write(
            answer_appeal, moderator=max_, appeal_id=appeal, granted=False, answer="It stays.", basis=Basis(version)
        )


async def test_nobody_answers_their_own_appeal_and_readers_none(world: World, mona: Actor) -> None:
    max_ = await world.account("max", Role.MODERATOR)
    own = await ask(world, await removed(world, mona, by="max"), by="max")
    with pytest.raises(Forbidden, match="your own appeal"):
        await answer(world, max_, own, granted=True)
    for role in (Role.READER, Role.EDITOR):
        with pytest.raises(Forbidden):
            await answer(world, await world.account(f"{role}-acting", role), own, granted=True)
    with pytest.raises(NotFound):
        await answer(world, mona, 4711, granted=True)


async def test_an_answer_is_taken_back_and_given_again(world: World, mona: Actor) -> None:
    comment = await removed(world, mona)
    appeal = await ask(world, comment)
    undone = await world.database.write(
        undo_act, moderator=mona, act_id=await answer(world, mona, appeal, granted=True)
    )
    assert (await world.comment(comment)).state == State.REMOVED
    assert await world.database.read(waiting, Queue.APPEALS) == [appeal]
    await world.database.write(undo_act, moderator=mona, act_id=undone.entry_id)
    assert (await world.comment(comment)).state == State.VISIBLE
    assert await told(world) == [("granted", "We looked again.")]
    assert await is_whole(world.database)


async def banned(world: World, mona: Actor, handle: str = "nora") -> int:
    """Somebody is banned, and appeals against that."""
    await world.account(handle)
    await world.database.write(ban_account, moderator=mona, handle=handle, ban=Ban("Too loud"))

    def appeal(db: Db, account_id: int) -> int:
        act_id = db.execute(select(func.max(Act.id)).where(Act.kind == ActKind.BAN)).scalar_one()
        row = Appeal(account_id=account_id, act_id=act_id, text="I will be quiet.")
        db.add(row)
        db.flush()
        return row.id

    return await world.database.write(appeal, (await world.account(handle)).account_id)


@pytest.mark.parametrize("granted", [True, False])
async def test_an_appeal_against_a_ban_is_answered_in_the_same_queue(world: World, mona: Actor, granted: bool) -> None:
    appeal = await banned(world, mona)
    assert await world.database.read(waiting, Queue.APPEALS) == [appeal]
    await answer(world, mona, appeal, granted=granted)
    nora = await world.database.read(account, (await world.account("nora")).account_id)
    assert (nora.banned_at is None) == granted
    assert await world.database.read(waiting, Queue.APPEALS) == []
    kinds = [act.kind for act in await world.database.read(acts)]
    assert kinds == [ActKind.BAN, ActKind.APPEAL]


@pytest.mark.parametrize("granted", [True, False])
async def test_an_answer_about_a_ban_is_taken_back_as_one_and_given_again(
    world: World, mona: Actor, granted: bool
) -> None:
    appeal, nora = await banned(world, mona), await world.account("nora")
    before = terms_of(await world.database.read(account, nora.account_id))
    given = await answer(world, mona, appeal, granted=granted)
    undone = await world.database.write(undo_act, moderator=mona, act_id=given)
    assert terms_of(await world.database.read(account, nora.account_id)) == before
    assert await world.database.read(waiting, Queue.APPEALS) == [appeal]
    await world.database.write(undo_act, moderator=mona, act_id=undone.entry_id)
    assert ((await world.database.read(account, nora.account_id)).banned_at is None) == granted
    assert await world.database.read(waiting, Queue.APPEALS) == []


async def test_an_answer_about_a_ban_is_undone_by_those_alone_who_could_give_it(world: World, mona: Actor) -> None:
    anna = await world.account("anna", Role.ADMIN)
    await world.account("max", Role.MODERATOR)
    for granted in (False, True):
        given = await answer(world, anna, await banned(world, anna, "max"), granted=granted)
        with pytest.raises(Forbidden):
            await world.database.write(undo_act, moderator=mona, act_id=given)


async def test_an_appeal_against_a_ban_that_is_over_waits_for_nobody(world: World, mona: Actor) -> None:
    await banned(world, mona)
    await world.database.write(lift_ban, moderator=mona, handle="nora")
    assert await world.database.read(waiting, Queue.APPEALS) == []


async def test_who_could_not_lift_a_ban_does_not_answer_its_appeal(world: World, mona: Actor) -> None:
    anna = await world.account("anna", Role.ADMIN)
    await world.account("max", Role.MODERATOR)
    appeal = await banned(world, anna, "max")
    with pytest.raises(Forbidden):
        await answer(world, mona, appeal, granted=True)
    await answer(world, anna, appeal, granted=True)


async def test_a_reporter_learns_what_became_of_each_report_and_not_from_whom(world: World, mona: Actor) -> None:
    slug = await world.article()
    comments = {name: await world.post(slug, f"Text {name}.") for name in ("waiting", "removed", "left", "deleted")}
    omar = await world.account("omar")
    for comment in comments.values():
        await world.database.write(report_comment, reporter=omar, comment_id=comment, reason="spam", note="Look.")
    await world.database.write(remove_comment, moderator=mona, comment_id=comments["removed"], reason="hate")
    await world.database.write(dismiss_reports, moderator=mona, comment_id=comments["left"])
    await world.delete(comments["deleted"])
    reports, older = await world.database.read(own_reports, omar.account_id)
    assert [one.outcome for one in reports] == ["deleted", "left", "removed", "waiting"]
    assert [one.comment_id for one in reports] == [None, comments["left"], None, comments["waiting"]]
    assert [one.decided_at is not None for one in reports] == [False, True, True, False]
    assert "mona" not in repr(reports).lower()
    assert older is None
    nora = await world.account("nora")
    assert await world.database.read(own_reports, nora.account_id) == ([], None)


async def test_reports_and_decisions_go_page_by_page(world: World, mona: Actor) -> None:
    slug, omar = await world.article(), await world.account("omar")
    comments = [await world.post(slug) for _ in range(28)]
    for comment in comments:
        await world.database.write(report_comment, reporter=omar, comment_id=comment, reason="spam")
        await world.database.write(remove_comment, moderator=mona, comment_id=comment, reason="spam")
    first, older = await world.database.read(own_reports, omar.account_id)
    rest, last = await world.database.read(own_reports, omar.account_id, older=older)
    assert (len(first), len(rest), last) == (25, 3, None)
    nora = await world.database.read(account, (await world.account("nora")).account_id)
    decisions = await world.database.read(own_decisions, nora)
    further = await world.database.read(own_decisions, nora, older=decisions.older)
    seen = [one.comment.id for page in (decisions, further) for one in page.comments]
    assert seen == comments[::-1]


async def test_nobody_undoes_what_became_of_their_own_appeal(world: World, mona: Actor) -> None:
    max_ = await world.account("max", Role.MODERATOR)
    appeal = await ask(world, await removed(world, max_, by="mona"), by="mona")
    declined = await answer(world, max_, appeal, granted=False)
    with pytest.raises(Forbidden):
        await world.database.write(undo_act, moderator=mona, act_id=declined)
    undone = await world.database.write(undo_act, moderator=max_, act_id=declined)
    granted = await answer(world, max_, appeal, granted=True)
    taken_back = await world.database.write(undo_act, moderator=max_, act_id=granted)
    for entry in (undone.entry_id, taken_back.entry_id):
        with pytest.raises(Forbidden):
            await world.database.write(undo_act, moderator=mona, act_id=entry)
    assert await world.database.read(waiting, Queue.APPEALS) == [appeal]
