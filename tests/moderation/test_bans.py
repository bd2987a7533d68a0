"""Bans: who may ban whom, on which terms, and what ends with them. A ban against a post: tests/faults."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
import time_machine
from sqlalchemy import select

from forum.accounts.actor import Actor
from forum.accounts.models import Session
from forum.accounts.sessions import read_viewer
from forum.comments.actions import post_comment
from forum.comments.body import make_body
from forum.database import Db
from forum.errors import Banned, Forbidden, Invalid, NotFound, SignInNeeded
from forum.events import AccountBanned
from forum.moderation.bans import Ban, ban_account, lift_ban
from forum.moderation.models import ActKind
from forum.moderation.sanctions import REASON_LENGTH, parse_until
from forum.permissions import RANK, Role
from tests.moderation.records import account, acts, published
from tests.world import World

pytestmark = pytest.mark.anyio

SPAM = Ban("Advertising")


def sessions(db: Db, account_id: int) -> list[int]:
    return list(db.execute(select(Session.id).where(Session.account_id == account_id)).scalars())


async def test_a_ban_signs_out_everywhere_and_is_told_with_its_reason_and_end(world: World, mona: Actor) -> None:
    until = datetime(2099, 5, 3, tzinfo=UTC)
    tokens = [await world.sign_in("nora"), await world.sign_in("nora")]
    nora = (await world.account("nora")).account_id
    heard = published(world.database)
    await world.database.write(ban_account, moderator=mona, handle="nora", ban=Ban(" Advertising\nagain ", until))
    assert await world.database.read(sessions, nora) == []
    assert [await world.database.read(read_viewer, token) for token in tokens] == [None, None]
    assert heard == [AccountBanned(nora, "This account is banned until 3 May 2099: Advertising again.")]


async def test_a_ban_is_an_entry_of_the_log(world: World, mona: Actor) -> None:
    nora = await world.account("nora")
    await world.database.write(ban_account, moderator=mona, handle="nora", ban=SPAM)
    await world.database.write(lift_ban, moderator=None, handle="nora")
    ban, lift = await world.database.read(acts)
    assert (ban.kind, ban.by_id, ban.account_id, ban.reason) == (
        ActKind.BAN,
        mona.account_id,
        nora.account_id,
        "Advertising",
    )
    assert (lift.kind, lift.by_id) == (ActKind.LIFT, None)


async def test_the_banned_can_neither_write_nor_sign_in_and_are_told_why(world: World, mona: Actor) -> None:
    slug, nora = await world.article(), await world.signed_in("nora")
    await world.database.write(ban_account, moderator=mona, handle="nora", ban=SPAM)
    with pytest.raises(Banned, match="banned for good: Advertising"):
        await world.post(slug, by="nora")
    with pytest.raises(SignInNeeded):
        await world.database.write(post_comment, author=nora, slug=slug, parent_id=None, body=make_body("Still here?"))
    with pytest.raises(Banned, match="banned for good: Advertising"):
        await world.sign_in("nora")


async def test_a_ban_ends_by_itself(world: World, mona: Actor) -> None:
    slug, nora = await world.article(), await world.account("nora")
    await world.database.write(ban_account, moderator=mona, handle="nora", ban=Ban("Rest", parse_until("7")))
    with time_machine.travel(datetime.now(UTC) + timedelta(days=7, seconds=1)):
        await world.post(slug, by="nora")
        assert not await world.database.write(lift_ban, moderator=mona, handle="nora")
    assert (await world.database.read(account, nora.account_id)).banned_at is not None


async def test_lifting_lets_the_account_in_again_and_twice_does_nothing(world: World, mona: Actor) -> None:
    slug, nora = await world.article(), await world.account("nora")
    await world.database.write(ban_account, moderator=mona, handle="nora", ban=SPAM)
    assert await world.database.write(lift_ban, moderator=mona, handle="nora")
    assert not await world.database.write(lift_ban, moderator=mona, handle="nora")
    await world.post(slug, by="nora")
    row = await world.database.read(account, nora.account_id)
    assert (row.banned_at, row.banned_until, row.ban_reason) == (None, None, None)
    assert [act.kind for act in await world.database.read(acts)] == [ActKind.BAN, ActKind.LIFT]


async def test_banned_again_the_new_terms_hold(world: World, mona: Actor) -> None:
    nora = await world.account("nora")
    await world.database.write(ban_account, moderator=mona, handle="nora", ban=Ban("First", parse_until("1")))
    await world.database.write(ban_account, moderator=mona, handle="nora", ban=Ban("Second"))
    row = await world.database.read(account, nora.account_id)
    assert (row.ban_reason, row.banned_until) == ("Second", None)


async def test_only_moderators_ban_and_only_who_ranks_below_them(world: World) -> None:
    for mine, theirs, act in product(Role, Role, (ban_account, lift_ban)):
        me = await world.account(f"{mine}-acting", mine)
        handle = f"{theirs}-of-{mine}"
        them = await world.account(handle, theirs)
        terms = {"ban": SPAM} if act is ban_account else {}
        if mine in (Role.MODERATOR, Role.ADMIN) and RANK[theirs] < RANK[mine]:
            await world.database.write(act, moderator=me, handle=handle, **terms)  # type: ignore[arg-type]
            continue
        with pytest.raises(Forbidden):
            await world.database.write(act, moderator=me, handle=handle, **terms)  # type: ignore[arg-type]
        assert (await world.database.read(account, them.account_id)).banned_at is None
    pairs = {(Role.MODERATOR, Role.READER), *((Role.ADMIN, role) for role in Role if role != Role.ADMIN)}
    assert len(await world.database.read(acts)) == 2 * len(pairs)


async def test_nobody_bans_themselves(world: World) -> None:
    for role in (Role.MODERATOR, Role.ADMIN):
        me = await world.account(f"selfish-{role}", role)
        with pytest.raises(Forbidden, match="yourself"):
            await world.database.write(ban_account, moderator=me, handle=f"selfish-{role}", ban=SPAM)


async def test_the_command_line_bans_anybody(world: World) -> None:
    boss = await world.account("bossy", Role.ADMIN)
    await world.database.write(ban_account, moderator=None, handle="bossy", ban=SPAM)
    assert (await world.database.read(account, boss.account_id)).banned_at is not None


async def test_a_ban_that_makes_no_sense_is_refused(world: World, mona: Actor) -> None:
    nora = await world.account("nora")
    long, past = "x" * (REASON_LENGTH + 1), datetime(2020, 1, 1, tzinfo=UTC)
    for ban, field in [(Ban("  \n "), "reason"), (Ban(long), "reason"), (Ban("Late", past), "until")]:
        with pytest.raises(Invalid) as refusal:
            await world.database.write(ban_account, moderator=mona, handle="nora", ban=ban)
        assert refusal.value.field == field
    assert (await world.database.read(account, nora.account_id)).banned_at is None


async def test_an_unknown_handle_is_not_found(world: World, mona: Actor) -> None:
    with pytest.raises(NotFound):
        await world.database.write(ban_account, moderator=mona, handle="whoever", ban=SPAM)


async def test_a_handle_is_found_however_it_is_written(world: World, mona: Actor) -> None:
    nora = await world.account("nora")
    await world.database.write(ban_account, moderator=mona, handle="NORA", ban=SPAM)
    assert (await world.database.read(account, nora.account_id)).banned_at is not None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("", None),
        ("2099-05-03", datetime(2099, 5, 3, tzinfo=UTC)),
        ("2099-05-03T14:30", datetime(2099, 5, 3, 14, 30, tzinfo=UTC)),
        ("2099-05-03T14:30:00+02:00", datetime(2099, 5, 3, 12, 30, tzinfo=UTC)),
        ("2099-05-03T14:30:00Z", datetime(2099, 5, 3, 14, 30, tzinfo=UTC)),
    ],
)
def test_the_end_of_a_ban_is_a_day_a_time_or_never(text: str, moment: datetime | None) -> None:
    assert parse_until(text) == moment


@pytest.mark.parametrize("text", ["soon", "3 May", "2099-13-01", "-7", "9999-12-31T23:59-12:00", "9" * 40])
def test_any_other_end_of_a_ban_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse_until(text)


def test_the_end_of_a_ban_may_be_a_number_of_days() -> None:
    with time_machine.travel(datetime(2030, 1, 1, tzinfo=UTC), tick=False):
        assert parse_until("30") == datetime(2030, 1, 31, tzinfo=UTC)
