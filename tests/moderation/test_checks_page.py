"""The page on which admins set the checks, the lists, and the watch of an account: as forms and for programs."""

from dataclasses import dataclass

import pytest
from httpx2 import Response

from forum.comments.checks.models import Response as Follows
from forum.comments.checks.rules import Rule, rules_for
from forum.comments.models import State
from forum.moderation.models import Act, ActKind
from forum.moderation.word_lists import LONGEST_LINE, MOST_LINES, read_lists
from forum.permissions import Role
from tests.accounts.site import JSON, Site, words
from tests.moderation.records import acts


@dataclass
class Office:
    """A site with an article, and the cookies of those who look at its checks."""

    site: Site
    slug: str
    cookies: dict[str, str]

    def set(self, place: str = "", by: str = "anna", **form: str) -> Response:
        """Somebody sends the form of the checks."""
        return self.site.post(f"/moderation/checks{place}", form, self.cookies[by])

    def write(self, entries: str, name: str = "banned", by: str = "anna") -> Response:
        """Somebody sends a list."""
        return self.site.post("/moderation/words", {"list": name, "entries": entries}, self.cookies[by])

    def page(self, place: str = "", by: str = "anna") -> str:
        """What the page says."""
        return words(self.site.get(f"/moderation/checks{place}", self.cookies[by]))

    def rules(self) -> dict[str, Rule]:
        """Those in force under the article."""
        site = self.site
        rules = site.do(site.database.read, rules_for, site.do(site.world.article_id, self.slug))
        return {name: rule for name, rule in rules.items() if name != "watched"}

    def log(self) -> list[Act]:
        """What was done."""
        return list(self.site.do(self.site.database.read, acts))


@pytest.fixture
def office(site: Site) -> Office:
    people = {"nora": Role.READER, "mona": Role.MODERATOR, "anna": Role.ADMIN}
    slug = site.do(site.world.article)
    return Office(site, slug, {name: site.do(site.world.sign_in, name, role) for name, role in people.items()})


def test_an_admin_sets_checks_for_the_site_a_section_and_an_article_and_takes_that_back(office: Office) -> None:
    assert office.set(links="hold", links_amount="2", length="note").headers["location"] == "/moderation/checks?done"
    assert office.rules() == {"links": Rule(Follows.HOLD, 2), "length": Rule(Follows.NOTE, 3000)}
    place = office.set("?section=news", links="refuse").headers["location"]
    assert place == "/moderation/checks?section=news&done"
    assert office.rules()["links"] == Rule(Follows.REFUSE, 3)
    office.set(f"?article={office.slug}", links="off")
    assert office.rules() == {"length": Rule(Follows.NOTE, 3000)}
    office.set(f"?article={office.slug}", links="")
    assert office.rules()["links"] == Rule(Follows.REFUSE, 3)


def test_each_change_is_one_entry_of_the_log_with_what_was_and_what_is(office: Office) -> None:
    office.set(links="hold", links_amount="2", length="note")
    office.set(links="hold", links_amount="2", length="note")
    office.set("?section=news", links="off")
    office.write("drat\nblast")
    office.write("drat\n\nblast\ndrat")
    first, second, third = office.log()
    assert (first.kind, first.before) == (ActKind.CHECKS, {"links": None, "length": None})
    assert first.after == {"links": {"response": "hold", "amount": 2}, "length": {"response": "note", "amount": None}}
    assert second.section_id is not None
    assert (third.kind, (third.before or {})["lines"]) == (ActKind.WORDS, [])
    assert (third.after or {})["lines"] == ["drat", "blast"]
    log = words(office.site.get("/moderation/log", office.cookies["mona"]))
    for sentence in ("Changed the checks of the whole site", "in News", "Changed the list of banned words"):
        assert sentence in log


def test_a_number_that_cannot_be_comes_back_with_what_is_wrong(office: Office) -> None:
    for number in ("-1", "101", "many", "９", "1.5", "9" * 30):
        answer = office.set(links="hold", links_amount=number)
        assert answer.status_code == 422
        assert "Write a number from 0 to 100." in words(answer)
        assert f'value="{number}"' in words(answer)
    assert office.set(newcomer="refuse").status_code == 422
    assert office.rules() == {}


def test_a_wrong_line_of_a_list_is_named_and_the_list_is_kept_in_the_form(office: Office) -> None:
    answer = office.write("drat\n!\n" + "x" * (LONGEST_LINE + 1))
    assert answer.status_code == 422
    assert "line 2: “!” is too short" in words(answer)
    assert "; 3: longer than 100" in words(answer)
    assert "drat\n!" in words(answer)
    answer = office.write("example.org\nhttps://example.org/", "hosts")
    assert "line 2: “https://example.org/” is no site" in words(answer)
    answer = office.write("word\n" * (MOST_LINES + 1))
    assert f"These are {MOST_LINES + 1} lines; {MOST_LINES} at most." in words(answer)
    assert office.write("x", "another").status_code == 404
    assert set(office.site.do(office.site.database.read, read_lists).values()) == {""}


def test_a_list_of_thousands_of_lines_is_taken_and_used(office: Office) -> None:
    office.set(banned="hold")
    entries = "\n".join(f"wort{number}" for number in range(MOST_LINES))
    assert office.write(entries).status_code == 303
    answer = office.site.post(
        f"/articles/{office.slug}/comments", {"body": "So W0RT9999 it is."}, office.cookies["nora"], headers=JSON
    )
    assert (answer.status_code, answer.json()["state"]) == (201, "held")
    assert "10,000 lines" in office.page()


def test_moderators_look_at_it_and_change_nothing(office: Office) -> None:
    office.write("drat")
    page = office.page(by="mona")
    assert "drat" in page
    assert "Save" not in page
    for answer in (office.set(by="mona", links="hold"), office.write("", by="mona")):
        assert answer.status_code == 403
    assert office.rules() == {}


def test_what_is_not_there_has_no_checks(office: Office) -> None:
    draft = office.site.do(office.site.world.article, "A draft", published=False)
    for place in ("?article=none", "?section=none", f"?article={draft}"):
        assert office.site.get(f"/moderation/checks{place}", office.cookies["anna"]).status_code == 404
        assert office.set(place, links="hold").status_code == 404


def test_a_moderator_watches_an_account_and_ends_that_each_time_once_in_the_log(office: Office) -> None:
    site, mona = office.site, office.cookies["mona"]
    for act in ("watch", "watch", "unwatch", "unwatch", "watch"):
        assert site.post(f"/accounts/nora/{act}", {}, mona).headers["location"] == "/accounts/nora"
    assert [one.kind for one in office.log()] == [ActKind.WATCH, ActKind.UNWATCH, ActKind.WATCH]
    profile = words(site.get("/accounts/nora", mona))
    assert "Under watch since" in profile
    assert "Put" in profile
    assert "under watch" not in words(site.get("/accounts/nora", office.cookies["nora"])).lower()
    assert site.post("/accounts/anna/watch", {}, mona).status_code == 403
    assert site.post("/accounts/nobody1/watch", {}, mona).status_code == 404


def test_a_form_is_told_before_and_a_program_is_not(office: Office) -> None:
    site, nora = office.site, office.cookies["nora"]
    office.set(length="hold", length_amount="5")
    path, form = f"/articles/{office.slug}/comments", {"body": "More than five.", "key": "k", "ask": "1"}
    told = site.post(path, form, nora, headers=JSON)
    assert (told.status_code, told.json()["error"]["code"]) == (422, "would_be_held")
    assert told.json()["error"]["message"].startswith("A moderator would look at this before it shows. It is 15")
    page = words(site.post(path, form, nora))
    assert "It is 15 characters long." in page
    assert "More than five.</textarea>" in page
    assert 'value="k"' in page
    assert "Post it anyway" in page
    done = site.post(path, form | {"ask": ""}, nora, headers=JSON)
    assert (done.status_code, done.json()["state"]) == (201, "held")
    assert "It is 15 characters long." in done.json()["html"]
    assert "Reword" in done.json()["html"]


def test_how_long_the_queue_takes_is_said_from_ten_decisions_on(office: Office) -> None:
    site, nora, mona = office.site, office.cookies["nora"], office.cookies["mona"]
    office.set(newcomer="hold", newcomer_amount="100")
    path, sentence = f"/articles/{office.slug}/comments", "half were decided within 1 minute."
    ids = [site.post(path, {"body": f"Number {n}."}, nora, headers=JSON).json()["id"] for n in range(11)]
    for comment in ids[:9]:
        site.post(f"/comments/{comment}/restore", {}, mona)
    assert sentence not in words(site.get(f"/articles/{office.slug}", nora))
    site.post(f"/comments/{ids[9]}/remove", {"reason": "spam"}, mona)
    for address in (f"/articles/{office.slug}", f"/comments/{ids[10]}", "/accounts/nora"):
        assert sentence in words(site.get(address, nora))
    assert sentence not in words(site.get(f"/articles/{office.slug}"))


def test_moderators_read_notes_and_authors_do_not(office: Office) -> None:
    site, nora, mona = office.site, office.cookies["nora"], office.cookies["mona"]
    office.set(length="note", length_amount="5", links="hold", links_amount="0")
    comment = site.post(
        f"/articles/{office.slug}/comments", {"body": "See https://example.org"}, nora, headers=JSON
    ).json()["id"]
    own, desk = (words(site.get(f"/comments/{comment}", token)) for token in (nora, mona))
    assert "There is 1 link in it." in own
    assert "<mark>https://example.org</mark>" in own
    assert "characters long" not in own
    assert "There is 1 link in it." in desk
    assert "It is 23 characters long." in desk
    assert "A note: it holds nothing." in desk


def test_an_edit_form_is_told_before_with_its_text_kept(office: Office) -> None:
    site, nora = office.site, office.cookies["nora"]
    comment = site.post(f"/articles/{office.slug}/comments", {"body": "Well."}, nora, headers=JSON).json()["id"]
    office.set(length="hold", length_amount="5")
    form = {"body": "More than five.", "version": "1", "ask": "1"}
    page = site.post(f"/comments/{comment}/edit", form, nora)
    assert page.status_code == 422
    assert "Save it anyway" in words(page)
    assert "More than five.</textarea>" in words(page)
    assert site.post(f"/comments/{comment}/edit", form | {"ask": ""}, nora).status_code == 303
    assert site.do(site.world.comment, comment).state == State.HELD
