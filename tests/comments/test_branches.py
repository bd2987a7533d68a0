"""A comment's own page, and its feed, beneath whatever comment: all of its branch, in order, nothing twice."""

from collections.abc import Sequence
from itertools import chain, repeat
from random import Random

import pytest
from sqlalchemy import select, update

from forum.comments.branches import branch
from forum.comments.models import Comment, State
from forum.comments.places import DEEPEST
from forum.comments.projection import PUBLIC
from forum.database import Db
from forum.demo.filling import Crowd, fill_discussion
from forum.demo.shape import shape_of
from forum.feeds.queries import ENTRIES, branch_feed
from tests.world import World

COMMENTS = 1_500

pytestmark = pytest.mark.anyio


@pytest.fixture
async def tops(world: World) -> Sequence[int]:
    """Of a discussion with long branches, some comments of which are deleted, a comment at each level."""
    slug, authors = await world.article(), [(await world.account("nora")).account_id]
    await world.database.write(fill, slug, authors)
    return await world.database.read(at_each_level)


async def test_the_pages_of_a_comment_hold_all_that_is_beneath_it_once_and_in_order(
    world: World, tops: Sequence[int]
) -> None:
    for top in tops:
        assert await world.database.read(paged, top) == await world.database.read(beneath, top)


async def test_the_feed_of_a_comment_holds_the_newest_of_what_is_beneath_it(world: World, tops: Sequence[int]) -> None:
    for top in tops:
        feed = await world.database.read(branch_feed, top)
        newest = [top, *await world.database.read(beneath, top)][-ENTRIES:]
        assert {entry.lasting for entry in feed.entries} == {f"/comments/{one}" for one in newest}


def fill(db: Db, slug: str, authors: list[int]) -> None:
    """Two branches in which people answer what came last, mostly; of what nobody answered some is deleted."""
    rng = Random(5)
    answered = (max(number % 2, number - rng.choice((2, 2, 2, 4, 8, 30, 300))) for number in range(2, COMMENTS))
    crowd = Crowd(authors, repeat(("A comment.", "<p>A comment.</p>")), rng)
    for _written in fill_discussion(db, slug, shape_of(chain([-1, -1], answered)), crowd):
        pass
    leaves = db.execute(select(Comment.id).where(Comment.reply_count == 0)).scalars().all()
    db.execute(update(Comment).where(Comment.id.in_(leaves[::3])).values(state=State.DELETED))


def at_each_level(db: Db) -> Sequence[int]:
    """The one with the most replies, and the last one."""
    found = list[int]()
    for depth in range(1, DEEPEST + 1):
        here = select(Comment.id).where(Comment.depth == depth, Comment.state == State.VISIBLE)
        for order in (Comment.reply_count.desc(), Comment.id.desc()):
            found.append(db.execute(here.order_by(order, Comment.id).limit(1)).scalar_one())
    return found


def paged(db: Db, top: int) -> list[int]:
    """What its pages show, one after the other."""
    shown, after = list[int](), 0
    while True:
        page = branch(db, top, PUBLIC, after=after)
        assert page is not None
        there = [one.comment for one in page.node if one.comment.id != top and one.comment.ordinal > after]
        shown += [one.id for one in sorted(there, key=lambda one: one.ordinal)]
        if page.shown_to is None:
            return shown
        after = page.shown_to


def beneath(db: Db, top: int) -> list[int]:
    """What stands beneath it and is shown, level by level."""
    of_all = select(Comment.id, Comment.shown_under_id, Comment.state, Comment.reply_count)
    rows = db.execute(of_all.order_by(Comment.id))
    known, shown = {top}, list[int]()
    for row in rows:
        if row.shown_under_id in known:
            known.add(row.id)
            shown += [row.id] if row.state == State.VISIBLE or row.reply_count else []
    return shown
