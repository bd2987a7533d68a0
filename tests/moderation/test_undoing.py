"""Undoing: each act by one entry, for 30 days; exactly, and leaving alone what somebody has changed since.

That all is as it was, whatever had been before: test_as_it_was.py.
"""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import insert

from forum.accounts.actor import Actor
from forum.accounts.sessions import read_viewer
from forum.articles.models import Article, DiscussionState
from forum.comments.checks.models import Response
from forum.comments.models import State
from forum.database import Db
from forum.errors import Banned, Conflict, Forbidden, NotFound
from forum.events import AccountBanned, DiscussionChanged
from forum.moderation.bans import Ban, ban_account, lift_ban
from forum.moderation.branches import pin_branch
from forum.moderation.check_rules import Setting, set_rules
from forum.moderation.discussions import set_discussion
from forum.moderation.effects import outcome
from forum.moderation.log import Entry, read_log
from forum.moderation.models import Act, ActKind
from forum.moderation.removals import hold_comment, remove_comment, restore_comment
from forum.moderation.reports import dismiss_reports, report_comment
from forum.moderation.sweeps import finish_act
from forum.moderation.undoing import undo_act
from forum.moderation.watches import set_watch
from forum.moderation.word_lists import read_lists, set_words
from forum.permissions import Role
from tests.moderation import records
from tests.moderation.records import account, acts, head, is_whole, published
from tests.world import World

pytestmark = pytest.mark.anyio


async def last(world: World) -> Act:
    """The newest entry of the log."""
    return (await world.database.read(acts))[-1]


async def undo(world: World, moderator: Actor, act: Act | None = None) -> int:
    """Undo an act, or the last one; gives the entry that does."""
    act = act or await last(world)
    undone = await world.database.write(undo_act, moderator=moderator, act_id=act.id)
    if undone.goes_on:
        await finish_act(world.database, undone.entry_id)
    assert await is_whole(world.database)
    return undone.entry_id


async def remove(world: World, moderator: Actor, comment: int, reason: str = "spam") -> Act:
    await world.database.write(remove_comment, moderator=moderator, comment_id=comment, reason=reason)
    return await last(world)


async def restore(world: World, moderator: Actor, comment: int) -> Act:
    await world.database.write(restore_comment, moderator=moderator, comment_id=comment)
    return await last(world)


async def waiting(world: World) -> int:
    return len(await world.database.read(records.waiting))


async def newest(world: World) -> Entry:
    return (await world.database.read(read_log)).entries[0]


async def test_an_undo_is_an_entry_that_names_what_it_takes_back(world: World, mona: Actor) -> None:
    slug = await world.article()
    comment = await world.post(slug)
    removal = await remove(world, mona, comment)
    heard = published(world.database)
    await undo(world, mona)
    entry, row = await last(world), await world.comment(comment)
    assert (entry.kind, entry.undoes_id, entry.comment_id) == (ActKind.UNDO, removal.id, comment)
    assert (removal.before, removal.after) == (entry.after, entry.before)
    assert (row.state, row.reason, row.act_id) == (State.VISIBLE, None, None)
    assert heard == [DiscussionChanged(row.article_id, 3)]
    assert await world.database.read(head, slug) == (3, 1)


async def test_a_held_comment_that_was_removed_waits_again_since_when_it_did(world: World, mona: Actor) -> None:
    comment = await world.post(await world.article(), held=True)
    since = (await world.comment(comment)).held_at
    await remove(world, mona, comment)
    await undo(world, mona)
    row = await world.comment(comment)
    assert (row.state, row.held_at, row.was_public) == (State.HELD, since, False)


async def test_an_approval_that_is_undone_holds_the_comment_and_a_hold_shows_it(world: World, mona: Actor) -> None:
    slug = await world.article()
    approved, held = await world.post(slug, held=True), await world.post(slug)
    await restore(world, mona, approved)
    await undo(world, mona)
    await world.database.write(hold_comment, moderator=mona, comment_id=held)
    await undo(world, mona)
    assert [(await world.comment(one)).state for one in (approved, held)] == [State.HELD, State.VISIBLE]
    assert (await world.comment(held)).held_at is None


async def test_a_restored_comment_is_removed_again_for_the_reason_that_it_had(world: World, mona: Actor) -> None:
    comment = await world.post(await world.article())
    removal = await remove(world, mona, comment, "hate")
    await restore(world, mona, comment)
    await undo(world, mona)
    row = await world.comment(comment)
    assert (row.state, row.reason, row.act_id) == (State.REMOVED, "hate", removal.id)


async def test_reports_that_an_act_settled_are_open_again_and_no_others(world: World, mona: Actor) -> None:
    comment = await world.post(await world.article())
    await world.database.write(report_comment, reporter=await world.account("omar"), comment_id=comment, reason="spam")
    await world.database.write(dismiss_reports, moderator=mona, comment_id=comment)
    dismissal = await last(world)
    await world.database.write(report_comment, reporter=await world.account("pia"), comment_id=comment, reason="hate")
    removal = await remove(world, mona, comment)
    await undo(world, mona, removal)
    assert await world.database.read(records.reporters) == ["pia"]
    await undo(world, mona, dismissal)
    assert await world.database.read(records.reporters) == ["omar", "pia"]


async def test_twice_is_once(world: World, mona: Actor) -> None:
    comment = await world.post(await world.article())
    removal = await remove(world, mona, comment)
    first = await undo(world, mona, removal)
    assert await undo(world, mona, removal) == first
    assert [act.kind for act in await world.database.read(acts)] == [ActKind.REMOVE, ActKind.UNDO]


async def test_an_undo_is_undone_by_doing_it_again(world: World, mona: Actor) -> None:
    comment = await world.post(await world.article())
    await world.database.write(report_comment, reporter=await world.account("omar"), comment_id=comment, reason="spam")
    removal = await remove(world, mona, comment, "hate")
    undoing = await undo(world, mona)
    await undo(world, mona)
    again = await last(world)
    assert (again.kind, again.undoes_id, again.reason) == (ActKind.REMOVE, undoing, "hate")
    row = await world.comment(comment)
    assert (row.state, row.reason, row.act_id, await waiting(world)) == (State.REMOVED, "hate", removal.id, 0)
    assert [entry.can_be_undone for entry in (await world.database.read(read_log)).entries] == [True, False, False]
    await undo(world, mona)
    assert ((await world.comment(comment)).state, await waiting(world)) == (State.VISIBLE, 1)


async def test_acts_are_undone_in_any_order_that_leaves_them_as_they_were(world: World, mona: Actor) -> None:
    comment = await world.post(await world.article())
    await world.database.write(hold_comment, moderator=mona, comment_id=comment)
    hold = await last(world)
    removal = await remove(world, mona, comment)
    with pytest.raises(Conflict, match="changed this since"):
        await undo(world, mona, hold)
    await undo(world, mona, removal)
    await undo(world, mona, hold)
    assert (await world.comment(comment)).state == State.VISIBLE


async def test_what_another_moderator_decided_since_stays(world: World, mona: Actor) -> None:
    comment = await world.post(await world.article())
    removal = await remove(world, mona, comment)
    await restore(world, mona, comment)
    await remove(world, mona, comment, "hate")
    with pytest.raises(Conflict, match="stays as it is"):
        await undo(world, mona, removal)
    row = await world.comment(comment)
    assert (row.state, row.reason, (await last(world)).kind) == (State.REMOVED, "hate", ActKind.REMOVE)


async def test_what_its_author_deleted_since_stays_deleted(world: World, mona: Actor) -> None:
    comment = await world.post(await world.article(), held=True)
    await restore(world, mona, comment)
    await world.delete(comment)
    with pytest.raises(Conflict):
        await undo(world, mona)
    assert (await world.comment(comment)).state == State.DELETED


async def test_a_text_that_nobody_decided_about_is_not_shown_by_an_undo(world: World, mona: Actor) -> None:
    slug = await world.article()
    held, approved = await world.post(slug), await world.post(slug, held=True)
    await world.database.write(hold_comment, moderator=mona, comment_id=held)
    await world.edit(held, "Much worse.")
    with pytest.raises(Conflict):
        await undo(world, mona)
    await restore(world, mona, approved)
    await world.edit(approved, "Much worse.")
    await undo(world, mona)
    assert [(await world.comment(one)).state for one in (held, approved)] == [State.HELD, State.HELD]


async def test_of_many_comments_those_that_were_changed_since_stay_and_the_log_says_how_many(
    world: World, mona: Actor
) -> None:
    slug = await world.article()
    comments = [await world.post(slug) for _ in range(4)]
    act = await world.database.write(ban_account, moderator=mona, handle="nora", ban=Ban("Advertising", remove="all"))
    assert act is not None
    await finish_act(world.database, act)
    await restore(world, mona, comments[0])
    await remove(world, mona, comments[0], "hate")
    await restore(world, mona, comments[1])
    await undo(world, mona, next(one for one in await world.database.read(acts) if one.id == act))
    states = [(await world.comment(one)).state for one in comments]
    assert states == [State.REMOVED, State.VISIBLE, State.VISIBLE, State.VISIBLE]
    assert await world.database.read(outcome, act) == (2, 2)
    entry = await newest(world)
    assert (entry.kind, entry.undoes, entry.stay) == (ActKind.UNDO, ActKind.REMOVE_ALL, 2)
    await undo(world, mona)
    assert [(await world.comment(one)).state for one in comments[1:]] == [State.VISIBLE, State.REMOVED, State.REMOVED]


async def test_a_ban_that_is_undone_gives_the_terms_back_that_were_before(world: World, mona: Actor) -> None:
    nora = await world.account("nora")
    await world.database.write(
        ban_account, moderator=mona, handle="nora", ban=Ban("First", datetime(2099, 5, 3, tzinfo=UTC))
    )
    before = await world.database.read(account, nora.account_id)
    await world.database.write(ban_account, moderator=mona, handle="nora", ban=Ban("Second"))
    await undo(world, mona)
    after = await world.database.read(account, nora.account_id)
    assert after.ban_reason == "First"
    assert (after.banned_at, after.banned_until) == (before.banned_at, before.banned_until)
    await undo(world, mona, (await world.database.read(acts))[0])
    await world.sign_in("nora")


async def test_lifting_that_is_undone_shuts_out_again_at_once(world: World, mona: Actor) -> None:
    nora = await world.account("nora")
    await world.database.write(ban_account, moderator=mona, handle="nora", ban=Ban("Advertising"))
    await world.database.write(lift_ban, moderator=mona, handle="nora")
    token, heard = await world.sign_in("nora"), published(world.database)
    await undo(world, mona)
    assert await world.database.read(read_viewer, token) is None
    assert heard == [AccountBanned(nora.account_id, "This account is banned for good: Advertising.")]
    with pytest.raises(Banned):
        await world.sign_in("nora")


async def test_a_ban_whose_terms_were_changed_since_stays(world: World, mona: Actor) -> None:
    await world.account("nora")
    await world.database.write(ban_account, moderator=mona, handle="nora", ban=Ban("First"))
    first = await last(world)
    await world.database.write(ban_account, moderator=mona, handle="nora", ban=Ban("Second"))
    with pytest.raises(Conflict):
        await undo(world, mona, first)


async def test_who_may_not_ban_an_account_undoes_nothing_of_its_bans(world: World, mona: Actor) -> None:
    admin = await world.account("anna", Role.ADMIN)
    await world.account("edda", Role.EDITOR)
    await world.database.write(ban_account, moderator=admin, handle="edda", ban=Ban("Rest"))
    with pytest.raises(Forbidden, match="admins can ban"):
        await undo(world, mona)
    await undo(world, admin)


async def test_a_discussion_has_its_state_its_day_and_its_reason_again(world: World, mona: Actor) -> None:
    slug = await world.article()

    async def set_to(state: DiscussionState, reason: str = "") -> None:
        await world.database.write(set_discussion, moderator=mona, slug=slug, state=state, reason=reason)

    def terms(db: Db, article_id: int) -> tuple[object, ...]:
        article = db.get_one(Article, article_id)
        return article.discussion, article.discussion_since, article.discussion_reason

    number = await world.article_id(slug)
    await set_to(DiscussionState.READONLY, "The vote is over")
    closed = await world.database.read(terms, number)
    await set_to(DiscussionState.OFF)
    await undo(world, mona)
    assert await world.database.read(terms, number) == closed
    first, off, _undo = await world.database.read(acts)
    assert off.before is not None
    assert (off.before["discussion"], off.before["discussion_reason"]) == ("readonly", "The vote is over")
    await undo(world, mona, first)
    assert await world.database.read(terms, number) == (DiscussionState.OPEN, None, "")
    assert await world.database.read(head, slug) == (4, 0)


async def test_a_fourth_pin_does_not_come_by_an_undo(world: World, mona: Actor) -> None:
    slug = await world.article()
    comments = [await world.post(slug) for _ in range(4)]
    for comment in comments[:3]:
        await world.database.write(pin_branch, moderator=mona, comment_id=comment, value=True)
    await world.database.write(pin_branch, moderator=mona, comment_id=comments[0], value=False)
    unpinning = await last(world)
    await world.database.write(pin_branch, moderator=mona, comment_id=comments[3], value=True)
    with pytest.raises(Conflict, match="Three comments are pinned"):
        await undo(world, mona, unpinning)
    await undo(world, mona)
    await undo(world, mona, unpinning)
    assert (await world.comment(comments[0])).pinned_at is not None


async def test_only_admins_undo_what_admins_set(world: World, mona: Actor) -> None:
    admin = await world.account("anna", Role.ADMIN)
    await world.database.write(set_words, admin=admin, name="banned", entries="drat\nblast\nbother")
    await world.database.write(set_words, admin=admin, name="banned", entries="drat\nbother\nbah")
    assert ((await last(world)).before or {})["lines"] == ["blast", "bother"]
    await world.database.write(set_rules, admin=admin, settings={"links": Setting(Response.HOLD, 2)})
    for act in (await world.database.read(acts))[-2:]:
        with pytest.raises(Forbidden):
            await undo(world, mona, act)
        await undo(world, admin, act)
    assert (await world.database.read(read_lists))["banned"] == "drat\nblast\nbother"


async def test_an_undo_is_offered_to_those_alone_who_may_do_it(world: World, mona: Actor) -> None:
    admin = await world.account("anna", Role.ADMIN)
    await world.account("edda", Role.EDITOR)
    await world.account("nora")
    await world.database.write(ban_account, moderator=admin, handle="edda", ban=Ban("Rest"))
    await world.database.write(set_watch, moderator=admin, handle="edda", watch=True)
    await world.database.write(set_words, admin=admin, name="banned", entries="drat")
    await world.database.write(ban_account, moderator=admin, handle="nora", ban=Ban("Spam"))
    offered = {}
    for handle, role in (("mona", Role.MODERATOR), ("anna", Role.ADMIN)):
        viewer = await world.database.read(read_viewer, await world.sign_in(handle, role))
        log = await world.database.read(read_log, viewer=viewer)
        offered[handle] = [entry.can_be_undone for entry in log.entries]
    assert offered == {"mona": [True, False, False, False], "anna": [True, True, True, True]}


async def test_a_list_that_was_changed_since_stays(world: World) -> None:
    admin = await world.account("anna", Role.ADMIN)
    for entries in ("drat", "drat\nblast", "drat\nblast\nbother"):
        await world.database.write(set_words, admin=admin, name="suspect", entries=entries)
    with pytest.raises(Conflict):
        await undo(world, admin, (await world.database.read(acts))[-2])


async def test_after_thirty_days_nothing_is_undone(world: World, mona: Actor) -> None:
    slug = await world.article()
    with time_machine.travel(datetime.now(UTC) - timedelta(days=30, hours=1)):
        old = await remove(world, mona, await world.post(slug))
    with time_machine.travel(datetime.now(UTC) - timedelta(days=29, hours=23)):
        young = await remove(world, mona, await world.post(slug))
    assert [entry.can_be_undone for entry in (await world.database.read(read_log)).entries] == [True, False]
    with pytest.raises(Conflict, match="30 days"):
        await undo(world, mona, old)
    await undo(world, mona, young)


async def test_what_an_earlier_version_entered_without_saying_what_was_before_is_not_undone(
    world: World, mona: Actor
) -> None:
    nora = await world.account("nora")

    def enter(db: Db) -> None:
        row = {"kind": ActKind.BAN, "account_id": nora.account_id, "reason": "", "detail": ""}
        db.execute(insert(Act).values(row))

    await world.database.write(enter)
    assert not (await newest(world)).can_be_undone
    with pytest.raises(Conflict, match="cannot be undone"):
        await undo(world, mona)


async def test_an_entry_that_is_not_there_is_not_found_and_only_moderators_undo(world: World, mona: Actor) -> None:
    comment = await world.post(await world.article())
    removal = await remove(world, mona, comment)
    with pytest.raises(NotFound):
        await world.database.write(undo_act, moderator=mona, act_id=4711)
    for role in (Role.READER, Role.EDITOR):
        with pytest.raises(Forbidden):
            await undo(world, await world.account(f"{role}-acting", role), removal)
