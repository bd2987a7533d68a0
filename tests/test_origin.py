"""A form that another site makes the browser send is refused, whatever it is; so is a socket of another site's page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import State
from starlette.requests import HTTPConnection
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from forum.app import make_app
from forum.config import Settings
from forum.security import is_forged
from tests.accounts.site import JSON, Site
from tests.permission_table import requests
from tests.scenes import prepare
from tests.stored import everything

OURS = "http://testserver"
FORGED = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": ""},
    {"origin": "http://testserver.evil.example"},
    {"origin": "http://testserver:8000"},
    {"origin": "//testserver"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "cross-site", "origin": OURS},
]
OWN = [{}, {"origin": OURS}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}]


@pytest.fixture
def kind() -> str:
    """Where a form comes from has nothing to do with the database."""
    return "sqlite"


@pytest.mark.parametrize("request_", requests("POST"))
def test_no_form_of_another_site_does_anything(site: Site, request_: str) -> None:
    ask, token = prepare(site, request_)
    before = site.do(site.database.read, everything)
    for forged in FORGED:
        response = site.post(ask.path, ask.form, token, headers=forged)
        assert response.status_code == 403, forged
        assert "This form came from another site." in response.text
    assert site.post(ask.path, ask.form, token, headers=FORGED[0] | JSON).json()["error"]["code"] == "forbidden"
    assert site.do(site.database.read, everything) == before


@pytest.mark.parametrize("headers", OWN, ids=str)
def test_our_own_forms_and_programs_without_a_browser_are_taken(site: Site, headers: dict[str, str]) -> None:
    ask, token = prepare(site, "POST /comments/{id}/delete")
    assert site.post(ask.path, ask.form, token, headers=headers).status_code == 303


@pytest.mark.parametrize("forged", FORGED, ids=str)
def test_pages_are_shown_wherever_the_link_to_them_stands(site: Site, forged: dict[str, str]) -> None:
    assert site.get("/", headers=forged).status_code == 200


@pytest.mark.parametrize("origin", ["https://news.example", "http://testserver"])
def test_with_a_configured_address_the_host_of_the_request_decides_nothing(settings: Settings, origin: str) -> None:
    configured = settings.model_copy(update={"site_url": "https://news.example"})
    with TestClient(make_app(configured), follow_redirects=False) as client:
        response = client.post("/sign-out", headers={"origin": origin})
        assert response.status_code == (303 if origin == configured.site_url else 403)


@pytest.mark.parametrize("origin", [one["origin"] for one in FORGED if "origin" in one and one["origin"] != OURS])
def test_a_socket_of_another_sites_page_is_refused(site: Site, origin: str) -> None:
    ask, token = prepare(site, "WS /live", "reader")
    for cookie in ({}, {"cookie": f"forum={token}"}):
        refused = pytest.raises(WebSocketDisconnect)
        with refused, site.client.websocket_connect(ask.path, headers={"origin": origin} | cookie):
            pytest.fail("the socket was accepted")


def test_a_socket_without_an_origin_is_taken_where_no_cookie_comes_along(site: Site) -> None:
    ask, token = prepare(site, "WS /live", "reader")
    with site.client.websocket_connect(ask.path) as socket:
        assert socket.receive_json()["type"] in ("changes", "reload")
    refused = pytest.raises(WebSocketDisconnect)
    with refused, site.client.websocket_connect(ask.path, headers={"cookie": f"forum={token}"}):
        pytest.fail("the socket was accepted")


class _App:
    state = State({"settings": Settings(site_url="https://news.example")})


@given(origin=st.text(st.characters(min_codepoint=33, max_codepoint=255)), method=st.sampled_from(["POST", "PUT"]))
def test_only_the_configured_origin_itself_is_ours(origin: str, method: str) -> None:
    headers = [(b"origin", origin.encode("latin-1"))]
    connection = HTTPConnection({"type": "http", "method": method, "headers": headers, "app": _App()})
    assert is_forged(connection) == (origin != "https://news.example")
