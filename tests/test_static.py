"""Static files: kept for good under an address that changes with them, and never missing under another."""

import gzip
import re
from urllib.parse import urljoin

import brotli  # type: ignore[import-untyped]
import pytest
from starlette.testclient import TestClient

from forum.resources import STATIC
from forum.static import static

FOR_GOOD = "public, max-age=31536000, immutable"
FONT = re.compile(r'url\("([^"]+)"\)')
MODULE = re.compile(r'from"([^"]+)"')


@pytest.fixture
def kind() -> str:
    """Files do not depend on the database."""
    return "sqlite"


def test_all_that_a_page_names_may_be_kept_for_good(client: TestClient) -> None:
    named = re.findall(r'"(/static/[^"#]+)', client.get("/").text)
    assert len(named) > 5
    assert {client.get(path).headers["cache-control"] for path in named} == {FOR_GOOD}


def test_what_files_name_relative_to_themselves_may_be_kept_for_good_too(client: TestClient) -> None:
    for path, naming in ((static("js/main.js"), MODULE), (static("css/frame.css"), FONT)):
        parts = naming.findall(client.get(path).text)
        assert parts
        for part in parts:
            assert client.get(urljoin(path, part)).headers["cache-control"] == FOR_GOOD


def test_a_font_is_fetched_once(client: TestClient) -> None:
    preloaded = set(re.findall(r'<link rel="preload" href="([^"]+)"', client.get("/").text))
    tokens = static("css/frame.css")
    assert preloaded <= {urljoin(tokens, part) for part in FONT.findall(client.get(tokens).text)}


@pytest.mark.parametrize("before", ["/static/", "/static/0123456789ab/"])
def test_a_page_from_before_an_update_is_given_the_file_of_now_to_ask_for_again(
    client: TestClient, before: str
) -> None:
    for name in ("js/live.js", "icons.svg"):
        answer = client.get(before + name)
        assert answer.content == client.get(static(name)).content
        assert answer.headers["cache-control"] == "no-cache"
        again = client.get(before + name, headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(("accepted", "chosen"), [("gzip, br", "br"), ("gzip", "gzip"), ("identity", None)])
def test_text_comes_compressed_as_the_browser_can_read_it(
    client: TestClient, accepted: str, chosen: str | None
) -> None:
    with client.stream("GET", static("css/pages.css"), headers={"Accept-Encoding": accepted}) as answer:
        body = b"".join(answer.iter_raw())
    assert answer.headers.get("content-encoding") == chosen
    assert int(answer.headers["content-length"]) == len(body)
    assert "accept-encoding" in answer.headers["vary"].lower()
    plain = {"br": brotli.decompress, "gzip": gzip.decompress}.get(chosen or "", bytes)(body)
    assert plain.strip().startswith(b"@layer")
    assert len(plain) < (STATIC / "css/pages.css").stat().st_size


def test_what_is_for_readers_of_the_source_alone_is_not_sent(client: TestClient) -> None:
    for name in ("js/arrivals.js", "css/pages.css"):
        assert "/*" in (STATIC / name).read_text()
        assert "/*" not in client.get(static(name)).text


def test_wherever_comments_stand_their_actions_replies_and_states_look_as_under_an_article(client: TestClient) -> None:
    alone, article = (client.get(static(f"css/{name}.css")).text for name in ("comment", "reading"))
    assert alone in article
    for part in ("comment-text", "comment-actions", "replies", "comment-states"):
        assert client.get(static(f"css/{part}.css")).text in alone


def test_a_font_is_not_compressed_once_more(client: TestClient) -> None:
    answer = client.get(static("fonts/sans-normal.woff2"), headers={"Accept-Encoding": "br"})
    assert "content-encoding" not in answer.headers
    assert answer.headers["content-type"] == "font/woff2"


@pytest.mark.parametrize(
    "path", ["/", "/js", "/js/", "/none.js", "/../README.md", "/%2e%2e/run.py", "/fonts/README.md"]
)
def test_nothing_else_is_served(client: TestClient, path: str) -> None:
    assert client.get("/static" + path).status_code == 404
    assert client.get(static("")[:-1] + path).status_code == 404
