"""Posting: durable, once, ordered, in its place; or refused with nothing stored."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from forum.articles.models import Article, DiscussionState
from forum.comments.actions import post_comment
from forum.comments.body import make_body
from forum.comments.models import Comment, State
from forum.comments.rates import NO_RATES, Rates
from forum.database import Db, now
from forum.errors import Conflict, Forbidden, Invalid, NotFound, TooSoon
from tests.world import World

pytestmark = pytest.mark.anyio


def head_of(db: Db, slug: str) -> tuple[int, int]:
    """Version and count of an article's discussion."""
    row = db.execute(select(Article.version, Article.comment_count).where(Article.slug == slug)).one()
    return row.version, row.comment_count


def comments_in_all(db: Db) -> int:
    """How many comments are stored."""
    return db.execute(select(func.count()).select_from(Comment)).scalar_one()


async def post_at_rates(world: World, slug: str, rates: Rates, ahead: timedelta = timedelta(0)) -> None:
    """Post at these rates, as by a clock that is so much ahead."""
    nora, body = await world.account("nora"), make_body("Again.")
    await world.database.write(
        post_comment, author=nora, slug=slug, parent_id=None, body=body, rates=rates, at=now() + ahead
    )


async def test_each_post_adds_exactly_one_to_the_version_and_is_stamped_with_it(world: World) -> None:
    slug = await world.article()
    first, second = await world.post(slug), await world.post(slug)
    assert [(await world.comment(one)).version for one in (first, second)] == [1, 2]
    assert await world.database.read(head_of, slug) == (2, 2)


async def test_a_reply_knows_its_branch_its_level_and_its_place_in_time(world: World) -> None:
    slug = await world.article()
    root = await world.post(slug)
    reply = await world.post(slug, parent=root)
    answer = await world.comment(await world.post(slug, parent=reply))
    assert (answer.root_id, answer.parent_id, answer.shown_under_id) == (root, reply, reply)
    assert (answer.depth, answer.ordinal) == (3, 2)
    assert [(await world.comment(one)).reply_count for one in (root, reply)] == [2, 1]


async def test_beyond_level_six_replies_stand_flat_under_their_ancestor_at_level_six(world: World) -> None:
    slug = await world.article()
    chain = [await world.post(slug)]
    for _ in range(9):
        chain.append(await world.post(slug, parent=chain[-1]))
    comments = [await world.comment(one) for one in chain]
    assert [one.depth for one in comments] == [1, 2, 3, 4, 5, 6, 7, 7, 7, 7]
    assert {one.shown_under_id for one in comments[6:]} == {chain[5]}
    assert comments[5].reply_count == 4
    assert comments[0].reply_count == 9


async def test_one_key_makes_one_comment_however_often_it_is_sent_at_once(world: World) -> None:
    slug = await world.article()
    await world.account("nora")
    ids = await asyncio.gather(*(world.post(slug, "Once.", key="k") for _ in range(8)))
    assert len(set(ids)) == 1
    assert await world.database.read(head_of, slug) == (1, 1)


async def test_a_key_used_with_another_text_is_a_conflict(world: World) -> None:
    slug = await world.article()
    await world.post(slug, "One text.", key="k")
    with pytest.raises(Conflict):
        await world.post(slug, "Another text.", key="k")


async def test_two_people_may_use_the_same_key(world: World) -> None:
    slug = await world.article()
    assert await world.post(slug, key="k", by="nora") != await world.post(slug, key="k", by="omar")


async def test_many_posting_at_once_get_versions_without_a_gap(world: World) -> None:
    slug = await world.article()
    people = [f"reader{number}" for number in range(12)]
    for person in people:
        await world.account(person)
    root = await world.post(slug)
    ids = await asyncio.gather(*(world.post(slug, by=person, parent=root) for person in people))
    comments = [await world.comment(one) for one in ids]
    assert sorted(one.version for one in comments) == list(range(2, 14))
    assert sorted(one.ordinal for one in comments) == list(range(1, 13))
    by_version = sorted(comments, key=lambda one: one.version)
    assert [one.ordinal for one in by_version] == list(range(1, 13))


@pytest.mark.parametrize("discussion", [DiscussionState.READONLY, DiscussionState.OFF])
async def test_a_closed_discussion_takes_no_comments(world: World, discussion: DiscussionState) -> None:
    slug = await world.article(discussion=discussion)
    with pytest.raises((Forbidden, NotFound)):
        await world.post(slug)
    assert await world.database.read(comments_in_all) == 0


async def test_a_draft_has_no_discussion(world: World) -> None:
    slug = await world.article(published=False)
    with pytest.raises(NotFound):
        await world.post(slug)


async def test_nobody_answers_what_is_not_there(world: World) -> None:
    slug, elsewhere = await world.article("One"), await world.article("Two")
    foreign = await world.post(elsewhere)
    held = await world.post(slug, held=True)
    deleted = await world.post(slug)
    await world.delete(deleted)
    for parent in (foreign, held, deleted, 999_999):
        with pytest.raises(Invalid):
            await world.post(slug, parent=parent)
    assert await world.database.read(head_of, slug) == (3, 0)


@pytest.mark.parametrize("body", ["", "  \n\t ", "\u200b\u2060", "x" * 10_001])
async def test_an_empty_or_endless_text_is_refused(body: str) -> None:
    with pytest.raises(Invalid):
        make_body(body)


async def test_who_posts_too_fast_is_told_when_to_come_back(world: World) -> None:
    slug, nora = await world.article(), await world.account("nora")
    body, rates = make_body("Again."), Rates(pause=5, in_ten_minutes=20)
    await world.database.write(post_comment, author=nora, slug=slug, parent_id=None, body=body, rates=rates)
    with pytest.raises(TooSoon) as refusal:
        await world.database.write(post_comment, author=nora, slug=slug, parent_id=None, body=body, rates=rates)
    assert 1 <= (refusal.value.retry_after or 0) <= 5
    assert await world.database.read(head_of, slug) == (1, 1)


async def test_who_posts_under_several_articles_at_the_same_moment_posts_under_one(world: World) -> None:
    slugs, rates = [await world.article(f"Article {number}") for number in range(4)], Rates(pause=5, in_ten_minutes=20)
    for number in range(10):
        author, body = await world.account(f"reader{number}"), make_body("Everywhere.")
        posts = [
            world.database.write(post_comment, author=author, slug=slug, parent_id=None, body=body, rates=rates)
            for slug in slugs
        ]
        done = await asyncio.gather(*posts, return_exceptions=True)
        assert sorted(type(one).__name__ for one in done) == ["Posted", "TooSoon", "TooSoon", "TooSoon"]
    assert await world.database.read(comments_in_all) == 10


async def test_twenty_comments_in_ten_minutes_are_enough(world: World) -> None:
    slug, nora = await world.article(), await world.account("nora")
    for number in range(20):
        await world.post(slug, f"Number {number}.")
    with pytest.raises(TooSoon) as refusal:
        await world.database.write(
            post_comment, author=nora, slug=slug, parent_id=None, body=make_body("More."), rates=Rates(0, 20)
        )
    assert 500 < (refusal.value.retry_after or 0) <= 600


async def test_what_was_written_before_the_clock_was_set_back_keeps_nobody_from_posting(world: World) -> None:
    slug = await world.article()
    for _ in range(3):
        await post_at_rates(world, slug, NO_RATES, ahead=timedelta(hours=1))
    await post_at_rates(world, slug, Rates(pause=5, in_ten_minutes=3))
    with pytest.raises(TooSoon) as refusal:
        await post_at_rates(world, slug, Rates(pause=5, in_ten_minutes=3))
    assert 1 <= (refusal.value.retry_after or 0) <= 5


async def test_a_clock_of_another_host_that_is_a_little_ahead_gives_nobody_a_comment_more(world: World) -> None:
    slug = await world.article()
    await post_at_rates(world, slug, NO_RATES, ahead=timedelta(seconds=3))
    with pytest.raises(TooSoon):
        await post_at_rates(world, slug, Rates(pause=5, in_ten_minutes=20))


async def test_a_repeated_post_is_answered_before_the_rates_are_asked(world: World) -> None:
    slug, nora = await world.article(), await world.account("nora")
    first = await world.post(slug, "Sent twice.", key="k")
    again = await world.database.write(
        post_comment,
        author=nora,
        slug=slug,
        parent_id=None,
        body=make_body("Sent twice."),
        key="k",
        rates=Rates(pause=5, in_ten_minutes=20),
    )
    assert (again.comment_id, again.repeated) == (first, True)


async def test_a_held_comment_counts_for_nobody(world: World) -> None:
    slug = await world.article()
    root = await world.post(slug)
    held = await world.comment(await world.post(slug, parent=root, held=True))
    assert (held.state, held.was_public) == (State.HELD, False)
    assert (await world.comment(root)).reply_count == 0
    assert await world.database.read(head_of, slug) == (2, 1)
