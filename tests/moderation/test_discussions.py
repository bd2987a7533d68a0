"""Opening and closing a discussion."""

from datetime import UTC, datetime

import pytest
from babel.dates import format_date

from forum.accounts.actor import Actor
from forum.articles.models import DiscussionState
from forum.articles.queries import published_article
from forum.articles.words import closed_sentence
from forum.errors import Forbidden, Invalid, NotFound
from forum.events import DiscussionChanged
from forum.live.messages import changes
from forum.moderation.discussions import set_discussion
from forum.moderation.models import ActKind
from forum.permissions import Role
from tests.moderation.records import acts, head, published
from tests.world import World

pytestmark = pytest.mark.anyio


async def set_to(world: World, slug: str, state: DiscussionState, moderator: Actor, reason: str = "") -> None:
    await world.database.write(set_discussion, moderator=moderator, slug=slug, state=state, reason=reason)


async def test_closing_is_one_step_told_to_the_open_pages_and_logged(world: World, mona: Actor) -> None:
    slug = await world.article()
    article, heard = await world.article_id(slug), published(world.database)
    await set_to(world, slug, DiscussionState.READONLY, mona)
    assert await world.database.read(head, slug) == (1, 0)
    assert heard == [DiscussionChanged(article, 1)]
    message = await world.database.read(changes, article, after=0)
    assert message is not None
    assert message.message["discussion"]["state"] == "readonly"
    [act] = await world.database.read(acts)
    assert (act.kind, act.article_id, act.detail) == (ActKind.DISCUSSION, article, "readonly")


async def test_a_closed_discussion_takes_no_comment_until_it_is_opened(world: World, mona: Actor) -> None:
    slug = await world.article()
    await set_to(world, slug, DiscussionState.READONLY, mona)
    with pytest.raises(Forbidden, match="closed"):
        await world.post(slug)
    await set_to(world, slug, DiscussionState.OPEN, mona)
    await world.post(slug)


async def test_who_closes_a_discussion_may_say_why_and_opening_it_forgets_that(world: World, mona: Actor) -> None:
    slug = await world.article()
    article = await world.article_id(slug)
    why = "The vote is over  "
    await set_to(world, slug, DiscussionState.READONLY, mona, why)
    message = await world.database.read(changes, article, after=0)
    assert message is not None
    day = format_date(datetime.now(UTC), "d MMMM yyyy", locale="en")
    closed = f"This discussion was closed on {day}: The vote is over. You can read it, not write in it."
    assert message.message["discussion"] == {"state": "readonly", "count": 0, "closed": closed}
    assert (await world.database.read(acts))[0].reason == "The vote is over"
    await set_to(world, slug, DiscussionState.OPEN, mona, why)
    stored = await world.database.read(published_article, slug)
    assert stored is not None
    assert (stored.discussion_since, stored.discussion_reason) == (None, "")
    message = await world.database.read(changes, article, after=0)
    assert message is not None
    assert message.message["discussion"] == {"state": "open", "count": 0}


def test_what_was_closed_before_that_was_noted_says_no_day() -> None:
    assert "closed. You" in closed_sentence(DiscussionState.READONLY, None, "")


async def test_a_reason_has_200_characters_at_most(world: World, mona: Actor) -> None:
    slug = await world.article()
    with pytest.raises(Invalid, match="200"):
        await set_to(world, slug, DiscussionState.READONLY, mona, "x" * 201)
    await set_to(world, slug, DiscussionState.READONLY, mona, "x" * 200)


async def test_the_state_that_it_has_already_is_no_change(world: World, mona: Actor) -> None:
    slug = await world.article()
    await set_to(world, slug, DiscussionState.OPEN, mona)
    assert await world.database.read(head, slug) == (0, 0)
    assert await world.database.read(acts) == []


async def test_a_discussion_that_is_off_can_be_opened_again_with_its_comments(world: World, mona: Actor) -> None:
    slug = await world.article()
    await world.post(slug)
    await set_to(world, slug, DiscussionState.OFF, mona)
    assert await world.database.read(changes, await world.article_id(slug), after=0) is None
    await set_to(world, slug, DiscussionState.OPEN, mona)
    assert await world.database.read(head, slug) == (3, 1)


async def test_drafts_are_not_there_for_moderators(world: World, mona: Actor) -> None:
    with pytest.raises(NotFound):
        await set_to(world, await world.article(published=False), DiscussionState.OFF, mona)


async def test_readers_and_editors_cannot_close_a_discussion_here(world: World) -> None:
    slug = await world.article()
    for role in (Role.READER, Role.EDITOR):
        person = await world.account(f"{role}-acting", role)
        with pytest.raises(Forbidden):
            await set_to(world, slug, DiscussionState.OFF, person)
