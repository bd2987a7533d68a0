"""Everything but liveness works in a browser that runs no scripts: what readers do."""

from playwright.sync_api import Locator, expect

from tests.journeys.conftest import Visit
from tests.journeys.person import Person
from tests.journeys.stage import Stage


def plain(visit: Visit, handle: str = "", slug: str = "") -> Person:
    """Somebody without scripts, at an article."""
    return visit(slug, handle, java_script_enabled=False)


def back_to_the_form(person: Person, key: str) -> None:
    """Go back to a form as browsers keep it, with its key; the driver's own have that switched off."""
    person.page.go_back()
    person.page.locator("input[name=key]").evaluate("(field, key) => { field.value = key; }", key)


def act(person: Person, name: str) -> Locator:
    """One of the acts on a comment's own page, opened."""
    person.page.locator("summary", has_text=name).click()
    return person.page.locator("details[open] form")


def test_one_registers_writes_signs_out_and_in_again(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    una = plain(visit, slug=slug)
    una.expects += ["422"]
    una.link("Register").click()
    una.page.get_by_label("Handle").fill("una")
    una.page.get_by_label("Name").fill("Una Quill")
    una.page.get_by_label("Password").fill("four cold wet otters")
    una.button("Register").click()
    expect(una.page).to_have_url(f"{stage.url}/articles/{slug}#discussion")
    una.posts("I came for this.")
    expect(una.page.locator(".comment-body")).to_have_text("I came for this.")
    una.page.locator("details.account summary").click()
    una.button("Sign out").click()
    una.opens(f"/articles/{slug}")
    una.link("Sign in to comment").click()
    una.signs_in("una", "a wrong guess at it")
    expect(una.page.get_by_role("alert")).to_be_visible()
    una.signs_in("una", "four cold wet otters")
    expect(una.page).to_have_url(f"{stage.url}/articles/{slug}#discussion")
    expect(una.page.locator("#body-new")).to_be_visible()


def test_one_reads_on_to_the_next_comments_and_to_more_replies(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    comments = stage.fill(slug, 30)
    replies = stage.fill(slug, 12, parent=comments[-1])
    guest = plain(visit, slug=slug)
    expect(guest.page.locator("[data-tree] > [data-comment]")).to_have_count(25)
    guest.link("5 more replies").click()
    expect(guest.comment(replies[-1])).to_be_visible()
    guest.page.go_back()
    guest.link("More comments").click()
    expect(guest.page.locator("[data-tree] > [data-comment]")).to_have_count(5)
    expect(guest.comment(comments[0])).to_be_visible()
    guest.link("Oldest").click()
    expect(guest.page.locator("[data-tree] > [data-comment]").first).to_have_id(f"comment-{comments[0]}")


def test_one_replies_looks_at_a_preview_edits_and_deletes(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    [first] = stage.fill(slug, 1)
    omar = plain(visit, "omar", slug)
    omar.comment(first).get_by_role("link", name="Reply").click()
    omar.page.get_by_label("Your reply").fill("It was *four* coins.")
    omar.button("Preview").click()
    expect(omar.page.locator(".comment-body em")).to_have_text("four")
    expect(omar.page.get_by_label("Your reply")).to_have_value("It was *four* coins.")
    omar.button("Post reply").click()
    reply = omar.comment(first).locator("[data-author=omar]")
    expect(reply.locator(".comment-body")).to_have_text("It was four coins.")
    reply.locator(".comment-at").click()
    edit = act(omar, "Edit")
    edit.get_by_label("Your comment").fill("It was three coins.")
    edit.get_by_role("button", name="Save").click()
    expect(reply.locator(".comment-body")).to_have_text("It was three coins.")
    expect(reply.locator(".comment-edited")).to_be_visible()
    reply.locator(".comment-at").click()
    act(omar, "Delete").get_by_role("button", name="Delete this comment").click()
    expect(omar.page).to_have_url(f"{stage.url}/articles/{slug}#discussion")
    expect(reply).to_have_count(0)


def test_one_recommends_and_takes_that_back_on_the_comments_own_page(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    [first] = stage.fill(slug, 1)
    omar = plain(visit, "omar", slug)
    score = omar.comment(first).locator("[data-score]")
    omar.comment(first).get_by_role("button", name="Recommend").click()
    expect(score).to_have_text("1")
    omar.comment(first).locator(".comment-at").click()
    act(omar, "You recommend this").get_by_role("button", name="Take that back").click()
    expect(score).to_have_text("0")


def test_an_empty_or_overlong_text_comes_back_with_what_is_wrong(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    omar = plain(visit, "omar", slug)
    omar.expects += ["422"]
    omar.posts("long " * 2500)
    expect(omar.page.get_by_role("alert")).to_contain_text("too long")
    expect(omar.page.get_by_label("Your comment")).to_have_value("long " * 2500)
    omar.page.get_by_label("Your comment").fill("Shorter.")
    omar.button("Post comment").click()
    expect(omar.page.locator(".comment-body")).to_have_text("Shorter.")


def test_the_back_button_brings_an_old_key_which_doubles_nothing_and_loses_nothing(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    omar = plain(visit, "omar", slug)
    omar.expects += ["409"]
    key = omar.page.locator("input[name=key]").input_value()
    omar.posts("The first text.")
    expect(omar.page.locator(".comment-body")).to_have_text("The first text.")
    placed = omar.page.url
    back_to_the_form(omar, key)
    omar.posts("The first text.")
    expect(omar.page).to_have_url(placed)
    expect(omar.page.locator(".comment-body")).to_have_count(1)
    back_to_the_form(omar, key)
    omar.posts("Another text.")
    expect(omar.page.get_by_role("alert")).to_be_visible()
    expect(omar.page.get_by_label("Your comment")).to_have_value("Another text.")
    omar.button("Post comment").click()
    expect(omar.page.locator(".comment-body")).to_have_count(2)


def test_who_was_signed_out_meanwhile_signs_in_and_finds_the_text_in_the_form(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    stage.register("runa", "four cold wet otters")
    runa = plain(visit)
    runa.opens("/sign-in")
    runa.signs_in("runa", "four cold wet otters")
    runa.opens(f"/articles/{slug}")
    stage.sign_out("runa")
    runa.posts("Not to be lost.")
    runa.signs_in("runa", "four cold wet otters")
    expect(runa.page.get_by_label("Your comment")).to_have_value("Not to be lost.")
    runa.button("Post comment").click()
    expect(runa.page.locator(".comment-body")).to_have_text("Not to be lost.")


def test_a_line_tells_how_many_have_come_since_the_page_was_loaded(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    guest = plain(visit, slug=slug)
    arrivals = guest.page.frame_locator("iframe")
    expect(arrivals.get_by_text("Nothing new since you loaded this")).to_be_visible()
    comment = stage.post(slug, "Something new.")
    frame = guest.page.frames[1]
    frame.goto(frame.url)
    arrivals.get_by_role("link", name="1 new since you loaded this").click()
    expect(guest.comment(comment)).to_be_visible()
