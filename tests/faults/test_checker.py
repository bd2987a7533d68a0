"""The checker is tried too: for each promise, a bug planted in what people saw or in what is stored must be found."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import update

from forum.articles.models import Article
from forum.comments.models import Comment
from forum.database import Db
from forum.live.messages import changes
from forum.moderation.bans import Ban, ban_account
from forum.permissions import Role
from tests.faults.checker import Acknowledged, Witness, broken_promises
from tests.live.page import Page
from tests.world import World

pytestmark = pytest.mark.anyio
Plant = Callable[[Db, Witness], None]


@pytest.fixture
def kind() -> str:
    return "sqlite"


async def lived(world: World) -> Witness:
    """Three comments, seen by their author and by a page; then the author is banned."""
    slug = await world.article()
    witness = Witness(await world.article_id(slug), pages=[(Page(), [])])
    page, frames = witness.pages[0]
    for number in range(3):
        body = f"Number {number}."
        comment = await world.post(slug, body, key=str(number))
        witness.acknowledged.append(Acknowledged(comment, world.accounts["nora"], str(number), body))
        found = await world.database.read(changes, witness.article_id, after=number)
        assert found is not None
        frames.append(found.message)
        page.apply(found.message)
    moderator = await world.account("mona", Role.MODERATOR)
    await world.database.write(ban_account, moderator=moderator, handle="nora", ban=Ban(reason="too loud"))
    witness.banned[world.accounts["nora"]] = witness.acknowledged[-1].id
    return witness


def lose_one(db: Db, witness: Witness) -> None:
    """Acknowledged before its commit, which a crash prevented."""
    witness.acknowledged.append(replace(witness.acknowledged[0], id=99))


def store_twice(db: Db, witness: Witness) -> None:
    """A key that was not looked at."""
    first = db.get_one(Comment, witness.acknowledged[0].id)
    head = db.get_one(Article, witness.article_id)
    head.version += 1
    head.comment_count += 1
    values = {column.key: getattr(first, column.key) for column in Comment.__table__.columns if column.key != "id"}
    db.add(Comment(**values | {"version": head.version}))


def drop_a_push(db: Db, witness: Witness) -> None:
    """A message that was never sent."""
    del witness.pages[0][1][1]


def leave_one_out(db: Db, witness: Witness) -> None:
    """A message that covers a version and lacks its comment."""
    witness.pages[0][0].comments.popitem()


def stamp_twice(db: Db, witness: Witness) -> None:
    """Two commits with one number."""
    db.execute(update(Comment).where(Comment.id == witness.acknowledged[1].id).values(version=1))


def miscount(db: Db, witness: Witness) -> None:
    """A counter that was not moved."""
    db.execute(update(Article).values(comment_count=Article.comment_count + 1))


def post_after_the_ban(db: Db, witness: Witness) -> None:
    """A ban that was asked about outside of the transaction."""
    store_twice(db, witness)


async def test_an_honest_life_breaks_no_promise(world: World) -> None:
    assert await world.database.read(broken_promises, await lived(world)) == []


@pytest.mark.parametrize(
    ("plant", "promise"),
    [
        (lose_one, "P1"),
        (store_twice, "P2"),
        (miscount, "counts"),
        (stamp_twice, "P5"),
        (drop_a_push, "P6"),
        (leave_one_out, "P7"),
        (post_after_the_ban, "P11"),
    ],
)
async def test_a_planted_bug_is_found(world: World, plant: Plant, promise: str) -> None:
    witness = await lived(world)
    await world.database.write(plant, witness)
    found = await world.database.read(broken_promises, witness)
    assert any(promise in sentence for sentence in found), found
