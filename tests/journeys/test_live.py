"""What others write arrives on open pages, in its place, and waits there until it is asked for."""

from playwright.sync_api import expect

from tests.journeys.conftest import BROWSERS, Visit
from tests.journeys.sameness import same_as_fresh
from tests.journeys.stage import Stage


@BROWSERS
def test_a_reply_arrives_nested_on_a_guests_page_behind_a_button_and_opens_in_its_place(
    stage: Stage, visit: Visit, in_firefox: bool
) -> None:
    slug = stage.article()
    first, second = stage.fill(slug, 2)
    guest = visit(slug, firefox=in_firefox)
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


def test_a_top_level_comment_waits_behind_the_pill_which_opens_it(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    stage.fill(slug, 3)
    guest = visit(slug)
    pill = guest.page.locator("[data-pill]")
    expect(pill).to_be_hidden()
    comment = stage.post(slug, "Has anybody asked the ferry?", by="omar")
    expect(pill).to_have_text("1 new comment")
    expect(guest.comment(comment)).to_have_count(0)
    expect(guest.page.locator("#discussion-title")).to_have_text("4 comments")
    pill.click()
    expect(guest.page.locator("[data-tree] > [data-comment]").first).to_have_id(f"comment-{comment}")
    expect(guest.comment(comment).locator("> article")).to_be_focused()
    expect(pill).to_be_hidden()
    same_as_fresh(guest)


def test_the_pill_counts_replies_too_and_opens_all_of_them(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    first, second = stage.fill(slug, 2)
    guest = visit(slug)
    replies = [stage.post(slug, f"To the {word}.", parent=top) for word, top in (("one", first), ("other", second))]
    deeper = stage.post(slug, "To what nobody has opened yet.", parent=replies[0])
    stage.post(slug, "To all.")
    expect(guest.page.locator("[data-pill]")).to_have_text("4 new comments")
    expect(guest.comment(first).locator("> [data-waiting]")).to_have_text("2 new replies")
    guest.page.locator("[data-pill]").click()
    expect(guest.comment(replies[0]).locator(f"#comment-{deeper}")).to_be_visible()
    expect(guest.page.locator("[data-waiting]")).to_have_count(0)
    assert len(same_as_fresh(guest)["comments"]) == 6


def test_ones_own_comment_and_reply_open_at_once_on_ones_own_page_and_wait_on_others(
    stage: Stage, visit: Visit
) -> None:
    slug = stage.article()
    [first] = stage.fill(slug, 1)
    omar, guest = visit(slug, "omar"), visit(slug)
    omar.posts("The toll was four coins.")
    own = omar.page.locator("[data-tree] > [data-author=omar]")
    expect(own).to_be_visible()
    expect(own.locator(".comment-you")).to_have_text("You")
    expect(guest.page.locator("[data-pill]")).to_have_text("1 new comment")
    omar.replies_to(first).fill("So I was told.")
    omar.button("Post reply").click()
    expect(omar.comment(first).locator("[data-author=omar] .comment-body")).to_have_text("So I was told.")
    expect(guest.comment(first).locator("> [data-waiting]")).to_have_text("1 new reply")
    expect(omar.page.locator("[data-pill]")).to_be_hidden()
    assert same_as_fresh(omar) == same_as_fresh(guest)


def test_what_one_posts_in_one_window_opens_by_itself_in_ones_other_window(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    [first] = stage.fill(slug, 1)
    omar = visit(slug, "omar")
    top, reply = stage.post(slug, "From my phone.", by="omar"), stage.post(slug, "Yes.", by="omar", parent=first)
    expect(omar.comment(top)).to_be_visible()
    expect(omar.comment(reply)).to_be_visible()
    expect(omar.page.locator("[data-pill]")).to_be_hidden()


def test_a_reply_to_me_opens_by_itself_when_nothing_on_screen_would_shift(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    first = stage.post(slug, "Who remembers the toll?", by="omar")
    stage.fill(slug, 20)
    omar = visit(slug, "omar")
    far = stage.post(slug, "I do. It was four coins.", parent=first)
    expect(omar.comment(far)).to_have_count(1)
    omar.comment(first).locator("> article").scroll_into_view_if_needed()
    near = stage.post(slug, "Three, before the war.", parent=first)
    expect(omar.comment(first).locator("> [data-waiting]")).to_have_text("1 new reply")
    expect(omar.comment(near)).to_have_count(0)
    same_as_fresh(omar)


def test_edits_removals_and_deletions_are_seen_where_they_happen(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    edited, removed, deleted, gone = stage.fill(slug, 4)
    for answered in (removed, deleted):
        stage.post(slug, "Hear, hear.", by="omar", parent=answered)
    guest = visit(slug)
    stage.edit(edited, "It says another thing now.")
    stage.remove(removed)
    stage.delete(deleted)
    stage.delete(gone)
    expect(guest.comment(edited).locator("> article .comment-body")).to_have_text("It says another thing now.")
    expect(guest.comment(edited).locator(".comment-edited")).to_have_text("edited")
    expect(guest.comment(removed).locator(".tombstone").first).to_contain_text("Removed by a moderator")
    expect(guest.comment(deleted).locator(".tombstone").first).to_have_text("Deleted by its author.")
    expect(guest.comment(gone)).to_have_count(0)
    stage.restore(removed)
    expect(guest.comment(removed).locator(".tombstone")).to_have_count(0)
    assert same_as_fresh(guest)["count"] == "4 comments"


def test_a_discussion_that_is_closed_and_opened_says_so_on_open_pages(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    [first] = stage.fill(slug, 1)
    nora = visit(slug, "nora")
    stage.discussion(slug, "readonly")
    nora.sees("You can read it, not write in it.")
    expect(nora.page.locator("#body-new")).to_be_hidden()
    expect(nora.comment(first).get_by_text("Reply")).to_be_hidden()
    stage.discussion(slug, "open")
    expect(nora.page.locator("#body-new")).to_be_visible()
    expect(nora.comment(first).get_by_text("Reply")).to_be_visible()
    same_as_fresh(nora)


def test_a_vote_is_counted_on_other_pages_and_can_be_withdrawn(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    [first] = stage.fill(slug, 1)
    omar, guest = visit(slug, "omar"), visit(slug)
    button = omar.comment(first).locator("[data-vote] button")
    for score, pressed in (("1", "true"), ("0", "false")):
        button.click()
        expect(button).to_have_attribute("aria-pressed", pressed)
        for person in (omar, guest):
            expect(person.comment(first).locator("[data-score]")).to_have_text(score)
