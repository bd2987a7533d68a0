"""Rules and lists are tried on the comments of the last 30 days before they are set: as if they had been in force."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from forum.accounts.actor import Actor
from forum.comments.checks.catalogue import CHECKS
from forum.comments.checks.models import CheckRule, Finding, Response
from forum.comments.models import Comment
from forum.database import Db
from forum.limiter import Limiter
from forum.moderation import trying
from forum.moderation.check_rules import Setting
from forum.moderation.removals import remove_comment, restore_comment
from forum.moderation.trying import Hits, Tried, plan_rules, plan_words, try_out
from forum.moderation.undoing import undo_act
from forum.permissions import Role
from tests.accounts.site import JSON, Site, words
from tests.moderation.records import acts
from tests.world import World

LINKS = "See https://one.example and https://two.example and {}."


async def tried(world: World, *, section: str = "", article: str = "", **settings: Setting | None) -> Tried:
    """What rules would have found."""
    plan = await world.database.read(plan_rules, settings=settings, section=section, article=article)
    return await try_out(world.database, plan)


async def tried_words(world: World, name: str, *entries: str) -> Tried:
    plan = await world.database.read(plan_words, name=name, entries="\n".join(entries))
    return await try_out(world.database, plan)


def hold(amount: int | None = None) -> Setting:
    return Setting(Response.HOLD, amount)


def found_in(db: Db, article_id: int) -> dict[str, int]:
    """How many comments of an article each check has found something in."""
    query = select(Finding.check, func.count()).join(Comment, Comment.id == Finding.comment_id)
    rows = db.execute(query.where(Comment.article_id == article_id).group_by(Finding.check))
    return {check: count for check, count in rows}  # noqa: C416 - rows are not pairs to the type checker


def rules_stored(db: Db) -> int:
    return db.execute(select(func.count()).select_from(CheckRule)).scalar_one()


@pytest.mark.anyio
async def test_a_rule_says_how_many_it_would_have_held_and_what_moderators_did_with_those(
    world: World, mona: Actor
) -> None:
    slug = await world.article()
    with time_machine.travel(datetime.now(UTC) - timedelta(days=31)):
        await world.post(slug, LINKS.format("long ago"))
    await world.post(slug, "No link at all.")
    approved, undone, waits = [await world.post(slug, LINKS.format(number), held=True) for number in range(3)]
    removed, _stays = [await world.post(slug, LINKS.format(number)) for number in range(3, 5)]
    for comment in (approved, undone):
        await world.database.write(restore_comment, moderator=mona, comment_id=comment)
    last = (await world.database.read(acts))[-1].id
    await world.database.write(undo_act, moderator=mona, act_id=last)
    await world.database.write(remove_comment, moderator=mona, comment_id=removed, reason="spam")
    outcome = await tried(world, links=hold(1))
    assert (outcome.looked_at, outcome.hits) == (6, {"links": Hits(Response.HOLD, 5, 0, approved=1, removed=1)})
    assert outcome.since == (await world.comment(waits - 3)).created_at
    assert await world.database.read(rules_stored) == 0


@pytest.mark.anyio
async def test_only_what_would_be_another_rule_is_tried(world: World) -> None:
    await world.post(await world.article(), LINKS.format("x"))
    await world.check("links", "hold", 1)
    same = await tried(world, links=hold(1), length=Setting(Response.OFF), hosts=None)
    assert same == Tried({})
    assert (await tried(world, links=hold(2))).hits["links"] == Hits(Response.HOLD, then=0, now=1)
    assert (await tried(world, links=Setting(Response.OFF))).hits["links"] == Hits(Response.OFF, then=0, now=1)
    assert (await tried(world, links=None)).hits["links"] == Hits(Response.OFF, then=0, now=1)
    assert (await tried(world, links=hold(0))).hits["links"] == Hits(Response.HOLD, then=1, now=1)


@pytest.mark.anyio
async def test_a_rule_is_tried_where_it_would_hold_and_not_where_a_narrower_one_does(world: World) -> None:
    slugs = [await world.article(headline) for headline in ("One", "Two")]
    for slug in slugs:
        await world.post(slug, LINKS.format(slug))
    assert (await tried(world, article=slugs[0], links=hold(1))).looked_at == 1
    assert (await tried(world, section="news", links=hold(1))).hits["links"].then == 2
    await world.check("links", "off", article=slugs[0])
    assert (await tried(world, section="news", links=hold(1))).hits["links"].then == 1
    await world.check("links", "off", section="news")
    assert (await tried(world, links=hold(1))).hits["links"].then == 0


@pytest.mark.anyio
async def test_a_list_says_what_it_would_find_beside_what_it_finds_as_it_is(world: World) -> None:
    slug = await world.article()
    for text in ("Oh drat.", "B l a s t it.", "Nothing of the kind."):
        await world.post(slug, text)
    await world.words("suspect", "drat")
    outcome = await tried_words(world, "suspect", "drat", "blast")
    assert (outcome.looked_at, outcome.hits["suspect"]) == (3, Hits(Response.NOTE, then=2, now=1))
    assert (await tried_words(world, "suspect", "drat")).hits == {}


AMOUNTS = {"links": 1, "length": 60, "repeated": 2, "speed": 3, "newcomer": 4, "removals": 40, "suspect": None}


async def live(world: World, moderator: Actor, slug: str, life: str) -> None:
    """The same life for everybody who asks for one, with people and words of its own."""
    random = Random(4)
    texts = [f"{life} says a thing that is long enough to be told from {number}." for number in range(8)]
    texts += [f"{life} drat.", f"{life} {LINKS.format('none')}", f"{life} " + "on and on " * 8]
    for _ in range(40):
        comment = await world.post(slug, random.choice(texts), by=f"{life}-{random.choice('abc')}")
        if random.random() < 0.3:
            await world.database.write(remove_comment, moderator=moderator, comment_id=comment, reason="spam")


@pytest.mark.anyio
async def test_what_a_trial_says_is_what_the_checks_find_once_they_are_so(world: World, mona: Actor) -> None:
    before, after = await world.article("Before"), await world.article("After")
    await world.words("suspect", "drat")
    for check, amount in AMOUNTS.items():
        await world.check(check, "note", amount, article=after)
    await live(world, mona, before, "dusk")
    await live(world, mona, after, "dawn")
    settings: dict[str, Any] = {check: Setting(Response.NOTE, amount) for check, amount in AMOUNTS.items()}
    outcome = await tried(world, article=before, **settings)
    found = await world.database.read(found_in, await world.article_id(after))
    assert found.keys() == AMOUNTS.keys()
    assert {check: hits.then for check, hits in outcome.hits.items() if check != "newcomer"} == {
        check: count for check, count in found.items() if check != "newcomer"
    }
    # What moderators removed since does not count as shown any more.
    assert outcome.hits["newcomer"].then >= found["newcomer"]


@pytest.mark.anyio
async def test_a_trial_ends_with_its_time_and_says_how_far_it_came(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trying, "SECONDS", 0.0)
    monkeypatch.setattr(trying, "BATCH", 2)
    slug = await world.article()
    newest = [await world.post(slug, LINKS.format(number)) for number in range(5)][-2:]
    outcome = await tried(world, links=hold(1))
    assert (outcome.looked_at, outcome.hits["links"].then) == (2, 2)
    assert outcome.since == (await world.comment(newest[0])).created_at


@pytest.mark.anyio
async def test_a_check_that_fails_would_hold(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.post(await world.article(), "A text.")

    def fail(*_arguments: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(type(CHECKS["links"]), "find", property(lambda _check: fail), raising=False)
    assert (await tried(world, links=hold(1))).hits["links"].then == 1


def test_an_admin_tries_a_rule_and_a_list_by_their_forms_and_nothing_is_stored(site: Site) -> None:
    slug = site.do(site.world.article)
    site.do(site.world.post, slug, LINKS.format("drat"))
    anna, mona = (site.do(site.world.sign_in, *who) for who in (("anna", Role.ADMIN), ("mona", Role.MODERATOR)))
    form = {"links": "hold", "links_amount": "1", "length": "off", "trial": "1"}
    page = words(site.post("/moderation/checks", form, anna))
    assert "Of 1 comment since" in page
    assert "this would have held 1, of which moderators approved 0 and removed 0. As it is, 0 are found." in page
    assert "Nothing is stored yet." in page
    assert 'name="links_amount" value="1"' in page
    listed = words(site.post("/moderation/words", {"list": "banned", "entries": "drat", "trial": "1"}, anna))
    assert "this would have found 1" in listed
    answer = site.post("/moderation/checks", form, anna, headers=JSON).json()
    assert (answer["looked_at"], answer["checks"]["links"]["then"]) == (1, 1)
    assert site.post("/moderation/checks", form, mona).status_code == 403
    assert site.post("/moderation/checks", form | {"links_amount": "many"}, anna).status_code == 422
    assert site.do(site.database.read, rules_stored) == 0
    assert site.do(site.database.read, acts) == []
    site.state.limiter = Limiter(site.state.settings.model_copy(update={"limits": "on"}))
    assert {site.post("/moderation/checks", form, anna).status_code for _ in range(30)} == {200}
    assert site.post("/moderation/checks", form, anna).status_code == 429
