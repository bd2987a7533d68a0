"""Discussions that close with their section, by themselves, or in one branch; and what opens again."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from forum.accounts.actor import Actor
from forum.articles.actions import ArticleText, update_article
from forum.articles.conditions import conditions_of
from forum.articles.models import Article, DiscussionState, Publication, Section
from forum.database import Db, now
from forum.errors import Forbidden, Invalid, NotFound
from forum.live.messages import changes
from forum.moderation import telling
from forum.moderation.branches import set_branch
from forum.moderation.closing import Closing, parse_closing
from forum.moderation.discussions import set_closing, set_discussion
from forum.moderation.models import ActKind
from forum.moderation.sections import sections_overview, set_section, set_section_closing
from forum.permissions import Role
from tests.moderation.records import acts, head, is_whole, published
from tests.world import World

pytestmark = pytest.mark.anyio


async def close_section(world: World, mona: Actor, reason: str = "") -> None:
    await world.database.write(set_section, moderator=mona, slug="news", closed=True, reason=reason)


async def open_section(world: World, mona: Actor) -> None:
    await world.database.write(set_section, moderator=mona, slug="news", closed=False)


async def told(world: World, slug: str) -> dict[str, Any]:
    """What a page is told of a discussion that asks for all of it."""
    found = await world.database.read(changes, await world.article_id(slug), after=0)
    assert found is not None
    return dict(found.message["discussion"])


def came_out(db: Db, slug: str, days: float) -> None:
    """Let an article have been published so many days ago."""
    db.execute(update(Article).where(Article.slug == slug).values(published_at=now() - timedelta(days=days)))


def let_end(db: Db, values: dict[str, Any]) -> None:
    """Let a time of its own be over."""
    db.execute(update(Article).values(values))


def versions(db: Db) -> dict[str, int]:
    return {row.slug: row.version for row in db.execute(select(Article.slug, Article.version))}


def untold(db: Db) -> bool:
    return db.execute(select(Section.untold_at)).scalar_one() is not None


async def test_a_closed_section_takes_no_comment_in_any_of_its_articles_from_that_moment_on(
    world: World, mona: Actor
) -> None:
    slugs = [await world.article(f"Number {number}") for number in range(3)]
    await close_section(world, mona, "The vote is on")
    for slug in slugs:
        with pytest.raises(Forbidden, match="closed"):
            await world.post(slug)
        said = await told(world, slug)
        assert said["state"] == "readonly"
        assert said["closed"].startswith("All discussions in News were closed on ")
        assert said["closed"].endswith(": The vote is on. You can read them, not write in them.")
    with pytest.raises(Forbidden, match="closed"):
        await world.post(slugs[0], by="mona")
    [act] = await world.database.read(acts)
    assert (act.kind, act.detail, act.reason) == (ActKind.SECTION, "closed", "The vote is on")
    assert act.section_id is not None
    assert act.before == {"closed_at": None, "closed_reason": ""}


async def test_opening_a_section_gives_back_what_was_before(world: World, mona: Actor) -> None:
    open_, closed = await world.article("Open"), await world.article("Closed")
    off = await world.article("Off", discussion=DiscussionState.OFF)
    state = DiscussionState.READONLY
    await world.database.write(set_discussion, moderator=mona, slug=closed, state=state, reason="Enough")
    before = [await told(world, slug) for slug in (open_, closed)]
    await close_section(world, mona)
    assert (await told(world, closed))["closed"] == before[1]["closed"]
    await open_section(world, mona)
    assert [await told(world, slug) for slug in (open_, closed)] == before
    assert await world.database.read(changes, 3, after=0) is None, off
    await world.post(open_)


async def test_open_pages_are_told_in_batches_each_article_once(
    world: World, mona: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "BATCH", 2)
    slugs = [await world.article(f"Number {number}") for number in range(5)]
    await world.database.write(set_discussion, moderator=mona, slug=slugs[4], state=DiscussionState.READONLY)
    await close_section(world, mona)
    before, heard = await world.database.read(versions), published(world.database)
    assert before[slugs[0]] == 0
    await telling.tell_all(world.database)
    assert await world.database.read(versions) == dict.fromkeys(slugs, 1)
    assert len(heard) == 4
    assert not await world.database.read(untold)
    await telling.tell_all(world.database)
    assert len(heard) == 4


async def test_what_a_crash_left_untold_is_told_at_the_next_look(
    world: World, mona: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "BATCH", 1)
    slugs = [await world.article(f"Number {number}") for number in range(3)]
    await close_section(world, mona)
    [(section, _since)] = await world.database.read(telling.untold_sections)
    assert await world.database.write(telling.tell_section, section_id=section, after=0) == 1
    assert await world.database.read(untold)
    await telling.tell_all(world.database)
    reached = await world.database.read(versions)
    assert all(reached[slug] >= 1 for slug in slugs)


async def test_a_section_that_changes_while_its_pages_are_told_is_told_again(world: World, mona: Actor) -> None:
    slug = await world.article()
    await close_section(world, mona)
    [(section, since)] = await world.database.read(telling.untold_sections)
    await open_section(world, mona)
    await world.database.write(telling.note_told, section_id=section, since=since)
    assert await world.database.read(untold)
    await telling.tell_all(world.database)
    assert (await told(world, slug))["state"] == "open"


async def test_an_article_of_two_sections_is_closed_with_either(world: World, mona: Actor) -> None:
    slug = await world.article()
    editor = await world.account("eddie", Role.EDITOR)
    text = ArticleText("The bridge", "", "", "", ["News", "Culture"], publication=Publication.PUBLISHED)
    await world.database.write(update_article, editor=editor, slug=slug, text=text)
    await world.database.write(set_section, moderator=mona, slug="culture", closed=True)
    with pytest.raises(Forbidden):
        await world.post(slug)
    version = (await world.database.read(head, slug))[0]
    moved = ArticleText("The bridge", "", "", "", ["News"], publication=Publication.PUBLISHED)
    await world.database.write(update_article, editor=editor, slug=slug, text=moved)
    assert (await world.database.read(head, slug))[0] == version + 1, "open pages are not told that it is open again"
    await world.post(slug)


async def test_the_overview_tells_what_is_set(world: World, mona: Actor) -> None:
    await world.article()
    await world.article("Off", discussion=DiscussionState.OFF)
    await close_section(world, mona, "Enough")
    [shown] = await world.database.read(sections_overview)
    assert (shown.section.name, shown.section.closed_reason, shown.discussions) == ("News", "Enough", 1)


async def test_a_discussion_closes_by_itself_as_its_section_says_and_no_job_is_needed(
    world: World, mona: Actor
) -> None:
    slug, younger = await world.article(), await world.article("Younger")
    await world.database.write(came_out, slug, 14.01)
    await world.database.write(came_out, younger, 13.9)
    await world.database.write(set_section_closing, moderator=mona, slug="news", days=14)
    with pytest.raises(Forbidden, match="closed"):
        await world.post(slug)
    assert "14 days after the article came out" in (await told(world, slug))["closed"]
    await world.post(younger)
    await world.database.write(set_section_closing, moderator=mona, slug="news", days=0)
    await world.post(slug)


async def test_open_pages_are_told_once_that_a_discussion_has_closed_by_itself(world: World, mona: Actor) -> None:
    slug = await world.article()
    await world.database.write(set_section_closing, moderator=mona, slug="news", days=14)
    await telling.tell_all(world.database)
    version = (await world.database.read(head, slug))[0]
    await world.database.write(came_out, slug, 15)
    for _ in range(2):
        await telling.tell_all(world.database)
        assert (await world.database.read(head, slug))[0] == version + 1
    assert (await told(world, slug))["state"] == "readonly"


@pytest.mark.parametrize("closing", [Closing(days=3), Closing(at=now() + timedelta(days=1))])
async def test_an_article_may_close_at_a_time_of_its_own(world: World, mona: Actor, closing: Closing) -> None:
    slug = await world.article()
    await world.database.write(set_section_closing, moderator=mona, slug="news", days=1)
    await world.database.write(came_out, slug, 2)
    await world.database.write(set_closing, moderator=mona, slug=slug, closing=closing)
    await world.post(slug)
    await world.database.write(
        let_end, {"closes_at": now() - timedelta(minutes=1)} if closing.at else {"closes_after": 1}
    )
    with pytest.raises(Forbidden):
        await world.post(slug)
    version = (await world.database.read(head, slug))[0]
    await telling.tell_all(world.database)
    assert (await world.database.read(head, slug))[0] > version


async def test_an_article_may_never_close_by_itself(world: World, mona: Actor) -> None:
    slug = await world.article()
    await world.database.write(set_section_closing, moderator=mona, slug="news", days=1)
    await world.database.write(came_out, slug, 400)
    await world.database.write(set_closing, moderator=mona, slug=slug, closing=Closing(days=0))
    await world.post(slug)
    act = (await world.database.read(acts))[-1]
    assert (act.kind, act.detail) == (ActKind.DISCUSSION, "closing")
    assert (act.before, act.after) == (
        {"closes_at": None, "closes_after": None},
        {"closes_at": None, "closes_after": 0},
    )


async def test_who_opens_a_discussion_that_has_closed_by_itself_opens_it_for_good(world: World, mona: Actor) -> None:
    slug = await world.article()
    await world.database.write(set_section_closing, moderator=mona, slug="news", days=1)
    await world.database.write(came_out, slug, 2)
    await world.database.write(set_discussion, moderator=mona, slug=slug, state=DiscussionState.OPEN)
    await telling.tell_all(world.database)
    await world.post(slug)
    conditions = await world.database.read(conditions_of, await world.article_id(slug))
    assert conditions.closes_at is None


async def test_what_cannot_be_meant_is_refused(world: World, mona: Actor) -> None:
    slug = await world.article()
    for closing in (Closing(days=-1), Closing(days=3651), Closing(at=now() - timedelta(days=1))):
        with pytest.raises(Invalid):
            await world.database.write(set_closing, moderator=mona, slug=slug, closing=closing)
    for when, days, date in (("days", "0", ""), ("days", "x", ""), ("days", "²", ""), ("date", "", "tomorrow")):
        with pytest.raises(Invalid):
            parse_closing(when, days, date)
    with pytest.raises(NotFound):
        await world.database.write(set_section, moderator=mona, slug="nowhere", closed=True)
    assert await world.database.read(acts) == []


async def test_a_closed_branch_takes_no_reply_at_any_level_and_the_rest_goes_on(world: World, mona: Actor) -> None:
    slug = await world.article()
    root, other = await world.post(slug), await world.post(slug)
    reply = await world.post(slug, parent=root)
    await world.database.write(set_branch, moderator=mona, comment_id=root, closed=True, reason="In circles")
    for parent in (root, reply):
        with pytest.raises(Forbidden, match="No more replies are taken here"):
            await world.post(slug, parent=parent)
    await world.post(slug, parent=other)
    await world.post(slug)
    found = await world.database.read(changes, await world.article_id(slug), after=3)
    assert found is not None
    changed = {item["id"]: item["html"] for item in found.message["comments"]}
    assert ": In circles." in changed[root]
    assert reply not in changed
    await world.database.write(set_branch, moderator=mona, comment_id=root, closed=False)
    await world.post(slug, parent=reply)
    assert await is_whole(world.database)
    assert [act.detail for act in await world.database.read(acts)] == ["closed", "open"]


async def test_a_branch_is_closed_at_its_top_and_by_moderators(world: World, mona: Actor) -> None:
    slug = await world.article()
    root = await world.post(slug)
    reply = await world.post(slug, parent=root)
    with pytest.raises(Invalid, match="reply"):
        await world.database.write(set_branch, moderator=mona, comment_id=reply, closed=True)
    for role in (Role.READER, Role.EDITOR):
        person = await world.account(f"{role}-acting", role)
        with pytest.raises(Forbidden):
            await world.database.write(set_branch, moderator=person, comment_id=root, closed=True)
