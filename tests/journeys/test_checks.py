"""Checks before a comment shows, as a writer, a reader and those of the newsroom live them in their browsers."""

import pytest
from playwright.sync_api import expect

from forum.permissions import Role
from tests.journeys.conftest import BROWSERS, Visit
from tests.journeys.sameness import same_as_fresh
from tests.journeys.stage import Stage
from tests.journeys.test_without_scripts import act, plain

ANYWAY = "Post it anyway; a moderator looks first"


@pytest.fixture
def slug(stage: Stage) -> str:
    """An article under which one word holds comments."""
    slug = stage.article("The lock")
    stage.run(stage.world.words("suspect", "drattle"))
    stage.run(stage.world.check("suspect", "hold", article=slug))
    return slug


@BROWSERS
def test_one_is_told_before_posts_anyway_and_it_appears_in_its_place_once_approved(
    stage: Stage, visit: Visit, slug: str, in_firefox: bool
) -> None:
    first = stage.post(slug, "The lock leaks.", by="omar")
    nora, guest = visit(slug, "nora", firefox=in_firefox), visit(slug, firefox=in_firefox)
    nora.expects += ["422"]
    field = nora.replies_to(first)
    field.fill("D r a t t l e the lock.")
    composer = nora.page.locator(f"#composer-{first}")
    composer.get_by_role("button", name="Post reply").click()
    nudge = composer.get_by_role("alert").filter(has_text="A moderator would look at this")
    expect(nudge).to_contain_text("“D r a t t l e”")
    expect(field).to_have_value("D r a t t l e the lock.")
    nudge.get_by_role("button", name=ANYWAY).click()
    held = nora.comment(first).locator("[data-state=held]")
    expect(held.locator("> article mark")).to_have_text("D r a t t l e")
    expect(held).to_contain_text("Waiting for a moderator.")
    expect(held.get_by_role("link", name="Reword")).to_be_visible()
    same_as_fresh(nora)
    same_as_fresh(guest)
    expect(guest.page.get_by_text("the lock.")).to_have_count(0)
    comment = int(held.get_attribute("data-comment") or 0)
    stage.restore(comment)
    expect(guest.page.locator("[data-pill]")).to_have_text("1 new comment")
    guest.page.locator("[data-pill]").click()
    expect(guest.comment(comment).locator("> article .comment-body")).to_have_text("D r a t t l e the lock.")
    expect(nora.comment(comment)).to_have_attribute("data-state", "visible")
    expect(nora.comment(comment).locator("mark")).to_have_count(0)
    for person in (nora, guest):
        same_as_fresh(person)


def test_who_changes_the_text_instead_is_read_at_once_with_the_same_key(stage: Stage, visit: Visit, slug: str) -> None:
    nora, guest = visit(slug, "nora"), visit(slug)
    nora.expects += ["422"]
    nora.posts("Drattle it.")
    expect(nora.page.locator("[data-nudge]")).to_contain_text("“Drattle”")
    key = nora.page.locator("#composer input[name=key]").input_value()
    nora.writes("Bother it.")
    with nora.page.expect_request("**/comments") as request:
        nora.button("Post comment").click()
    assert key in (request.value.post_data or "")
    expect(nora.page.locator("[data-nudge]")).to_be_hidden()
    expect(nora.page.locator("[data-tree] .comment-body")).to_have_text("Bother it.")
    expect(guest.page.locator("[data-pill]")).to_be_visible()


def test_without_scripts_one_is_told_before_too_and_the_comment_waits_where_it_will_stand(
    stage: Stage, visit: Visit, slug: str
) -> None:
    nora, guest = plain(visit, "nora", slug), visit(slug)
    nora.expects += ["422"]
    nora.posts("Drattle it.")
    expect(nora.page.get_by_role("alert").first).to_contain_text("Words in it are looked at first: “Drattle”.")
    expect(nora.page.get_by_label("Your comment")).to_have_value("Drattle it.")
    nora.button(ANYWAY).click()
    held = nora.page.locator("[data-state=held]")
    expect(held.locator("mark")).to_have_text("Drattle")
    expect(guest.page.get_by_text("Drattle it.")).to_have_count(0)
    held.locator(".comment-at").click()
    edit = act(nora, "Edit")
    edit.get_by_label("Your comment").fill("Bother it.")
    edit.get_by_role("button", name="Save").click()
    expect(nora.page.locator("[data-state=held] .comment-body")).to_have_text("Bother it.")
    expect(nora.page.locator("mark")).to_have_count(0)


def test_an_edit_that_would_be_held_is_told_before_and_goes_from_open_pages_when_saved_anyway(
    stage: Stage, visit: Visit, slug: str
) -> None:
    comment = stage.post(slug, "Well.", by="nora")
    nora, guest = plain(visit, "nora"), visit(slug)
    nora.expects += ["422"]
    nora.opens(f"/comments/{comment}")
    edit = act(nora, "Edit")
    edit.get_by_label("Your comment").fill("Drattle.")
    edit.get_by_role("button", name="Save").click()
    nora.button("Save it anyway; a moderator looks first").click()
    expect(nora.comment(comment)).to_have_attribute("data-state", "held")
    expect(guest.comment(comment)).to_have_count(0)
    same_as_fresh(guest)


def test_an_admin_sets_a_check_and_writes_a_list_without_scripts(stage: Stage, visit: Visit) -> None:
    slug = stage.article("The sluice")
    ada = visit("", "ada", role=Role.ADMIN, java_script_enabled=False)
    ada.expects += ["422"]
    ada.opens(f"/articles/{slug}")
    ada.page.get_by_label("State of the discussion").get_by_role("link", name="Checks").click()
    ada.page.get_by_label("More than").fill("many")
    ada.page.get_by_label("Links", exact=True).select_option("Hold it for a moderator")
    ada.button("Save the checks").click()
    ada.sees("Write a number from 0 to 100.")
    ada.page.get_by_label("More than").fill("0")
    ada.button("Save the checks").click()
    ada.sees("Saved. What is posted from now on is checked so.")
    expect(ada.page.get_by_label("Links", exact=True)).to_have_value("hold")
    held = stage.post(slug, "See https://example.org", by="omar")
    assert stage.run(stage.world.comment(held)).state == "held"
    ada.opens(f"/comments/{held}")
    expect(ada.page.locator(".findings mark")).to_have_text("https://example.org")
    ada.opens("/moderation/checks")
    ada.page.locator("summary", has_text="Listed sites").click()
    ada.page.get_by_label("Listed sites").last.fill("spam.example\nno site")
    ada.page.locator("form#hosts").get_by_role("button", name="Save this list").click()
    ada.sees("Look at line 2")
    ada.page.get_by_label("Listed sites").last.fill("example.org")
    ada.page.locator("form#hosts").get_by_role("button", name="Try it first").click()
    expect(ada.page.locator("form#hosts .check-tried")).to_contain_text("Nothing is stored yet.")
    ada.page.get_by_label("Listed sites").last.fill("spam.example")
    ada.page.locator("form#hosts").get_by_role("button", name="Save this list").click()
    expect(ada.page.locator("summary", has_text="Listed sites, 1 line")).to_be_visible()


def test_a_moderator_watches_an_account_from_its_page(stage: Stage, visit: Visit) -> None:
    slug = stage.article("The quay")
    first = stage.post(slug, "One.", by="wanda")
    mona = visit("", "mona", role=Role.MODERATOR, java_script_enabled=False)
    mona.opens("/accounts/wanda")
    mona.button("Watch this account").click()
    mona.sees("Under watch since")
    second = stage.post(slug, "Two.", by="wanda")
    assert [stage.run(stage.world.comment(one)).state for one in (first, second)] == ["visible", "held"]
    mona.button("Watch no more").click()
    third = stage.post(slug, "Three.", by="wanda")
    assert stage.run(stage.world.comment(third)).state == "visible"
