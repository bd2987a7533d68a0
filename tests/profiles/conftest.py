"""The app for tests of profiles."""

import pytest
from starlette.testclient import TestClient

from tests.accounts.site import Site


@pytest.fixture
def site(client: TestClient) -> Site:
    """A site whose rates are not limited."""
    return Site(client)
