"""What one changes of one's own account: name, password, sign-ins."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from forum.accounts.devices import device_of
from forum.moderation.bans import Ban, ban_account
from tests.accounts.site import JSON, OTHER_PASSWORD, PASSWORD, Site, token_of, words

on_sqlite = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
"""For what no database can make different."""
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1"
PAGES = ("profile", "avatar", "password", "sessions")


@on_sqlite
def test_a_guest_is_led_to_the_sign_in_page_and_a_program_gets_401(site: Site) -> None:
    for page in PAGES:
        path = f"/settings/{page}"
        assert site.get(path).headers["location"] == f"/sign-in?next=%2Fsettings%2F{page}"
        assert site.get(path, headers=JSON).status_code == 401
    forms = {"display_name": "X", "current": "X", "password": "X", "end": "others", "remove": "1"}
    for page in PAGES:
        assert site.post(f"/settings/{page}", forms, headers=JSON).status_code == 401


def test_the_display_name_changes_and_is_shown_at_once(site: Site) -> None:
    token = token_of(site.register())
    response = site.post("/settings/profile", {"display_name": "  I\u0301mke \t B. "}, token)
    assert response.headers["location"] == "/settings/profile?saved=1"
    page = site.get("/settings/profile?saved=1", token)
    assert "Your name is saved." in page.text
    assert 'value="Ímke B."' in page.text


@on_sqlite
def test_a_name_that_tricks_the_eye_is_refused_and_what_was_typed_is_kept(site: Site) -> None:
    token = token_of(site.register())
    for name in ("", "\u200b", "a\u202eb", "z\u0310\u0311\u0312\u0313\u0314\u0315", "x" * 61):
        response = site.post("/settings/profile", {"display_name": name}, token)
        assert response.status_code == 422
        assert 'id="display_name-error"' in response.text
        assert not name or f'value="{name}"' in response.text
        assert "<bdi>Imke</bdi>" in response.text


def test_a_new_password_ends_every_other_session_and_keeps_this_one(site: Site) -> None:
    here = token_of(site.register())
    there = token_of(site.sign_in())
    response = site.post("/settings/password", {"current": PASSWORD, "password": OTHER_PASSWORD}, here)
    assert response.headers["location"] == "/settings/password?saved=1"
    assert "You are signed out everywhere else." in site.get("/settings/password?saved=1", here).text
    assert site.get("/settings/password", there).status_code == 303
    assert site.sign_in(password=PASSWORD).status_code == 422
    assert site.sign_in(password=OTHER_PASSWORD).status_code == 303


def test_a_new_password_closes_the_open_pages_of_the_other_sessions(site: Site) -> None:
    here = token_of(site.register())
    there = token_of(site.sign_in())
    slug = site.do(site.world.article)
    article = site.do(site.world.article_id, slug)
    headers = {"cookie": f"forum={there}", "origin": "http://testserver"}
    with site.client.websocket_connect(f"/live?article={article}&after=0&epoch=", headers=headers) as socket:
        site.post("/settings/password", {"current": PASSWORD, "password": OTHER_PASSWORD}, here)
        while (message := socket.receive())["type"] != "websocket.close":
            pass
    assert message["code"] == 4401


def test_a_wrong_current_password_and_a_weak_new_one_are_both_named_and_nothing_changes(site: Site) -> None:
    token = token_of(site.register())
    there = token_of(site.sign_in())
    response = site.post("/settings/password", {"current": "wrong", "password": "imke12345678"}, token)
    assert response.status_code == 422
    assert "This is not your current password." in words(response)
    assert "This password is easy to guess." in words(response)
    assert "imke12345678" not in response.text
    assert site.get("/settings/password", there).status_code == 200
    assert site.sign_in().status_code == 303


@on_sqlite
def test_guessing_the_current_password_is_limited_like_signing_in(limited_site: Site) -> None:
    site = limited_site
    token = token_of(site.register())
    form = {"current": "wrong", "password": OTHER_PASSWORD}
    outcomes = [site.post("/settings/password", form, token).status_code for _ in range(7)]
    assert outcomes == [422] * 6 + [429]
    late = site.post("/settings/password", form | {"current": PASSWORD}, token)
    assert late.status_code == 429
    assert int(late.headers["retry-after"]) > 590


@on_sqlite
def test_one_sees_where_one_is_signed_in_and_ends_what_is_not_oneself(site: Site) -> None:
    here = token_of(site.register())
    phone = token_of(site.sign_in(headers={"user-agent": SAFARI}))
    page = site.get("/settings/sessions", here)
    assert "Safari on iPhone" in page.text
    assert page.text.count("This one") == 1
    [end] = re.findall(r'name="end" value="(\d+)"', page.text)
    assert site.post("/settings/sessions", {"end": end}, here).headers["location"] == "/settings/sessions?saved=1"
    assert site.get("/settings/sessions", phone).status_code == 303
    assert "Safari on iPhone" not in site.get("/settings/sessions", here).text


def test_all_other_sessions_end_at_once(site: Site) -> None:
    here = token_of(site.register())
    others = [token_of(site.sign_in()) for _ in range(3)]
    assert "Sign out everywhere else" in site.get("/settings/sessions", here).text
    site.post("/settings/sessions", {"end": "others"}, here)
    assert {site.get("/settings/sessions", token).status_code for token in others} == {303}
    assert "Sign out everywhere else" not in site.get("/settings/sessions", here).text


def test_nobody_sees_or_ends_the_sessions_of_another(site: Site) -> None:
    mine = token_of(site.register("imke"))
    [id_] = re.findall(r'name="end" value="(\d+)"', site.get("/settings/sessions", token_of(site.sign_in())).text)
    other = token_of(site.register("nora"))
    assert site.get("/settings/sessions", other).text.count("Last used") == 1
    for end in (id_, "0", "-1", "9" * 40, "x", ""):
        assert site.post("/settings/sessions", {"end": end}, other).status_code == 303
    assert site.get("/settings/sessions", mine).text.count("Last used") == 2


def test_an_ended_session_can_do_nothing_more(site: Site) -> None:
    here, there = token_of(site.register()), token_of(site.sign_in())
    site.do(site.database.write, ban_account, moderator=None, handle="imke", ban=Ban("Spam"))
    for token in (here, there):
        assert site.post("/settings/profile", {"display_name": "Other"}, token, headers=JSON).status_code == 401
        assert site.post("/settings/sessions", {"end": "others"}, token, headers=JSON).status_code == 401
    assert "<bdi>Imke</bdi>" in site.get("/accounts/imke").text


@on_sqlite
def test_only_the_latest_address_of_a_session_is_kept(limited_site: Site) -> None:
    site = limited_site
    site.register()
    token = token_of(site.sign_in(headers={"x-forwarded-for": "198.51.100.1"}))
    assert "198.51.100.1" in site.get("/settings/sessions", token).text
    with time_machine.travel(datetime.now(UTC) + timedelta(days=3)):
        site.get("/", token, headers={"x-forwarded-for": "198.51.100.2"})
        page = site.get("/settings/sessions", token)
        assert "198.51.100.2" in page.text
        assert "198.51.100.1" not in page.text


@on_sqlite
def test_programs_are_answered_in_json(site: Site) -> None:
    token = token_of(site.register())
    named = site.post("/settings/profile", {"display_name": "Im Ke"}, token, headers=JSON)
    assert (named.status_code, named.json()) == (200, {"display_name": "Im Ke"})
    wrong = site.post("/settings/password", {"current": "x", "password": "y"}, token, headers=JSON)
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "current")
    assert site.post("/sign-out", {}, token, headers=JSON).status_code == 200


CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox on Android"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36", "Chrome on Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36 Edg/141.0.0.0", "Edge on Windows"),
        (f"Mozilla/5.0 (Linux; Android 10; K) {CHROME} Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.5 Safari/605.1.15", "Safari on macOS"),
        (SAFARI, "Safari on iPhone"),
        ("curl/8.14.1", "curl"),
        ("", "An unknown program"),
    ],
)
def test_a_browser_is_named_as_its_user_knows_it(user_agent: str, words: str) -> None:
    assert device_of(user_agent) == words
