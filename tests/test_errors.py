"""docs/errors.md is true: each refusal as a page and as JSON, and nothing of ours shows through a fault."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.requests import Request
from starlette.routing import Route
from starlette.testclient import TestClient

from forum import errors, sqlite
from forum.app import make_app
from forum.config import Settings
from forum.moderation.remarks import warn_account
from forum.permissions import Role
from forum.site.switches import Switch, set_switches
from tests.accounts.site import JSON, Site, words
from tests.stored import everything

DOCS = Path(__file__).parent.parent / "docs/errors.md"
PAGE = {"accept": "text/html"}


@dataclass(frozen=True, slots=True)
class Provoked:
    """A request that must be refused."""

    path: str
    form: dict[str, str] = field(default_factory=dict)
    token: str | None = None
    method: str = "POST"

    def send(self, site: Site, accept: dict[str, str]) -> Response:
        """Send it."""
        data = dict(self.form) if self.method == "POST" else None
        cookie = {"cookie": f"forum={self.token}"} if self.token else {}
        return site.client.request(self.method, self.path, headers=accept | cookie, data=data)


async def broken(_request: Request) -> Response:
    """A view with a fault."""
    raise RuntimeError("secret-4711")


@pytest.fixture
def kind() -> str:
    """Refusals do not depend on the database."""
    return "sqlite"


@pytest.fixture
def site(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site with a page that fails, whose database waits for others no longer than a moment."""
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_MS", 100)
    limited = settings.model_copy(update={"limits": "on"})
    app = make_app(limited)
    app.router.routes.append(Route("/broken", broken))
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as client:
        yield Site(client)


def documented() -> set[tuple[int, str]]:
    rows = re.findall(r"^\| (\d{3}) \| `(\w+)` \|", DOCS.read_text(), re.MULTILINE)
    return {(int(status), code) for status, code in rows}


def _comment(site: Site) -> tuple[str, int, str]:
    """An article, a comment of Omar's on it, and Nora's cookie."""
    slug = site.do(site.world.article)
    return slug, site.do(site.world.post, slug, by="omar"), site.do(site.world.sign_in, "nora")


def bad_request(site: Site) -> Provoked:
    return Provoked(f"/comments/{_comment(site)[1]}/vote", {}, site.do(site.world.sign_in, "nora"))


def sign_in_needed(site: Site) -> Provoked:
    return Provoked(f"/comments/{_comment(site)[1]}/vote", {"value": "1"})


def forbidden(site: Site) -> Provoked:
    return Provoked(f"/comments/{_comment(site)[1]}/delete", {}, site.do(site.world.sign_in, "nora"))


def warned(site: Site) -> Provoked:
    slug, _comment_id, token = _comment(site)
    mona = site.do(site.world.account, "mona", Role.MODERATOR)
    site.do(site.database.write, warn_account, moderator=mona, handle="nora", text="Slowly.")
    return Provoked(f"/articles/{slug}/comments", {"body": "Kept-text."}, token)


def not_found(site: Site) -> Provoked:
    return Provoked("/comments/4711", method="GET")


def wrong_method(site: Site) -> Provoked:
    return Provoked("/moderation", method="POST")


def conflict(site: Site) -> Provoked:
    slug = site.do(site.world.article)
    comment = site.do(site.world.post, slug, by="nora")
    token = site.do(site.world.sign_in, "nora")
    return Provoked(f"/comments/{comment}/edit", {"body": "Kept-text.", "version": "99"}, token)


def too_large(site: Site) -> Provoked:
    return Provoked("/comments/preview", {"body": "x" * 200_000})


def invalid(site: Site) -> Provoked:
    slug, _comment_id, token = _comment(site)
    return Provoked(f"/articles/{slug}/comments", {"body": "Kept-text." + "x" * 10_001}, token)


def would_be_held(site: Site) -> Provoked:
    slug, _comment_id, token = _comment(site)
    site.do(site.world.check, "length", "hold", 5)
    return Provoked(f"/articles/{slug}/comments", {"body": "Kept-text.", "ask": "1"}, token)


def too_soon(site: Site) -> Provoked:
    slug, _comment_id, token = _comment(site)
    site.post(f"/articles/{slug}/comments", {"body": "First."}, token)
    return Provoked(f"/articles/{slug}/comments", {"body": "Kept-text."}, token)


def failure(_site: Site) -> Provoked:
    return Provoked("/broken", method="GET")


def read_only(site: Site) -> Provoked:
    slug, _comment_id, token = _comment(site)
    site.do(site.database.write, set_switches, admin=None, positions={Switch.READ_ONLY: True})
    return Provoked(f"/articles/{slug}/comments", {"body": "Kept-text."}, token)


CASES: dict[tuple[int, str], Callable[[Site], Provoked]] = {
    (400, "bad_request"): bad_request,
    (401, "sign_in_needed"): sign_in_needed,
    (403, "forbidden"): forbidden,
    (403, "warned"): warned,
    (404, "not_found"): not_found,
    (405, "wrong_method"): wrong_method,
    (409, "conflict"): conflict,
    (413, "too_large"): too_large,
    (422, "invalid"): invalid,
    (422, "would_be_held"): would_be_held,
    (429, "too_soon"): too_soon,
    (500, "failure"): failure,
    (503, "read_only"): read_only,
}
ELSEWHERE = {(403, "banned"), (403, "network_banned"), (403, "suspended"), (503, "busy")}
"""Rows with a test of their own."""


def test_every_refusal_of_the_program_is_documented_and_provoked() -> None:
    classes = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.Refusal)]
    assert {(one.status, one.code) for one in classes} <= documented()
    assert documented() == set(CASES) | ELSEWHERE


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[1])
def test_a_refusal_is_a_page_for_people_and_json_for_programs(site: Site, case: tuple[int, str]) -> None:
    status, code = case
    provoked = CASES[case](site)
    before = site.do(site.database.read, everything)
    program, page = provoked.send(site, JSON), provoked.send(site, PAGE)
    assert site.do(site.database.read, everything) == before
    assert_json(program, status, code)
    if code == "sign_in_needed":
        assert page.status_code == 303
        assert page.headers["location"].startswith("/sign-in?next=%2F")
        return
    assert_page(page, status)
    assert program.json()["error"]["message"] in words(page)
    assert "Kept-text." in page.text or "Kept-text." not in provoked.form.get("body", "")


def test_a_ban_says_why_and_until_when_to_whoever_signs_in(site: Site) -> None:
    site.register("imke")
    admin = site.do(site.world.sign_in, "anna", Role.ADMIN)
    assert site.post("/accounts/imke/ban", {"reason": "Too loud.", "until": "7"}, admin).status_code == 303
    form = {"login": "imke", "password": "gravel lantern quiet ostrich"}
    program = site.post("/sign-in", form, headers=JSON)
    assert_json(program, 403, "banned")
    assert "Too loud." in program.json()["error"]["message"]
    page = site.post("/sign-in", form)
    assert_page(page, 403)
    assert "Too loud." in page.text


def test_while_the_database_is_taken_people_are_asked_to_try_again(site: Site, settings: Settings) -> None:
    token = site.do(site.world.sign_in, "nora")
    slug = site.do(site.world.article)
    before = site.do(site.database.read, everything)
    with closing(sqlite3.connect(settings.data_dir / "forum.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        program = site.post(f"/articles/{slug}/comments", {"body": "Kept-text."}, token, headers=JSON)
        page = site.post(f"/articles/{slug}/comments", {"body": "Kept-text."}, token)
        other.execute("ROLLBACK")
    assert_json(program, 503, "busy")
    assert_page(page, 503)
    assert int(program.headers["retry-after"]) > 0
    assert int(page.headers["retry-after"]) > 0
    assert "Kept-text." in page.text
    assert site.do(site.database.read, everything) == before
    assert site.post(f"/articles/{slug}/comments", {"body": "Kept-text."}, token).status_code == 303


def test_while_the_database_is_taken_those_who_were_long_away_can_read(site: Site, settings: Settings) -> None:
    token, slug = site.do(site.world.sign_in, "nora"), site.do(site.world.article)
    with closing(sqlite3.connect(settings.data_dir / "forum.sqlite3", isolation_level=None)) as other:
        other.execute("UPDATE sessions SET seen_at = '2020-01-01 00:00:00.000000'")
        other.execute("BEGIN IMMEDIATE")
        page = site.get(f"/articles/{slug}", token)
        other.execute("ROLLBACK")
    assert page.status_code == 200
    assert "set-cookie" not in page.headers
    assert "set-cookie" in site.get(f"/articles/{slug}", token).headers


def test_a_fault_of_ours_shows_nothing_of_ours(site: Site) -> None:
    for response in (site.get("/broken"), site.get("/broken", headers=JSON)):
        assert response.status_code == 500
        assert not re.search("secret-4711|RuntimeError|Traceback|forum/", response.text)


def assert_json(response: Response, status: int, code: str) -> None:
    """A refusal as programs get it, with a whole sentence."""
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert response.headers["content-type"] == "application/json"
    assert set(response.json()["error"]) - {"warnings"} == {"code", "message", "field"}
    assert re.fullmatch(r"[A-Z].*[.]", response.json()["error"]["message"])
    _assert_guarded(response)


def assert_page(response: Response, status: int) -> None:
    """A refusal as people get it: a page of ours."""
    assert response.status_code == status
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert '<header class="masthead">' in response.text
    assert len(re.findall("<h1", response.text)) == 1
    _assert_guarded(response)


def _assert_guarded(response: Response) -> None:
    assert response.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert ("retry-after" in response.headers) == (response.status_code in (429, 503))


def test_who_is_refused_for_a_moment_is_led_back_to_the_page_they_were_on(site: Site) -> None:
    comment = site.do(site.world.post, site.do(site.world.article))
    token = site.do(site.world.sign_in, "omar")
    site.do(site.database.write, set_switches, admin=None, positions={Switch.READ_ONLY: True})
    for referer, way_on in (
        (f"http://testserver/comments/{comment}?after=7", f"/comments/{comment}?after=7"),
        ("https://evil.example/articles/", "/"),
        ("", "/"),
    ):
        headers = PAGE | {"cookie": f"forum={token}", "referer": referer}
        answer = site.client.post(f"/comments/{comment}/vote", data={"value": "1"}, headers=headers)
        assert answer.status_code == 503
        assert f'class="button" href="{way_on}"' in answer.text


def test_a_request_that_names_no_host_is_refused_like_any_other(site: Site) -> None:
    headers = PAGE | {"host": "", "referer": "http://testserver/articles/"}
    answer = site.client.post("/comments/1/delete", headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2F")
