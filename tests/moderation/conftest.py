"""The people of these tests, and the app as their browsers use it."""

import pytest
from starlette.testclient import TestClient

from forum.accounts.actor import Actor
from forum.permissions import Role
from tests.accounts.site import Site
from tests.world import World


@pytest.fixture
def site(client: TestClient) -> Site:
    """The whole app."""
    return Site(client)


@pytest.fixture
async def mona(world: World) -> Actor:
    """A moderator."""
    return await world.account("mona", Role.MODERATOR)
