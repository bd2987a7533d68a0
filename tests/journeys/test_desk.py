"""The desk as moderators use it: fast with scripts, whole without, by keyboard, on a phone, not one against another."""

import re

import pytest
from playwright.sync_api import Locator, expect

from forum.permissions import Role
from tests.journeys.conftest import BROWSERS, Visit
from tests.journeys.person import Person
from tests.journeys.relay import without_sockets
from tests.journeys.stage import Stage
from tests.journeys.test_accessibility import faults, too_wide
from tests.journeys.test_keyboard import Keyboard

# From a key to the next item: how long the page itself took, whatever the machine's other work.
MEASURE = """() => {
  window.took = [];
  const columns = document.querySelector(".desk-columns");
  let pressed = 0;
  document.addEventListener("keydown", ({ timeStamp }) => { pressed = timeStamp; }, { capture: true });
  new MutationObserver(() => {
    if (pressed) window.took.push(performance.now() - pressed);
    pressed = 0;
  }).observe(columns, { childList: true });
}"""


def reported(stage: Stage, slug: str, *texts: str) -> list[int]:
    """Comments that somebody has reported."""
    comments = [stage.post(slug, text, by="tilda") for text in texts]
    for comment in comments:
        stage.report(comment, by="pia")
    return comments


def at_desk(visit: Visit, slug: str, handle: str = "mona", queue: str = "reports", **how: object) -> Person:
    """A moderator at the desk, before one article's items alone: others are other tests'."""
    person = visit("", handle, role=Role.MODERATOR, **how)  # type: ignore[arg-type]
    person.opens(f"/moderation?queue={queue}&article={slug}")
    if person.has_scripts:
        person.is_live()
    return person


def entry(person: Person, comment: int) -> Locator:
    """An item's line of the list."""
    return person.page.locator(f'[data-entry="comment-{comment}"]')


def has_open(person: Person, comment: int) -> None:
    """Wait until this item is open."""
    expect(person.page.locator("[data-item]")).to_have_attribute("data-item", f"comment-{comment}")


def line(person: Person) -> Locator:
    """What was just done."""
    return person.page.locator("[data-line]")


def fetched_ahead(person: Person, comment: int) -> None:
    """Wait until this item can be opened without asking."""
    expect(person.page.locator("[data-desk]")).to_have_attribute("data-ahead", f"comment-{comment}")


@BROWSERS
def test_one_decides_by_keys_alone_and_the_next_item_is_there_within_a_tenth_of_a_second(
    stage: Stage, visit: Visit, in_firefox: bool
) -> None:
    slug = stage.article("The weir")
    first, second, third, fourth = reported(stage, slug, "One thing.", "Another.", "A third.", "A fourth.")
    guest, mona = visit(slug), at_desk(visit, slug, firefox=in_firefox)
    has_open(mona, first)
    mona.page.evaluate(MEASURE)
    fetched_ahead(mona, second)
    mona.page.keyboard.press("a")
    has_open(mona, second)
    expect(line(mona)).to_contain_text("Dismissed the reports")
    expect(entry(mona, first)).to_have_count(0)
    fetched_ahead(mona, third)
    mona.page.keyboard.press("r")
    mona.page.keyboard.press("Enter")
    has_open(mona, third)
    expect(guest.comment(second)).to_have_count(0)
    for key, comment in (("n", fourth), ("p", third), ("j", fourth), ("k", third)):
        if comment == fourth:
            fetched_ahead(mona, fourth)
        mona.page.keyboard.press(key)
        has_open(mona, comment)
    took = mona.page.evaluate("window.took")
    # Back again is not fetched ahead: the four steps forward are.
    assert sorted(took)[:4][-1] <= 100, took
    mona.page.keyboard.press("u")
    has_open(mona, second)
    expect(guest.page.locator("[data-pill]")).to_have_text("1 new comment")
    mona.page.keyboard.press("b")
    expect(mona.page).to_have_url(re.compile("/accounts/tilda/ban"))


def test_keys_do_nothing_while_somebody_writes_and_a_sheet_lists_them(stage: Stage, visit: Visit) -> None:
    slug = stage.article("The weir")
    [first, _second] = reported(stage, slug, "One thing.", "Another.")
    mona = at_desk(visit, slug)
    mona.page.keyboard.press("w")
    expect(mona.page.get_by_label("What they are to know")).to_be_focused()
    mona.page.keyboard.type("aruba")
    has_open(mona, first)
    expect(mona.page.get_by_label("What they are to know")).to_have_value("aruba")
    mona.page.keyboard.press("Escape")
    mona.button("Keys").click()
    expect(mona.page.get_by_role("dialog")).to_contain_text("remove: choose the reason, then Enter")
    assert faults(mona.page) == []
    mona.page.get_by_label("Use these keys").uncheck()
    mona.button("Close").click()
    mona.page.keyboard.press("n")
    has_open(mona, first)


def test_two_moderators_share_a_queue_before_three_readers(stage: Stage, visit: Visit) -> None:
    slug = stage.article("The weir")
    first, second, third = reported(stage, slug, "One thing.", "Another.", "A third.")
    readers = [visit(slug), visit(slug, "nora"), visit(slug, "omar", firefox=True)]
    mona = at_desk(visit, slug)
    has_open(mona, first)
    max_ = at_desk(visit, slug, "max", firefox=True)
    has_open(max_, second)
    expect(entry(mona, second)).to_contain_text("Max has this open")
    expect(entry(max_, first)).to_contain_text("Mona has this open")

    mona.page.keyboard.press("n")
    has_open(mona, third)
    expect(entry(max_, first)).not_to_contain_text("Mona")
    entry(max_, third).get_by_role("link").click()
    has_open(max_, third)
    expect(max_.page.locator("[data-claim-of-item]")).to_have_text("Mona has this open")

    max_.expects += ["409"]
    mona.page.keyboard.press("r")
    mona.page.keyboard.press("Enter")
    for reader in readers:
        expect(reader.comment(third)).to_have_count(0)
    max_.page.keyboard.press("a")
    expect(line(max_)).to_contain_text("Mona removed this")
    expect(line(max_)).to_contain_text("Nothing was done.")
    line(max_).get_by_role("button", name="Look at it").click()
    has_open(max_, third)
    expect(max_.page.locator("[data-item] .notice").first).to_contain_text("Mona removed this")
    for reader in readers:
        expect(reader.comment(first)).to_be_visible()


def test_what_was_undone_is_back_on_open_pages_and_in_the_queue(stage: Stage, visit: Visit) -> None:
    slug = stage.article("The weir")
    [comment] = reported(stage, slug, "One thing.")
    stage.post(slug, "An answer.", by="omar", parent=comment)
    guest, mona = visit(slug), at_desk(visit, slug)
    has_open(mona, comment)
    mona.page.get_by_label("Reason of the removal", exact=True).select_option(label="advertising or spam")
    mona.button("Remove").click()
    expect(guest.comment(comment).locator("> article .tombstone")).to_contain_text("advertising or spam")
    expect(mona.page.locator("[data-empty]")).to_be_visible()
    mona.opens(f"/moderation?queue=log&article={slug}")
    mona.page.locator(".log > li", has_text="The weir").first.get_by_role("button").click()
    expect(guest.comment(comment).locator("> article .comment-body")).to_have_text("One thing.")
    mona.opens(f"/moderation?article={slug}")
    has_open(mona, comment)


def test_counts_and_what_has_come_are_told_while_the_desk_is_open(stage: Stage, visit: Visit) -> None:
    slug = stage.article("The weir")
    reported(stage, slug, "One thing.")
    mona = visit("", "mona", role=Role.MODERATOR)
    mona.opens("/moderation?queue=held")
    mona.is_live()
    held = mona.page.locator('[data-count-of="held"]')
    before = int(held.inner_text())
    comment = stage.run(stage.world.post(slug, "Look at this first.", by="iris", held=True))
    expect(held).to_have_text(str(before + 1))
    mona.page.get_by_role("link", name="1 more has come").click()
    expect(entry(mona, comment)).to_contain_text("Look at this first.")
    stage.restore(comment)
    expect(held).to_have_text(str(before))


def test_where_sockets_are_blocked_the_desk_asks(stage: Stage, visit: Visit) -> None:
    slug = stage.article("The weir")
    with without_sockets(stage) as address:
        mona = visit(site=address)
        mona.expects += ["WebSocket connection", "426", "400"]
        token = stage.sign_in("mona", Role.MODERATOR)
        mona.context.add_cookies([{"name": "forum", "value": token, "url": address}])
        mona.opens("/moderation")
        mona.says("Live", seconds=20)
        held = mona.page.locator('[data-count-of="held"]')
        before = int(held.inner_text())
        comment = stage.run(stage.world.post(slug, "Look at this first.", by="iris", held=True))
        expect(held).to_have_text(str(before + 1), timeout=20_000)
        stage.restore(comment)


def test_without_scripts_one_decides_goes_on_and_is_told_of_the_other(stage: Stage, visit: Visit) -> None:
    slug = stage.article("The weir")
    first, second = reported(stage, slug, "One thing.", "Another.")
    mona = at_desk(visit, slug, java_script_enabled=False)
    max_ = at_desk(visit, slug, "max", java_script_enabled=False)
    has_open(mona, first)
    has_open(max_, second)
    expect(entry(max_, first)).to_contain_text("Mona has this open")
    entry(max_, first).get_by_role("link").click()
    mona.button("Leave it, dismiss").click()
    has_open(mona, second)
    expect(line(mona)).to_contain_text("Dismissed the reports")
    max_.expects += ["409"]
    max_.button("Remove").click()
    expect(max_.page.get_by_role("alert")).to_contain_text("Mona left this as it is")
    max_.link("Go on to the next").click()
    has_open(max_, second)
    line(mona).get_by_role("button", name="Undo").click()
    has_open(mona, first)


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_warning_is_read_and_acknowledged_with_the_next_comment(
    stage: Stage, visit: Visit, has_scripts: bool
) -> None:
    slug = stage.article("The weir")
    writer = f"loud{'a' if has_scripts else 'b'}"
    comment = stage.post(slug, "ALL OF YOU.", by=writer)
    stage.report(comment, by="pia")
    reader = visit(slug, writer, java_script_enabled=has_scripts)
    mona = at_desk(visit, slug, java_script_enabled=has_scripts)
    mona.page.locator("summary", has_text="Warn @").click()
    mona.page.get_by_label("What they are to know").fill("No capitals, please.")
    mona.button("Warn").click()
    expect(line(mona)).to_contain_text("Warned")
    expect(mona.page.locator("[data-record]")).to_contain_text("No capitals, please.")

    reader.expects += ["403"]
    reader.posts("In small letters then.")
    form = reader.page.locator("form[data-composer]").first
    expect(form).to_contain_text("No capitals, please.")
    expect(form.locator("[data-body]")).to_have_value("In small letters then.")
    assert not has_scripts or faults(reader.page) == []
    form.get_by_label("I have read this.").check()
    reader.button("Post comment").click()
    expect(reader.page.locator(".comment-body", has_text="In small letters then.")).to_be_visible()
    expect(reader.page.get_by_label("I have read this.")).to_have_count(0)


def test_on_a_phone_list_item_and_record_stand_one_beneath_the_other(stage: Stage, visit: Visit) -> None:
    slug = stage.article("The weir")
    first, second = reported(stage, slug, "One thing.", "Another, which is a good deal longer than the first one was.")
    mona = at_desk(visit, slug, viewport={"width": 390, "height": 844})
    entry(mona, second).get_by_role("link").click()
    has_open(mona, second)
    expect(mona.page.locator("[data-item]")).to_be_in_viewport()
    mona.button("Remove").click()
    has_open(mona, first)
    expect(line(mona).get_by_role("button", name="Undo")).to_be_in_viewport()
    assert faults(mona.page) == []
    assert too_wide(mona.page) == []


def test_on_a_phone_what_was_done_does_not_cover_what_is_done_to_those_chosen(stage: Stage, visit: Visit) -> None:
    slug = stage.article("The weir")
    first, second, third = reported(stage, slug, "One thing.", "Another.", "A third.")
    mona = at_desk(visit, slug, viewport={"width": 390, "height": 844})
    has_open(mona, first)
    mona.button("Leave it, dismiss").click()
    has_open(mona, second)
    mona.link("Next").click()
    has_open(mona, third)
    mona.page.get_by_label("Choose the comment of Tilda").first.check()
    mona.button("Remove 1 chosen").click()
    expect(line(mona)).to_contain_text("Removed a comment")
    expect(entry(mona, second)).to_have_count(0)


def test_the_record_beside_the_next_item_counts_what_was_just_decided(stage: Stage, visit: Visit) -> None:
    slug = stage.article("The weir")
    comments = [stage.post(slug, text, by="repeater") for text in ("One thing.", "Another.")]
    for comment in comments:
        stage.report(comment, by="pia")
    mona = at_desk(visit, slug)
    has_open(mona, comments[0])
    fetched_ahead(mona, comments[1])
    mona.button("Remove").click()
    has_open(mona, comments[1])
    expect(mona.page.locator("[data-record] dl")).to_contain_text(re.compile(r"Removed in 90 days\s*1"))


def test_all_is_reached_by_the_tab_key_and_the_focus_is_seen(stage: Stage, visit: Visit) -> None:
    slug = stage.article("The weir")
    first, second = reported(stage, slug, "One thing.", "Another.")
    mona = at_desk(visit, slug)
    has_open(mona, first)
    keys = Keyboard(mona)
    keys.tab_to("Tilda")
    keys.go("Tilda")
    has_open(mona, second)
    keys.tab_to("Leave it, dismiss")
    keys.tab_to("Reason of the removal")
    keys.tab_to("Remove")
    keys.go("Warn @tilda")
    keys.tab_to("What they are to know")
    keys.tab_to("A note about @tilda")
    keys.type("Knows weirs.")
    mona.page.keyboard.press("Enter")
    expect(mona.page.locator("[data-record]")).to_contain_text("Knows weirs.")
    keys.tab_to("Ban @tilda")
    mona.page.keyboard.press("n")
    has_open(mona, first)


def test_who_moderates_no_more_is_told_so_on_the_open_desk(stage: Stage, visit: Visit) -> None:
    slug = stage.article("The weir")
    reported(stage, slug, "One thing.")
    former = at_desk(visit, slug, "former")
    stage.sign_out("former")
    expect(former.page.get_by_role("alert")).to_contain_text("You are signed out")


@pytest.mark.parametrize("has_scripts", [True, False])
def test_several_are_chosen_and_removed_and_that_is_taken_back(stage: Stage, visit: Visit, has_scripts: bool) -> None:
    slug = stage.article("The weir")
    comments = reported(stage, slug, "One thing.", "Another.", "A third.", "A fourth.")
    guest = visit(slug)
    mona = at_desk(visit, slug, java_script_enabled=has_scripts)
    boxes = mona.page.get_by_label("Choose the comment of Tilda")
    boxes.nth(0).check()
    if has_scripts:
        boxes.nth(2).click(modifiers=["Shift"])
        mona.button("Remove 3 chosen").click()
    else:
        boxes.nth(1).check()
        boxes.nth(2).check()
        mona.button("Remove those chosen").click()
    expect(line(mona)).to_contain_text("Removed 3 comments")
    for comment in comments[:3]:
        expect(guest.comment(comment)).to_have_count(0)
        expect(entry(mona, comment)).to_have_count(0)
    has_open(mona, comments[3])
    line(mona).get_by_role("button", name="Undo").click()
    expect(mona.page.locator("[data-entry]")).to_have_count(4)
    expect(line(mona)).to_contain_text("Undid: Removed 3 comments")
    expect(line(mona).get_by_role("button", name="Do it again")).to_be_visible()
    expect(guest.page.locator("[data-pill]")).to_have_text("3 new comments")


@pytest.mark.parametrize("has_scripts", [True, False])
def test_an_author_appeals_and_a_colleague_of_the_moderator_grants_it(
    stage: Stage, visit: Visit, has_scripts: bool
) -> None:
    slug, writer = stage.article("The weir"), f"asker{'a' if has_scripts else 'b'}"
    comment = stage.post(slug, "A figure of speech.", by=writer)
    stage.remove(comment)
    author = visit("", writer, java_script_enabled=has_scripts)
    author.opens("/settings/decisions")
    author.sees("Removed by a moderator: personal attack.")
    author.page.locator("summary", has_text="Appeal").click()
    author.page.get_by_label("Why should the moderators look again?").fill("It is one, really.")
    author.button("Appeal").click()
    author.sees("A moderator will read it and answer here.")

    guest = visit(slug)
    max_ = visit("", "max", role=Role.MODERATOR, java_script_enabled=has_scripts)
    max_.opens(f"/moderation?queue=appeals&article={slug}")
    expect(max_.page.locator("[data-item]")).to_contain_text("It is one, really.")
    max_.button("Decline").click()
    expect(max_.page.get_by_label("Answer, which the author reads")).to_be_focused()
    max_.page.get_by_label("Answer, which the author reads").fill("So it is.")
    max_.button("Grant: bring it back").click()
    expect(line(max_)).to_contain_text("Granted the appeal")
    expect(guest.page.locator("[data-pill]")).to_have_text("1 new comment")
    author.opens("/settings/decisions")
    author.sees("Granted: your comment is to be seen again.")
    author.sees("So it is.")
    assert not has_scripts or faults(author.page) == []


def test_a_new_account_is_looked_at_and_what_it_wrote_removed(stage: Stage, visit: Visit) -> None:
    slug = stage.article("The weir")
    spam = stage.post(slug, "Buy my oars.", by="newcomer")
    fine = stage.post(slug, "What a fine weir.", by="newcomer")
    guest, mona = visit(slug), at_desk(visit, slug, queue="accounts")
    mona.sees("Readers of the last 7 days who have written something since a moderator last looked.")
    expect(mona.page.locator("[data-item]")).to_contain_text("What a fine weir.")
    mona.page.locator("[data-item] li", has_text="Buy my oars.").get_by_label("Choose").check()
    mona.page.get_by_label("Reason of the removal of several").select_option(label="advertising or spam")
    mona.button("Remove 1 chosen").click()
    expect(guest.comment(spam)).to_have_count(0)
    expect(line(mona)).to_contain_text("Removed a comment")
    mona.page.keyboard.press("a")
    expect(mona.page.locator("[data-empty]")).to_be_visible()
    expect(guest.comment(fine)).to_be_visible()
