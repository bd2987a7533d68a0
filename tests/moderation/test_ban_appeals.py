"""Appeals against bans: by a link that the refused sign-in gives, once for each ban, and what became of them."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from httpx2 import Response
from sqlalchemy import select
from starlette.testclient import TestClient

from forum.accounts.actions import make_reset_link
from forum.app import make_app
from forum.config import Settings
from forum.database import Db, now
from forum.moderation.ban_appeals import make_appeal_link
from forum.moderation.comment_appeals import APPEAL_LENGTH
from forum.moderation.models import Appeal
from forum.permissions import Role
from tests.accounts.site import JSON, OTHER_PASSWORD, PASSWORD, Site, words

TEXT = "It was my brother.\nI have told him."


@pytest.fixture
def banned(site: Site) -> Site:
    """A site on which imke is banned."""
    site.register("imke")
    ban(site)
    return site


def ban(site: Site, reason: str = "Too loud.") -> None:
    mona = site.do(site.world.sign_in, "mona", Role.MODERATOR)
    assert site.post("/accounts/imke/ban", {"reason": reason, "until": "7"}, mona).status_code == 303


def link_in(page: Response) -> str:
    """The address of the ban's page, as a refused sign-in gives it."""
    found = re.search(r'href="(/appeal/[^"]+)"', page.text)
    assert found, page.text
    return found[1]


def appeals(db: Db) -> list[Appeal]:
    return list(db.execute(select(Appeal).order_by(Appeal.id)).scalars())


def decide(db: Db, *, granted: bool, answer: str) -> None:
    """What a moderator's decision writes."""
    [appeal] = appeals(db)
    appeal.decided_at, appeal.granted, appeal.answer = now(), granted, answer


def test_who_is_banned_appeals_by_the_link_of_the_refused_sign_in_and_hears_of_the_answer(banned: Site) -> None:
    refused = banned.sign_in()
    assert refused.status_code == 403
    assert "Too loud." in words(refused)
    link = link_in(refused)
    page = banned.get(link)
    assert "Too loud." in words(page)
    assert page.headers["cache-control"] == "no-store"
    sent = banned.post(link, {"text": f"  {TEXT} "})
    assert (sent.status_code, sent.headers["location"]) == (303, link)
    [appeal] = banned.do(banned.database.read, appeals)
    assert (appeal.text, appeal.act_id is None, appeal.comment_id) == (TEXT, False, None)
    assert "A moderator will read it and answer" in words(banned.get(link))
    again = banned.sign_in()
    assert "A moderator will read it and answer" in words(again)
    assert "/appeal/" not in again.text
    banned.do(banned.database.write, decide, granted=False, answer="He wrote <b>again</b>.")
    answered = banned.sign_in()
    assert "the ban stays" in words(answered)
    assert "He wrote &lt;b&gt;again&lt;/b&gt;." in answered.text


def test_an_appeal_is_made_once_for_each_ban(banned: Site) -> None:
    link = link_in(banned.sign_in())
    for _ in range(2):
        assert banned.post(link, {"text": TEXT}).status_code == 303
    other = banned.post(link, {"text": "And another thing."})
    assert other.status_code == 409
    assert banned.post(link, {"text": "And another thing."}, headers=JSON).json()["error"]["code"] == "conflict"
    assert len(banned.do(banned.database.read, appeals)) == 1
    ban(banned, "Loud again.")
    second = link_in(banned.sign_in())
    assert banned.post(second, {"text": "And another thing."}, headers=JSON).json() == {"appealed": True}
    first, later = banned.do(banned.database.read, appeals)
    assert first.act_id != later.act_id


def test_a_text_that_cannot_be_taken_comes_back_in_the_form(banned: Site) -> None:
    link = link_in(banned.sign_in())
    empty = banned.post(link, {"text": " \n "})
    assert (empty.status_code, "Say why the ban is wrong" in words(empty)) == (422, True)
    long = banned.post(link, {"text": "kept " + "x" * APPEAL_LENGTH})
    assert (long.status_code, "5 characters too long" in words(long), "kept xxx" in long.text) == (422, True, True)
    assert banned.do(banned.database.read, appeals) == []


def test_the_link_is_over_after_an_hour_or_with_the_ban_and_only_the_right_password_gives_one(banned: Site) -> None:
    link = link_in(banned.sign_in())
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=61)):
        for answer in (banned.get(link), banned.post(link, {"text": TEXT})):
            assert (answer.status_code, "older than an hour" in words(answer)) == (404, True)
    assert "/appeal/" not in banned.sign_in(password="something else entirely").text
    assert "appeal" not in banned.sign_in(headers=JSON).text
    link = link_in(banned.sign_in())
    mona = banned.do(banned.world.sign_in, "mona", Role.MODERATOR)
    banned.post("/accounts/imke/ban/lift", {}, mona)
    for answer in (banned.get(link), banned.post(link, {"text": TEXT})):
        assert (answer.status_code, "not banned any more" in words(answer)) == (404, True)
    assert banned.do(banned.database.read, appeals) == []


def test_a_link_that_was_not_given_out_or_given_before_another_password_opens_nothing(banned: Site) -> None:
    link = link_in(banned.sign_in())
    account, expires, signature = link.removeprefix("/appeal/").split("-")
    later = f"{account}-{int(expires) + 3600}-{signature}"
    for token in (later, f"{int(account) + 1}-{expires}-{signature}", f"{account}-{expires}-{'0' * 64}", "x", "1-1-1"):
        assert banned.get(f"/appeal/{token}").status_code == 404
    nobody = banned.do(banned.world.account, "without-password")  # of whom nothing is known that could sign
    forged = make_appeal_link(nobody.account_id, "")
    mona = banned.do(banned.world.sign_in, "mona", Role.MODERATOR)
    banned.post("/accounts/without-password/ban", {"reason": "Spam.", "until": "7"}, mona)
    assert banned.get(f"/appeal/{forged}").status_code == 404
    reset = banned.do(banned.database.write, make_reset_link, handle_folded="imke")
    assert banned.post(f"/reset/{reset}", {"password": OTHER_PASSWORD}).status_code == 303
    assert banned.get(link).status_code == 404
    assert banned.get(link_in(banned.sign_in(password=OTHER_PASSWORD))).status_code == 200


@pytest.fixture
def limited(settings: Settings) -> Iterator[Site]:
    with TestClient(make_app(settings.model_copy(update={"limits": "on"})), follow_redirects=False) as client:
        yield Site(client)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_the_form_is_taken_ten_times_an_hour_from_one_address_and_the_text_is_kept(limited: Site) -> None:
    limited.register("imke", password=PASSWORD)
    ban(limited)
    link = link_in(limited.sign_in())
    for _ in range(10):
        assert limited.post(link, {"text": ""}).status_code == 422
    late = limited.post(link, {"text": TEXT})
    assert late.status_code == 429
    assert int(late.headers["retry-after"]) > 0
    assert "I have told him." in late.text
