"""A reader's place: what is new since the last visit, where one left, and that nothing opened or folded is lost."""

from random import Random
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from forum.reading.queries import MOST_NEW
from forum.reading.ranges import encode, parse, union
from tests.journeys.conftest import BROWSERS, Visit
from tests.journeys.person import Person
from tests.journeys.stage import Stage
from tests.journeys.test_keyboard import Keyboard

KINDS_OF_READERS = pytest.mark.parametrize(
    ("handle", "in_firefox"), [("", False), ("piet", False), ("piet", True)], ids=["guest", "account", "firefox"]
)
"""Guests in Chromium alone: Firefox shows them a page of its own store first, which the driver takes for two."""
SEEN_WITHIN = 5000
"""Two seconds on screen, and the fading of the mark."""
NEW = "[data-comment].is-new"
MIDDLE = """() => {
  const comment = document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest("[data-comment]");
  return [comment?.id, Math.round(comment?.getBoundingClientRect().top)];
}"""
SAME_PLACE = f"""([id, top]) => {{
  const [now, at] = ({MIDDLE})();
  return now === id && Math.abs(at - top) <= 1;
}}"""
HAS_SEEN = """async (id) => {
  const main = document.querySelector("script[type=module]").src;
  return (await import(new URL("reading.js", main))).hasSeen(id);
}"""
SEE_ALL = """() => {
  const key = Object.keys(localStorage).find((one) => one.startsWith("seen:"));
  localStorage[key] = JSON.stringify({ ...JSON.parse(localStorage[key]), ranges: "0-100000000" });
}"""
"""As if a guest had gone through everything."""
READ_ON = """async (id) => {
  const comment = document.getElementById(`comment-${id}`);
  comment.scrollIntoView({ block: "end" });
  scrollBy(0, -comment.offsetHeight - innerHeight);
  while (comment.getBoundingClientRect().top > -innerHeight) {
    scrollBy(0, innerHeight / 20);
    await new Promise(requestAnimationFrame);
  }
}"""
"""Scroll into a comment as one does by finger, a little each frame."""
SHOWN = "() => document.querySelectorAll('[data-comment]').length"
RANGES = """async ([path, many]) => {
  const { parse, encode, union } = await import(path);
  return many.map((texts) => encode(union(...texts.map(parse))));
}"""
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def returns(stage: Stage, person: Person, slug: str, query: str = "") -> None:
    """Leave the article, and come back when its page shows all that has been posted."""
    person.opens("/rules")
    is_shown = "async ([url, words]) => (await (await fetch(url, { cache: 'no-store' })).text()).includes(words)"
    words = f'data-version="{stage.version(slug)}"'
    person.waits_for(is_shown, [f"/articles/{slug}{query}", words])
    person.reads(slug, query)


def marked(person: Person) -> list[int]:
    """The comments that are marked as new, in the page's order."""
    return [
        int(number) for number in person.page.locator(NEW).evaluate_all("all => all.map((one) => one.dataset.comment)")
    ]


def next_new(person: Person, count: int) -> None:
    """Wait until the button at the discussion's head says so many."""
    button = person.page.locator("[data-place-line] [data-next-new]")
    if count:
        expect(button).to_have_text(f"Next new, {count}")
    else:
        expect(button).to_be_hidden()


def to_middle(page: Page, comment: int) -> None:
    """Scroll so that a comment spans the middle of the window."""
    page.evaluate(
        """(id) => {
          const box = document.getElementById(`comment-${id}`).querySelector("article").getBoundingClientRect();
          scrollBy({ top: (box.top + box.bottom - innerHeight) / 2, behavior: "instant" });
        }""",
        comment,
    )


@KINDS_OF_READERS
def test_from_the_second_visit_on_what_has_come_since_is_new_until_it_is_seen(
    stage: Stage, visit: Visit, handle: str, in_firefox: bool
) -> None:
    slug = stage.article()
    stage.fill(slug, 3)
    reader = visit(slug, handle, firefox=in_firefox)
    assert marked(reader) == []
    new = [stage.post(slug, f"Fresh, {number}.", by="omar") for number in range(2)][::-1]
    if handle:
        stage.post(slug, "I wrote this on my other device.", by=handle)
    returns(stage, reader, slug)
    expect(reader.page.locator(NEW)).to_have_count(2)
    assert marked(reader) == new
    next_new(reader, 2)
    returns(stage, reader, slug)
    assert marked(reader) == new
    reader.comment(new[0]).scroll_into_view_if_needed()
    reader.page.locator("#discussion").evaluate("one => one.scrollIntoView()")
    expect(reader.page.locator(NEW)).to_have_count(0, timeout=SEEN_WITHIN)
    next_new(reader, 0)
    returns(stage, reader, slug)
    assert marked(reader) == []


def test_a_comment_that_is_many_screens_long_is_seen_by_reading_on(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    stage.fill(slug, 3)
    phone = visit(slug, **PHONE)
    new = stage.post(slug, "One more line.\n\n" * 200, by="omar")
    returns(stage, phone, slug)
    expect(phone.page.locator(NEW)).to_have_count(1)
    phone.page.evaluate(READ_ON, new)
    expect(phone.page.locator(NEW)).to_have_count(0, timeout=SEEN_WITHIN)


@KINDS_OF_READERS
def test_what_was_there_at_the_first_visit_stays_old_when_it_is_picked_or_edited(
    stage: Stage, visit: Visit, handle: str, in_firefox: bool
) -> None:
    slug = stage.article()
    tops = stage.fill(slug, 4)
    reader = visit(slug, handle, firefox=in_firefox)
    reader.opens("/rules")
    stage.moderate(f"/comments/{tops[0]}/feature", value="1")
    stage.edit(tops[3], "In other words.")
    new = stage.post(slug, "Fresh.", by="omar")
    returns(stage, reader, slug)
    expect(reader.comment(tops[3]).locator("> article .comment-edited")).to_be_visible()
    expect(reader.page.locator(NEW)).to_have_count(1)
    assert marked(reader) == [new]


def test_what_is_seen_on_one_device_is_seen_on_the_other_at_once(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    stage.fill(slug, 30)
    phone = visit(slug, "quirin", **PHONE)
    returns(stage, phone, slug)
    new = [stage.post(slug, f"Fresh, {number}.", by="omar") for number in range(2)]
    returns(stage, phone, slug)
    desk = visit(slug, "quirin")
    expect(desk.page.locator(NEW)).to_have_count(2)
    phone.page.bring_to_front()
    to_middle(phone.page, new[1])
    expect(phone.page.locator(NEW)).to_have_count(0, timeout=SEEN_WITHIN)
    expect(desk.page.locator(NEW)).to_have_count(0, timeout=SEEN_WITHIN)
    returns(stage, desk, slug)
    assert marked(desk) == []


def test_what_waits_on_one_device_and_is_seen_on_another_is_not_new_when_it_is_shown(
    stage: Stage, visit: Visit
) -> None:
    slug = stage.article()
    stage.fill(slug, 3)
    desk, phone = visit(slug, "quirin"), visit(slug, "quirin", **PHONE)
    new = stage.post(slug, "Fresh.", by="omar")
    phone.page.locator("[data-pill]").tap()
    expect(phone.page.locator(NEW)).to_have_count(1)
    expect(phone.page.locator(NEW)).to_have_count(0, timeout=SEEN_WITHIN)
    desk.waits_for(HAS_SEEN, new)
    desk.page.locator("[data-pill]").click()
    expect(desk.comment(new).locator("> article")).to_be_focused()
    assert marked(desk) == []


def test_what_one_writes_on_another_device_is_not_new_where_the_page_does_not_reach(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    tops = stage.fill(slug, 30)
    desk = visit(slug, "quirin")
    new = stage.post(slug, "Fresh.", by="omar")
    desk.page.keyboard.press("n")
    expect(desk.comment(new).locator("> article")).to_be_focused()
    expect(desk.page.locator(NEW)).to_have_count(0, timeout=SEEN_WITHIN)
    stage.post(slug, "Mine, further down.", by="quirin", parent=tops[0])
    stage.post(slug, "Another's, further down.", by="omar", parent=tops[0])
    expect(desk.page.locator("#discussion-title")).to_have_text("33 comments")
    next_new(desk, 1)


def test_a_guests_place_goes_with_them_when_they_register(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    stage.fill(slug, 3)
    guest = visit(slug)
    new = [stage.post(slug, f"Fresh, {number}. " + "It is long. " * 200, by="omar") for number in range(3)]
    returns(stage, guest, slug)
    to_middle(guest.page, new[2])
    expect(guest.comment(new[2])).not_to_have_class("is-new", timeout=SEEN_WITHIN)
    expect(guest.page.locator(NEW)).to_have_count(2, timeout=SEEN_WITHIN)
    guest.link("Register").click()
    for name, text in {"handle": "rosamund", "display_name": "Rosamund", "password": "four cold wet otters"}.items():
        guest.page.locator(f"[name={name}]").fill(text)
    guest.button("Register").click()
    guest.page.wait_for_url(f"**/articles/{slug}*")
    guest.is_live()
    assert marked(guest) == [new[1], new[0]]
    guest.page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('seen:'))")
    other = visit()
    other.opens(f"/sign-in?next=/articles/{slug}")
    other.signs_in("rosamund", "four cold wet otters")
    other.is_live()
    assert marked(other) == [new[1], new[0]]


def test_next_new_goes_on_over_all_windows_and_says_when_there_is_nothing(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    tops = stage.fill(slug, 60)
    stage.fill(slug, 12, parent=tops[2], by="otto")
    reader = visit(slug, "sofie")
    later = [
        stage.post(slug, "Fresh.", by="omar"),
        stage.post(slug, "Fresh, below one that is shown.", by="omar", parent=tops[50]),
        stage.post(slug, "Fresh, at the end of a long branch far down.", by="omar", parent=tops[2]),
    ]
    returns(stage, reader, slug)
    next_new(reader, 3)
    keys = Keyboard(reader)
    for comment in later:
        reader.page.keyboard.press("n")
        expect(reader.comment(comment).locator("> article")).to_be_focused()
        assert keys.press("Shift")["comment"] == f"comment-{comment}"
    reader.page.keyboard.press("n")
    expect(reader.page.locator("[data-next-note]")).to_have_text("Nothing new")
    expect(reader.page.locator("[data-next-note]")).to_be_in_viewport()
    next_new(reader, 0)


def test_what_is_too_far_down_for_one_press_is_offered_on_its_own_page(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    tops = stage.fill(slug, 140)
    guest = visit(slug)
    far = stage.post(slug, "Fresh, under the very first.", by="omar", parent=tops[0])
    returns(stage, guest, slug)
    guest.page.keyboard.press("n")
    expect(guest.page.locator("[data-next-note]")).to_contain_text("further down")
    guest.page.keyboard.press("n")
    expect(guest.comment(far).locator("> article")).to_be_focused()


def test_a_press_that_waits_for_what_is_further_down_says_so(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    tops = stage.fill(slug, 30)
    guest = visit(slug)
    new = stage.post(slug, "Fresh, further down.", by="omar", parent=tops[0])
    returns(stage, guest, slug)
    note = guest.page.locator("[data-next-note]")
    said: list[str | None] = []

    def answer_late(route: Route) -> None:
        expect(note).to_be_visible()
        said.append(note.text_content())
        route.continue_()

    guest.page.route("**/articles/*after=*", answer_late)
    guest.page.keyboard.press("n")
    expect(guest.comment(new).locator("> article")).to_be_focused()
    expect(note).to_have_count(0)
    assert said == ["Loading"]


def test_a_guest_who_has_seen_more_than_is_told_at_once_is_not_sent_further_down(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    stage.fill(slug, 30)
    guest = visit(slug)
    stage.fill(slug, MOST_NEW + 40)
    guest.page.evaluate(SEE_ALL)
    returns(stage, guest, slug)
    next_new(guest, 0)
    guest.page.keyboard.press("n")
    expect(guest.page.locator("[data-next-note]")).to_have_text("Nothing new")
    stage.post(slug, "Fresh.", by="omar")
    expect(guest.page.locator("[data-pill]")).to_have_text("1 new comment")
    expect(guest.page.locator("[data-next-note]")).to_have_count(0)


def test_on_a_phone_a_finger_goes_from_one_new_comment_to_the_next(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    tops = stage.fill(slug, 20)
    phone = visit(slug, **PHONE)
    new = [stage.post(slug, "Fresh.", by="omar", parent=tops[number]) for number in (18, 9)]
    returns(stage, phone, slug)
    phone.page.locator("[data-place-line] [data-next-new]").tap()
    expect(phone.comment(new[0]).locator("> article")).to_be_focused()
    pill = phone.page.locator("[data-next-pill]")
    expect(pill).to_have_text("Next new, 2")
    box = pill.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    pill.tap()
    expect(phone.comment(new[1]).locator("> article")).to_be_focused()
    phone.page.locator("body").evaluate("() => scrollTo(0, 0)")
    expect(pill).to_be_hidden()


@KINDS_OF_READERS
def test_one_goes_on_where_one_left(stage: Stage, visit: Visit, handle: str, in_firefox: bool) -> None:
    slug = stage.article()
    tops = stage.fill(slug, 40)
    reader = visit(slug, handle, query="?sort=oldest", firefox=in_firefox)
    expect(reader.link("Continue where you left")).to_be_hidden()
    to_middle(reader.page, tops[10])
    reader.page.wait_for_timeout(2500)
    returns(stage, reader, slug, "?sort=oldest")
    reader.link("Continue where you left").click()
    expect(reader.comment(tops[10]).locator("> article")).to_be_focused()
    returns(stage, reader, slug)
    reader.link("Continue where you left").click()
    reader.page.wait_for_url(f"**/comments/{tops[10]}*")
    expect(reader.comment(tops[10])).to_be_visible()


def test_one_goes_on_where_one_left_without_scripts(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    tops = stage.fill(slug, 40)
    with_scripts = visit(slug, "ulla", query="?sort=oldest")
    to_middle(with_scripts.page, tops[3])
    with_scripts.page.wait_for_timeout(2500)
    with_scripts.opens("/rules")
    plain = visit(handle="ulla", java_script_enabled=False)
    plain.reads(slug)
    plain.link("Continue where you left").click()
    expect(plain.comment(tops[3])).to_be_in_viewport()
    plain.reads(slug, "?sort=oldest")
    plain.link("Continue where you left").click()
    expect(plain.comment(tops[3])).to_be_in_viewport()


@BROWSERS
@pytest.mark.parametrize("way", ["back", "reload"])
def test_going_back_finds_what_was_opened_open_and_the_page_where_it_was(
    stage: Stage, visit: Visit, way: str, in_firefox: bool
) -> None:
    slug = stage.article()
    tops = stage.fill(slug, 60)
    replies = stage.fill(slug, 20, parent=tops[20], by="otto")
    guest = visit(slug, firefox=in_firefox)
    guest.link("More comments").click()
    expect(guest.comment(tops[15])).to_be_attached()
    guest.link("13 more replies").click()
    expect(guest.comment(replies[15])).to_be_visible()
    to_middle(guest.page, replies[15])
    before, shown = guest.page.evaluate(MIDDLE), guest.page.evaluate(SHOWN)
    assert before[0] == f"comment-{replies[15]}"
    if way == "back":
        guest.comment(replies[15]).locator("> article .comment-by").evaluate("link => link.click()")
        guest.page.wait_for_url("**/accounts/otto")
        guest.page.go_back()
    else:
        guest.page.reload()
    guest.page.wait_for_function(f"shown => ({SHOWN})() === shown", arg=shown)
    guest.is_live()
    guest.page.wait_for_function(SAME_PLACE, arg=before)
    assert guest.page.locator("[data-more-comments]").count() == 1


def test_what_was_folded_is_folded_at_the_next_visit_and_opened_by_a_link_into_it(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    tops = stage.fill(slug, 3)
    reply = stage.post(slug, "A reply.", by="omar", parent=tops[1])
    guest = visit(slug)
    toggle = guest.comment(tops[1]).locator("> details > summary")
    toggle.click()
    guest.page.wait_for_function("() => Object.keys(localStorage).some((key) => key.startsWith('folded:'))")
    returns(stage, guest, slug)
    expect(guest.comment(reply)).to_be_hidden()
    guest.page.emulate_media(media="print")
    expect(guest.comment(reply)).to_be_visible()
    guest.page.emulate_media(media="screen")
    guest.opens("/rules")
    guest.opens(f"/articles/{slug}#comment-{reply}")
    expect(guest.comment(reply)).to_be_visible()
    toggle.click()
    expect(guest.comment(reply)).to_be_hidden()
    toggle.click()
    guest.page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('folded:'))")
    returns(stage, guest, slug)
    expect(guest.comment(reply)).to_be_visible()


def test_a_link_to_a_comment_that_is_further_down_leads_to_it_on_an_open_page_too(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    tops = stage.fill(slug, 30)
    guest = visit(slug)
    guest.page.evaluate("id => { location.hash = `#comment-${id}`; }", tops[0])
    guest.page.wait_for_url(f"**/comments/{tops[0]}")
    expect(guest.comment(tops[0])).to_be_visible()


@BROWSERS
def test_from_a_comment_that_is_further_down_its_articles_headline_leads_to_the_article(
    stage: Stage, visit: Visit, in_firefox: bool
) -> None:
    slug = stage.article()
    tops = stage.fill(slug, 30)
    guest = visit(firefox=in_firefox)
    guest.opens(f"/comments/{tops[0]}")
    guest.page.locator("h1 a").click()
    guest.page.wait_for_url(f"**/articles/{slug}#comment-{tops[0]}")
    guest.is_live()
    expect(guest.page).to_have_url(f"{stage.url}/articles/{slug}#comment-{tops[0]}")
    expect(guest.comment(tops[29])).to_be_attached()


@BROWSERS
def test_a_comments_own_page_opens_at_the_comment_below_what_it_answers(
    stage: Stage, visit: Visit, in_firefox: bool
) -> None:
    slug = stage.article()
    chain = stage.fill(slug, 1)
    for number in range(5):
        chain.append(stage.post(slug, f"Answer {number}. " + "It is long. " * 120, parent=chain[-1]))
    guest = visit(firefox=in_firefox)
    guest.opens(f"/comments/{chain[-1]}")
    expect(guest.page.locator(".ancestors > li")).to_have_count(5)
    expect(guest.comment(chain[-1]).locator("> article .comment-by")).to_be_in_viewport()
    expect(guest.page.locator(".ancestors > li").last).to_be_in_viewport()


def test_ranges_are_the_same_to_browsers_as_to_the_server(stage: Stage, visit: Visit) -> None:
    rng = Random(13)

    def text() -> str:
        firsts = (rng.randrange(10 ** rng.randrange(1, 9)) for _ in range(rng.randrange(0, 300)))
        return encode(union((first, first + rng.choice((0, 0, 3, 40))) for first in firsts))

    many = [[text() for _ in range(rng.randrange(1, 4))] for _ in range(60)]
    many += [[""], ["0"], ["0-915,5,2-1"], ["x"], ["1,"], ["9" * 16], ["1-", "2"], ["5,0-3"]]
    wanted = [encode(union(*(_parsed(text) for text in texts))) for texts in many]
    guest = visit(stage.article())
    assert guest.page.evaluate(RANGES, ["/static/js/ranges.js", many]) == wanted


def _parsed(text: str) -> tuple[tuple[int, int], ...]:
    try:
        return parse(text)
    except ValueError:
        return ()
