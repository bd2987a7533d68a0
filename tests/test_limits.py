"""Sizes and rates: what is over a limit is refused with a sentence, and who asks is not fooled by a header."""

import asyncio
import time
from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import HTTPConnection
from starlette.testclient import TestClient

from forum.app import make_app
from forum.config import Settings
from forum.permissions import Role
from forum.routes import WORDS_BYTES
from forum.security import client_address, unmapped
from tests.accounts.site import JSON, Site
from tests.permission_table import requests
from tests.scenes import prepare
from tests.server import Server
from tests.stored import everything
from tests.world import World

TRUSTED = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]
INSIDE = st.ip_addresses(network="10.0.0.0/8").map(str) | st.ip_addresses(network="fd00::/8").map(str)
OUTSIDE = st.ip_addresses().filter(lambda one: not any(unmapped(one) in network for network in TRUSTED)).map(str)
WITH_PICTURES = {"/settings/avatar", "/editor", "/editor/preview", "/editor/{slug}", "/editor/{slug}/preview", "/site"}


@pytest.fixture
def kind() -> str:
    """Limits do not depend on the database."""
    return "sqlite"


@pytest.fixture
def limited(settings: Settings) -> Iterator[Site]:
    """A site with the limits that it has by default."""
    with TestClient(make_app(settings.model_copy(update={"limits": "on"})), follow_redirects=False) as client:
        yield Site(client)


@pytest.mark.parametrize("request_", requests("POST"))
def test_a_form_over_its_limit_is_refused_with_a_sentence(site: Site, request_: str) -> None:
    settings: Settings = site.state.settings
    path = request_.removeprefix("POST ")
    most = settings.image_bytes * 4 + settings.form_bytes if path in WITH_PICTURES else settings.form_bytes
    most = WORDS_BYTES if path == "/moderation/words" else most
    ask, token = prepare(site, request_)
    before = site.do(site.database.read, everything)
    headers = {"content-type": "application/x-www-form-urlencoded", "cookie": f"forum={token}"}

    said = site.client.post(ask.path, content=b"body=" + b"x" * most, headers=headers)
    assert said.status_code == 413
    assert "This is too large to be sent." in said.text
    assert "content-security-policy" in said.headers

    def in_pieces() -> Iterator[bytes]:
        for _ in range(0, most + 65_536, 65_536):
            yield b"x" * 65_536

    if ask.form:  # else nobody reads what comes
        unsaid = site.client.post(ask.path, content=in_pieces(), headers=headers | JSON)
        assert (unsaid.status_code, unsaid.json()["error"]["code"]) == (413, "too_large")
    assert site.do(site.database.read, everything) == before


@pytest.mark.parametrize("length", ["-1", "1e9", "²", "9" * 400, ""])
def test_a_nonsensical_length_does_no_harm(site: Site, length: str) -> None:
    headers = {"content-length": length.encode(), "content-type": "application/x-www-form-urlencoded"}
    response = site.client.post("/sign-in", content=b"login=nora", headers=headers)  # type: ignore[arg-type]
    assert response.status_code in (400, 413)


def test_who_comments_too_soon_is_told_when_and_keeps_the_text(limited: Site) -> None:
    slug = limited.do(limited.world.article)
    token = limited.do(limited.world.sign_in, "nora")
    assert limited.post(f"/articles/{slug}/comments", {"body": "One."}, token).status_code == 303
    late = limited.post(f"/articles/{slug}/comments", {"body": "Two, and kept."}, token)
    assert late.status_code == 429
    assert 1 <= int(late.headers["retry-after"]) <= 5
    assert "Two, and kept." in late.text
    program = limited.post(f"/articles/{slug}/comments", {"body": "Three."}, token, headers=JSON)
    assert (program.status_code, program.json()["error"]["code"]) == (429, "too_soon")
    assert 1 <= int(program.headers["retry-after"]) <= 5


def test_twenty_reports_an_hour_and_no_more(limited: Site) -> None:
    slug = limited.do(limited.world.article)
    token = limited.do(limited.world.sign_in, "nora", Role.READER)
    comment = limited.do(limited.world.post, slug, by="omar")
    for _ in range(20):
        assert limited.post(f"/comments/{comment}/report", {"reason": "spam"}, token).status_code == 200
    late = limited.post(f"/comments/{comment}/report", {"reason": "spam", "note": "Look closely."}, token)
    assert late.status_code == 429
    assert int(late.headers["retry-after"]) > 0
    assert "Look closely." in late.text


def _address(peer: str, forwarded: str, trusted: list[object]) -> str:
    headers = [(b"x-forwarded-for", forwarded.encode("latin-1", "replace"))] if forwarded else []
    connection = HTTPConnection({"type": "http", "client": (peer, 1), "headers": headers})
    return client_address(connection, Settings().model_copy(update={"trusted_proxies": trusted}))


def _grouped(address: str) -> str:
    one = ip_address(address)
    if one.version == 4:
        return str(one)
    return str(one.ipv4_mapped) if one.ipv4_mapped else str(ip_network(f"{one}/64", strict=False))


@given(peer=st.ip_addresses().map(str), forwarded=st.text(max_size=60))
def test_without_trusted_proxies_the_header_says_nothing(peer: str, forwarded: str) -> None:
    assert _address(peer, forwarded, []) == _grouped(peer)


@given(peer=OUTSIDE, forwarded=st.lists(st.ip_addresses().map(str) | st.text(max_size=20)))
def test_who_is_no_proxy_of_ours_cannot_say_where_they_come_from(peer: str, forwarded: list[str]) -> None:
    assert _address(peer, ", ".join(forwarded), list(TRUSTED)) == _grouped(peer)


@given(
    claimed=st.lists(st.ip_addresses().map(str) | st.text(st.characters(exclude_characters=","), max_size=20)),
    visitor=OUTSIDE,
    proxies=st.lists(INSIDE, min_size=1),
)
def test_behind_proxies_of_ours_the_last_address_that_is_not_theirs_counts(
    claimed: list[str], visitor: str, proxies: list[str]
) -> None:
    """Whatever a visitor claims in the header, the first of our proxies adds where it really came from."""
    *inner, peer = proxies
    assert _address(peer, ", ".join([*claimed, visitor, *inner]), list(TRUSTED)) == _grouped(visitor)


@given(claimed=st.lists(st.ip_addresses().map(str), max_size=3), visitor=OUTSIDE, proxies=st.lists(INSIDE, min_size=1))
def test_a_proxy_may_add_a_line_of_its_own_to_those_that_a_visitor_sent(
    claimed: list[str], visitor: str, proxies: list[str]
) -> None:
    *inner, peer = proxies
    lines = [(b"x-forwarded-for", line.encode()) for line in (", ".join(claimed), ", ".join([visitor, *inner]))]
    connection = HTTPConnection({"type": "http", "client": (peer, 1), "headers": lines})
    settings = Settings().model_copy(update={"trusted_proxies": TRUSTED})
    assert client_address(connection, settings) == _grouped(visitor)


def test_a_proxy_is_known_in_either_way_of_writing_its_address() -> None:
    assert _address("::ffff:10.0.0.1", "203.0.113.7", list(TRUSTED)) == "203.0.113.7"


@given(one=st.ip_addresses(v=6), other=st.integers(0, 2**64 - 1))
def test_an_ipv6_network_counts_as_one_address(one: object, other: int) -> None:
    network = ip_network(f"{one}/64", strict=False)
    neighbour = str(network[other])
    if not ip_address(neighbour).ipv4_mapped and not ip_address(str(one)).ipv4_mapped:  # type: ignore[union-attr]
        assert _address(str(one), "", []) == _address(neighbour, "", [])


@pytest.mark.parametrize("act", ["post", "edit"])
def test_an_account_that_sends_text_after_text_is_told_to_wait_whatever_is_in_them(limited: Site, act: str) -> None:
    world, slug = limited.world, limited.do(limited.world.article)
    by = "nora" if act == "edit" else "rita"  # nora has not just posted
    comment, token = limited.do(world.post, slug, by=by), limited.do(world.sign_in, "nora")
    limited.do(world.words, "banned", "drat")
    limited.do(world.check, "banned", "refuse")
    path = f"/articles/{slug}/comments" if act == "post" else f"/comments/{comment}/edit"
    form = {"body": "Drat, again.", "version": "1", "key": "k"}
    statuses = {limited.post(path, form, token).status_code for _ in range(60)}
    assert statuses == {422}
    refused = limited.post(path, form, token)
    assert refused.status_code == 429
    assert "very many texts" in refused.text
    assert "Drat, again." in refused.text
    omars = limited.do(world.sign_in, "omar")
    assert limited.post(f"/articles/{slug}/comments", {"body": "Hello."}, omars).status_code == 303


def test_an_address_that_looks_at_preview_after_preview_is_told_to_wait(limited: Site) -> None:
    slug, token = limited.do(limited.world.article), limited.do(limited.world.sign_in, "nora")
    for _ in range(60):
        assert limited.post("/comments/preview", {"body": "A text.", "slug": slug}).status_code == 200
    refused = limited.post("/comments/preview", {"body": "The text stays.", "slug": slug}, token)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert "The text stays." in refused.text


@pytest.mark.anyio
async def test_a_large_form_of_who_may_not_send_it_is_refused_before_it_has_come(server: Server, world: World) -> None:
    part = '--b\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n'
    piece = f"20000\r\n{'x' * 0x20000}\r\n"
    large = (
        f"Content-Length: 20000000\r\n\r\n{part}",
        f"Transfer-Encoding: chunked\r\n\r\n{len(part):x}\r\n{part}\r\n{piece}{piece}",
    )
    tokens = ["", await world.sign_in("nora"), await world.sign_in("mona", Role.MODERATOR)]
    for path, token, body in product(sorted(WITH_PICTURES - {"/settings/avatar"}), tokens, large):
        kind = f"Cookie: forum={token}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n{kind}{body}".encode())
        async with asyncio.timeout(5):
            status = int((await reader.readuntil(b"\r\n")).split()[1])
        writer.close()
        assert status == (403 if token else 401) if path == "/site" else 413


def test_an_editor_who_has_been_signed_out_is_told_what_to_do_with_a_large_form(site: Site) -> None:
    settings: Settings = site.state.settings
    large = site.post("/editor", {"headline": "The bridge"}, files={"image": b"x" * settings.form_bytes})
    assert large.status_code == 413
    assert "Sign in in another window" in large.text
    small = site.post("/editor", {"headline": "The bridge, and kept"})
    assert "The bridge, and kept" in small.text


@pytest.mark.parametrize("value", ["\\" * 30_000, "\\1" * 15_000, '"' * 30_000, "a;" * 15_000])
def test_no_cookie_takes_long_to_read(site: Site, value: str) -> None:
    slug = site.do(site.world.article)
    site.get(f"/articles/{slug}")
    for cookie in (f'forum="{value}"', f'another="{value}"'):
        began = time.process_time()
        assert site.get(f"/articles/{slug}", headers={"cookie": cookie}).status_code == 200
        assert time.process_time() - began < 0.5


def test_a_session_is_found_among_other_cookies(site: Site) -> None:
    token = site.do(site.world.sign_in, "nora")
    for cookie in (f"forum={token}", f'a="x\\"y"; forum={token} ;b', f"forums=x; forum={token}; xforum=y"):
        assert site.get("/settings/profile", headers={"cookie": cookie}).status_code == 200
    for cookie in ('forum=""', "forum=", "forum", f"xforum={token}", f"forum={token}x"):
        assert site.get("/settings/profile", headers={"cookie": cookie}).status_code == 303
