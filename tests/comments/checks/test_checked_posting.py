"""Posting and editing where checks are on: noted, held or refused; all that is found is kept; nothing slips."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import event, func, select
from sqlalchemy.engine import Engine

from forum.comments.actions import edit_comment, post_comment
from forum.comments.body import make_body
from forum.comments.checks import catalogue
from forum.comments.checks.given import Found, Given
from forum.comments.checks.models import Finding, Response
from forum.comments.checks.queries import ShownFinding, findings_of
from forum.comments.models import Comment, PostKey, State
from forum.database import Db
from forum.errors import Invalid, WouldBeHeld
from forum.events import CheckFailed
from forum.moderation.removals import remove_comment, restore_comment
from forum.moderation.watches import set_watch
from forum.permissions import Role
from tests.moderation.records import is_whole, published
from tests.world import World

pytestmark = pytest.mark.anyio
LONG = "It was never painted, and everybody in the harbour knows that."


async def findings(world: World, comment: int) -> list[ShownFinding]:
    """What is kept of a comment, as moderators read it."""
    return (await world.database.read(findings_of, [comment])).get(comment, [])


async def found_by(world: World, comment: int) -> dict[str, Response]:
    """Which checks found something."""
    return {finding.check: finding.response for finding in await findings(world, comment)}


async def approve(world: World, comment: int) -> None:
    """A moderator lets a comment pass."""
    mona = await world.account("mona", Role.MODERATOR)
    await world.database.write(restore_comment, moderator=mona, comment_id=comment)


async def state(world: World, comment: int) -> State:
    """As it is now."""
    return (await world.comment(comment)).state


async def words_hold(world: World) -> str:
    """An article where a word holds comments."""
    slug = await world.article()
    await world.words("suspect", "drat")
    await world.check("suspect", "hold")
    return slug


async def test_where_nothing_is_set_nothing_is_checked(world: World) -> None:
    slug = await world.article()
    await world.words("banned", "drat")
    comment = await world.post(
        slug, "Drat https://a.example https://b.example https://c.example https://d.example " * 40
    )
    assert await state(world, comment) == State.VISIBLE
    assert await findings(world, comment) == []


async def test_all_checks_run_and_all_that_they_find_is_kept(world: World) -> None:
    slug = await words_hold(world)
    await world.words("banned", "blast")
    for check, response, amount in [
        ("banned", "note", None),
        ("links", "note", 0),
        ("length", "note", 20),
        ("newcomer", "note", 3),
    ]:
        await world.check(check, response, amount)
    comment = await world.post(slug, "Drat and blast: https://example.org")
    assert await state(world, comment) == State.HELD
    assert await found_by(world, comment) == {
        "banned": Response.NOTE,
        "suspect": Response.HOLD,
        "links": Response.NOTE,
        "length": Response.NOTE,
        "newcomer": Response.NOTE,
    }
    row = await world.comment(comment)
    marks = {finding.check: finding.marks for finding in await findings(world, comment)}
    assert [row.body[start:end] for start, end in marks["banned"] + marks["suspect"]] == ["blast", "Drat"]
    assert (row.was_public, row.held_at) == (False, row.created_at)
    assert await is_whole(world.database)


async def test_a_note_lets_the_comment_show(world: World) -> None:
    slug = await world.article()
    await world.check("length", "note", 5)
    comment = await world.post(slug, "Long enough.")
    assert await state(world, comment) == State.VISIBLE
    assert await found_by(world, comment) == {"length": Response.NOTE}


async def test_what_is_refused_is_told_how_to_change_it_and_nothing_is_stored(world: World) -> None:
    slug = await world.article()
    await world.check("length", "refuse", 10)
    await world.check("links", "hold", 0)
    with pytest.raises(Invalid, match="Shorten it to 10 characters") as refusal:
        await world.post(slug, "More than ten: https://example.org", key="k")
    assert (refusal.value.status, refusal.value.field) == (422, "body")
    assert await world.database.read(_stored) == (0, 0, 0)
    assert await state(world, await world.post(slug, "Not so.", key="k")) == State.VISIBLE


async def test_who_asks_is_told_before_it_is_held_and_the_key_stays_good(world: World) -> None:
    slug, nora = await words_hold(world), await world.account("nora")
    sent: dict[str, Any] = {"author": nora, "slug": slug, "parent_id": None, "key": "k"}
    with pytest.raises(WouldBeHeld, match="“Drat”"):
        await world.database.write(post_comment, body=make_body("Drat it."), ask=True, **sent)
    assert await world.database.read(_stored) == (0, 0, 0)
    posted = await world.database.write(post_comment, body=make_body("Drat it."), **sent)
    again = await world.database.write(post_comment, body=make_body("Drat it."), ask=True, **sent)
    assert (posted.comment_id, True) == (again.comment_id, again.repeated)
    assert await state(world, posted.comment_id) == State.HELD


async def test_the_same_text_is_found_whoever_posts_it_again(world: World) -> None:
    slug = await world.article()
    await world.check("repeated", "hold")
    first = await world.post(slug, LONG)
    assert await state(world, first) == State.VISIBLE
    assert await state(world, await world.post(slug, LONG.upper())) == State.HELD
    assert await state(world, await world.post(slug, LONG, by="omar")) == State.HELD
    assert await state(world, await world.post(slug, "So it is.", by="omar")) == State.VISIBLE
    assert await state(world, await world.post(slug, "So it is.", by="nora")) == State.VISIBLE


async def test_who_takes_a_comment_away_may_post_it_again_elsewhere(world: World) -> None:
    slug, other = await world.article("One"), await world.article("Two")
    await world.check("repeated", "hold")
    await world.delete(await world.post(slug, LONG))
    assert await state(world, await world.post(other, LONG)) == State.VISIBLE
    assert await state(world, await world.post(other, LONG, by="omar")) == State.HELD


async def test_the_first_comments_of_an_account_wait_until_some_have_been_seen(world: World) -> None:
    slug = await world.article()
    await world.check("newcomer", "hold", 2)
    first, second = await world.post(slug, "One."), await world.post(slug, "Two.")
    assert [await state(world, one) for one in (first, second)] == [State.HELD] * 2
    for comment in (first, second):
        await approve(world, comment)
    assert await state(world, await world.post(slug, "Three.")) == State.VISIBLE
    await world.account("eddie", Role.EDITOR)
    assert await state(world, await world.post(slug, "From the newsroom.", by="eddie")) == State.VISIBLE


async def test_an_account_under_watch_waits_each_time_and_no_more_once_that_ends(world: World) -> None:
    slug, mona = await world.article(), await world.account("mona", Role.MODERATOR)
    await world.account("nora")
    await world.database.write(set_watch, moderator=mona, handle="nora", watch=True)
    comment = await world.post(slug, "One.")
    assert await state(world, comment) == State.HELD
    await approve(world, comment)
    await world.edit(comment, "Something else altogether.")
    assert await state(world, comment) == State.HELD
    await world.database.write(set_watch, moderator=mona, handle="nora", watch=False)
    assert await state(world, await world.post(slug, "Two.")) == State.VISIBLE


async def test_who_was_often_removed_lately_waits(world: World) -> None:
    slug, mona = await world.article(), await world.account("mona", Role.MODERATOR)
    await world.check("removals", "hold", 50)
    comments = [await world.post(slug, f"Number {number}.") for number in range(4)]
    for comment in comments[:2]:
        await world.database.write(remove_comment, moderator=mona, comment_id=comment, reason="spam")
    comment = await world.post(slug, "Once more.")
    assert await state(world, comment) == State.HELD
    assert "Of the last 4 comments of this account 2 were removed." in (await findings(world, comment))[0].sentence


async def test_who_writes_very_fast_waits_but_may_edit(world: World) -> None:
    slug = await world.article()
    await world.check("speed", "hold", 2)
    first, second = await world.post(slug, "One."), await world.post(slug, "Two.")
    assert await state(world, await world.post(slug, "Three.")) == State.HELD
    await world.edit(second, "Two, rather.")
    assert [await state(world, one) for one in (first, second)] == [State.VISIBLE] * 2


async def test_what_was_written_before_the_clock_was_set_back_is_not_taken_for_speed(world: World) -> None:
    slug = await world.article()
    await world.check("speed", "hold", 2)
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1)):
        for number in range(2):
            await world.post(slug, f"Number {number}.")
    assert await state(world, await world.post(slug, "Three.")) == State.VISIBLE


async def test_a_check_that_fails_holds_the_comment_says_so_and_stops_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(given: Given, _amount: int) -> Found | None:
        raise ValueError(given.text)

    slug = await words_hold(world)
    await world.check("links", "note")
    monkeypatch.setitem(catalogue.CHECKS, "links", replace(catalogue.CHECKS["links"], find=fail))
    heard = published(world.database)
    comment = await world.post(slug, "Drat, a secret.")
    assert await state(world, comment) == State.HELD
    sentences = {finding.check: finding.sentence for finding in await findings(world, comment)}
    assert sentences.keys() == {"links", "suspect"}
    assert sentences["links"] == "One of the checks could not be made, so a moderator looks."
    assert CheckFailed("links") in heard
    logged = "".join(capsys.readouterr())
    assert "a check failed" in logged
    assert "ValueError" in logged
    assert "secret" not in logged


async def test_an_edit_is_checked_and_a_visible_comment_is_held_for_it(world: World) -> None:
    slug = await words_hold(world)
    root = await world.post(slug, "Well.")
    comment = await world.post(slug, "Quite so.", parent=root)
    await world.edit(comment, "Drat, quite so.")
    row = await world.comment(comment)
    assert (row.state, row.was_public, row.version) == (State.HELD, True, 3)
    assert row.held_at is not None
    assert row.held_at > row.created_at
    assert (await world.comment(root)).reply_count == 0
    assert await is_whole(world.database)


async def test_who_edits_and_asks_is_told_before_and_what_is_refused_stays_as_it_was(world: World) -> None:
    slug, nora = await words_hold(world), await world.account("nora")
    await world.check("length", "refuse", 30)
    comment = await world.post(slug, "Quite so.")
    edit: dict[str, Any] = {"author": nora, "comment_id": comment, "version": 1, "within": timedelta(minutes=15)}
    with pytest.raises(WouldBeHeld):
        await world.database.write(edit_comment, body=make_body("Drat."), ask=True, **edit)
    with pytest.raises(Invalid, match="Shorten it"):
        await world.database.write(edit_comment, body=make_body("x" * 31), **edit)
    row = await world.comment(comment)
    assert (row.body, row.state, row.version) == ("Quite so.", State.VISIBLE, 1)


async def test_what_a_moderator_has_approved_holds_no_second_time(world: World) -> None:
    slug = await words_hold(world)
    await world.words("suspect", "drat", "blast")
    comment = await world.post(slug, "Drat, the tram.")
    await approve(world, comment)
    await world.edit(comment, "Drat, the night tram.")
    assert await state(world, comment) == State.VISIBLE
    await world.edit(comment, "Drat and blast, the night tram.")
    assert await state(world, comment) == State.HELD


async def test_a_note_is_no_approval(world: World) -> None:
    slug = await words_hold(world)
    await world.check("suspect", "note")
    comment = await world.post(slug, "Drat, the tram.")
    await world.check("suspect", "hold")
    await world.edit(comment, "Drat, the night tram.")
    assert await state(world, comment) == State.HELD


async def test_a_held_comment_that_is_reworded_waits_on_with_what_is_found_now(world: World) -> None:
    slug = await words_hold(world)
    comment = await world.post(slug, "Drat, the tram.")
    since = (await world.comment(comment)).held_at
    await world.edit(comment, "The tram, alas.")
    row = await world.comment(comment)
    assert (row.state, row.held_at) == (State.HELD, since)
    assert await findings(world, comment) == []


async def test_posting_while_rules_change_is_decided_by_the_one_or_the_other(world: World) -> None:
    slug = await words_hold(world)
    for number in range(12):
        rule = world.check("suspect", "off" if number % 2 else "hold")
        posts = [world.post(slug, f"Drat {number}.", by=one) for one in ("nora", "omar")]
        await asyncio.gather(posts[0], rule, posts[1])
    comments = await world.database.read(_comments)
    for comment in comments:
        held = await found_by(world, comment.id) == {"suspect": Response.HOLD}
        assert comment.state == (State.HELD if held else State.VISIBLE)
    assert len(comments) == 24
    assert await is_whole(world.database)


async def test_checks_cost_one_small_query_while_they_are_off_and_no_more_than_three_when_all_are_on(
    world: World,
) -> None:
    slug = await world.article()
    await world.account("nora")
    assert await _reads(world, slug) == {"check_rules": 1}
    await world.words("suspect", "drat")
    for check in catalogue.CHECKS:
        await world.check(check, "note")
    first = await _reads(world, slug)
    assert sum(first.values()) <= 3
    assert sum((await _reads(world, slug)).values()) == 2


async def _reads(world: World, slug: str) -> dict[str, int]:
    """The queries of one post that are the checks' own, by what they read."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().startswith("SELECT"):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        await world.post(slug, "A text.")
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    own = [one for one in seen if "check_rules" in one or "word_lists" in one]
    return {"check_rules": sum("check_rules" in one for one in own)} | (
        {"word_lists": n} if (n := sum("word_lists" in one for one in own)) else {}
    )


def _stored(db: Db) -> tuple[int, int, int]:
    """How many comments, findings and keys there are."""
    counts = (db.execute(select(func.count()).select_from(table)).scalar_one() for table in (Comment, Finding, PostKey))
    comments, findings, keys = counts
    return comments, findings, keys


def _comments(db: Db) -> list[Comment]:
    return list(db.execute(select(Comment)).scalars())
