"""What others write arrives on open pages, in its place, and waits there until it is asked for."""

from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.sameness import same_as_fresh
from tests.journeys.stage import Stage


def test_a_reply_arrives_nested_on_a_guests_page_behind_a_button_and_opens_in_its_place(
    stage: Stage, visit: Visit
) -> None:
    slug = stage.article()
    first, second = stage.fill(slug, 2)
    guest = visit(slug)
    reply = stage.post(slug, "I saw it too.", by="omar", parent=first)
    button = guest.comment(first).locator("> [data-waiting]")
    expect(button).to_have_text("1 new reply")
    expect(guest.comment(reply)).to_have_count(0)
    expect(guest.page.locator("#discussion-title")).to_have_text("3 comments")
    button.click()
    expect(guest.comment(first).locator(f"[data-list] > #comment-{reply}")).to_be_visible()
    expect(guest.comment(reply).locator(".badge-new")).to_have_text("New")
    expect(guest.comment(first).locator("> [data-replies] > summary")).to_have_text("1 reply")
    expect(button).to_have_count(0)
    expect(guest.comment(second).locator("[data-comment]")).to_have_count(0)
    same_as_fresh(guest)
