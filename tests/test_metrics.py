"""/metrics counts what happens, and is shown to whoever runs the site alone."""

import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import replace
from ipaddress import ip_network

import pytest
from starlette.testclient import TestClient

from forum import metrics
from forum.app import make_app
from forum.comments.checks.catalogue import CHECKS
from forum.comments.checks.given import Given
from forum.config import Settings
from tests.accounts.site import JSON, Site
from tests.server import Server
from tests.waiting import until

ELSEWHERE = "203.0.113.9"


def scrape(settings: Settings, address: str, headers: Mapping[str, str] | None = None) -> int:
    """The status that somebody at this address gets."""
    with TestClient(make_app(settings), client=(address, 5000)) as client:
        return client.get("/metrics", headers=headers).status_code


def value(text: str, series: str) -> float:
    """What a series stands at; 0 where there is none yet."""
    found = re.search(rf"^{re.escape(series)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


@pytest.mark.parametrize(
    ("address", "headers", "proxies", "networks", "status"),
    [
        ("127.0.0.1", {}, [], [], 200),
        ("::1", {}, [], [], 200),
        ("::ffff:127.0.0.1", {}, [], [], 200),
        (ELSEWHERE, {}, [], [], 404),
        (ELSEWHERE, {}, [], ["203.0.113.0/24"], 200),
        (ELSEWHERE, {"x-forwarded-for": "127.0.0.1"}, [], [], 404),
        ("127.0.0.1", {"x-forwarded-for": ELSEWHERE}, ["127.0.0.1/32"], [], 404),
        ("127.0.0.1", {"x-forwarded-for": f"127.0.0.1, {ELSEWHERE}"}, ["127.0.0.1/32"], [], 404),
        ("127.0.0.1", {"x-forwarded-for": "10.1.2.3"}, ["127.0.0.1/32"], ["10.0.0.0/8"], 200),
        # A proxy on this machine that nobody said to trust: who stands behind it is not known.
        ("127.0.0.1", {"x-forwarded-for": "127.0.0.1"}, [], [], 404),
        ("127.0.0.1", {"x-real-ip": ELSEWHERE}, [], [], 404),
    ],
)
def test_metrics_are_shown_to_this_machine_and_the_listed_networks_alone(
    settings: Settings, *, address: str, headers: dict[str, str], proxies: list[str], networks: list[str], status: int
) -> None:
    changed = {
        "trusted_proxies": [ip_network(network) for network in proxies],
        "metrics_networks": [ip_network(network) for network in networks],
    }
    assert scrape(settings.model_copy(update=changed), address, headers) == status


def test_what_happens_is_counted(settings: Settings) -> None:
    with TestClient(make_app(settings), client=("127.0.0.1", 5000), follow_redirects=False) as client:
        site = Site(client)
        slug = site.do(site.world.article)
        token = site.do(site.world.sign_in, "nora")
        before = client.get("/metrics").text
        site.post(f"/articles/{slug}/comments", {"body": "Counted."}, token)
        site.post(f"/articles/{slug}/comments", {"body": ""}, token)
        client.get("/nowhere")
        after = client.get("/metrics").text
    risen = {
        'forum_requests_total{route="/articles/{slug}/comments",status="3xx"}': 1,
        'forum_requests_total{route="/articles/{slug}/comments",status="4xx"}': 1,
        'forum_requests_total{route="none",status="4xx"}': 1,
        'forum_refusals_total{code="not_found"}': 1,
        'forum_refusals_total{code="invalid"}': 1,
        "forum_comments_posted_total": 1,
        "forum_request_seconds_count": 4,  # the first scrape too
    }
    assert {series: value(after, series) - value(before, series) for series in risen} == risen


def test_a_comment_that_is_held_because_a_check_failed_is_counted_by_the_check(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_given: Given, _amount: int) -> None:
        raise RuntimeError

    assert set(CHECKS) == set(metrics.CHECKS)
    monkeypatch.setitem(CHECKS, "length", replace(CHECKS["length"], find=fail))
    series = 'forum_check_failures_total{check="length"}'
    with TestClient(make_app(settings), client=("127.0.0.1", 5000), follow_redirects=False) as client:
        site = Site(client)
        slug, token = site.do(site.world.article), site.do(site.world.sign_in, "nora")
        site.do(site.world.check, "length", "note")
        before = value(client.get("/metrics").text, series)
        answer = site.post(f"/articles/{slug}/comments", {"body": "Counted."}, token, headers=JSON)
        assert answer.json()["state"] == "held"
        assert value(client.get("/metrics").text, series) - before == 1


async def test_a_served_site_watches_itself(served: Server) -> None:
    def read() -> str:
        with urllib.request.urlopen(served.url + "/metrics") as answer:
            assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
            return str(answer.read(), "utf-8")

    await until(lambda: value(read(), "forum_loop_lag_seconds_count") > 0)
    text = read()
    assert value(text, "forum_connections_limit") > 0
    assert 'forum_catch_ups_total{cause="slow"} 0.0' in text


def test_no_label_names_a_person_or_an_address(served: Server) -> None:
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(served.url + "/accounts/very-secret")
    with urllib.request.urlopen(served.url + "/metrics") as answer:
        assert b"very-secret" not in answer.read()
