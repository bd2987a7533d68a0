"""What moderators and editors put at the top, and what they pick."""

import asyncio
from collections.abc import Sequence
from itertools import chain

import pytest

from forum.accounts.actor import Actor
from forum.articles.actions import ArticleText, update_article
from forum.articles.lists import front, in_section
from forum.articles.models import Article, Publication
from forum.articles.views import read_article_page
from forum.comments.discussion import Place
from forum.comments.kept import KeptWindows
from forum.comments.projection import PUBLIC
from forum.comments.selections import selection
from forum.comments.windows import SORTS, Sort, Window
from forum.database import Db
from forum.errors import BadRequest, Conflict, Forbidden, Invalid, NotFound
from forum.live.messages import changes
from forum.moderation.branches import pin_branch
from forum.moderation.featuring import feature_comment
from forum.moderation.models import ActKind
from forum.moderation.placing import pin_article
from forum.moderation.removals import hold_comment, remove_comment, restore_comment
from forum.permissions import Role
from tests.moderation.records import acts, head
from tests.statements import listened
from tests.windows import window_for
from tests.world import World

pytestmark = pytest.mark.anyio


async def pin(world: World, mona: Actor, comment: int, *, value: bool = True) -> None:
    await world.database.write(pin_branch, moderator=mona, comment_id=comment, value=value)


async def pick(world: World, person: Actor, comment: int, *, value: bool = True) -> None:
    await world.database.write(feature_comment, person=person, comment_id=comment, value=value)


async def pages(world: World, slug: str, sort: Sort) -> list[list[int]]:
    """The top-level comments of each page, from the first to the last."""
    found, after, article = list[list[int]](), None, await world.article_id(slug)
    while True:
        page = await world.database.read(window_for, article, sort=sort, after=after)
        found.append([node.comment.id for node in page.nodes])
        after = page.next
        if after is None:
            return found


async def picks(world: World, slug: str) -> list[int]:
    """The picks, over all pages."""
    found, after, article = list[int](), None, await world.article_id(slug)
    while True:
        page = await world.database.read(picks_of, article, after=after)
        found += [node.comment.id for node in page.nodes]
        after = page.next
        if after is None:
            return found


async def test_pinned_branches_are_at_the_top_of_the_first_page_in_every_sort_and_nowhere_else(
    world: World, mona: Actor
) -> None:
    slug = await world.article()
    comments = [await world.post(slug, f"Number {number}.") for number in range(60)]
    reply = await world.post(slug, by="omar", parent=comments[30])
    for comment in (comments[5], comments[30], comments[59]):
        await pin(world, mona, comment)
    pinned = [comments[59], comments[30], comments[5]]
    for sort in SORTS:
        found = await pages(world, slug, sort)
        assert [len(page) for page in found] == [28, 25, 7]
        assert found[0][:3] == pinned
        assert sorted(chain(*found)) == comments
    page = await world.database.read(window_for, await world.article_id(slug), sort="newest", after=None)
    assert [node.comment.id for node in page.nodes[1]] == [comments[30], reply]


async def test_three_can_be_pinned_and_one_that_goes_makes_room(world: World, mona: Actor) -> None:
    slug = await world.article()
    comments = [await world.post(slug, f"Number {number}.") for number in range(5)]
    for comment in comments[:3]:
        await pin(world, mona, comment)
    with pytest.raises(Conflict, match="Three"):
        await pin(world, mona, comments[3])
    await world.database.write(remove_comment, moderator=mona, comment_id=comments[0], reason="spam")
    await pin(world, mona, comments[3])
    await world.database.write(restore_comment, moderator=mona, comment_id=comments[0])
    assert (await world.comment(comments[0])).pinned_at is None
    assert (await pages(world, slug, "oldest"))[0][:3] == [comments[3], comments[2], comments[1]]
    await pin(world, mona, comments[3], value=False)
    assert (await pages(world, slug, "oldest"))[0] == [comments[2], comments[1], comments[0], comments[3], comments[4]]


async def test_a_removed_comment_that_is_restored_is_pinned_and_picked_as_it_was(world: World, mona: Actor) -> None:
    slug = await world.article()
    comment = await world.post(slug)
    await world.post(slug, parent=comment)
    await pin(world, mona, comment)
    await pick(world, mona, comment)
    await world.database.write(remove_comment, moderator=mona, comment_id=comment, reason="spam")
    shown = await world.database.read(window_for, await world.article_id(slug), sort="newest", after=None)
    assert (shown.nodes[0].comment.pinned, shown.nodes[0].comment.featured) == (0, False)
    await world.database.write(restore_comment, moderator=mona, comment_id=comment)
    shown = await world.database.read(window_for, await world.article_id(slug), sort="newest", after=None)
    assert shown.nodes[0].comment.pinned
    assert shown.nodes[0].comment.featured


async def test_of_moderators_who_pin_at_once_no_more_than_three_succeed(world: World, mona: Actor) -> None:
    slug = await world.article()
    comments = [await world.post(slug, f"Number {number}.") for number in range(6)]
    done = await asyncio.gather(*(pin(world, mona, comment) for comment in comments), return_exceptions=True)
    assert sorted(str(type(one).__name__) for one in done) == ["Conflict"] * 3 + ["NoneType"] * 3


async def test_pinning_is_a_change_told_to_the_open_pages_and_the_log_and_twice_is_once(
    world: World, mona: Actor
) -> None:
    slug = await world.article()
    comment = await world.post(slug)
    for value in (True, True, False, False):
        await pin(world, mona, comment, value=value)
    assert await world.database.read(head, slug) == (3, 1)
    entries = await world.database.read(acts)
    assert [act.kind for act in entries] == [ActKind.PIN, ActKind.UNPIN]
    assert entries[0].after == entries[1].before
    found = await world.database.read(changes, await world.article_id(slug), after=2)
    assert found is not None
    assert [item["id"] for item in found.message["comments"]] == [comment]


async def test_a_reply_cannot_be_pinned_and_what_is_gone_neither(world: World, mona: Actor) -> None:
    slug = await world.article()
    root = await world.post(slug)
    reply = await world.post(slug, parent=root)
    with pytest.raises(Invalid):
        await pin(world, mona, reply)
    await world.delete(reply)
    for act in (pin, pick):
        with pytest.raises(NotFound):
            await act(world, mona, reply)
    with pytest.raises(Forbidden):
        await pin(world, await world.account("eddie", Role.EDITOR), root)


async def test_picks_of_any_level_are_listed_page_by_page_those_written_last_first(world: World, mona: Actor) -> None:
    slug = await world.article()
    root = await world.post(slug)
    replies = [await world.post(slug, f"Number {number}.", parent=root) for number in range(30)]
    for comment in (root, *replies):
        await pick(world, mona, comment)
    assert await picks(world, slug) == [*reversed(replies), root]
    with pytest.raises(BadRequest):
        await world.database.read(picks_of, await world.article_id(slug), after="x")


async def test_editors_pick_too_and_readers_do_not(world: World) -> None:
    slug = await world.article()
    comment = await world.post(slug)
    with pytest.raises(Forbidden):
        await pick(world, await world.account("omar"), comment)
    await pick(world, await world.account("eddie", Role.EDITOR), comment)
    found = await world.database.read(changes, await world.article_id(slug), after=0)
    assert found is not None
    assert found.message["discussion"]["picks"] == 1
    assert "Editors’ pick</span>" in found.message["comments"][0]["html"]


@pytest.mark.parametrize("end", ["removed", "deleted", "held", "taken back"])
async def test_what_is_not_to_be_seen_any_more_is_no_pick(world: World, mona: Actor, end: str) -> None:
    slug = await world.article()
    comment = await world.post(slug)
    await world.post(slug, parent=comment)
    await pick(world, mona, comment)
    if end == "removed":
        await world.database.write(remove_comment, moderator=mona, comment_id=comment, reason="spam")
    elif end == "held":
        await world.database.write(hold_comment, moderator=mona, comment_id=comment)
    elif end == "deleted":
        await world.delete(comment)
    else:
        await pick(world, mona, comment, value=False)
    assert await picks(world, slug) == []
    found = await world.database.read(changes, await world.article_id(slug), after=0)
    assert found is not None
    assert "picks" not in found.message["discussion"]
    assert "Editors’ pick</span>" not in found.message["comments"][-1]["html"]


async def test_an_articles_page_takes_eight_queries_however_much_is_set(world: World, mona: Actor) -> None:
    slug = await world.article()
    comments = [await world.post(slug, f"Number {number}.") for number in range(30)]
    for comment in comments[:3]:
        await world.post(slug, parent=comment)
        await pin(world, mona, comment)
        await pick(world, mona, comment)
    for place in (Place(), Place(show="picks")):
        with listened() as asked:
            await world.database.read(read_article_page, slug, place, viewer=None, kept=None, windows=KeptWindows())
        assert len(asked) <= 8


def picks_of(db: Db, article_id: int, *, after: str | None) -> Window:
    """A page of the picks."""
    return selection(db, db.get_one(Article, article_id), "picks", after=after, audience=PUBLIC)


async def listed(world: World, section: str = "") -> list[tuple[str, bool]]:
    """The articles of the front page or a section, and whether each is pinned, over all pages."""
    found, older = list[tuple[str, bool]](), None
    while True:
        if section:
            answer = await world.database.read(in_section, section, older)
            assert answer is not None
            listing = answer[1]
        else:
            listing = await world.database.read(front, older)
        assert len(listing.cards) <= 25
        found += [(card.slug, card.pinned) for card in listing.cards]
        older = listing.older
        if older is None:
            return found


def slugs(cards: Sequence[tuple[str, bool]], *, pinned: bool) -> list[str]:
    return [slug for slug, is_pinned in cards if is_pinned == pinned]


async def test_pinned_articles_are_at_the_top_of_their_list_and_on_no_later_page(world: World, mona: Actor) -> None:
    articles = [await world.article(f"Number {number:02}") for number in range(53)]
    for slug in (articles[0], articles[40]):
        await world.database.write(pin_article, person=mona, slug=slug, section="news", value=True)
    await world.database.write(pin_article, person=mona, slug=articles[7], value=True)
    in_news, on_front = await listed(world, "news"), await listed(world)
    assert in_news[:2] == [(articles[40], True), (articles[0], True)]
    assert on_front[0] == (articles[7], True)
    for found, top in ((in_news, [articles[40], articles[0]]), (on_front, [articles[7]])):
        assert slugs(found, pinned=True) == top
        assert slugs(found, pinned=False) == [slug for slug in reversed(articles) if slug not in top]


async def test_three_articles_can_be_pinned_in_a_place_and_saving_or_withdrawing_one_does_what_it_should(
    world: World, mona: Actor
) -> None:
    articles = [await world.article(f"Number {number}") for number in range(4)]
    for section in ("news", ""):
        for slug in articles[:3]:
            await world.database.write(pin_article, person=mona, slug=slug, section=section, value=True)
        with pytest.raises(Conflict, match="Three"):
            await world.database.write(pin_article, person=mona, slug=articles[3], section=section, value=True)
    editor = await world.account("eddie", Role.EDITOR)
    text = ArticleText("Saved", "", "", "", ["News"], publication=Publication.PUBLISHED)
    await world.database.write(update_article, editor=editor, slug=articles[0], text=text)
    assert sorted(slugs(await listed(world, "news"), pinned=True)) == articles[:3]
    withdrawn = ArticleText("Withdrawn", "", "", "", ["News"])
    await world.database.write(update_article, editor=editor, slug=articles[0], text=withdrawn)
    for section in ("news", ""):
        await world.database.write(pin_article, person=mona, slug=articles[3], section=section, value=True)
    await world.database.write(update_article, editor=editor, slug=articles[0], text=text)
    for section in ("news", ""):
        assert sorted(slugs(await listed(world, section), pinned=True)) == articles[1:]
    with pytest.raises(NotFound):
        await world.database.write(pin_article, person=mona, slug=articles[1], section="culture", value=True)
    with pytest.raises(Forbidden):
        await world.database.write(pin_article, person=await world.account("omar"), slug=articles[1], value=False)
