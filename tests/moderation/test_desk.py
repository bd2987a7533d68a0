"""The moderators' pages and forms, as browsers without scripts and programs use them."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from httpx2 import Response
from sqlalchemy import update

from forum.accounts.models import Session
from forum.comments.models import State
from forum.database import Db, now
from forum.limiter import Limiter
from forum.permissions import Role
from tests.accounts.site import JSON, Site, words
from tests.moderation.records import acts, is_whole, reports
from tests.world import World


@dataclass
class Desk:
    """A site with an article, a comment of nora's, and the cookies of those who look at it."""

    site: Site
    world: World
    slug: str
    comment: int
    cookies: dict[str, str | None]

    def report(self, note: str = "", reason: str = "spam") -> None:
        """Omar reports the comment."""
        assert self.post(f"/comments/{self.comment}/report", "omar", reason=reason, note=note).status_code == 200

    def post(self, path: str, by: str, **form: str) -> Response:
        """Somebody sends a form."""
        return self.site.post(path, form, self.cookies[by])

    def get(self, path: str, by: str) -> Response:
        """Somebody looks at a page."""
        return self.site.get(path, self.cookies[by])

    @property
    def state(self) -> State:
        """The comment's state now."""
        return self.site.do(self.world.comment, self.comment).state


@pytest.fixture
def desk(site: Site) -> Desk:
    """The site with its people."""
    world = site.world
    slug = site.do(world.article)
    comment = site.do(world.post, slug, "Buy my <lamps>.")
    people = {"nora": Role.READER, "omar": Role.READER, "edda": Role.EDITOR, "mona": Role.MODERATOR, "anna": Role.ADMIN}
    cookies: dict[str, str | None] = {name: site.do(world.sign_in, name, role) for name, role in people.items()}
    return Desk(site, world, slug, comment, cookies | {"guest": None})


def forms_of_moderators(desk: Desk) -> list[tuple[str, dict[str, str]]]:
    return [
        (f"/comments/{desk.comment}/remove", {"reason": "spam"}),
        (f"/comments/{desk.comment}/restore", {}),
        (f"/comments/{desk.comment}/dismiss", {}),
        ("/accounts/omar/ban", {"reason": "x"}),
        ("/accounts/omar/ban/lift", {}),
        (f"/articles/{desk.slug}/discussion", {"state": "off"}),
        ("/moderation/acts/1/undo", {}),
    ]


def test_pages_and_forms_of_moderators_refuse_readers_and_send_guests_to_sign_in(desk: Desk) -> None:
    desk.report()
    for path in ("/moderation", "/moderation/log", "/accounts/omar/ban"):
        assert [desk.get(path, one).status_code for one in ("guest", "nora", "edda")] == [303, 403, 403]
        assert [desk.get(path, one).status_code for one in ("mona", "anna")] == [200, 200]
    for path, form in forms_of_moderators(desk):
        for body in (form, {}):
            assert [desk.post(path, one, **body).status_code for one in ("guest", "nora", "edda")] == [303, 403, 403]
        assert desk.site.post(path, form, None, headers=JSON).status_code == 401
    assert desk.state == State.VISIBLE
    assert desk.site.do(desk.world.database.read, acts) == []


def test_refusals_say_nothing_of_what_there_is(desk: Desk) -> None:
    secret = desk.site.do(desk.world.post, desk.slug, held=True)
    there, nowhere = (desk.post(f"/comments/{one}/remove", "omar", reason="spam") for one in (secret, 4711))
    assert (there.status_code, there.text) == (nowhere.status_code, nowhere.text)
    there, nowhere = (desk.post(f"/comments/{one}/report", "omar", reason="spam") for one in (secret, 4711))
    assert (there.status_code, there.text) == (nowhere.status_code, nowhere.text)
    there, nowhere = (desk.post(f"/accounts/{one}/ban", "omar", reason="x") for one in ("nora", "nobody1"))
    assert (there.status_code, there.text) == (nowhere.status_code, nowhere.text)


def test_a_reader_reports_and_is_thanked_and_again(desk: Desk) -> None:
    for _ in range(2):
        thanks = desk.post(f"/comments/{desk.comment}/report", "omar", reason="spam", note="Look")
        assert thanks.status_code == 200
        assert "A moderator will look at this comment" in thanks.text
        assert f'href="/articles/{desk.slug}#comment-{desk.comment}"' in thanks.text
    assert len(desk.site.do(desk.world.database.read, reports)) == 1
    answer = desk.site.post(f"/comments/{desk.comment}/report", {"reason": "spam"}, desk.cookies["omar"], headers=JSON)
    assert answer.json() == {"id": desk.comment, "reported": True}


def test_a_report_that_cannot_be_taken_comes_back_with_its_note(desk: Desk) -> None:
    path = f"/comments/{desk.comment}/report"
    without_reason = desk.post(path, "omar", note="The note stays.")
    assert without_reason.status_code == 422
    assert "Choose a reason" in without_reason.text
    assert "The note stays." in without_reason.text
    too_long = desk.post(path, "omar", reason="spam", note="x" * 600)
    assert too_long.status_code == 422
    assert "100 characters too long" in too_long.text
    as_json = desk.site.post(path, {"reason": "ugly"}, desk.cookies["omar"], headers=JSON)
    assert as_json.json()["error"]["field"] == "reason"
    assert desk.post(path, "nora", reason="spam").status_code == 403


def test_the_list_shows_who_said_what_of_which_comment_and_escapes_it(desk: Desk) -> None:
    desk.report("Again <b>him</b>.", "attack")
    page = desk.get("/moderation", "mona").text
    assert "Buy my &lt;lamps&gt;." in page
    assert "Again &lt;b&gt;him&lt;/b&gt;." in page
    for part in ("personal attack", "Omar", "Nora", "The bridge", f"/comments/{desk.comment}/dismiss"):
        assert part in page
    assert '<option value="attack" selected>' in page


def test_removing_and_restoring_from_the_desk(desk: Desk) -> None:
    desk.report()
    done = desk.post(f"/comments/{desk.comment}/remove", "mona", reason="spam", next="/moderation")
    assert (done.status_code, done.headers["location"], desk.state) == (303, "/moderation?done=1", State.REMOVED)
    told = words(desk.get("/moderation?done=1", "mona"))
    assert "No reports wait" in told
    assert "Removed a comment of" in told
    assert 'action="/moderation/acts/1/undo"' in told
    done = desk.post(f"/comments/{desk.comment}/restore", "mona", next="//evil.example/")
    assert (done.headers["location"], desk.state) == ("/", State.VISIBLE)
    answer = desk.site.post(
        f"/comments/{desk.comment}/remove", {"reason": "spam"}, desk.cookies["mona"], headers=JSON
    ).json()
    assert answer.pop("line").count("Removed a comment of") == 1
    assert answer == {"id": desk.comment, "version": 4, "state": "removed", "act": 3}
    log = words(desk.get("/moderation/log", "mona"))
    assert log.count("Removed a comment of") == 2
    assert "Restored a comment of" in log
    assert "advertising or spam" in log


def test_dismissing_from_the_desk(desk: Desk) -> None:
    desk.report()
    assert desk.post(f"/comments/{desk.comment}/dismiss", "mona").headers["location"] == "/moderation?done=1"
    assert desk.state == State.VISIBLE
    assert "Dismissed the reports" in desk.get("/moderation/log", "mona").text


def test_only_who_did_it_is_told_of_it_and_nobody_of_another_act(desk: Desk) -> None:
    desk.report()
    desk.post(f"/comments/{desk.comment}/remove", "mona", reason="spam")
    assert "data-done" in desk.get("/moderation?done=1", "mona").text
    assert "data-done" not in desk.get("/moderation?done=1", "anna").text
    assert "data-done" not in desk.get("/moderation?done=4711", "mona").text


def test_what_was_done_is_undone_from_the_line_that_tells_it(desk: Desk) -> None:
    desk.report()
    desk.post(f"/comments/{desk.comment}/remove", "mona", reason="spam")
    back = f"/moderation?queue=reports&item={desk.comment}#item"
    assert f'value="{back}"' in words(desk.get("/moderation?done=1", "mona"))
    to = desk.post("/moderation/acts/1/undo", "mona", next=back).headers["location"]
    assert to == back.replace("#", "&done=2#")
    assert desk.state == State.VISIBLE
    page = words(desk.get(to, "mona"))
    assert "Buy my" in page
    assert "Undid: Removed a comment" in page
    assert "Do it again" in page


def basis(desk: Desk) -> dict[str, str]:
    """What the desk's forms say that they are based on."""
    page = desk.get("/moderation", "mona").text
    return {name: re.findall(rf'name="{name}" value="(\d+)"', page)[0] for name in ("version", "report")}


def test_the_second_decision_is_refused_with_what_happened_and_the_way_on(desk: Desk) -> None:
    desk.report()
    based_on = basis(desk)
    desk.post(f"/comments/{desk.comment}/dismiss", "mona", **based_on)
    on = "/moderation?queue=reports&item=4711"
    answer = desk.post(f"/comments/{desk.comment}/remove", "anna", reason="spam", next=on, **based_on)
    assert (answer.status_code, desk.state) == (409, State.VISIBLE)
    assert "Mona left this as it is" in answer.text
    assert f'href="{on}"' in words(answer)
    as_json = desk.site.post(
        f"/comments/{desk.comment}/remove", {"reason": "spam"} | based_on, desk.cookies["anna"], headers=JSON
    )
    assert (as_json.status_code, as_json.json()["error"]["code"]) == (409, "conflict")
    item = words(desk.get(f"/moderation?item={desk.comment}", "anna"))
    assert "Mona left this as it is" in item


def test_who_has_an_item_open_is_told_and_the_next_goes_to_another(desk: Desk) -> None:
    second = desk.site.do(desk.world.post, desk.slug, "Another thing.")
    desk.report()
    desk.post(f"/comments/{second}/report", "omar", reason="spam")
    open_item = re.compile(r'data-item="comment-(\d+)"')
    assert open_item.findall(desk.get("/moderation", "mona").text) == [str(desk.comment)]
    annas = desk.get("/moderation", "anna").text
    assert open_item.findall(annas) == [str(second)]
    assert annas.count("Mona has this open") == 1
    assert "has this open" not in desk.get(f"/moderation?item={second}&ahead=1", "anna").text.replace("Mona has", "")
    assert desk.get(f"/moderation?item={desk.comment}", "anna").text.count("Mona has this open") == 2


def test_a_page_that_is_fetched_ahead_claims_nothing(desk: Desk) -> None:
    desk.report()
    desk.get("/moderation?ahead=1", "mona")
    assert "Mona has this open" not in desk.get("/moderation", "anna").text
    desk.get("/moderation", "mona")
    assert "Mona has this open" in desk.get("/moderation", "anna").text


def test_filters_stay_in_the_addresses_of_items_and_pages(desk: Desk) -> None:
    for number in range(52):
        desk.site.do(desk.world.post, desk.slug, f"Number {number}.", held=True)
    page = words(desk.get(f"/moderation?queue=held&section=news&account=@Nora&article={desk.slug}", "mona"))
    addresses = re.findall(r'href="(/moderation\?queue=held[^"#]*item=\d+)#item"', page)
    assert len(set(addresses)) == 50
    assert all("section=news" in one and "account=Nora" in one and desk.slug in one for one in addresses)
    [further] = re.findall(r'rel="next" href="([^"]*)"', page)
    assert words(desk.get(further, "mona")).count('class="waiting"') == 2


def test_a_warning_goes_from_the_desk_to_the_composer_and_is_acknowledged_with_the_post(desk: Desk) -> None:
    desk.report()
    said = {"text": "Stay with the <article>.", "comment": str(desk.comment), "next": "/moderation"}
    assert desk.post("/accounts/nora/warn", "mona", **said).headers["location"] == "/moderation?done=1"
    assert "Stay with the &lt;article&gt;." in desk.get("/moderation", "anna").text
    article, form = f"/articles/{desk.slug}", f"/articles/{desk.slug}/comments"
    assert "I have read this." in desk.get(article, "nora").text
    assert "I have read this." not in desk.get(article, "omar").text
    refused = desk.post(form, "nora", body="Kept text.")
    assert refused.status_code == 403
    assert "Kept text." in refused.text
    [number] = re.findall(r'name="acknowledged" value="(\d+)"', refused.text)
    assert desk.post(form, "nora", body="Kept text.", acknowledged=number).status_code == 303
    assert "I have read this." not in desk.get(article, "nora").text
    assert "acknowledged" in desk.get(f"/moderation?item={desk.comment}", "mona").text


def test_a_warning_or_a_note_without_words_comes_back(desk: Desk) -> None:
    for act in ("warn", "notes"):
        page = desk.post(f"/accounts/nora/{act}", "mona", text=" ", next="/moderation?queue=held")
        assert page.status_code == 422
        assert "/moderation?queue=held" in page.text
        assert desk.post(f"/accounts/nora/{act}", "mona", text="x" * 600).text.count("x" * 600) == 1


def test_a_note_is_read_beside_whatever_its_account_wrote_and_by_moderators_alone(desk: Desk) -> None:
    desk.report()
    desk.post("/accounts/nora/notes", "mona", text="Knows a lot about lamps.")
    assert "Knows a lot about lamps." in desk.get("/moderation", "anna").text
    assert "Knows a lot about lamps." not in desk.get("/accounts/nora", "nora").text


def test_accounts_from_the_same_address_are_named_to_moderators(desk: Desk) -> None:
    desk.report()
    assert "From the same address" not in desk.get("/moderation", "mona").text

    def settle(db: Db) -> None:
        lately = now() - timedelta(days=6)
        db.execute(update(Session).values(address="192.0.2.7", seen_at=lately))

    desk.site.do(desk.world.database.write, settle)
    page = words(desk.get("/moderation", "mona"))
    assert "From the same address" in page
    assert '<a href="/accounts/omar">@omar</a>' in page
    assert "192.0.2.7" not in page


def test_several_are_decided_from_the_list_told_and_undone(desk: Desk) -> None:
    others = [desk.site.do(desk.world.post, desk.slug, f"Number {number}.") for number in range(2)]
    for comment in (desk.comment, *others):
        desk.post(f"/comments/{comment}/report", "omar", reason="spam")
    page = desk.get("/moderation", "mona").text
    values = re.findall(r'name="chosen" value="([\d.]+)"', page)
    assert len(values) == 3
    desk.post(f"/comments/{others[1]}/dismiss", "anna")
    form = {"act": "remove", "reason": "spam", "next": "/moderation?queue=reports", "chosen": values}
    done = desk.site.post("/moderation/decisions", form, desk.cookies["mona"])
    assert done.headers["location"] == "/moderation?queue=reports&done=2&stay=1"
    told = words(desk.get(done.headers["location"], "mona"))
    assert "Removed 2 comments of" in told
    assert "1 was decided meanwhile and stays." in told
    assert "Removed 2 comments of" in words(desk.get("/moderation/log", "anna"))
    again = desk.site.post("/moderation/decisions", form, desk.cookies["mona"])
    assert again.status_code == 409
    desk.post("/moderation/acts/2/undo", "mona")
    assert desk.state == State.VISIBLE


@pytest.mark.parametrize("chosen", ["", "1", "1.1", "x.1.1", "1.1.-1", "1.1.1.1", "9" * 20 + ".1.1"])
def test_a_choice_of_nothing_of_ours_is_refused(desk: Desk, chosen: str) -> None:
    form = {"act": "remove", "reason": "spam", "chosen": chosen}
    assert desk.post("/moderation/decisions", "mona", **form).status_code == 400
    assert desk.post("/moderation/decisions", "mona", act="remove", reason="spam").status_code == 422
    assert desk.post("/moderation/decisions", "mona", act="ban", chosen="1.1.0").status_code == 400


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_the_way_on_leads_nowhere_else(desk: Desk, target: str) -> None:
    values = {"act": "approve", "chosen": f"{desk.comment}.1.0", "next": target}
    for form in (values, values | {"chosen": ""}):
        refused = desk.post("/moderation/decisions", "mona", **form)
        assert refused.status_code in (400, 409)
        assert target not in refused.text
    desk.report()
    form = {"act": "dismiss", "chosen": f"{desk.comment}.1.1", "next": target}
    assert desk.post("/moderation/decisions", "mona", **form).headers["location"] == "/"


def test_an_author_appeals_by_form_and_reads_the_answer(desk: Desk) -> None:
    desk.report()
    desk.post(f"/comments/{desk.comment}/remove", "mona", reason="spam")
    decisions = words(desk.get("/settings/decisions", "nora"))
    assert "Removed by a moderator: advertising or spam." in decisions
    assert f'action="/comments/{desk.comment}/appeal"' in decisions
    assert "Mona" not in decisions
    again = desk.post(f"/comments/{desk.comment}/appeal", "nora", text=" ")
    assert again.status_code == 422
    asked = desk.post(f"/comments/{desk.comment}/appeal", "nora", text="These are not <lamps>.")
    assert asked.headers["location"] == f"/settings/decisions#comment-{desk.comment}"

    queue = desk.get("/moderation?queue=appeals", "mona").text
    assert "These are not &lt;lamps&gt;." in queue
    assert "Buy my &lt;lamps&gt;." in queue
    assert "You decided that yourself" in queue
    assert "You decided that yourself" not in desk.get("/moderation?queue=appeals", "anna").text
    refused = desk.post("/moderation/appeals/1", "anna", granted="no")
    assert refused.status_code == 422
    done = desk.post("/moderation/appeals/1", "anna", granted="yes", answer="You are right.")
    assert (done.headers["location"], desk.state) == ("/moderation?queue=appeals&done=2", State.VISIBLE)
    assert "Granted the appeal of" in desk.get("/moderation?queue=appeals&done=2", "anna").text
    told = desk.post("/moderation/appeals/1", "mona", granted="no", answer="No.")
    assert told.status_code == 409
    assert "Anna granted this" in told.text
    decisions = words(desk.get("/settings/decisions", "nora"))
    assert "Granted" in decisions
    assert "You are right." in decisions
    assert "Anna" not in decisions


def test_the_author_of_a_held_comment_appeals_on_its_page(desk: Desk) -> None:
    held = desk.site.do(desk.world.post, desk.slug, "A link.", held=True)
    form = f'action="/comments/{held}/appeal"'
    assert form in desk.get(f"/comments/{held}", "nora").text
    assert form not in desk.get(f"/comments/{held}", "mona").text
    assert form not in desk.get(f"/comments/{desk.comment}", "nora").text
    desk.post(f"/comments/{held}/appeal", "nora", text="It is a good link.")
    page = desk.get(f"/comments/{held}", "nora").text
    assert form not in page
    assert "It is a good link." in page
    assert "It is a good link." not in desk.get("/settings/decisions", "omar").text


def test_a_reporter_reads_what_became_of_it(desk: Desk) -> None:
    desk.report("Lamps <again>.")
    assert "Not yet decided" in desk.get("/settings/reports", "omar").text
    desk.post(f"/comments/{desk.comment}/remove", "mona", reason="spam")
    page = words(desk.get("/settings/reports", "omar"))
    assert "Removed" in page
    assert "Lamps <again>." in page
    assert "Buy my" not in page
    assert "Mona" not in page
    assert "Lamps" not in desk.get("/settings/reports", "nora").text


def test_a_moderator_sees_earlier_texts_and_removed_text_on_the_comments_page(desk: Desk) -> None:
    desk.site.do(desk.world.edit, desk.comment, "Nothing to sell.")
    page = f"/comments/{desk.comment}"
    assert "Buy my" in desk.get(page, "mona").text
    assert "Buy my" not in desk.get(page, "omar").text
    desk.post(f"{page}/remove", "mona", reason="spam")
    assert "Nothing to sell." in desk.get(page, "mona").text
    assert "Nothing to sell." not in desk.get(page, "omar").text


def test_the_form_of_a_ban_says_what_it_would_remove(desk: Desk) -> None:
    desk.report()
    desk.site.do(desk.world.post, desk.slug, "No, thanks.", by="omar", parent=desk.comment)
    form = desk.get("/accounts/nora/ban", "mona")
    assert "Those of the last day: 1 comment in 1 discussion" in form.text
    assert "All: 1 comment in 1 discussion, 1 reply loses its parent, 1 open report is settled" in form.text
    assert "Signed out in 1 browser at once" in form.text
    assert form.headers["cache-control"] == "private, no-cache"
    assert [desk.get(f"/accounts/{one}/ban", "mona").status_code for one in ("edda", "anna", "mona", "nobody1")] == [
        403,
        403,
        403,
        404,
    ]


def test_a_ban_by_its_form_removes_and_its_removal_is_undone_from_the_record(desk: Desk) -> None:
    form = {"reason": "Sells lamps", "until": "30", "remove": "all"}
    done = desk.post("/accounts/nora/ban", "mona", **form)
    assert (done.status_code, done.headers["location"], desk.state) == (303, "/accounts/nora", State.REMOVED)
    record = words(desk.get("/accounts/nora", "mona"))
    assert "Removed all that" in record
    assert "Sells lamps" in record
    assert "Sells lamps" not in desk.get("/accounts/nora", "omar").text
    [removal] = [act for act in desk.site.do(desk.world.database.read, acts) if act.kind == "remove_all"]
    desk.post(f"/moderation/acts/{removal.id}/undo", "mona", next="/accounts/nora")
    assert desk.state == State.VISIBLE
    assert desk.post("/accounts/nora/ban/lift", "mona").headers["location"] == "/accounts/nora"
    assert "Lifted the ban of" in desk.get("/moderation/log", "mona").text
    assert desk.site.do(is_whole, desk.world.database)


def test_a_ban_form_that_is_refused_comes_back_with_what_was_typed(desk: Desk) -> None:
    for form, sentence in [
        ({"reason": " ", "day": "2999-01-01"}, "Say why."),
        ({"reason": "Sells lamps", "day": "2001-01-01"}, "must lie ahead"),
        ({"reason": "Sells lamps", "until": "whenever"}, "as a date"),
    ]:
        page = desk.post("/accounts/nora/ban", "mona", **form)
        assert page.status_code == 422
        assert sentence in page.text
        assert form.get("day", form["reason"]) in page.text
    assert desk.post("/accounts/nora/ban", "mona", reason="x", remove="some").status_code == 400
    assert desk.get("/settings/profile", "nora").status_code == 200


def test_a_day_in_the_form_wins_over_a_number_of_days(desk: Desk) -> None:
    answer = desk.site.post(
        "/accounts/nora/ban",
        {"reason": "x", "until": "7", "day": "2999-01-01"},
        desk.cookies["mona"],
        headers=JSON,
    )
    assert answer.json() == {"handle": "nora", "until": "2999-01-01T00:00:00+00:00"}


def test_the_banned_are_guests_at_once_and_are_told_why_when_they_sign_in(desk: Desk) -> None:
    desk.site.register("petra")
    desk.post("/accounts/petra/ban", "mona", reason="Sells lamps", until="2999-05-03")
    refused = desk.site.sign_in("petra")
    assert "This account is banned until 3 May 2999: Sells lamps." in words(refused)
    desk.post("/accounts/nora/ban", "mona", reason="Sells lamps")
    assert desk.get("/settings/profile", "nora").status_code == 303
    assert desk.post(f"/articles/{desk.slug}/comments", "nora", body="More").status_code == 303


def test_closing_a_discussion_from_its_form(desk: Desk) -> None:
    done = desk.post(f"/articles/{desk.slug}/discussion", "mona", state="readonly")
    assert (done.status_code, done.headers["location"]) == (303, f"/articles/{desk.slug}")
    assert desk.post(f"/articles/{desk.slug}/discussion", "mona", state="ajar").status_code == 400
    assert desk.post(f"/articles/{desk.slug}/comments", "nora", body="More").status_code == 403
    assert "Closed the discussion of" in desk.get("/moderation/log", "mona").text


def test_moderators_find_the_form_on_the_article_whether_its_discussion_is_on_or_off(desk: Desk) -> None:
    page = f"/articles/{desk.slug}"
    for state in ("off", "open"):
        desk.post(f"{page}/discussion", "mona", state=state)
        assert f'action="{page}/discussion"' in desk.get(page, "mona").text
        for one in ("guest", "nora", "edda"):
            assert f'action="{page}/discussion"' not in desk.get(page, one).text


def test_the_log_goes_page_by_page_newest_first(desk: Desk) -> None:
    for number in range(60):
        state = ("readonly", "open")[number % 2]
        desk.post(f"/articles/{desk.slug}/discussion", "mona", state=state)
    first = desk.get("/moderation/log", "mona").text
    older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = desk.get(older, "mona").text
    assert [page.count('class="log-what"') for page in (first, second)] == [50, 10]
    assert 'rel="next"' not in second


@pytest.mark.parametrize("query", ["queue=nothing", "after=-1", "after=" + "9" * 30])
def test_a_broken_link_to_the_desk_is_answered_with_a_sentence(desk: Desk, query: str) -> None:
    answer = desk.get(f"/moderation?{query}", "mona")
    assert answer.status_code in (400, 404)
    assert "<h1" in answer.text


def test_twenty_reports_an_hour_are_enough(desk: Desk) -> None:
    desk.site.state.limiter = Limiter(desk.site.state.settings.model_copy(update={"limits": "on"}))
    path = f"/comments/{desk.comment}/report"
    for _ in range(20):
        assert desk.post(path, "omar", reason="spam").status_code == 200
    refused = desk.post(path, "omar", reason="spam", note="The note stays.")
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 3000
    assert "The note stays." in refused.text
