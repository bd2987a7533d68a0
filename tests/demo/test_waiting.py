"""What waits on the demo site."""

import pytest
from sqlalchemy import select

from forum.comments.checks.queries import findings_of
from forum.comments.models import Comment, State
from forum.database import Db
from forum.demo.content import articles, people
from forum.demo.waiting import HELD, load_waiting
from forum.permissions import Role
from tests.world import World


@pytest.fixture
def kind() -> str:
    """The demo is the same on both."""
    return "sqlite"


@pytest.mark.anyio
async def test_a_newcomer_finds_two_comments_that_wait_each_for_a_reason_of_its_own(world: World) -> None:
    assert {slug for slug, *_rest in HELD} <= {story.slug for story in articles()}
    assert {by for _slug, by, _minutes, _text in HELD} <= {person.handle for person in people()}
    admin = await world.account("ada", Role.ADMIN)
    accounts = {by: (await world.account(by)).account_id for _slug, by, _minutes, _text in HELD}
    for slug, *_rest in HELD:
        assert await world.article(slug.replace("-", " ")) == slug
    await world.database.write(load_waiting, accounts=accounts | {"admin": admin.account_id})
    checks = await world.database.read(_why_held)
    assert sorted(checks) == [["links"], ["suspect"]]


def _why_held(db: Db) -> list[list[str]]:
    held = list(db.execute(select(Comment.id).where(Comment.state == State.HELD)).scalars())
    return [[finding.check for finding in found] for found in findings_of(db, held).values()]
