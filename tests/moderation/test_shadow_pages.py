"""Whoever is in the shadow cannot tell: all that they are answered is what it would be were it visible, byte for byte.

The same people do the same things on two sites; on one of them nora is in the shadow.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from httpx2 import Response
from starlette.testclient import TestClient

from forum.app import make_app
from forum.comments.checks.models import Response as Checked
from forum.moderation.branches import pin_branch
from forum.moderation.check_rules import Setting, set_rules
from forum.moderation.featuring import feature_comment
from forum.moderation.removals import remove_comment
from forum.moderation.shadows import lift_shadow, shadow_account
from forum.moderation.word_lists import set_words
from forum.permissions import Role
from forum.site.queries import read_site
from tests.accounts.site import JSON, Site
from tests.conftest import empty_site

Answers = dict[str, tuple[int, str, str]]
"""By what was asked: the status, the way on, and the page or the JSON."""
BEGAN = datetime(2030, 5, 3, 12, tzinfo=UTC)


class Twin:
    """A site on which things happen, and all that nora is answered."""

    def __init__(self, site: Site, *, in_shadow: bool) -> None:
        self.site, self.in_shadow = site, in_shadow
        self.answers: Answers = {}
        site.do(site.world.account, "nora")
        site.do(site.world.account, "omar")
        self.mona = site.do(site.world.account, "mona", Role.MODERATOR)
        self.anna = site.do(site.world.account, "anna", Role.ADMIN)
        self.slug = site.do(site.world.article)
        self.token = site.do(site.world.sign_in, "nora")
        self.epoch = site.do(site.database.read, read_site).epoch
        self.comments: list[int] = []

    def shadow(self) -> None:
        if self.in_shadow:
            self.write(shadow_account, moderator=self.mona, handle="nora", reason="Spam")

    def leave(self) -> None:
        if self.in_shadow:
            self.write(lift_shadow, moderator=self.mona, handle="nora")

    def write(self, action: Callable[..., object], **how: object) -> None:
        self.site.do(self.site.database.write, action, **how)

    def post(self, by: str, parent: int | None = None) -> int:
        """Somebody comments; nora by her form."""
        above = None if parent is None else self.comments[parent]
        if by == "nora":
            form = {"body": f"Text {len(self.comments)}.", "parent": str(above or "")}
            answer = self.asks(f"/articles/{self.slug}/comments", form, headers=JSON)
            self.comments.append(answer.json()["id"])
        else:
            self.comments.append(self.site.do(self.site.world.post, self.slug, by=by, parent=above))
        return len(self.comments) - 1

    def acts(self, number: int, act: str, **form: str) -> None:
        """Nora does something with a comment, as a program and as a person without scripts."""
        comment = self.comments[number]
        if act == "edit":
            form["version"] = str(self.site.do(self.site.world.comment, comment).version)
        self.asks(f"/comments/{comment}/{act}", form, headers=JSON)
        if act == "edit":
            form |= {"body": form["body"] + " Again."}
            form["version"] = str(self.site.do(self.site.world.comment, comment).version)
        self.asks(f"/comments/{comment}/{act}", form)

    def looks(self) -> None:
        """Nora looks at every page on which her comments could be missed."""
        article = f"/articles/{self.slug}"
        pages = ["/", "/sections/news", "/tags/bridges", "/accounts/nora", "/accounts/omar", article]
        pages += ["/settings/reports", "/settings/decisions", "/search?q=text", "/search?q=text&author=nora"]
        pages += [f"{article}?sort={sort}" for sort in ("oldest", "newest", "best")] + [f"{article}?show=picks"]
        pages += [f"{article}/changes?after={after}&epoch={self.epoch}" for after in (0, 4)]
        pages += [f"{article}/arrivals?after={after}" for after in (0, 4)]
        for number in self.comments:
            pages += [f"/comments/{number}", f"/comments/{number}/replies", f"/comments/{number}?after=2"]
        for path in pages:
            self.note(path, self.site.get(path, self.token))
        for number in self.comments:
            self.asks("/comments/preview", {"body": "Text.", "slug": self.slug, "parent": str(number)})
        self.asks(f"/articles/{self.slug}/comments", {"body": ""})

    def asks(self, path: str, form: dict[str, str], headers: dict[str, str] | None = None) -> Response:
        answer = self.site.post(path, form, self.token, headers=headers or {})
        self.note(f"{path} {form}", answer)
        return answer

    def note(self, asked: str, answer: Response) -> None:
        text = answer.text.replace(self.epoch, "EPOCH")
        text = re.sub(r'name="key" value="[^"]*"', "", text)
        where = answer.headers.get("location", "")
        self.answers[f"{len(self.answers)} {asked.replace(self.epoch, 'EPOCH')}"] = (answer.status_code, where, text)


def life(twin: Twin) -> None:
    """Something of everything."""
    pinned, before, first = twin.post("nora"), twin.post("nora"), twin.post("omar")
    answered, deep = twin.post("nora", first), twin.post("omar", first)
    twin.post("omar", answered)
    for number in (before, answered):
        twin.write(feature_comment, person=twin.mona, comment_id=twin.comments[number], value=True)
    for number in (before, pinned):
        twin.write(pin_branch, moderator=twin.mona, comment_id=twin.comments[number], value=True)
    twin.shadow()
    own = twin.post("nora")
    reply = twin.post("nora", deep)
    under_own = twin.post("nora", own)
    for _ in range(9):
        under_own = twin.post("nora", under_own)
    for number in (first, deep, own, before):
        for value in ("1", "1", "0", "1"):
            twin.acts(number, "vote", value=value)
    for number in (first, own, deep):
        twin.acts(number, "report", reason="spam")
    for number in (own, reply, pinned):
        twin.acts(number, "appeal", text="It is good as it is.")
    twin.acts(before, "edit", body="Before, edited.")
    twin.acts(answered, "edit", body="Answered, edited.")
    twin.acts(pinned, "edit", body="Pinned, edited.")
    twin.acts(own, "edit", body="Own, edited.")
    twin.looks()
    many = [twin.post("omar", first) for _ in range(9)]
    # So many of hers are shown that no check takes her for a newcomer.
    twin.write(set_rules, admin=twin.anna, settings={"newcomer": Setting(Checked.HOLD, 8)})
    twin.post("nora", many[0])
    twin.post("nora", many[-1])
    twin.looks()
    twin.site.do(twin.site.world.recommend, twin.comments[first], by="mona")
    twin.site.do(twin.site.world.delete, twin.comments[deep], by="omar")
    twin.write(remove_comment, moderator=twin.mona, comment_id=twin.comments[own], reason="spam")
    twin.looks()
    twin.acts(own, "appeal", text="It is good as it is.")
    twin.looks()
    twin.write(set_words, admin=twin.anna, name="banned", entries="drat")
    twin.acts(under_own, "edit", body="Drat, edited.")
    twin.looks()
    twin.acts(reply, "delete")
    twin.acts(before, "delete")
    twin.looks()
    twin.leave()
    twin.acts(many[1], "vote", value="1")
    twin.acts(first, "vote", value="0")
    twin.looks()


def too_late(twin: Twin) -> None:
    """What can be edited no more can still be looked at."""
    for number in range(len(twin.comments)):
        twin.acts(number, "edit", body="Too late.")
    twin.looks()


@contextmanager
def twin(folder: Path, request: pytest.FixtureRequest, *, in_shadow: bool) -> Iterator[Twin]:
    folder.mkdir()
    with ExitStack() as stack:
        settings = stack.enter_context(empty_site("sqlite", folder, request))
        client = stack.enter_context(TestClient(make_app(settings), follow_redirects=False))
        yield Twin(Site(client), in_shadow=in_shadow)


def answers_of(folder: Path, request: pytest.FixtureRequest, *, in_shadow: bool) -> Answers:
    with time_machine.travel(BEGAN, tick=False) as clock, twin(folder, request, in_shadow=in_shadow) as one:
        life(one)
        clock.shift(timedelta(minutes=16))
        too_late(one)
        return one.answers


def test_all_that_somebody_in_the_shadow_is_answered_is_as_if_they_were_not(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forum.comments.branches.MORE_REPLIES", 4)
    monkeypatch.setattr("forum.comments.windows.TOP_LEVEL", 2)
    visible = answers_of(tmp_path / "visible", request, in_shadow=False)
    shadowed = answers_of(tmp_path / "shadowed", request, in_shadow=True)
    assert visible.keys() == shadowed.keys()
    differ = [asked for asked in visible if visible[asked] != shadowed[asked]]
    assert not differ, f"{differ[0]}\n{first_difference(visible[differ[0]], shadowed[differ[0]])}"
    assert {status for status, _where, _text in shadowed.values()} >= {200, 201, 303, 403, 404, 422}


def first_difference(one: tuple[int, str, str], other: tuple[int, str, str]) -> str:
    if one[:2] != other[:2]:
        return f"{one[:2]} {other[:2]}"
    place = next((i for i, pair in enumerate(zip(one[2], other[2], strict=False)) if pair[0] != pair[1]), 0)
    start = max(0, place - 300)
    return f"{one[2][start : place + 200]}\n---\n{other[2][start : place + 200]}"
