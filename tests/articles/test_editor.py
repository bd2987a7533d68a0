"""Writing and publishing: through the form, as a browser without scripts sends it."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from forum.accounts.actions import promote
from forum.articles.newsroom import ROWS
from forum.permissions import Role
from tests.accounts.site import JSON, words
from tests.articles.newspaper import STORY, Newspaper, fields_of, slug_of

pytestmark = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
LONG_AGO = "2024-03-01T07:40"


def test_a_new_article_is_a_draft_that_only_editors_see(newspaper: Newspaper) -> None:
    slug = newspaper.write(headline="The bridge closes")
    assert slug == "the-bridge-closes"
    assert newspaper.get(f"/articles/{slug}").status_code == 404
    assert newspaper.get(f"/articles/{slug}", newspaper.sign_in()).status_code == 404
    assert "The bridge closes" not in newspaper.get("/").text
    assert "The bridge closes" in newspaper.get("/editor", newspaper.sign_in()).text


def test_a_published_article_shows_all_that_the_editor_wrote(newspaper: Newspaper) -> None:
    slug = newspaper.publish(
        byline="Ada Quill", edited_by="Ed Itor", published_at=LONG_AGO, body="# Why\n\nIt is **old**."
    )
    page = words(newspaper.get(f"/articles/{slug}"))
    for shown in ("The bridge closes", "For two years.", "<strong>old</strong>", "Ada Quill", "Edited by Ed Itor"):
        assert shown in page
    assert 'datetime="2024-03-01T07:40:00Z"' in page
    assert page.index("/sections/news") < page.index("/sections/culture")
    assert page.index("/tags/bridges") < page.index("/tags/roads")


def without_date(page: str) -> str:
    """A page without the moment of its last change, which search engines are told."""
    return re.sub('"dateModified":"[^"]*"', "", page)


def test_the_form_shows_what_is_stored_and_saving_it_at_once_changes_nothing(newspaper: Newspaper) -> None:
    slug = newspaper.publish(byline="Ada Quill", comments="readonly", appeal="0", caption="One. Two.", body="a\n\nb")
    before = without_date(newspaper.get(f"/articles/{slug}").text)
    assert slug_of(newspaper.change(slug)) == slug
    assert without_date(newspaper.get(f"/articles/{slug}").text) == before


def test_fields_that_a_program_leaves_out_stay_as_they_are(newspaper: Newspaper) -> None:
    slug = newspaper.publish(byline="Ada Quill", comments="readonly")
    slug_of(newspaper.send(f"/editor/{slug}", {"headline": "The bridge opens"}))
    form = newspaper.form_of(slug)
    assert (form["headline"], form["byline"], form["comments"], form["state"]) == (
        "The bridge opens",
        "Ada Quill",
        "readonly",
        "published",
    )


def test_withdrawing_hides_an_article_and_publishing_again_brings_it_back_with_its_date(newspaper: Newspaper) -> None:
    slug = newspaper.publish(published_at=LONG_AGO)
    assert "done=withdrawn" in newspaper.change(slug, state="draft").headers["location"]
    assert newspaper.get(f"/articles/{slug}").status_code == 404
    assert slug not in newspaper.get("/").text
    assert "done=published" in newspaper.change(slug, state="published").headers["location"]
    assert "2024-03-01T07:40" in newspaper.get(f"/articles/{slug}").text


def test_the_date_keeps_its_seconds_when_only_the_text_changes(newspaper: Newspaper) -> None:
    slug = newspaper.publish()
    moment = newspaper.get(f"/articles/{slug}").text.partition("<time datetime=")[2][:22]
    newspaper.change(slug, body="Another text.")
    page = newspaper.get(f"/articles/{slug}").text
    assert "Another text." in page
    assert moment in page


def test_a_date_may_be_set_back_but_not_ahead(newspaper: Newspaper) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    refused = newspaper.send("/editor", STORY | {"published_at": tomorrow})
    assert refused.status_code == 422
    assert "This lies ahead." in words(refused)
    assert "Write day and time" in words(newspaper.send("/editor", STORY | {"published_at": "yesterday"}))
    slug = newspaper.publish(published_at="2024-03-01T07:40+02:00")
    assert "2024-03-01T05:40:00Z" in newspaper.get(f"/articles/{slug}").text


def test_every_wrong_field_is_told_at_once_and_all_that_was_typed_is_kept(newspaper: Newspaper) -> None:
    typed = STORY | {
        "headline": " ",
        "sections": ", ,",
        "tags": "…, Bridges",
        "caption": "long " * 400,
        "author": "nobody-here",
        "published_at": "soon",
        "comments": "loud",
        "state": "published",
        "body": "",
    }
    refused = newspaper.send("/editor", typed)
    assert refused.status_code == 422
    page = words(refused)
    for sentence in (
        "Write a headline.",
        "Name at least one section.",
        "“…” has no letter or digit.",
        "Use at most 1000 characters",
        "There is no account with this handle.",
        "Write day and time",
        "“loud” is none of",
        "Write something first.",
    ):
        assert sentence in page
    assert typed["caption"] in page
    assert "For two years." in page
    assert newspaper.get("/editor", newspaper.sign_in()).text.count("editor-headline") == 0


def test_texts_that_are_too_long_are_refused_with_a_figure_and_kept(newspaper: Newspaper) -> None:
    most = {"headline": 200, "standfirst": 600, "byline": 120, "credit": 200, "alt": 500}
    for field, length in most.items():
        refused = newspaper.send("/editor", STORY | {field: "x" * (length + 1)})
        assert refused.status_code == 422
        assert f"Use at most {length} characters; these are {length + 1}." in refused.text
        assert "x" * (length + 1) in refused.text
    refused = newspaper.send("/editor", STORY | {"body": "x" * 100_001})
    assert refused.status_code == 422
    assert "x" * 100_001 in refused.text


def test_a_draft_needs_no_text_but_publishing_does(newspaper: Newspaper) -> None:
    slug = newspaper.write(body="")
    refused = newspaper.change(slug, state="published")
    assert refused.status_code == 422
    assert "Write something first." in words(refused)
    assert fields_of(refused.text)["state"] == "draft"


def test_programs_are_told_the_first_wrong_field(newspaper: Newspaper) -> None:
    refused = newspaper.send("/editor", STORY | {"headline": ""}, headers=JSON)
    assert refused.status_code == 422
    assert refused.json()["error"] == {"code": "invalid", "message": "Write a headline.", "field": "headline"}


def test_programs_are_told_where_the_article_is(newspaper: Newspaper) -> None:
    made = newspaper.send("/editor", STORY, headers=JSON)
    assert (made.status_code, made.json()) == (201, {"slug": "the-bridge-closes", "state": "draft"})
    printed = newspaper.send("/editor/the-bridge-closes", {"state": "published"}, headers=JSON)
    assert (printed.status_code, printed.json()["state"]) == (200, "published")


def test_headlines_are_cleaned_but_kept_in_any_script(newspaper: Newspaper) -> None:
    slug = newspaper.publish(headline=" Ło\u0301dź:\n日本 \u202eevil\x07 ")
    assert slug == "łodz-日本-evil"
    assert newspaper.form_of(slug)["headline"] == "Łódź: 日本 evil"
    assert newspaper.get(f"/articles/{slug}").status_code == 200


def test_two_articles_with_one_headline_have_two_addresses(newspaper: Newspaper) -> None:
    assert [newspaper.write(headline="Again") for _ in range(3)] == ["again", "again-2", "again-3"]
    assert newspaper.write(headline="New!") == "new-2"
    assert newspaper.write(headline="Preview") == "preview-2"


def test_an_address_can_be_chosen_and_changed(newspaper: Newspaper) -> None:
    slug = newspaper.write(slug="A bridge, closed")
    assert slug == "a-bridge-closed"
    assert slug_of(newspaper.change(slug, slug="the-bridge")) == "the-bridge"
    assert newspaper.get("/articles/a-bridge-closed").status_code == 404  # nobody has ever read it there
    assert slug_of(newspaper.change("the-bridge", state="published")) == "the-bridge"
    assert slug_of(newspaper.change("the-bridge", slug="")) == "the-bridge"
    assert slug_of(newspaper.change("the-bridge", slug="Köln, again")) == "koln-again"
    assert newspaper.form_of("koln-again")["slug"] == "koln-again"


def test_naming_a_section_makes_it_and_a_known_one_is_found_however_it_is_written(newspaper: Newspaper) -> None:
    newspaper.publish(sections="Food")
    newspaper.publish(sections="FOOD, Food , food,Drink")
    page = newspaper.get("/").text
    assert page.count('<li><a href="/sections/food">Food</a></li>') == 1
    assert '<li><a href="/sections/drink">Drink</a></li>' in page


def test_a_section_with_drafts_alone_is_not_told_to_readers_but_offered_to_editors(newspaper: Newspaper) -> None:
    newspaper.write(sections="Secrets")
    assert "Secrets" not in newspaper.get("/").text
    assert "There are: Secrets." in words(newspaper.get("/editor/new", newspaper.sign_in()))


def test_the_author_is_the_account_named_and_at_first_the_editor(newspaper: Newspaper) -> None:
    newspaper.sign_in("nora", Role.READER)
    slug = newspaper.publish()
    assert newspaper.form_of(slug)["author"] == "eddie"
    newspaper.change(slug, author="@nora")
    assert newspaper.form_of(slug)["author"] == "nora"
    newspaper.change(slug, author="")
    assert newspaper.form_of(slug)["author"] == ""


def test_a_preview_shows_the_page_and_keeps_the_text_without_storing_anything(newspaper: Newspaper) -> None:
    older = newspaper.publish(headline="Older", published_at=LONG_AGO)
    slug = newspaper.write()
    typed = newspaper.form_of(slug) | {"headline": "Seen before it is", "body": "Not *yet*."}
    shown = newspaper.send(f"/editor/{slug}/preview", typed)
    assert shown.status_code == 200
    assert "<em>yet</em>" in shown.text
    assert f"/articles/{older}" in shown.text
    assert fields_of(shown.text) == typed
    assert newspaper.form_of(slug)["headline"] == "The bridge closes"
    assert newspaper.get("/articles/seen-before-it-is").status_code == 404


def test_a_preview_of_a_new_article_makes_none_and_tells_what_is_wrong(newspaper: Newspaper) -> None:
    assert "Preview." in newspaper.send("/editor/preview", STORY).text
    assert newspaper.send("/editor/preview", STORY | {"headline": ""}).status_code == 422
    assert "editor-headline" not in newspaper.get("/editor", newspaper.sign_in()).text
    assert "Secrets" not in newspaper.send("/editor/new", {}).text


def test_who_saves_over_another_version_is_told_and_keeps_the_text(newspaper: Newspaper) -> None:
    slug = newspaper.publish()
    mine = newspaper.form_of(slug) | {"body": "Mine."}
    newspaper.change(slug, headline="Theirs")
    refused = newspaper.send(f"/editor/{slug}", mine)
    assert refused.status_code == 409
    page = words(refused)
    assert "Somebody else saved this article while you were writing." in page
    assert "They differ in: Headline, Text." in page
    assert f'<a href="/editor/{slug}" target="_blank">' in page
    assert "Theirs" in newspaper.get(f"/articles/{slug}").text
    kept = fields_of(refused.text)
    assert (kept["headline"], kept["body"]) == ("The bridge closes", "Mine.")
    assert newspaper.send(f"/editor/{slug}", kept).status_code == 303
    assert "Mine." in newspaper.get(f"/articles/{slug}").text


def test_closing_a_discussion_meanwhile_is_another_version_too(newspaper: Newspaper) -> None:
    slug = newspaper.publish()
    mine = newspaper.form_of(slug)
    closed = newspaper.send(
        f"/articles/{slug}/discussion", {"state": "readonly"}, newspaper.sign_in("adda", Role.ADMIN)
    )
    assert closed.status_code == 303
    refused = newspaper.send(f"/editor/{slug}", mine)
    assert refused.status_code == 409
    assert "They differ in: Comments." in words(refused)


def test_guests_are_led_to_sign_in_and_others_are_refused(newspaper: Newspaper) -> None:
    slug = newspaper.write()
    for path in ("/editor", "/editor/new", f"/editor/{slug}"):
        assert newspaper.get(path).headers["location"].startswith("/sign-in?next=%2Feditor")
        for handle, role in (("reada", Role.READER), ("moda", Role.MODERATOR)):
            assert newspaper.get(path, newspaper.sign_in(handle, role)).status_code == 403
        for handle, role in (("edda", Role.EDITOR), ("adda", Role.ADMIN)):
            assert newspaper.get(path, newspaper.sign_in(handle, role)).status_code == 200


@pytest.mark.parametrize("path", ["/editor", "/editor/{slug}", "/editor/preview", "/editor/{slug}/preview"])
def test_nobody_but_editors_can_write_and_nobody_sees_a_draft_by_trying(newspaper: Newspaper, path: str) -> None:
    slug = newspaper.write(body="A secret.")
    path = path.format(slug=slug)
    reader = newspaper.sign_in("reada", Role.READER)
    assert newspaper.send(path, {}, reader).status_code == 403
    refused = newspaper.send(path, {"headline": "Mine", "state": "published"}, reader)
    assert refused.status_code == 403
    assert "A secret." not in refused.text
    assert newspaper.send(path, {}, "").status_code == 303
    assert newspaper.send(path, STORY, "", headers=JSON).status_code == 401
    assert newspaper.form_of(slug)["headline"] == STORY["headline"]
    assert newspaper.get("/").text.count("/articles/") == 0


def test_an_editor_who_is_demoted_while_writing_keeps_the_text_and_stores_nothing(newspaper: Newspaper) -> None:
    slug = newspaper.publish()
    typed = newspaper.form_of(slug) | {"body": "Three hours of work."}
    newspaper.site.do(newspaper.site.database.write, promote, handle_folded="eddie", role=Role.READER)
    refused = newspaper.send(f"/editor/{slug}", typed)
    assert refused.status_code == 403
    assert "Only editors can write and publish articles." in words(refused)
    assert fields_of(refused.text)["body"] == "Three hours of work."
    assert "Three hours" not in newspaper.get(f"/articles/{slug}").text


def test_an_editor_who_was_signed_out_while_writing_can_sign_in_and_save_again(newspaper: Newspaper) -> None:
    slug = newspaper.publish()
    typed = newspaper.form_of(slug) | {"body": "Three hours of work."}
    refused = newspaper.send(f"/editor/{slug}", typed, "no-such-session")
    assert refused.status_code == 401
    assert "Sign in in another tab" in refused.text
    kept = fields_of(refused.text)
    assert newspaper.send(f"/editor/{slug}", kept).status_code == 303
    page = newspaper.get(f"/articles/{slug}").text
    assert "Three hours of work." in page


def test_a_text_for_an_article_that_is_not_there_is_kept_and_can_become_a_new_one(newspaper: Newspaper) -> None:
    lost = newspaper.send("/editor/gone", STORY)
    assert lost.status_code == 404
    assert 'action="/editor"' in lost.text
    assert slug_of(newspaper.send("/editor", fields_of(lost.text))) == "the-bridge-closes"
    assert newspaper.get("/editor/gone", newspaper.sign_in()).status_code == 404


def test_drafts_and_published_articles_are_listed_newest_first_and_paged(newspaper: Newspaper) -> None:
    drafts = [newspaper.write(headline=f"Draft {number:02}") for number in range(ROWS + 2)]
    printed = [newspaper.publish(headline=f"Story {number:02}") for number in range(ROWS + 2)]
    first = newspaper.get("/editor", newspaper.sign_in()).text
    assert _listed(first) == [*reversed(drafts[2:]), *reversed(printed[2:])]
    assert _listed(newspaper.get(f"/editor?older={printed[2]}", newspaper.sign_in()).text) == [printed[1], printed[0]]
    rest = newspaper.get(f"/editor?older_drafts={drafts[2]}", newspaper.sign_in()).text
    assert _listed(rest) == [drafts[1], drafts[0]]
    newspaper.change(drafts[0], body="Touched.")
    assert _listed(newspaper.get("/editor", newspaper.sign_in()).text)[0] == drafts[0]


def test_the_editor_is_kept_by_no_cache(newspaper: Newspaper) -> None:
    slug = newspaper.write()
    for path in ("/editor", "/editor/new", f"/editor/{slug}"):
        assert newspaper.get(path, newspaper.sign_in()).headers["cache-control"] == "private, no-cache"


def _listed(page: str) -> list[str]:
    return [part.partition('"')[0] for part in page.split('editor-headline" href="/editor/')[1:]]
