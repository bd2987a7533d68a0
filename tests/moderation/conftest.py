"""The people of these tests."""

import pytest

from forum.accounts.actor import Actor
from forum.permissions import Role
from tests.world import World


@pytest.fixture
async def mona(world: World) -> Actor:
    """A moderator."""
    return await world.account("mona", Role.MODERATOR)
