"""The recount finds every kind of damage, and nothing where there is none."""

from typing import Any

import pytest
from sqlalchemy import insert, update

from forum.accounts.actor import Actor
from forum.articles.models import Article
from forum.comments.models import Comment, Vote
from forum.comments.recount import find_faults
from forum.database import Db
from tests.world import World

pytestmark = pytest.mark.anyio


def damage(db: Db, /, comment_id: int, **values: Any) -> None:
    """Write into a comment what no action would."""
    db.execute(update(Comment).where(Comment.id == comment_id).values(values))


async def branch_of(world: World) -> tuple[str, list[int]]:
    """A discussion with a branch of eight levels, and another comment beside it."""
    slug = await world.article()
    chain = [await world.post(slug)]
    for _ in range(7):
        chain.append(await world.post(slug, parent=chain[-1]))
    await world.recommend(chain[0], by="omar")
    await world.delete(chain[-1])
    return slug, [*chain, await world.post(slug)]


async def test_a_discussion_that_people_made_is_whole(world: World) -> None:
    await branch_of(world)
    assert await world.database.read(find_faults) == []


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"reply_count": 9}, "counts 9 replies, but has 6"),
        ({"score": 0}, "counts 0 votes, but has 1"),
        ({"last_ordinal": 3}, "counts 3 ordinals, but has 7"),
        ({"version": 99}, "is stamped 99, its article 10"),
        ({"version": 0}, "is stamped 0, its article 10"),
        ({"depth": 2}, "stands at the top but is placed lower"),
        ({"was_public": False}, "does not know that it was public"),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else None,
)
async def test_damage_to_a_comment_is_named(world: World, values: dict[str, Any], fault: str) -> None:
    _slug, [root, *_rest] = await branch_of(world)
    await world.database.write(damage, root, **values)
    faults = await world.database.read(find_faults)
    assert [one for one in faults if one.startswith(f"Comment {root} ") and fault in one]


async def test_damage_to_a_chain_is_named(world: World) -> None:
    _slug, comments = await branch_of(world)
    root, first, second, other = comments[0], comments[1], comments[2], comments[-1]
    for comment, values, fault in [
        (second, {"parent_id": other}, "answers a comment that is not in its branch"),
        (second, {"parent_id": root}, "is not placed under what it answers"),
        (first, {"parent_id": second}, "has a lower ordinal than what it answers"),
        (second, {"shown_under_id": root}, "is not placed under what it answers"),
        (second, {"ordinal": 1}, "shares its ordinal with another"),
    ]:
        row = await world.comment(comment)
        before = {name: getattr(row, name) for name in values}
        await world.database.write(damage, comment, **values)
        faults = await world.database.read(find_faults)
        assert [one for one in faults if one.startswith(f"Comment {comment} ") and fault in one], (fault, faults)
        await world.database.write(damage, comment, **before)
    assert await world.database.read(find_faults) == []


async def test_a_wrong_count_of_an_article_is_named(world: World) -> None:
    slug, _comments = await branch_of(world)

    def miscount(db: Db) -> None:
        db.execute(update(Article).values(comment_count=3))

    await world.database.write(miscount)
    assert await world.database.read(find_faults) == [f"Article {slug} counts 3 comments, but has 8."]


async def test_a_vote_that_was_not_counted_is_named(world: World) -> None:
    _slug, comments = await branch_of(world)
    pia: Actor = await world.account("pia")

    def vote_aside(db: Db) -> None:
        db.execute(insert(Vote).values(account_id=pia.account_id, comment_id=comments[1]))

    await world.database.write(vote_aside)
    assert await world.database.read(find_faults) == [f"Comment {comments[1]} counts 0 votes, but has 1."]
