"""The page of banned networks and domains, as a moderator without scripts uses it, and what those who are met see."""

from collections.abc import Iterator
from ipaddress import ip_network

import pytest
from starlette.testclient import TestClient

from forum.app import make_app
from forum.config import Settings
from forum.moderation.ban_list import read_bans
from forum.permissions import Role
from tests.accounts.site import JSON, PASSWORD, Site, token_of, words


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    """The app behind a proxy that it trusts, so that each request says where it comes from."""
    app = make_app(settings.model_copy(update={"trusted_proxies": [ip_network("10.0.0.0/8")]}))
    with TestClient(app, follow_redirects=False, client=("10.0.0.1", 5000)) as client:
        yield client


def coming_from(address: str) -> dict[str, str]:
    return {"x-forwarded-for": address}


def test_a_network_is_named_looked_at_banned_and_lifted(site: Site) -> None:
    mona = site.do(site.world.sign_in, "mona", Role.MODERATOR)
    site.register("imke", headers=coming_from("192.0.2.7"))
    page = words(site.get("/moderation/bans?network=192.0.2.9/24", mona, headers=coming_from("192.0.2.1")))
    for part in ("A ban on the network 192.0.2.0/24", "1 account was last used from there within 30 days",
                 "with 0 comments", "@imke", "You write from there yourself.", 'value="192.0.2.0/24"'):  # fmt: skip
        assert part in page
    assert "is large" not in page
    assert "This network is large" in words(site.get("/moderation/bans?network=192.0.0.0/16", mona))
    form = {"network": "192.0.2.0/24", "reason": "Many spammers.", "until": "7"}
    assert site.post("/moderation/bans", form, mona).headers["location"] == "/moderation/bans"
    page = words(site.get("/moderation/bans", mona))
    assert "192.0.2.0/24" in page
    assert "Many spammers." in page
    again = words(site.get("/moderation/bans?network=192.0.2.0/24", mona))
    assert "What you choose here replaces that." in again
    log = words(site.get("/moderation/log", mona))
    assert "Banned the network 192.0.2.0/24 until" in log
    assert site.post("/moderation/bans/lift", {"network": "192.0.2.0/24"}, mona).status_code == 303
    assert "No network is banned." in words(site.get("/moderation/bans", mona))
    assert "Lifted the ban on the network 192.0.2.0/24" in words(site.get("/moderation/log", mona))


def test_who_writes_from_a_banned_network_keeps_the_text_and_reads_on(site: Site) -> None:
    mona, slug = site.do(site.world.sign_in, "mona", Role.MODERATOR), site.do(site.world.article)
    imke = token_of(site.register("imke"))
    form = {"network": "192.0.2.7", "reason": "Many spammers.", "until": ""}
    assert site.post("/moderation/bans", form, mona, headers=JSON).json() == {"network": "192.0.2.7/32", "until": None}
    here, sentence = coming_from("192.0.2.7"), "From your network nobody can register, sign in or write: Many spammers."
    refused = site.post(f"/articles/{slug}/comments", {"body": "Kept text."}, imke, headers=here)
    assert refused.status_code == 403
    assert sentence in words(refused)
    assert "Kept text." in refused.text
    program = site.post(f"/articles/{slug}/comments", {"body": "Kept text."}, imke, headers=here | JSON)
    assert (program.status_code, program.json()["error"]["code"]) == (403, "network_banned")
    for path in ("/", f"/articles/{slug}", "/settings/profile"):
        assert site.get(path, imke, headers=here).status_code == 200
    new = {"handle": "nadja", "display_name": "Nadja", "password": PASSWORD}
    for answer in (site.sign_in("imke", headers=here), site.post("/register", new, headers=here)):
        assert answer.status_code == 403
        assert sentence in words(answer)
    elsewhere = coming_from("192.0.2.8")
    assert site.post(f"/articles/{slug}/comments", {"body": "Mine."}, imke, headers=elsewhere).status_code == 303
    claimed = coming_from("192.0.2.8, 192.0.2.7")
    assert site.post(f"/articles/{slug}/comments", {"body": "Mine too."}, imke, headers=claimed).status_code == 403


def test_a_domain_is_named_looked_at_banned_and_lifted(site: Site) -> None:
    mona = site.do(site.world.sign_in, "mona", Role.MODERATOR)
    site.register("imke", email="imke@post.example.org")
    page = words(site.get("/moderation/bans?domain=@Example.org", mona))
    for part in ("A ban on addresses at example.org", "1 account has such an address.", "@imke"):
        assert part in page
    assert "post.example.org" not in page
    form = {"domain": "example.org", "reason": "Throw-away addresses.", "until": "30"}
    assert site.post("/moderation/bans", form, mona).status_code == 303
    refused = site.register("nadja", email="nadja@post.example.org")
    assert refused.status_code == 422
    assert "Addresses at post.example.org are not taken here." in words(refused)
    assert "Throw-away" not in refused.text
    assert site.post("/moderation/bans/lift", {"domain": "example.org"}, mona).status_code == 303
    assert site.register("nadja", email="nadja@post.example.org").status_code == 303


def test_what_cannot_be_banned_is_said_beside_its_field_and_nothing_is(site: Site) -> None:
    mona = site.do(site.world.sign_in, "mona", Role.MODERATOR)
    for path, sentence in (
        ("/moderation/bans?network=everywhere", "Write an address such as"),
        ("/moderation/bans?network=0.0.0.0/0", "This network is too large"),
        ("/moderation/bans?domain=everything", "Write a domain such as"),
    ):
        asked = site.get(path, mona)
        assert asked.status_code == 422
        assert sentence in words(asked)
    for form, sentence in (
        ({"network": "192.0.2.7", "reason": "", "until": "7"}, "Say why."),
        ({"network": "192.0.2.7", "reason": "Spam", "day": "2000-01-01"}, "must lie ahead"),
        ({"network": "10.0.0.0/8", "reason": "Spam", "until": "7"}, "A proxy of your own"),
        ({"reason": "Spam", "until": "7"}, "Write an address such as"),
        ({"domain": "org", "reason": "Spam"}, "Write a domain such as"),
    ):
        refused = site.post("/moderation/bans", form, mona)
        assert (refused.status_code, sentence in words(refused)) == (422, True), form
        assert site.post("/moderation/bans", form, mona, headers=JSON).status_code == 422
    listed = site.do(site.database.read, read_bans)
    assert (listed.networks, listed.domains) == ([], [])
