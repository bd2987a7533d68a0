"""A site whose admin is signed in."""

import pytest
from starlette.testclient import TestClient

from tests.accounts.site import Site
from tests.articles.newspaper import Newspaper


@pytest.fixture
def newspaper(client: TestClient) -> Newspaper:
    """A site with nothing on it yet."""
    site = Site(client)
    return Newspaper(site, site.world)
