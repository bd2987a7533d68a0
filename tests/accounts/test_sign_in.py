"""Registering, signing in and out, and a new password by a link."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from argon2 import PasswordHasher
from sqlalchemy import func, select, update

from forum.accounts.actions import NewAccount, create_account, make_reset_link
from forum.accounts.handles import check_handle
from forum.accounts.models import Account, Session
from forum.accounts.queries import account_by_login
from forum.database import Database, Db
from forum.errors import Invalid
from forum.moderation.bans import Ban, ban_account
from forum.permissions import Role
from tests.accounts.site import JSON, OTHER_PASSWORD, PASSWORD, Site, token_of, words

on_sqlite = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
"""For what no database can make different."""
TAKEN = "This handle is taken, or looks too much like one that is."


def accounts_in_all(db: Db) -> int:
    """How many accounts are stored."""
    return db.execute(select(func.count()).select_from(Account)).scalar_one()


def sessions_in_all(db: Db) -> int:
    """How many sessions are stored."""
    return db.execute(select(func.count()).select_from(Session)).scalar_one()


def test_registering_makes_an_account_signs_it_in_and_goes_on(site: Site) -> None:
    response = site.register(next="/articles/the-bridge")
    assert (response.status_code, response.headers["location"]) == (303, "/articles/the-bridge")
    page = site.get("/settings/profile", token_of(response))
    assert 'data-viewer="imke" data-role="reader"' in page.text


def test_every_wrong_field_is_named_at_once_and_all_but_the_password_is_kept(site: Site) -> None:
    site.register("imke", email="imke@example.org")
    response = site.register("IMKE", display_name="\u202eedalP", email="Imke@example.ORG", password="short pw")
    assert response.status_code == 422
    page = words(response)
    for sentence in (TAKEN, "Leave out the characters", "There is an account with this address", "Use at least 10"):
        assert sentence in page
    assert 'value="IMKE"' in page
    assert 'value="Imke@example.ORG"' in page
    assert "short pw" not in page
    assert site.do(site.database.read, accounts_in_all) == 1


@on_sqlite
@pytest.mark.parametrize("handle", ["admin", "Moderat0r", "im", "имke", "../x", "a" * 500])
def test_a_reserved_mixed_short_or_long_handle_is_refused(site: Site, handle: str) -> None:
    response = site.register(handle, display_name="Somebody")
    assert response.status_code == 422
    assert 'id="handle-error"' in response.text


@on_sqlite
def test_a_password_made_of_ones_own_name_is_refused(site: Site) -> None:
    response = site.register("hildegard", email="hildegard@example.org", password="hildegard1")
    assert "This password is easy to guess." in words(response)


def test_nobody_gets_a_role_by_asking_for_it(site: Site) -> None:
    site.register("imke", role="admin", id="1", banned_until="", password_hash="x")
    account = site.do(site.database.read, account_by_login, "imke")
    assert account is not None
    assert account.role == Role.READER


@on_sqlite
def test_programs_are_told_the_account_or_what_is_wrong(site: Site) -> None:
    form = {"handle": "imke", "display_name": "Imke", "password": PASSWORD}
    made = site.post("/register", form, headers=JSON)
    assert (made.status_code, made.json()) == (201, {"handle": "imke"})
    refused = site.post("/register", form, headers=JSON)
    assert refused.status_code == 422
    assert refused.json()["error"]["code"] == "invalid"
    assert refused.json()["error"]["field"] == "handle"


@on_sqlite
def test_a_form_without_its_fields_is_broken(site: Site) -> None:
    for path in ("/register", "/sign-in"):
        assert site.post(path, {"handle": "imke"}).status_code == 400


@pytest.mark.anyio
async def test_of_look_alikes_that_register_at_once_exactly_one_is_made(database: Database) -> None:
    async def attempt(handle: str) -> int | Invalid:
        try:
            return await database.write(create_account, NewAccount(check_handle(handle), handle))
        except Invalid as refusal:
            return refusal

    outcomes = await asyncio.gather(*map(attempt, ["paypal", "paypa1", "PAYPAL", "pay-pal", "pay_paI"]))
    assert sum(isinstance(outcome, int) for outcome in outcomes) == 1
    assert await database.read(accounts_in_all) == 1


@on_sqlite
@pytest.mark.parametrize("login", ["imke", "IMKE", " @imke ", "imke@example.org", "Imke@Example.org"])
def test_signing_in_works_by_handle_and_by_e_mail_address(site: Site, login: str) -> None:
    site.register("imke", email="imke@example.org")
    response = site.sign_in(login)
    assert response.status_code == 303
    assert site.get("/settings/profile", token_of(response)).status_code == 200


def test_a_wrong_password_and_an_unknown_login_get_the_same_answer_after_the_same_work(site: Site) -> None:
    site.do(site.world.account, "nosecret")
    unknown = site.sign_in("imke", OTHER_PASSWORD)
    site.register("imke")
    verified = site.state.passwords.verifications
    wrong = site.sign_in("imke", OTHER_PASSWORD)
    assert site.state.passwords.verifications == verified + 1
    assert (wrong.status_code, wrong.content) == (unknown.status_code, unknown.content)
    assert wrong.status_code == 422
    for login in ("nobody", "nosecret", "no such login", "@", "a@b", "x" * 5000, "\ud7ff"):
        verified = site.state.passwords.verifications
        answer = site.sign_in(login, PASSWORD, headers=JSON)
        assert site.state.passwords.verifications == verified + 1
        assert (answer.status_code, answer.content) == (422, site.sign_in("imke", "wrong", headers=JSON).content)


def test_an_account_without_a_password_cannot_be_signed_in_to(site: Site) -> None:
    site.do(site.world.account, "imported")
    for password in ("", "None", PASSWORD):
        assert site.sign_in("imported", password).status_code == 422


@on_sqlite
def test_after_signing_in_one_goes_on_to_a_page_of_this_site_only(site: Site) -> None:
    site.register("imke")
    targets = {
        "/comments/4?draft=x#composer": "/comments/4?draft=x#composer",
        "https://example.org/": "/",
        "//example.org": "/",
        "/\\example.org": "/",
        "javascript:alert(1)": "/",
        "/\texample.org": "/",
    }
    form = {"login": "imke", "password": PASSWORD}
    for target, expected in targets.items():
        assert site.post("/sign-in", form | {"next": target}).headers["location"] == expected
        token = token_of(site.sign_in())
        assert site.get("/sign-in", token, params={"next": target}).headers["location"] == expected
        assert site.get("/register", token, params={"next": target}).headers["location"] == expected


@on_sqlite
def test_the_refused_form_keeps_login_and_target_but_not_the_password(site: Site) -> None:
    form = {"login": 'imke"><b>', "password": "wrong password", "next": "/articles/x"}
    page = site.post("/sign-in", form).text
    assert 'value="imke&#34;&gt;&lt;b&gt;"' in page
    assert 'name="next" value="/articles/x"' in page
    assert "wrong password" not in page


@on_sqlite
def test_no_cache_keeps_the_pages_of_accounts(site: Site) -> None:
    token = token_of(site.register())
    for path in ("/register", "/sign-in"):
        assert site.get(path).headers["cache-control"] == "no-store"
    for path in ("profile", "avatar", "password", "sessions"):
        assert site.get(f"/settings/{path}", token).headers["cache-control"] == "no-store"
    assert site.sign_in(password="wrong").headers["cache-control"] == "no-store"


def test_a_banned_account_is_told_why_and_until_when_but_only_with_its_password(site: Site) -> None:
    site.register("imke")
    until = datetime(2126, 5, 3, tzinfo=UTC)
    site.do(site.database.write, ban_account, moderator=None, handle="imke", ban=Ban("Spam", until))
    wrong = site.sign_in("imke", OTHER_PASSWORD)
    assert wrong.status_code == 422
    assert "banned" not in wrong.text
    right = site.sign_in("imke")
    assert right.status_code == 403
    assert "This account is banned until 3 May 2126: Spam." in words(right)
    assert site.sign_in("imke", headers=JSON).json()["error"]["code"] == "banned"
    assert site.do(site.database.read, sessions_in_all) == 0


def test_signing_in_again_ends_the_session_whose_cookie_is_lost(site: Site) -> None:
    first = token_of(site.register())
    response = site.post("/sign-in", {"login": "imke", "password": PASSWORD}, first)
    assert site.get("/settings/profile", first).status_code == 303
    assert site.get("/settings/profile", token_of(response)).status_code == 200


def test_signing_out_ends_the_session_and_takes_the_cookie_away(site: Site) -> None:
    token = token_of(site.register())
    response = site.post("/sign-out", {}, token)
    assert (response.status_code, response.headers["location"]) == (303, "/")
    assert "Max-Age=0" in response.headers["set-cookie"]
    assert site.get("/settings/profile", token).headers["location"] == "/sign-in?next=%2Fsettings%2Fprofile"
    assert site.post("/sign-out", {}, token).status_code == 303
    assert site.post("/sign-out", {}).status_code == 303


@on_sqlite
def test_a_form_of_another_site_signs_nobody_in_or_out(site: Site) -> None:
    token = token_of(site.register())
    foreign = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    assert site.sign_in(headers=foreign).status_code == 403
    assert site.post("/sign-out", {}, token, headers=foreign).status_code == 403
    assert site.get("/settings/profile", token).status_code == 200


def test_the_session_lasts_thirty_days_after_it_was_last_used_and_so_does_its_cookie(site: Site) -> None:
    start = datetime.now(UTC)
    token = token_of(site.register())
    for days in (29, 58, 87):
        with time_machine.travel(start + timedelta(days=days)):
            response = site.get("/settings/profile", token)
            assert response.status_code == 200
            assert token_of(response) == token
            assert "Max-Age=2592000" in response.headers["set-cookie"]
            assert "set-cookie" not in site.get("/settings/profile", token).headers
    with time_machine.travel(start + timedelta(days=118)):
        assert site.get("/settings/profile", token).status_code == 303


@on_sqlite
def test_signing_out_after_a_day_does_not_bring_the_cookie_back(site: Site) -> None:
    token = token_of(site.register())
    with time_machine.travel(datetime.now(UTC) + timedelta(days=2)):
        assert site.post("/sign-out", {}, token).headers.get_list("set-cookie")[0].startswith('forum=""')


def test_a_hash_of_older_parameters_is_made_anew_by_signing_in(site: Site) -> None:
    site.register("imke")
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    site.do(site.database.write, lambda db: db.execute(update(Account).values(password_hash=old)).rowcount)
    assert site.sign_in().status_code == 303
    account = site.do(site.database.read, account_by_login, "imke")
    assert account is not None
    assert account.password_hash != old
    assert not site.state.passwords.needs_rehash(account.password_hash)
    assert site.sign_in().status_code == 303


def test_a_link_sets_a_new_password_once_and_ends_every_session(site: Site) -> None:
    token = token_of(site.register())
    link = "/reset/" + site.do(site.database.write, make_reset_link, handle_folded="imke")
    other = "/reset/" + site.do(site.database.write, make_reset_link, handle_folded="imke")
    assert "@imke" in site.get(link).text
    refused = site.post(link, {"password": "imke imke imke"})
    assert refused.status_code == 422
    assert "easy to guess" in refused.text
    assert site.post(link, {"password": OTHER_PASSWORD}).headers["location"] == "/sign-in?reset=1"
    assert "Your new password is set." in site.get("/sign-in?reset=1").text
    for used in (link, other, "/reset/nonsense"):
        assert site.get(used).status_code == 404
        assert site.post(used, {"password": PASSWORD}).status_code == 404
    assert site.get("/settings/profile", token).status_code == 303
    assert site.sign_in(password=PASSWORD).status_code == 422
    assert site.sign_in(password=OTHER_PASSWORD).status_code == 303


def test_a_link_is_over_after_an_hour(site: Site) -> None:
    site.register()
    link = "/reset/" + site.do(site.database.write, make_reset_link, handle_folded="imke")
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=61)):
        assert site.get(link).status_code == 404
        assert site.post(link, {"password": OTHER_PASSWORD}).status_code == 404
