"""Audiences: who sees what of a comment in each state, in windows and in messages alike."""

import pytest

from forum.comments.branches import branch
from forum.comments.models import State
from forum.comments.projection import MODERATORS, PUBLIC, Audience, ShownComment
from forum.comments.queries import shown_comment
from forum.comments.windows import SORTS
from forum.live.messages import Changes, changes
from forum.moderation.removals import remove_comment
from forum.permissions import Role
from tests.windows import window_for
from tests.world import World

pytestmark = pytest.mark.anyio

CANARY = "canary-7f3a"


async def everything_said(world: World, slug: str, audience: Audience, *, viewer: int | None = None) -> str:
    """All that this audience could get of the discussion, as one text."""
    article = await world.article_id(slug)
    shown = [await world.database.read(window_for, article, sort=sort, after=None, viewer_id=viewer) for sort in SORTS]
    message = await world.database.read(changes, article, after=0, audience=audience)
    return str(shown) + str(message)


async def message_for(world: World, slug: str, audience: Audience, *, after: int = 0) -> Changes:
    found = await world.database.read(changes, await world.article_id(slug), after=after, audience=audience)
    assert found is not None
    return found


async def test_a_held_comment_is_nothing_to_the_public_and_itself_to_its_author(world: World) -> None:
    slug = await world.article()
    root = await world.post(slug, "Seen by all.", by="omar")
    held = await world.post(slug, CANARY, by="nora", parent=root, held=True)
    nora, omar = (await world.account("nora")).account_id, (await world.account("omar")).account_id

    assert CANARY not in await everything_said(world, slug, PUBLIC)
    assert CANARY not in await everything_said(world, slug, Audience(omar), viewer=omar)
    assert CANARY in await everything_said(world, slug, Audience(nora), viewer=nora)

    public = await message_for(world, slug, PUBLIC)
    assert [one["id"] for one in public.message["comments"]] == [root]
    assert public.message["to"] == 2
    assert public.hidden_authors.keys() == {nora}
    assert await world.database.read(shown_comment, held, PUBLIC) is None
    assert await world.database.read(branch, held, PUBLIC) is None
    assert isinstance(await world.database.read(shown_comment, held, MODERATORS), ShownComment)


async def test_the_range_advances_over_what_the_public_does_not_see(world: World) -> None:
    slug = await world.article()
    await world.post(slug, CANARY, held=True)
    found = await message_for(world, slug, PUBLIC)
    assert (found.message["from"], found.message["to"], found.message["comments"]) == (0, 1, [])


async def test_a_held_comment_that_goes_is_gone_for_its_author_and_still_nothing_to_the_public(world: World) -> None:
    slug = await world.article()
    held = await world.post(slug, CANARY, by="nora", held=True)
    await world.delete(held, by="nora")
    nora = (await world.account("nora")).account_id
    public = await message_for(world, slug, PUBLIC)
    assert public.message["comments"] == []
    assert public.hidden_authors.keys() == {nora}
    [item] = (await message_for(world, slug, Audience(nora))).message["comments"]
    assert (item["id"], item["state"]) == (held, "gone")


async def test_a_deleted_comment_without_replies_is_gone(world: World) -> None:
    slug = await world.article()
    comment = await world.post(slug, CANARY)
    await world.delete(comment)
    [item] = (await message_for(world, slug, PUBLIC)).message["comments"]
    assert (item["id"], item["state"]) == (comment, "gone")
    assert CANARY not in await everything_said(world, slug, PUBLIC)
    assert CANARY not in await everything_said(world, slug, Audience((await world.account("nora")).account_id))


async def test_a_deleted_comment_with_replies_stands_as_a_tombstone_without_name_or_text(world: World) -> None:
    slug = await world.article()
    comment = await world.post(slug, CANARY, by="nora")
    await world.post(slug, "An answer.", by="omar", parent=comment)
    await world.delete(comment)
    [item] = (await message_for(world, slug, PUBLIC, after=2)).message["comments"]
    assert item["state"] == State.DELETED
    assert "Deleted by its author" in item["html"]
    said = await everything_said(world, slug, PUBLIC)
    assert CANARY not in said
    assert "nora" not in said


async def test_the_act_that_takes_the_last_reply_takes_every_tombstone_above(world: World) -> None:
    slug = await world.article()
    root = await world.post(slug, by="nora")
    middle = await world.post(slug, by="nora", parent=root)
    last = await world.post(slug, by="omar", parent=middle)
    await world.delete(root)
    await world.delete(middle)
    await world.delete(last, by="omar")
    found = await message_for(world, slug, PUBLIC, after=5)
    assert {one["id"]: one["state"] for one in found.message["comments"]} == dict.fromkeys((root, middle, last), "gone")
    assert found.message["discussion"]["count"] == 0


async def test_deep_tombstones_stand_for_the_replies_that_answer_them_and_no_longer(world: World) -> None:
    slug = await world.article()
    chain = [await world.post(slug, by="nora")]
    for _ in range(8):
        chain.append(await world.post(slug, by="nora", parent=chain[-1]))
    await world.delete(chain[7])
    found = await message_for(world, slug, PUBLIC, after=9)
    assert [(one["id"], one["state"]) for one in found.message["comments"]] == [(chain[7], "deleted")]
    await world.delete(chain[8])
    found = await message_for(world, slug, PUBLIC, after=10)
    assert {one["id"]: one["state"] for one in found.message["comments"]} == {chain[7]: "gone", chain[8]: "gone"}


async def test_more_changes_than_a_message_holds_are_answered_with_reload(world: World) -> None:
    slug = await world.article()
    for number in range(501):
        await world.post(slug, f"Number {number}.")
    assert (await message_for(world, slug, PUBLIC)).reload
    assert not (await message_for(world, slug, PUBLIC, after=1)).reload


@pytest.mark.parametrize(("after", "epoch"), [(7, None), (0, "another")])
async def test_a_version_from_the_future_or_another_life_is_answered_with_reload(
    world: World, after: int, epoch: str | None
) -> None:
    slug = await world.article()
    await world.post(slug)
    found = await world.database.read(changes, await world.article_id(slug), after=after, epoch=epoch)
    assert found is not None
    assert found.reload


@pytest.mark.parametrize("end", ["removed", "deleted"])
async def test_what_its_author_saw_held_goes_from_the_authors_pages_when_it_is_refused(world: World, end: str) -> None:
    slug = await world.article()
    held = await world.post(slug, CANARY, by="nora", held=True)
    nora = Audience((await world.account("nora")).account_id)
    if end == "deleted":
        await world.delete(held)
    else:
        moderator = await world.account("mona", Role.MODERATOR)
        await world.database.write(remove_comment, moderator=moderator, comment_id=held, reason="spam")
    [item] = (await message_for(world, slug, nora, after=1)).message["comments"]
    assert (item["id"], item["state"]) == (held, "gone")
    public = await message_for(world, slug, PUBLIC, after=1)
    assert public.message["comments"] == []
    assert public.hidden_authors.keys() == {nora.account_id}
