"""Bans on networks and on domains of addresses: whom they meet, whom not, their ends, and taking them back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from forum.accounts.actions import (
    Browser,
    NewAccount,
    change_avatar,
    change_display_name,
    change_password,
    create_account,
    register,
    start_session,
)
from forum.accounts.actor import Actor
from forum.accounts.handles import check_handle
from forum.accounts.networks import check_network
from forum.comments.actions import delete_comment, edit_comment, post_comment
from forum.comments.body import make_body
from forum.comments.voting import vote
from forum.database import Db
from forum.errors import Forbidden, Invalid, NetworkBanned
from forum.moderation.ban_list import read_bans
from forum.moderation.domain_bans import ban_domain, lift_domain_ban, preview_domain
from forum.moderation.models import ActKind
from forum.moderation.network_bans import ban_network, lift_network_ban, preview_network
from forum.moderation.reports import report_comment
from forum.moderation.sanctions import NONE, Terms
from forum.moderation.undoing import undo_act
from forum.permissions import Role
from forum.sweeping import forget
from tests.moderation.records import acts
from tests.world import World

pytestmark = pytest.mark.anyio

SPAM = Terms("Advertising")
INSIDE, OUTSIDE = "192.0.2.7", "198.51.100.7"
SIX = "2001:db8:0:7::/64"
"""As a request from an IPv6 address has it."""


async def post_from(world: World, slug: str, address: str, by: str = "nora") -> int:
    author = replace(await world.account(by), address=address)
    posted = await world.database.write(
        post_comment, author=author, slug=slug, parent_id=None, body=make_body("A comment.")
    )
    return posted.comment_id


async def sign_in_from(world: World, handle: str, address: str) -> str:
    account = (await world.account(handle)).account_id
    browser = Browser(address=address)
    return await world.database.write(start_session, account_id=account, password_hash=None, browser=browser, days=30)


async def register_from(world: World, handle: str, address: str, email: str | None = None) -> str:
    new = NewAccount(check_handle(handle), handle, email=email)
    return await world.database.write(register, new=new, browser=Browser(address=address), days=30)


async def test_from_a_banned_network_nobody_posts_registers_or_signs_in_and_is_told_why(
    world: World, mona: Actor
) -> None:
    slug, until = await world.article(), datetime(2099, 5, 3, tzinfo=UTC)
    await world.database.write(ban_network, moderator=mona, network="192.0.2.0/24", terms=Terms("Advertising.", until))
    for attempt in (post_from(world, slug, INSIDE), sign_in_from(world, "nora", INSIDE),
                    register_from(world, "nadja", INSIDE)):  # fmt: skip
        with pytest.raises(NetworkBanned, match=r"until 3 May 2099: Advertising\. You can read on"):
            await attempt
    await post_from(world, slug, OUTSIDE)
    await post_from(world, slug, "unknown")
    await post_from(world, slug, SIX)
    await sign_in_from(world, "nora", OUTSIDE)
    await register_from(world, "nadja", OUTSIDE)


async def test_all_that_others_would_see_is_refused_and_the_rest_is_not(world: World, mona: Actor) -> None:
    slug = await world.article()
    own, other = await world.post(slug, by="nora"), await world.post(slug, by="omar")
    await world.database.write(ban_network, moderator=mona, network=INSIDE, terms=SPAM)
    nora, write = replace(await world.account("nora"), address=INSIDE), world.database.write
    body, within = make_body("Another."), timedelta(minutes=15)
    for attempt in (
        write(vote, voter=nora, comment_id=other, value=True),
        write(report_comment, reporter=nora, comment_id=other, reason="spam"),
        write(edit_comment, author=nora, comment_id=own, body=body, version=1, within=within),
        write(change_avatar, actor=nora, avatar="x"),
        write(change_display_name, actor=nora, display_name="Spam"),
    ):
        with pytest.raises(NetworkBanned):
            await attempt
    await write(change_password, actor=nora, password_hash="x")
    await write(delete_comment, author=nora, comment_id=own)


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.EDITOR, Role.ADMIN])
async def test_whoever_works_here_is_never_shut_out_by_a_network(world: World, mona: Actor, role: Role) -> None:
    slug = await world.article()
    await world.account("staffer", role)
    await world.database.write(ban_network, moderator=mona, network="192.0.2.0/24", terms=SPAM)
    await sign_in_from(world, "staffer", INSIDE)
    await post_from(world, slug, INSIDE, by="staffer")
    here = replace(mona, address=INSIDE)
    assert await world.database.write(lift_network_ban, moderator=here, network="192.0.2.0/24")
    await post_from(world, slug, INSIDE)


async def test_an_ipv6_ban_meets_the_household_of_the_address(world: World, mona: Actor) -> None:
    slug = await world.article()
    stored = await world.database.write(ban_network, moderator=mona, network="2001:db8:0:7::1234", terms=SPAM)
    assert stored == SIX
    with pytest.raises(NetworkBanned):
        await post_from(world, slug, SIX)
    await post_from(world, slug, "2001:db8:0:8::/64")
    await world.database.write(ban_network, moderator=mona, network="2001:db8::/32", terms=SPAM)
    with pytest.raises(NetworkBanned):
        await post_from(world, slug, "2001:db8:0:8::/64")


async def test_a_ban_ends_by_itself_and_is_forgotten_but_in_the_log(world: World, mona: Actor) -> None:
    slug, soon = await world.article(), datetime.now(UTC) + timedelta(hours=1)
    await world.database.write(ban_network, moderator=mona, network=INSIDE, terms=Terms("Rest", soon))
    await world.database.write(ban_domain, moderator=mona, domain="example.org", terms=Terms("Rest", soon))
    with time_machine.travel(soon + timedelta(seconds=1)):
        await post_from(world, slug, INSIDE)
        await register_from(world, "nadja", OUTSIDE, "nadja@example.org")
        assert not await world.database.write(lift_network_ban, moderator=mona, network=INSIDE)
        assert not await world.database.write(lift_domain_ban, moderator=mona, domain="example.org")
        listed = await world.database.read(read_bans)
        assert (listed.networks, listed.domains) == ([], [])
        await world.database.write(forget, address_days=30)
    assert await world.database.read(lambda db: list_of(db, "network_bans") + list_of(db, "domain_bans")) == []
    assert [act.kind for act in await world.database.read(acts)] == [ActKind.BAN_ADDRESS, ActKind.BAN_DOMAIN]


def list_of(db: Db, table: str) -> list[object]:
    return [tuple(row) for row in db.connection().exec_driver_sql(f"SELECT * FROM {table}")]


async def test_an_address_at_a_banned_domain_or_below_it_makes_no_account(world: World, mona: Actor) -> None:
    there = NewAccount(check_handle("early"), "Early", email="early@post.example.org")
    await world.database.write(create_account, there)
    await world.database.write(ban_domain, moderator=mona, domain="Example.org", terms=SPAM)
    for email in ("nadja@example.org", "nadja@EXAMPLE.org", "nadja@post.example.org"):
        with pytest.raises(Invalid, match="are not taken here") as refused:
            await register_from(world, "nadja", OUTSIDE, email)
        assert refused.value.field == "email"
    await register_from(world, "nadja", OUTSIDE, "nadja@another-example.org")
    await register_from(world, "nobody-home", OUTSIDE)
    preview = await world.database.read(preview_domain, domain="example.org")
    assert (preview.accounts, preview.handles, preview.in_force) == (1, ["early"], SPAM)
    await sign_in_from(world, "early", OUTSIDE)


async def test_each_act_is_an_entry_with_what_was_before_and_after(world: World, mona: Actor) -> None:
    await world.database.write(ban_network, moderator=mona, network=INSIDE, terms=SPAM)
    await world.database.write(ban_network, moderator=mona, network=INSIDE, terms=Terms("Again"))
    for _ in range(2):
        await world.database.write(lift_network_ban, moderator=mona, network=INSIDE)
    first, second, lift = await world.database.read(acts)
    spam, again = {"reason": "Advertising", "until": None}, {"reason": "Again", "until": None}
    assert [(act.kind, act.detail, act.by_id) for act in (first, second, lift)] == [
        (kind, "192.0.2.7/32", mona.account_id)
        for kind in (ActKind.BAN_ADDRESS, ActKind.BAN_ADDRESS, ActKind.LIFT_ADDRESS)
    ]
    assert (first.before, first.after, first.reason) == (NONE, spam, "Advertising")
    assert (second.before, second.after) == (spam | {"act": first.id}, again)
    assert (lift.before, lift.after) == (again | {"act": second.id}, NONE)


async def test_each_act_can_be_undone(world: World, mona: Actor) -> None:
    soon = datetime.now(UTC) + timedelta(hours=1)
    write, read = world.database.write, world.database.read
    seen = [await read(read_bans)]
    for number in range(3):
        terms = Terms(f"Reason {number}", soon if number else None)
        await write(ban_network, moderator=mona, network="192.0.2.0/24", terms=terms)
        await write(ban_domain, moderator=mona, domain="example.org", terms=terms)
        seen.append(await read(read_bans))
    await write(lift_network_ban, moderator=mona, network="192.0.2.0/24")
    await write(lift_domain_ban, moderator=mona, domain="example.org")
    assert await read(read_bans) == seen[0]
    done = list(await read(acts))
    for bans in reversed(seen):
        for _ in range(2):
            await write(undo_act, moderator=mona, act_id=done.pop().id)
        assert await read(read_bans) == bans


async def test_the_preview_counts_whom_a_ban_would_meet(world: World, mona: Actor) -> None:
    slug = await world.article()
    people = [("nora", INSIDE), ("nora", OUTSIDE), ("omar", "192.0.2.200"), ("pia", "192.0.20.7"), ("six", SIX)]
    for handle, address in [*people, ("quiet", "")]:
        await sign_in_from(world, handle, address)
    for handle in ("nora", "omar", "omar", "pia"):
        await world.post(slug, by=handle)
    for network, large, mine, accounts, comments in (
        ("192.0.2.7", False, True, ["nora"], 1),
        ("192.0.2.128/25", False, False, ["omar"], 2),
        ("192.0.2.0/24", False, True, ["omar", "nora"], 3),
        ("192.0.0.0/16", True, True, ["pia", "omar", "nora"], 4),
        ("203.0.113.0/24", False, False, [], 0),
        ("2001:db8::/32", True, False, ["six"], 0),
        ("2001:db8:0:7::9", False, False, ["six"], 0),
    ):
        preview = await world.database.read(preview_network, network=network, address=INSIDE)
        assert (preview.is_large, preview.holds_viewer) == (large, mine), network
        assert (preview.accounts, preview.handles, preview.comments) == (len(accounts), accounts, comments), network
    with time_machine.travel(datetime.now(UTC) + timedelta(days=31)):
        later = await world.database.read(preview_network, network=INSIDE, address="")
        assert (later.accounts, later.comments) == (0, 0)


async def test_only_moderators_ban_and_lift_and_never_the_sites_own_proxies(world: World, mona: Actor) -> None:
    write = world.database.write
    for role in (Role.READER, Role.EDITOR):
        person = await world.account(f"{role}-acting", role)
        with pytest.raises(Forbidden):
            await write(ban_network, moderator=person, network=INSIDE, terms=SPAM)
        with pytest.raises(Forbidden):
            await write(ban_domain, moderator=person, domain="example.org", terms=SPAM)
        with pytest.raises(Forbidden):
            await write(lift_network_ban, moderator=person, network=INSIDE)
        with pytest.raises(Forbidden):
            await write(lift_domain_ban, moderator=person, domain="example.org")
    proxies = [check_network("10.0.0.0/8"), check_network("2001:db8::/32")]
    for network in ("10.1.2.3", "10.0.0.0/8", "2001:db8::/40"):
        with pytest.raises(Invalid, match="proxy of your own"):
            await write(ban_network, moderator=mona, network=network, terms=SPAM, proxies=proxies)
    for terms, field in ((Terms(" "), "reason"), (Terms("x", datetime(2020, 1, 1, tzinfo=UTC)), "until")):
        with pytest.raises(Invalid) as refused:
            await write(ban_network, moderator=mona, network=INSIDE, terms=terms)
        assert refused.value.field == field
    assert await world.database.read(acts) == []
