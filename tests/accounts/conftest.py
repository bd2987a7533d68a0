"""The app for tests of account pages: with limits off, and with limits on."""

from collections.abc import Iterator
from ipaddress import ip_network

import pytest
from starlette.testclient import TestClient

from forum.app import make_app
from forum.config import Settings
from tests.accounts.site import Site


@pytest.fixture
def limited_site(settings: Settings) -> Iterator[Site]:
    """A site that counts, behind a proxy that tells addresses; six failures are too many, for brevity's sake."""
    limited = settings.model_copy(
        update={
            "limits": "on",
            "failed_sign_ins_per_ten_minutes": 6,
            "trusted_proxies": [ip_network("10.0.0.0/8")],
        }
    )
    with TestClient(make_app(limited), follow_redirects=False, client=("10.0.0.1", 5000)) as client:
        yield Site(client)
