"""A reader's place: what came since they were there is new, what they have seen is not, on every page of theirs."""

import asyncio
import re
from itertools import permutations

import httpx2
import pytest

from forum.articles.models import DiscussionState
from forum.articles.queries import published_article
from forum.articles.views import read_article_page
from forum.comments.discussion import Place as Window
from forum.comments.kept import KeptWindows
from forum.database import Db
from forum.errors import NotFound
from forum.moderation.removals import remove_comment, restore_comment
from forum.moderation.shadows import shadow_account
from forum.permissions import Role
from forum.reading.actions import Seen, note_seen
from forum.reading.queries import MOST_NEW, Place, new_comments, new_in, place_of
from forum.reading.ranges import MOST_RANGES, Ranges, contains, parse
from forum.site.queries import read_site
from tests.accounts.site import JSON, Site
from tests.live.page import listening
from tests.server import Server
from tests.world import World

pytestmark = pytest.mark.anyio


def of(*ids: int) -> Ranges:
    return tuple((number, number) for number in sorted(ids))


async def version_of(world: World, slug: str) -> int:
    article = await world.database.read(published_article, slug)
    assert article is not None
    return article.version


async def tell(
    world: World, slug: str, *ids: int, by: str = "iris", since: int = 0, last: int | None = None, ranges: Ranges = ()
) -> Place:
    """A page of somebody's tells what was seen on it."""
    reader = await world.account(by)
    return await world.database.write(note_seen, reader=reader, slug=slug, seen=Seen(since, ranges or of(*ids), last))


async def visits(world: World, slug: str, by: str = "iris") -> Place:
    """The first visit of somebody."""
    return await tell(world, slug, by=by, since=await version_of(world, slug))


async def new_to(world: World, slug: str, by: str = "iris") -> set[int]:
    """The comments that are new to somebody."""
    reader = await world.account(by)
    return await world.database.read(_new_to, slug, reader.account_id)


def _new_to(db: Db, slug: str, account_id: int) -> set[int]:
    article = published_article(db, slug)
    assert article is not None
    place = place_of(db, account_id, article.id)
    if place is None:
        return set()
    ranges = parse(place.ranges)
    came = new_comments(db, article.id, account_id, since=place.since)
    return {one.id for one in came if not contains(ranges, one.id)}


async def test_at_the_first_visit_nothing_is_new_and_from_then_on_what_others_post(world: World) -> None:
    slug = await world.article()
    old = [await world.post(slug) for _ in range(3)]
    assert await new_to(world, slug) == set()
    await visits(world, slug)
    assert await new_to(world, slug) == set()
    new = [await world.post(slug), await world.post(slug, parent=old[0])]
    await world.post(slug, by="iris")
    assert await new_to(world, slug) == set(new)


async def test_what_has_been_seen_is_not_new_and_nothing_else_changes(world: World) -> None:
    slug = await world.article()
    await visits(world, slug)
    new = [await world.post(slug) for _ in range(5)]
    await tell(world, slug, new[1], new[3])
    assert await new_to(world, slug) == {new[0], new[2], new[4]}


async def test_a_comment_that_was_there_is_not_new_because_it_is_edited(world: World) -> None:
    slug = await world.article()
    old, elsewhere = await world.post(slug), await world.article("Another")
    await visits(world, slug)
    await world.post(elsewhere)
    await world.edit(old, "Another text.")
    assert await new_to(world, slug) == set()
    new = await world.post(slug)
    await tell(world, slug, new)
    await world.edit(new, "Another text.")
    assert await new_to(world, slug) == set()


async def test_however_and_in_whatever_order_pages_tell_the_place_is_the_same(world: World) -> None:
    slug = await world.article()
    for number in range(6):
        await visits(world, slug, by=f"reader{number}")
    new = [await world.post(slug) for _ in range(5)]
    told = [new[:2], new[1:3], [new[4]]]
    places = set()
    for number, order in enumerate(permutations(told)):
        told_so_far = [await tell(world, slug, *ids, by=f"reader{number}") for ids in (*order, *order)]
        places.add((told_so_far[-1].since, told_so_far[-1].ranges))
    assert len(places) == 1
    assert await new_to(world, slug, by="reader0") == {new[3]}


async def test_when_all_has_been_seen_the_place_is_one_range(world: World) -> None:
    slug, elsewhere = await world.article(), await world.article("Another")
    await visits(world, slug)
    new = []
    for _ in range(5):
        new.append(await world.post(slug))
        await world.post(elsewhere)
    place = await tell(world, slug, *new[::2])
    assert len(parse(place.ranges)) == 3
    place = await tell(world, slug, *new[1::2])
    assert place.since == await version_of(world, slug)
    assert parse(place.ranges) == ((0, new[-1]),)


async def test_only_comments_of_this_discussion_count_that_the_reader_may_see(world: World) -> None:
    slug, elsewhere = await world.article(), await world.article("Another")
    await visits(world, slug)
    held, other, seen = await world.post(slug, held=True), await world.post(elsewhere), await world.post(slug)
    place = await tell(world, slug, held, other, seen, 10**12, last=held)
    assert not any(contains(parse(place.ranges), number) for number in (held, 10**12))
    assert place.last is None
    place = await tell(world, slug, ranges=((other, seen), (0, seen + 1000), (seen, 10**12)))
    assert not any(contains(parse(place.ranges), number) for number in (held, seen + 1))


async def test_who_is_in_the_shadow_finds_their_own_comments_in_their_place_like_anybody_else(world: World) -> None:
    told = []
    for in_shadow in (False, True):
        slug, by = await world.article(), f"nora{in_shadow:d}"
        await world.post(slug)
        await visits(world, slug, by=by)
        if in_shadow:
            mona = await world.account("mona", Role.MODERATOR)
            await world.database.write(shadow_account, moderator=mona, handle=by, reason="Spam")
        own = await world.post(slug, by=by)
        place = await tell(world, slug, await world.post(slug, by="omar"), by=by)
        told.append((contains(parse(place.ranges), own), place.since == await version_of(world, slug)))
    assert told == [(True, True), (True, True)]


async def test_a_held_comment_is_new_to_everybody_when_it_is_shown(world: World) -> None:
    slug = await world.article()
    early = await world.post(slug, held=True)
    await world.post(slug)
    await visits(world, slug)
    late = await world.post(slug, held=True)
    await tell(world, slug, await world.post(slug))
    assert await new_to(world, slug) == set()
    mona = await world.account("mona", Role.MODERATOR)
    for held in (early, late):
        await world.database.write(restore_comment, moderator=mona, comment_id=held)
    assert await new_to(world, slug) == {early, late}


async def test_a_page_cannot_say_that_it_has_seen_what_is_yet_to_come(world: World) -> None:
    slug = await world.article()
    await tell(world, slug, since=10**8)
    new = await world.post(slug)
    assert await new_to(world, slug) == {new}


async def test_the_comment_read_last_is_kept_and_offered_while_it_can_be_seen(world: World) -> None:
    slug = await world.article()
    comments = [await world.post(slug) for _ in range(2)]
    await visits(world, slug)
    await tell(world, slug, last=comments[0])
    assert (await tell(world, slug, comments[1])).last == comments[0]
    mona = await world.account("mona", Role.MODERATOR)
    await world.database.write(remove_comment, moderator=mona, comment_id=comments[0], reason="spam")
    assert (await tell(world, slug)).last is None


async def test_of_a_place_with_too_many_gaps_the_oldest_close(world: World) -> None:
    slug = await world.article()
    await visits(world, slug)
    new = [await world.post(slug) for _ in range(2 * MOST_RANGES + 10)]
    place = await tell(world, slug, *new[1::2])
    assert len(parse(place.ranges)) == MOST_RANGES
    left = await new_to(world, slug)
    assert set(new[-20::2]) <= left
    assert len(left) == MOST_RANGES - 1


async def test_more_new_comments_than_are_gone_through_at_once_are_not_lost(world: World) -> None:
    slug = await world.article()
    await visits(world, slug)
    new = [await world.post(slug) for _ in range(MOST_NEW + 20)]
    await tell(world, slug, ranges=((new[0], new[MOST_NEW]),))
    assert await new_to(world, slug) == set(new[MOST_NEW + 1 :])
    first = await world.database.read(new_in, slug, None, since=0)
    assert first is not None
    assert first.more
    rest = await world.database.read(new_in, slug, None, since=first.to)
    assert rest is not None
    assert not rest.more
    assert [one.id for one in (*first.comments, *rest.comments)] == new


async def test_two_pages_that_tell_at_once_lose_nothing(world: World) -> None:
    slug = await world.article()
    await visits(world, slug)
    new = [await world.post(slug) for _ in range(8)]
    await asyncio.gather(*(tell(world, slug, one) for one in new))
    assert await new_to(world, slug) == set()


async def test_a_guests_place_and_the_accounts_become_one(world: World) -> None:
    slug = await world.article()
    await world.post(slug)
    version = await version_of(world, slug)
    new = [await world.post(slug) for _ in range(3)]
    await tell(world, slug, new[0], since=version)
    assert await new_to(world, slug) == set(new[1:])
    await tell(world, slug, new[2], since=version + 1)
    assert await new_to(world, slug) == {new[1]}


async def test_there_is_no_place_where_there_is_no_discussion(world: World) -> None:
    off, draft = await world.article("Off", discussion=DiscussionState.OFF), await world.article("D", published=False)
    for slug in (off, draft, "nothing"):
        with pytest.raises(NotFound):
            await tell(world, slug, since=1)


async def test_one_goes_on_where_one_left_on_the_page_itself_or_on_the_comments_own(world: World) -> None:
    slug = await world.article()
    comment = await world.post(slug)
    await tell(world, slug, since=1, last=comment)
    viewer = (await world.signed_in("iris")).account_id
    page = await world.database.read(read_article_page, slug, Window(), viewer=None, kept=None, windows=KeptWindows())
    assert page.own.place is None
    place = await world.database.read(place_of, viewer, await world.article_id(slug))
    assert place is not None
    assert place.link({comment}) == f"#comment-{comment}"
    assert place.link(()) == f"/comments/{comment}#comment-{comment}"


def test_a_page_carries_the_place_of_its_reader_and_a_guests_page_of_nobody(site: Site) -> None:
    slug = site.do(site.world.article)
    comments = [site.do(site.world.post, slug) for _ in range(30)]
    token = site.do(site.world.sign_in, "iris")
    assert re.search(r"<div hidden data-reading></div>", site.get(f"/articles/{slug}", token).text)
    form = {"since": "30", "ranges": f"0-{comments[-1]}", "last": str(comments[0])}
    answer = site.post(f"/articles/{slug}/seen", form, token, headers=JSON)
    assert answer.json() == {"since": 30, "ranges": f"0-{comments[-1]}", "last": comments[0]}
    page = site.get(f"/articles/{slug}", token).text
    assert f'data-since="30" data-ranges="0-{comments[-1]}" data-last="{comments[0]}"' in page
    assert f'data-left href="/comments/{comments[0]}#comment-{comments[0]}">Continue where you left</a>' in page
    oldest = site.get(f"/articles/{slug}?sort=oldest", token).text
    assert f'data-left href="#comment-{comments[0]}">Continue where you left</a>' in oldest
    assert "data-since" in site.get(f"/comments/{comments[3]}", token).text
    guests = site.get(f"/articles/{slug}").text
    assert "data-reading" not in guests
    assert 'data-left href="#discussion" hidden' in guests


def test_a_page_is_told_what_came_that_others_wrote(site: Site) -> None:
    slug = site.do(site.world.article)
    root = site.do(site.world.post, slug)
    reply = site.do(site.world.post, slug, parent=root)
    own = site.do(site.world.post, slug, by="iris")
    token = site.do(site.world.sign_in, "iris")
    assert site.get(f"/articles/{slug}/new?after=0", token).json() == {
        "new": [[root, root], [reply, root]],
        "to": 3,
        "more": False,
    }
    assert site.get(f"/articles/{slug}/new?after=1").json() == {
        "new": [[reply, root], [own, own]],
        "to": 3,
        "more": False,
    }


async def test_other_pages_of_the_account_hear_of_it_and_nobody_elses(served_world: World, served: Server) -> None:
    slug = await served_world.article()
    article, comment = await served_world.article_id(slug), await served_world.post(slug)
    iris, otto = await served_world.sign_in("iris"), await served_world.sign_in("otto")
    epoch = (await served_world.database.read(read_site)).epoch
    elsewhere = await served_world.article("Elsewhere")
    there = await served_world.article_id(elsewhere)
    pages = [listening(served, article, cookie=cookie, epoch=epoch) for cookie in (iris, otto)]
    async with pages[0] as one, pages[1] as other, listening(served, there, cookie=iris, epoch=epoch) as of_another:
        await one.until(lambda page: page.page.version == 1)
        async with httpx2.AsyncClient() as http:
            form = {"since": "1", "ranges": str(comment), "last": str(comment)}
            answer = await http.post(
                f"{served.url}/articles/{slug}/seen", data=form, headers={"cookie": f"forum={iris}"}
            )
        assert answer.status_code == 200
        await one.until(lambda page: page.frames[-1]["type"] == "seen")
        assert one.frames[-1] == {"type": "seen"} | answer.json()
        await served_world.post(slug)
        await served_world.post(elsewhere)
        await other.until(lambda page: page.page.version == 2)
        await of_another.until(lambda page: page.page.version == 1)
        assert not [frame for frame in [*other.frames, *of_another.frames] if frame["type"] == "seen"]
