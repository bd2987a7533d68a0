"""How often one may register, and fail to sign in."""

import asyncio
from collections.abc import MutableMapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine

from forum.config import Settings
from tests.accounts.site import JSON, PASSWORD, Site, words

pytestmark = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
FAILURES = 6


def coming_from(address: str) -> dict[str, str]:
    """The header by which the proxy tells the address."""
    return {"x-forwarded-for": address}


def fail(site: Site, login: str, address: str) -> None:
    """Fail to sign in."""
    assert site.sign_in(login, "wrong", headers=coming_from(address)).status_code == 422


@pytest.mark.usefixtures("kind")
def test_the_limits_are_five_registrations_and_twenty_failures() -> None:
    settings = Settings()
    assert (settings.registrations_per_hour, settings.failed_sign_ins_per_ten_minutes) == (5, 20)


def test_five_accounts_an_hour_may_be_made_from_one_address(limited_site: Site) -> None:
    site, here = limited_site, coming_from("198.51.100.1")
    form = {"display_name": "Somebody", "password": PASSWORD}
    for number in range(5):
        assert site.post("/register", form | {"handle": f"quiet{number}"}, headers=here).status_code == 303
    late = site.post("/register", form | {"handle": "toolate"}, headers=here)
    assert late.status_code == 429
    assert 3590 <= int(late.headers["retry-after"]) <= 3600
    assert "Too many accounts have been made from your network. Try again in 60 minutes." in words(late)
    assert 'value="toolate"' in late.text
    there = coming_from("198.51.100.2")
    assert site.post("/register", form | {"handle": "elsewhere"}, headers=there).status_code == 303
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=61)):
        assert site.post("/register", form | {"handle": "toolate"}, headers=here).status_code == 303


def test_a_form_with_something_wrong_is_no_registration(limited_site: Site) -> None:
    for _ in range(8):
        form = {"handle": "imke", "display_name": "Imke", "password": "short"}
        assert limited_site.post("/register", form).status_code == 422
    assert limited_site.register("imke").status_code == 303


def test_too_many_failures_from_one_address_are_refused_even_with_the_right_password(limited_site: Site) -> None:
    site = limited_site
    site.register("imke")
    for number in range(FAILURES):
        fail(site, f"guess{number}", "2001:db8:1:2::1")
    # Another address of the same network of one customer.
    neighbour = coming_from("2001:db8:1:2:ffff::9")
    refused = site.sign_in("imke", headers=neighbour)
    assert refused.status_code == 429
    assert 590 <= int(refused.headers["retry-after"]) <= 600
    assert "Too many sign-ins have failed. Try again in 10 minutes." in words(refused)
    answer = site.sign_in("imke", headers=neighbour | JSON)
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "too_soon")
    assert site.sign_in("imke", headers=coming_from("2001:db8:1:3::1")).status_code == 303
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=10, seconds=1)):
        assert site.sign_in("imke", headers=neighbour).status_code == 303


def test_too_many_failures_with_one_login_are_refused_from_wherever_they_come(limited_site: Site) -> None:
    site = limited_site
    site.register("imke")
    for number in range(FAILURES):
        fail(site, ["imke", "IMKE", "@imke"][number % 3], f"198.51.100.{number}")
    assert site.sign_in("imke", headers=coming_from("203.0.113.1")).status_code == 429


def test_a_login_that_does_not_exist_is_limited_like_one_that_does(limited_site: Site) -> None:
    site = limited_site
    site.register("imke")
    answers = []
    for login in ("imke", "nobody"):
        for number in range(FAILURES):
            fail(site, login, f"198.51.{len(login)}.{number}")
        answers.append(site.sign_in(login, headers=coming_from("203.0.113.1") | JSON))
    assert [answer.status_code for answer in answers] == [429, 429]
    assert answers[0].content == answers[1].content


def test_attempts_that_come_at_once_are_no_more_than_those_that_come_one_by_one(limited_site: Site) -> None:
    site = limited_site
    site.register("imke")

    async def burst() -> list[int]:
        return await asyncio.gather(*(attempt(site, "wrong" if number < 15 else PASSWORD) for number in range(16)))

    outcomes = site.do(burst)
    assert outcomes.count(422) == FAILURES
    assert outcomes.count(429) == 16 - FAILURES
    assert site.sign_in("imke").status_code == 429


def test_signing_in_rightly_counts_as_no_failure(limited_site: Site) -> None:
    limited_site.register("imke")
    for _ in range(FAILURES + 1):
        assert limited_site.sign_in("imke").status_code == 303


async def attempt(site: Site, password: str) -> int:
    """Sign in without the test client, which sends one request at a time; gives the status."""
    body, answered = urlencode({"login": "imke", "password": password}).encode(), list[int]()
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/sign-in",
        "query_string": b"",
        "headers": [(b"content-type", b"application/x-www-form-urlencoded"), (b"host", b"testserver")],
        "client": ("10.0.0.1", 5000),
        "server": ("testserver", 80),
        "scheme": "http",
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            answered.append(message["status"])

    await site.app(scope, receive, send)
    return answered[0]
