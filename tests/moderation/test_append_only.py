"""Nothing changes or deletes an entry of the log: every test's database watches, and this tries the watch."""

import pytest
from sqlalchemy import Executable, delete, update
from sqlalchemy.exc import DBAPIError

from forum.accounts.actor import Actor
from forum.database import Db
from forum.moderation.acts import log_act
from forum.moderation.models import Act, ActKind
from tests.append_only import SAYS
from tests.moderation.records import acts
from tests.world import World

pytestmark = pytest.mark.anyio


def run_statement(db: Db, statement: Executable) -> None:
    db.execute(statement)


def change_by_its_object(db: Db) -> None:
    act = log_act(db, ActKind.DISMISS, by=None)
    act.reason = "Better words"
    db.flush()


@pytest.mark.parametrize("planted", [update(Act).values(reason="Better words"), delete(Act)], ids=["update", "delete"])
async def test_a_planted_statement_that_changes_the_log_fails_the_test_that_runs_it(
    world: World, mona: Actor, planted: Executable
) -> None:
    await world.database.write(log_act, ActKind.DISMISS, by=None, account_id=mona.account_id, reason="As it was")
    with pytest.raises(DBAPIError, match=SAYS):
        await world.database.write(run_statement, planted)
    assert [act.reason for act in await world.database.read(acts)] == ["As it was"]


async def test_so_does_an_object_that_is_changed_after_it_was_written(world: World) -> None:
    with pytest.raises(DBAPIError, match=SAYS):
        await world.database.write(change_by_its_object)
    assert await world.database.read(acts) == []
