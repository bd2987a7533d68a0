"""The page does not move: what is looked at and what is written in stay where they are, whatever comes."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.conftest import BROWSERS, Visit
from tests.journeys.person import Person
from tests.journeys.sameness import same_as_fresh
from tests.journeys.stage import Stage

# In each frame the tops of these elements, found anew by their selectors: a comment's article is swapped by an edit.
WATCH = """(selectors) => {
  const top = (selector) => document.querySelector(selector)?.getBoundingClientRect().top ?? NaN;
  const start = selectors.map(top);
  const watched = window.watched = { frames: 0, worst: selectors.map(() => 0), at: selectors };
  const look = () => {
    watched.frames += 1;
    selectors.forEach((selector, n) => {
      const moved = Math.abs(top(selector) - start[n]);
      watched.worst[n] = Number.isNaN(moved) ? Infinity : Math.max(watched.worst[n], moved);
    });
    requestAnimationFrame(look);
  };
  look();
}"""
MIDDLE = """() => {
  const tops = [...document.querySelectorAll("[data-comment] > article")];
  const above = tops.filter((one) => one.getBoundingClientRect().top <= innerHeight / 2);
  return Number(above.at(-1).parentElement.dataset.comment);
}"""


def watch(page: Page, *selectors: str) -> None:
    """Note from now on in each frame how far these elements are from where they are now."""
    page.evaluate(WATCH, list(selectors))


def moved(page: Page) -> dict[str, float]:
    """By how many pixels each watched element was ever away from its place."""
    page.wait_for_function("() => watched.frames > 10")
    watched: dict[str, Any] = page.evaluate("() => watched")
    return dict(zip(watched["at"], watched["worst"], strict=True))


def at_middle(person: Person) -> int:
    """The comment at mid-screen."""
    return int(person.page.evaluate(MIDDLE))


def storm(stage: Stage, slug: str, tops: list[int], replies: list[int], spared: set[int]) -> None:
    """30 posts, 5 edits to three times the length and 5 removals, above, in and below the window."""
    for number in range(15):
        stage.post(slug, f"A new comment, number {number}.", by="omar")
        stage.post(slug, f"A new reply, number {number}.", by="omar", parent=tops[number % len(tops)])
    text = "It says a thing and then another. "
    for comment in tops[4:9]:
        stage.edit(comment, text * 9)
    for comment in [one for one in replies if one not in spared][3:8]:
        stage.remove(comment)


def reader_in_the_middle(stage: Stage, visit: Visit, *, in_firefox: bool) -> tuple[Person, str, list[int], list[int]]:
    """Somebody who has scrolled to the middle of a discussion; its slug, top-level comments and replies."""
    slug = stage.article()
    tops = stage.fill(slug, 12)
    replies = [reply for top in tops for reply in stage.fill(slug, 2, parent=top)]
    iris = visit(slug, "iris", firefox=in_firefox)
    iris.page.evaluate("id => document.getElementById(id).scrollIntoView({ block: 'center' })", f"comment-{tops[6]}")
    iris.page.wait_for_function("() => scrollY > 500")
    return iris, slug, tops, replies


def caught_up(person: Person, stage: Stage, slug: str) -> None:
    """Wait until the page has reached the discussion's version."""
    article = stage.run(stage.world.article_id(slug))
    versions = "([id, version]) => Number(document.querySelector(`[data-article='${id}']`).dataset.version) === version"
    person.page.wait_for_function(versions, arg=[article, stage.version(slug)])


@BROWSERS
def test_the_comment_at_mid_screen_does_not_move_while_others_write_edit_and_are_removed(
    stage: Stage, visit: Visit, in_firefox: bool
) -> None:
    iris, slug, tops, replies = reader_in_the_middle(stage, visit, in_firefox=in_firefox)
    middle = at_middle(iris)
    watch(iris.page, f"#comment-{middle} > article")
    storm(stage, slug, tops, replies, {middle})
    caught_up(iris, stage, slug)
    assert max(moved(iris.page).values()) <= 1, moved(iris.page)
    expect(iris.page.locator("[data-pill]")).to_have_text("30 new comments")
    same_as_fresh(iris)


@BROWSERS
def test_neither_the_field_nor_the_comment_moves_under_somebody_who_writes_a_reply(
    stage: Stage, visit: Visit, in_firefox: bool
) -> None:
    iris, slug, tops, replies = reader_in_the_middle(stage, visit, in_firefox=in_firefox)
    answered = at_middle(iris)
    field = iris.replies_to(answered)
    field.press_sequentially("I think that")
    expect(field).to_be_focused()
    middle = at_middle(iris)
    watch(iris.page, f"#comment-{middle} > article", f"#body-{answered}")
    storm(stage, slug, tops, replies, {middle, answered})
    field.press_sequentially(" it is so.")
    caught_up(iris, stage, slug)
    assert max(moved(iris.page).values()) <= 1, moved(iris.page)
    expect(field).to_have_value("I think that it is so.")
    expect(field).to_be_focused()
    same_as_fresh(iris)


@BROWSERS
def test_neither_moves_when_the_answered_comment_itself_is_edited_and_replied_to(
    stage: Stage, visit: Visit, in_firefox: bool
) -> None:
    iris, slug, tops, _ = reader_in_the_middle(stage, visit, in_firefox=in_firefox)
    answered = tops[6]
    field = iris.replies_to(answered)
    field.press_sequentially("I think that")
    watch(iris.page, f"#comment-{answered} > article", f"#body-{answered}")
    stage.edit(answered, "It says a thing and then another. " * 9)
    for number in range(3):
        stage.post(slug, f"Reply {number} meanwhile.", by="omar", parent=answered)
    stage.edit(answered, "Short.")
    caught_up(iris, stage, slug)
    assert max(moved(iris.page).values()) <= 1, moved(iris.page)
    same_as_fresh(iris)
