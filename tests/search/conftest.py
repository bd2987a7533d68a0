"""Who looks for something."""

import pytest

from tests.search.looking import Looking
from tests.world import World


@pytest.fixture
def looking(world: World) -> Looking:
    """A site that is searched."""
    return Looking(world)
