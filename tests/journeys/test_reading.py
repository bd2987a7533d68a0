"""Finding one's way in a discussion: what is new, what is folded away, what is further down, one comment's own page."""

import re

from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.person import Person
from tests.journeys.sameness import same_as_fresh
from tests.journeys.stage import Stage

FOCUSED = "() => Number(document.activeElement.closest('[data-comment]')?.dataset.comment)"

WORDS_BOX = """(link) => {
  const range = document.createRange();
  range.selectNodeContents(link);
  const { right, height } = range.getBoundingClientRect();
  return [right, height];
}"""


def focused(person: Person) -> int:
    """The comment that has the focus."""
    return int(person.page.evaluate(FOCUSED))


def test_a_new_comment_is_marked_until_it_has_been_on_screen_for_two_seconds(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    [first] = stage.fill(slug, 1)
    iris = visit(slug, "iris")
    reply = stage.post(slug, "Quite so.", by="omar", parent=first)
    iris.button("1 new reply").click()
    expect(iris.comment(reply).locator("> article [data-new-tag]")).to_have_text("New")
    expect(iris.comment(reply).locator("> article [data-new-tag]")).to_have_count(0, timeout=4000)


def test_a_folded_branch_tells_how_much_in_it_is_new(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    [first] = stage.fill(slug, 1)
    [reply] = stage.fill(slug, 1, parent=first)
    iris = visit(slug, "iris")
    toggle = iris.comment(first).locator("> details > summary")
    toggle.click()
    expect(iris.comment(reply)).to_be_hidden()
    stage.post(slug, "One.", by="omar", parent=first)
    stage.post(slug, "Two.", by="omar", parent=reply)
    expect(toggle).to_have_text("3 replies, 2 new")
    toggle.click()
    expect(toggle).to_have_text("3 replies")
    expect(iris.page.locator("[data-waiting]:visible")).to_have_text(["1 new reply", "1 new reply"])


def test_a_top_level_comment_that_belongs_further_down_is_told_at_newest(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    stage.fill(slug, 26)
    iris = visit(slug, "iris", query="?sort=oldest")
    later = stage.post(slug, "The last one of all.", by="omar")
    iris.link("Newest 1 new").click()
    expect(iris.comment(later)).to_be_visible()


def test_more_replies_and_more_comments_come_into_place_with_what_has_come_meanwhile(
    stage: Stage, visit: Visit
) -> None:
    slug = stage.article()
    [first] = stage.fill(slug, 1)
    replies = stage.fill(slug, 10, parent=first)
    stage.fill(slug, 25)
    guest = visit(slug)
    guest.link("More comments").click()
    expect(guest.comment(first)).to_be_visible()
    stage.post(slug, "Beneath one that is not on the page.", by="omar", parent=replies[-1])
    stage.edit(replies[-2], "Edited where nobody sees it.")
    guest.link("4 more replies").click()
    expect(guest.comment(replies[-2]).locator("> article .comment-body")).to_have_text("Edited where nobody sees it.")
    same_as_fresh(guest)


def test_a_comments_own_page_is_live_too(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    first, other = stage.fill(slug, 2)
    [reply] = stage.fill(slug, 1, parent=first)
    nora, omar = visit(slug, "nora"), visit(slug, "omar")
    nora.opens(f"/comments/{reply}")
    nora.is_live()
    stage.post(slug, "Not of this branch.", by="omar", parent=other)
    stage.post(slug, "Nor this.", by="omar")
    answer = stage.post(slug, "But this is.", by="omar", parent=reply)
    expect(nora.page.locator("[data-pill]")).to_have_text("1 new comment")
    nora.page.locator("[data-pill]").click()
    expect(nora.comment(answer)).to_be_visible()
    nora.page.locator(f"#body-{reply}").fill("Answered on its own page.")
    nora.button("Post reply").click()
    expect(nora.comment(reply).get_by_text("Answered on its own page.")).to_be_visible()
    expect(omar.page.locator("[data-pill]")).to_have_text("1 new comment")
    same_as_fresh(nora)


def test_how_long_ago_is_said_wherever_comments_stand_and_the_date_on_paper(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    first = stage.post(slug, "Fresh.", by="frieda")
    answer = stage.post(slug, "Fresher.", by="frieda", parent=first)
    person = visit()
    for path, times in (
        (f"/articles/{slug}", ".comment time"),
        (f"/comments/{answer}", ".comment time"),
        ("/accounts/frieda", ".profile-where time"),
    ):
        person.opens(path)
        expect(person.page.locator(times)).to_have_text(["just now", "just now"])
        person.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        expect(person.page.locator(times).first).to_contain_text(re.compile(r"20\d\d, \d\d:\d\d"))


def test_on_paper_nothing_runs_through_what_a_comment_answers(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    [first] = stage.fill(slug, 1)
    reply = stage.post(slug, "A reply.", by="omar", parent=first)
    guest = visit()
    guest.opens(f"/comments/{reply}")
    line = "() => getComputedStyle(document.querySelector('.ancestors > li'), '::before').content"
    assert guest.page.evaluate(line) == '""'
    guest.page.emulate_media(media="print")
    assert guest.page.evaluate(line) == "none"


def test_on_the_narrowest_phone_all_that_can_be_shown_of_a_discussion_is_offered(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    [first] = stage.fill(slug, 1)
    stage.moderate(f"/articles/{slug}/comments", body="The newsroom says something.")
    stage.moderate(f"/comments/{first}/feature", value="1")
    phone = visit(slug, viewport={"width": 320, "height": 640})
    for name in ("Newest", "Picks, 1", "Newsroom"):
        right, height = phone.link(name).evaluate(WORDS_BOX)
        assert right <= 320, name
        assert height < 30, f"{name} is broken into lines"


def test_keys_lead_through_a_discussion_without_a_mouse(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    first, second = stage.fill(slug, 2)
    [reply] = stage.fill(slug, 1, parent=second)
    iris = visit(slug, "iris", query="?sort=oldest")
    press = iris.page.keyboard.press
    for key, comment in [("j", first), ("j", second), ("j", reply), ("p", second), ("k", first)]:
        press(key)
        assert focused(iris) == comment
    assert iris.page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") == "solid"
    new = stage.post(slug, "Something new.", by="omar", parent=reply)
    expect(iris.button("1 new reply")).to_be_visible()
    press("n")
    expect(iris.comment(new).locator("> article")).to_be_focused()
    press("r")
    iris.page.keyboard.type("jj is typed, not obeyed.")
    press("Control+Enter")
    answer = iris.comment(new).locator("[data-author=iris]")
    expect(answer.get_by_text("jj is typed, not obeyed.")).to_be_visible()
    expect(answer.locator("> article")).to_be_focused()
    press("?")
    expect(iris.page.get_by_role("dialog", name="Keys")).to_be_visible()
    press("Escape")
    iris.comment(second).locator("> article").focus()
    press("c")
    expect(iris.comment(reply)).to_be_hidden()
    same_as_fresh(iris)
