"""One right suspended: which acts it keeps from whom, until when, and how it is given back."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
import time_machine
from sqlalchemy import func, select

from forum.accounts.actions import change_avatar, change_display_name
from forum.accounts.actor import Actor
from forum.accounts.avatars import AVATAR_SIZES
from forum.accounts.models import Suspension
from forum.comments.models import Comment
from forum.comments.voting import vote
from forum.config import Settings
from forum.database import Db
from forum.errors import Conflict, Forbidden, Invalid, NotFound, Suspended
from forum.moderation.models import ActKind
from forum.moderation.record import account_record
from forum.moderation.reports import report_comment
from forum.moderation.sanctions import Terms
from forum.moderation.suspensions import give_back_right, suspend_right, suspensions_of
from forum.moderation.undoing import undo_act
from forum.permissions import RANK, Right, Role
from forum.sweeping import forget, sweep
from tests.accounts.site import JSON, Site, words
from tests.articles.newspaper import picture
from tests.moderation.records import account, acts
from tests.world import World

pytestmark = pytest.mark.anyio

SPAM = Terms("Advertising")
ROUNDS = 50


async def suspend(world: World, moderator: Actor, right: Right, terms: Terms = SPAM, handle: str = "nora") -> None:
    await world.database.write(suspend_right, moderator=moderator, handle=handle, right=right, terms=terms)


async def attempts(world: World) -> dict[Right, Callable[[], Awaitable[object]]]:
    """What nora needs each right for."""
    slug = await world.article()
    own, other = await world.post(slug, by="nora"), await world.post(slug, by="omar")
    nora, write, numbers = await world.account("nora"), world.database.write, iter(range(100))

    async def reply() -> None:
        await world.post(slug, by="nora", parent=other)
        await world.edit(own, f"Text {next(numbers)}.")

    return {
        Right.REPLY: reply,
        Right.VOTE: lambda: write(vote, voter=nora, comment_id=other, value=True),
        Right.REPORT: lambda: write(report_comment, reporter=nora, comment_id=other, reason="spam"),
        Right.AVATAR: lambda: write(change_avatar, actor=nora, avatar=f"{nora.account_id}-x"),
    }


@pytest.mark.parametrize("right", Right)
async def test_a_right_that_is_suspended_and_no_other_is_refused_with_reason_and_end(
    world: World, mona: Actor, right: Right
) -> None:
    tries = await attempts(world)
    await suspend(world, mona, right, Terms(" Advertising.\n", datetime(2099, 5, 3, tzinfo=UTC)))
    for tried, attempt in tries.items():
        if tried != right:
            await attempt()
            continue
        with pytest.raises(Suspended, match=r"^You cannot .* until 3 May 2099: Advertising\.$"):
            await attempt()
    await suspend(world, mona, right, Terms("Again"))
    with pytest.raises(Suspended, match=r"any more: Again\.$"):
        await tries[right]()
    assert await world.database.write(give_back_right, moderator=mona, handle="nora", right=right)
    assert not await world.database.write(give_back_right, moderator=mona, handle="nora", right=right)
    await tries[right]()


async def test_an_edit_is_writing_and_a_deletion_is_not(world: World, mona: Actor) -> None:
    comment = await world.post(await world.article())
    await suspend(world, mona, Right.REPLY)
    with pytest.raises(Suspended):
        await world.edit(comment, "Another text.")
    await world.delete(comment)


@pytest.mark.parametrize("right", Right)
async def test_a_suspension_ends_by_itself_and_is_forgotten_but_in_the_log(
    world: World, mona: Actor, right: Right
) -> None:
    tries, nora = await attempts(world), await world.account("nora")
    soon = datetime.now(UTC) + timedelta(minutes=5)
    await suspend(world, mona, right, Terms("Rest", soon))
    assert [one.right for one in await world.database.read(suspensions_of, nora.account_id)] == [right]
    with time_machine.travel(soon + timedelta(seconds=1)):
        await tries[right]()
        assert await world.database.read(suspensions_of, nora.account_id) == []
        assert not await world.database.write(give_back_right, moderator=mona, handle="nora", right=right)
        await world.database.write(forget, address_days=30)
    assert await world.database.read(count) == 0
    assert [act.kind for act in await world.database.read(acts)] == [ActKind.SUSPEND]


def count(db: Db) -> int:
    return db.execute(select(func.count()).select_from(Suspension)).scalar_one()


async def test_with_the_right_to_a_picture_goes_the_picture_and_comes_back_with_it(
    world: World, mona: Actor, settings: Settings
) -> None:
    nora = await world.account("nora")
    avatar = f"{nora.account_id}-{'a' * 32}"
    await world.database.write(change_avatar, actor=nora, avatar=avatar)
    for terms in (SPAM, Terms("Again")):
        await suspend(world, mona, Right.AVATAR, terms)
        assert (await world.database.read(account, nora.account_id)).avatar is None
    await world.database.write(change_avatar, actor=nora, avatar=None)
    file = settings.uploads / f"avatars/{nora.account_id}/{'a' * 32}-96.webp"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"RIFF")
    with time_machine.travel(datetime.now(UTC) + timedelta(days=3)):
        await sweep(world.database, settings)
    assert file.exists()
    await world.database.write(give_back_right, moderator=mona, handle="nora", right=Right.AVATAR)
    assert (await world.database.read(account, nora.account_id)).avatar == avatar


async def test_a_name_is_changed_whatever_is_suspended(world: World, mona: Actor) -> None:
    nora = await world.account("nora")
    for right in Right:
        await suspend(world, mona, right)
    await world.database.write(change_display_name, actor=nora, display_name="Nora N.")


async def test_only_moderators_suspend_and_only_of_those_whom_they_could_ban(world: World) -> None:
    for mine, theirs in product(Role, Role):
        me, handle = await world.account(f"{mine}-acting", mine), f"{theirs}-of-{mine}"
        await world.account(handle, theirs)
        may = mine in (Role.MODERATOR, Role.ADMIN) and RANK[theirs] < RANK[mine]
        if may:
            await suspend(world, me, Right.VOTE, handle=handle)
            await world.database.write(give_back_right, moderator=me, handle=handle, right=Right.VOTE)
            continue
        with pytest.raises(Forbidden):
            await suspend(world, me, Right.VOTE, handle=handle)
        with pytest.raises(Forbidden):
            await world.database.write(give_back_right, moderator=me, handle=handle, right=Right.VOTE)
    for handle, terms, refusal in (("admin-acting", SPAM, Forbidden), ("whoever", SPAM, NotFound),
                                   ("reader-acting", Terms(" "), Invalid)):  # fmt: skip
        with pytest.raises(refusal):
            await suspend(world, await world.account("admin-acting"), Right.VOTE, terms, handle)


async def test_each_act_is_an_entry_and_can_be_undone(world: World, mona: Actor) -> None:
    nora = (await world.account("nora")).account_id
    await world.database.write(change_avatar, actor=await world.account("nora"), avatar=f"{nora}-x")
    seen = [await world.database.read(looks, nora)]
    for reason in ("One", "Two"):
        await suspend(world, mona, Right.AVATAR, Terms(reason))
        seen.append(await world.database.read(looks, nora))
    await world.database.write(give_back_right, moderator=mona, handle="nora", right=Right.AVATAR)
    done = list(await world.database.read(acts))
    assert [(act.kind, act.detail, act.reason) for act in done] == [
        (ActKind.SUSPEND, "avatar", "One"),
        (ActKind.SUSPEND, "avatar", "Two"),
        (ActKind.UNSUSPEND, "avatar", ""),
    ]
    for before in reversed(seen):
        await world.database.write(undo_act, moderator=mona, act_id=done.pop().id)
        assert await world.database.read(looks, nora) == before


async def test_an_undo_asks_for_as_much_as_the_act_and_takes_nothing_back_that_was_changed_since(
    world: World, mona: Actor
) -> None:
    boss, editor = await world.account("bossy", Role.ADMIN), await world.account("edda", Role.EDITOR)
    await suspend(world, boss, Right.VOTE, handle="edda")
    [act] = await world.database.read(acts)
    with pytest.raises(Forbidden):
        await world.database.write(undo_act, moderator=mona, act_id=act.id)
    await suspend(world, boss, Right.VOTE, Terms("Again"), "edda")
    with pytest.raises(Conflict):
        await world.database.write(undo_act, moderator=boss, act_id=act.id)
    [left] = await world.database.read(suspensions_of, editor.account_id)
    assert "Again" in left.sentence


def looks(db: Db, account_id: int) -> tuple[object, object]:
    return account(db, account_id).avatar, suspensions_of(db, account_id)


async def test_the_record_tells_moderators_what_is_suspended_and_what_was(world: World, mona: Actor) -> None:
    await world.account("nora")
    await suspend(world, mona, Right.VOTE)
    viewer = await world.database.read(account, mona.account_id)
    record = await world.database.read(account_record, viewer=viewer, handle="nora")
    assert record is not None
    assert [one.sentence for one in record.suspensions] == ["You cannot recommend comments any more: Advertising."]
    assert [entry.kind for entry in record.history] == [ActKind.SUSPEND]


def suspend_and_count(db: Db, *, moderator: Actor, handle: str, account_id: int) -> int:
    """Suspend, and count the account's comments in the same transaction."""
    suspend_right(db, moderator=moderator, handle=handle, right=Right.REPLY, terms=SPAM)
    return written_by(db, account_id)


def written_by(db: Db, account_id: int) -> int:
    return db.execute(select(func.count()).where(Comment.author_id == account_id)).scalar_one()


async def test_not_one_post_comes_after_a_suspension(world: World, mona: Actor) -> None:
    slug = await world.article()
    for number in range(ROUNDS):
        handle = f"loud{number}x"
        loud = (await world.account(handle)).account_id
        posting = [asyncio.create_task(post_until_refused(world, slug, handle)) for _ in range(3)]
        for _ in range(number % 5):
            await asyncio.sleep(0)
        then = await world.database.write(suspend_and_count, moderator=mona, handle=handle, account_id=loud)
        await asyncio.gather(*posting)
        assert await world.database.read(written_by, loud) == then


async def post_until_refused(world: World, slug: str, handle: str) -> None:
    try:
        for number in range(20):
            await world.post(slug, f"Number {number}.", by=handle)
    except Suspended:
        return


def test_a_moderator_suspends_and_gives_back_on_the_accounts_page_and_the_text_is_kept(site: Site) -> None:
    mona, nora = site.do(site.world.sign_in, "mona", Role.MODERATOR), site.do(site.world.sign_in, "nora")
    slug = site.do(site.world.article)
    form = {"right": "reply", "reason": "", "until": "7"}
    again = site.post("/accounts/nora/suspend", form, mona)
    assert (again.status_code, "Say why." in words(again)) == (422, True)
    done = site.post("/accounts/nora/suspend", form | {"reason": "Too many lamps."}, mona)
    assert (done.status_code, done.headers["location"]) == (303, "/accounts/nora/ban")
    for path in ("/accounts/nora/ban", "/accounts/nora"):
        assert "You cannot write comments until" in words(site.get(path, mona))
    assert "You cannot write" not in words(site.get("/accounts/nora"))
    assert "Kept @nora from writing comments until" in site.get("/moderation/log", mona).text.replace(
        '<a href="/accounts/nora">', ""
    ).replace("</a>", "")
    refused = site.post(f"/articles/{slug}/comments", {"body": "Kept text."}, nora)
    assert refused.status_code == 403
    assert "Too many lamps." in words(refused)
    assert "Kept text." in refused.text
    program = site.post(f"/articles/{slug}/comments", {"body": "Kept text."}, nora, headers=JSON)
    assert (program.status_code, program.json()["error"]["code"]) == (403, "suspended")
    assert site.post("/accounts/nora/suspend/lift", {"right": "reply"}, mona).status_code == 303
    assert site.post(f"/articles/{slug}/comments", {"body": "Kept text."}, nora).status_code == 303


def test_a_report_that_is_refused_comes_back_with_its_note(site: Site) -> None:
    mona, nora = site.do(site.world.sign_in, "mona", Role.MODERATOR), site.do(site.world.sign_in, "nora")
    comment = site.do(site.world.post, site.do(site.world.article), by="omar")
    site.post("/accounts/nora/suspend", {"right": "report", "reason": "Too many.", "until": "7"}, mona)
    refused = site.post(f"/comments/{comment}/report", {"reason": "spam", "note": "Kept note."}, nora)
    assert refused.status_code == 403
    assert "You cannot report comments until" in words(refused)
    assert "Kept note." in refused.text


def test_a_picture_that_was_taken_off_is_not_served_at_its_old_address_either(site: Site) -> None:
    mona, nora = site.do(site.world.sign_in, "mona", Role.MODERATOR), site.do(site.world.sign_in, "nora")
    stored = site.post("/settings/avatar", {}, nora, files={"image": ("x.png", picture(60, 60))}, headers=JSON)
    address = f"/avatars/{stored.json()['avatar']}-{AVATAR_SIZES[0]}.webp"
    assert site.get(address).headers["content-type"] == "image/webp"
    site.post("/accounts/nora/suspend", {"right": "avatar", "reason": "Rude.", "until": "7"}, mona)
    assert site.get(address).headers["content-type"].startswith("image/svg+xml")
    refused = site.post("/settings/avatar", {}, nora, files={"image": ("x.png", picture(60, 60))})
    assert (refused.status_code, "Rude." in words(refused)) == (403, True)
    site.post("/accounts/nora/suspend/lift", {"right": "avatar"}, mona)
    assert site.get(address).headers["content-type"] == "image/webp"
