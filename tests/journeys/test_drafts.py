"""What somebody writes is not lost, and is posted once."""

from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.sameness import same_as_fresh
from tests.journeys.stage import Stage

POST = """async (url) => {
  const headers = { Accept: "application/json" };
  return (await fetch(url, { method: "POST", headers, body: new URLSearchParams({ body: "You are all" }) })).status;
}"""


def test_drafts_survive_a_reload_each_in_its_place(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    [first] = stage.fill(slug, 1)
    nora = visit(slug, "nora")
    nora.writes("To all of you.")
    nora.replies_to(first).fill("To you alone.")
    nora.page.reload()
    expect(nora.page.locator("#body-new")).to_have_value("To all of you.")
    expect(nora.page.locator(f"#body-{first}")).to_have_value("To you alone.")
    expect(nora.page.get_by_text("Draft kept")).to_have_count(2)
    nora.button("Post reply").click()
    expect(nora.page.locator(".comment-body", has_text="To you alone.")).to_be_visible()
    nora.page.reload()
    expect(nora.page.locator("#body-new")).to_have_value("To all of you.")
    expect(nora.page.locator(f"#body-{first}")).to_have_count(0)


def test_a_draft_is_not_shown_to_the_next_person_at_the_same_browser(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    nora = visit(slug, "nora")
    nora.writes("For my own eyes.")
    nora.sees("Draft kept")
    nora.context.add_cookies([{"name": "forum", "value": stage.sign_in("omar"), "url": stage.url}])
    nora.reads(slug)
    expect(nora.page.locator("#body-new")).to_have_value("")


def test_a_double_click_on_post_makes_one_comment(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    nora = visit(slug, "nora")
    nora.writes("Once is enough.")
    nora.button("Post comment").dblclick()
    expect(nora.page.locator("#body-new")).to_have_value("")
    assert same_as_fresh(nora)["count"] == "1 comment"


def test_two_windows_with_the_same_draft_make_one_comment(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    nora = visit(slug, "nora")
    nora.writes("Twice the same.")
    nora.sees("Draft kept")
    other = nora.context.new_page()
    other.goto(nora.page.url)
    expect(other.locator("#body-new")).to_have_value("Twice the same.")
    nora.button("Post comment").click()
    expect(nora.page.locator(".comment-body", has_text="Twice the same.")).to_be_visible()
    other.get_by_role("button", name="Post comment").click()
    expect(other.locator("#body-new")).to_have_value("")
    assert same_as_fresh(nora)["count"] == "1 comment"


def test_another_text_with_a_key_that_was_used_is_refused_with_a_sentence_and_kept(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    nora = visit(slug, "nora")
    nora.expects += ["409"]
    nora.writes("The first text.")
    nora.sees("Draft kept")
    other = nora.context.new_page()
    other.goto(nora.page.url)
    expect(other.locator("#body-new")).to_have_value("The first text.")
    nora.button("Post comment").click()
    expect(nora.page.locator(".comment-body", has_text="The first text.")).to_be_visible()
    other.locator("#body-new").fill("Another text.")
    other.get_by_role("button", name="Post comment").click()
    expect(other.locator("[data-error]")).to_contain_text("Your earlier text was posted already.")
    expect(other.locator("#body-new")).to_have_value("Another text.")
    other.get_by_role("button", name="Post comment").click()
    expect(other.locator(".comment-body", has_text="Another text.")).to_be_visible()
    assert same_as_fresh(nora)["count"] == "2 comments"


def test_who_was_signed_out_meanwhile_signs_in_again_and_finds_the_text(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    stage.register("ravi", "four cold wet otters")
    ravi = visit()
    ravi.expects += ["401"]
    ravi.opens("/sign-in")
    ravi.signs_in("ravi", "four cold wet otters")
    ravi.reads(slug)
    ravi.writes("Not to be lost.")
    stage.sign_out("ravi")
    ravi.sees("You are signed out. Your draft is kept.")
    ravi.page.locator("[data-error]").get_by_role("link", name="Sign in").click()
    ravi.signs_in("ravi", "four cold wet otters")
    expect(ravi.page.locator("#body-new")).to_have_value("Not to be lost.")
    ravi.button("Post comment").click()
    expect(ravi.page.locator(".comment-body", has_text="Not to be lost.")).to_have_count(1)
    assert same_as_fresh(ravi)["count"] == "1 comment"


def test_a_ban_while_typing_is_told_at_once_and_the_text_is_kept(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    [first] = stage.fill(slug, 1)
    sven = visit(slug, "sven")
    sven.expects += ["401", "403"]
    sven.replies_to(first).press_sequentially("You are all")
    stage.ban("sven", "Insults.")
    expect(sven.page.locator("[data-composer-place]")).to_contain_text("Insults.")
    assert "You are all" in str(sven.page.evaluate("() => JSON.stringify(localStorage)"))
    expect(sven.page.locator("body")).not_to_have_attribute("data-viewer", "sven")
    sven.is_live()
    stage.post(slug, "That was rude.", by="omar", parent=first)
    expect(sven.comment(first).locator("> [data-waiting]")).to_have_text("1 new reply")
    assert sven.page.evaluate(POST, f"/articles/{slug}/comments") == 401
    same_as_fresh(sven)


def test_who_writes_is_told_above_the_draft_what_happens_to_the_comment_they_answer(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    [first, _] = stage.fill(slug, 2)
    pia = visit(slug, "pia")
    field = pia.replies_to(first)
    field.fill("I think that")
    notices = pia.page.locator(f"#composer-{first} [data-notices]")
    stage.post(slug, "Me first.", by="omar", parent=first)
    expect(notices).to_contain_text("1 more reply has come.")
    stage.post(slug, "Me too.", by="omar", parent=first)
    expect(notices).to_contain_text("2 more replies have come.")
    stage.edit(first, "It says another thing now.")
    expect(notices).to_contain_text("The comment you answer was edited.")
    stage.remove(first)
    expect(notices).to_contain_text("The comment you answer was removed by a moderator.")
    expect(field).to_have_value("I think that")
    same_as_fresh(pia)


def test_a_draft_under_a_comment_that_is_gone_stays_to_be_copied(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    [first, _] = stage.fill(slug, 2)
    pia = visit(slug, "pia")
    field = pia.replies_to(first)
    field.fill("I think that")
    stage.delete(first)
    pia.sees("The comment you answer is gone. Your text is kept here until you close it.")
    expect(field).to_have_value("I think that")
    pia.button("Close").click()
    expect(field).to_have_count(0)
    same_as_fresh(pia)


def test_a_preview_shows_the_text_as_it_will_be(stage: Stage, visit: Visit) -> None:
    nora = visit(stage.article(), "nora")
    nora.writes("It was *really* so.")
    nora.button("Preview").click()
    expect(nora.page.locator("[data-preview-of] em")).to_have_text("really")
    nora.button("Close preview").click()
    expect(nora.page.locator("[data-preview-of]")).to_have_count(0)
    expect(nora.page.locator("#body-new")).to_have_value("It was *really* so.")
