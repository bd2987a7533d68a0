"""What moderators set while others read and write: pins, closed branches and sections, slow mode, editors' picks."""

from playwright.sync_api import Locator, expect

from forum.permissions import Role
from tests.journeys.conftest import BROWSERS, Visit
from tests.journeys.person import Person
from tests.journeys.sameness import LEAVE_FIELD, same_as_fresh
from tests.journeys.stage import Stage
from tests.journeys.test_stillness import caught_up, moved, watch
from tests.journeys.test_without_scripts import act, plain

NO_REPLIES = "No more replies are taken here. Your draft is kept."


def moderator(visit: Visit) -> Person:
    """Mona, without scripts."""
    return visit("", "mona", role=Role.MODERATOR, java_script_enabled=False)


def ids(person: Person) -> list[int]:
    """The top-level comments in the page's order."""
    found = person.page.locator("[data-tree] > [data-comment]").evaluate_all(
        "all => all.map((one) => one.dataset.comment)"
    )
    return [int(one) for one in found]


def scrolls_to(person: Person, comment: int) -> None:
    """Bring a comment to the middle of the window."""
    person.page.evaluate("id => document.getElementById(id).scrollIntoView({ block: 'center' })", f"comment-{comment}")
    person.page.wait_for_function("() => scrollY > 0")


def pin(mona: Person, comment: int, button: str = "Pin it to the top") -> None:
    """Use the form on a comment's own page."""
    mona.opens(f"/comments/{comment}")
    act(mona, "Pin").get_by_role("button", name=button).click()


def badge(person: Person, comment: int, words: str) -> Locator:
    """A badge in the head of a comment."""
    return person.comment(comment).locator("> article .badge", has_text=words)


@BROWSERS
def test_a_pinned_comment_says_so_where_it_is_and_goes_to_the_top_once_nobody_looks(
    stage: Stage, visit: Visit, in_firefox: bool
) -> None:
    slug = stage.article("Pinned while reading")
    tops = stage.fill(slug, 20)
    iris, mona = visit(slug, "iris", firefox=in_firefox), moderator(visit)
    pinned = tops[8]
    scrolls_to(iris, pinned)
    watch(iris.page, f"#comment-{pinned} > article", f"#comment-{pinned - 1} > article")
    pin(mona, pinned)
    expect(badge(iris, pinned, "Pinned")).to_be_visible()
    assert max(moved(iris.page).values()) <= 1, moved(iris.page)
    assert ids(iris) == tops[::-1]
    assert ids(visit(slug)) == [pinned, *(top for top in reversed(tops) if top != pinned)]
    scrolls_to(iris, tops[0])
    iris.page.wait_for_function(
        "id => document.querySelector('[data-tree]').firstElementChild.id === id", arg=f"comment-{pinned}"
    )
    same_as_fresh(iris)
    pin(mona, pinned, "Unpin it")
    iris.page.wait_for_function(
        "id => document.querySelector('[data-tree]').firstElementChild.id !== id", arg=f"comment-{pinned}"
    )
    expect(badge(iris, pinned, "Pinned")).to_have_count(0)
    same_as_fresh(iris)


def test_a_pinned_comment_that_is_further_down_than_the_page_comes_with_its_replies_and_goes_again(
    stage: Stage, visit: Visit
) -> None:
    slug = stage.article("Pinned from far below")
    tops = stage.fill(slug, 30)
    replies = stage.fill(slug, 2, by="omar", parent=tops[0])
    iris = visit(slug, "iris")
    stage.moderate(f"/comments/{tops[0]}/pin", value="1")
    iris.button("1 new comment").click()
    assert ids(iris) == [tops[0], *reversed(tops[5:])]
    iris.comment(tops[0]).get_by_role("link", name="2 more replies").click()
    expect(iris.comment(replies[1])).to_be_visible()
    scrolls_to(iris, tops[10])
    iris.page.evaluate(LEAVE_FIELD)
    stage.moderate(f"/comments/{tops[0]}/pin", value="0")
    expect(iris.comment(tops[0])).to_have_count(0)
    same_as_fresh(iris)


def test_a_closed_branch_takes_no_more_replies_and_keeps_what_is_being_written(stage: Stage, visit: Visit) -> None:
    slug = stage.article("A branch closes")
    root, other = stage.fill(slug, 2)
    reply = stage.post(slug, "An answer.", by="omar", parent=root)
    iris, mona = visit(slug, "iris"), moderator(visit)
    field = iris.replies_to(reply)
    field.fill("Not to be lost.")
    mona.opens(f"/comments/{root}")
    form = act(mona, "Close this branch")
    form.get_by_label("Why, shown to readers").fill("It goes in circles")
    form.get_by_role("button", name="Close it to replies").click()
    composer = iris.page.locator(f"#composer-{reply}")
    expect(composer.get_by_role("alert")).to_have_text(NO_REPLIES)
    expect(composer.locator("[data-post]")).to_be_disabled()
    expect(field).to_have_value("Not to be lost.")
    for one in (root, reply):
        expect(iris.comment(one).locator("> [data-actions] [data-reply]")).to_be_hidden()
    expect(iris.comment(reply).locator("> [data-actions]").get_by_text("Closed to replies")).to_be_visible()
    expect(iris.comment(other).locator("> [data-actions] [data-reply]")).to_be_visible()
    same_as_fresh(iris)
    expect(iris.comment(root).locator("> article .branch-note")).to_contain_text(": It goes in circles.")
    mona.opens(f"/comments/{root}")
    act(mona, "Open this branch again").get_by_role("button", name="Take replies again").click()
    expect(composer.locator("[data-post]")).to_be_enabled()
    composer.locator("[data-post]").click()
    expect(iris.comment(root).locator("[data-author=iris] .comment-body")).to_have_text("Not to be lost.")


def test_the_page_of_a_reply_closes_with_its_branch(stage: Stage, visit: Visit) -> None:
    slug = stage.article("A branch closes elsewhere")
    [root] = stage.fill(slug, 1)
    reply = stage.post(slug, "An answer.", by="omar", parent=root)
    iris = visit("", "iris")
    iris.opens(f"/comments/{reply}")
    iris.is_live()
    stage.moderate(f"/comments/{root}/branch", state="closed")
    expect(iris.page.locator("[data-closed]")).to_contain_text("Closed to replies")
    expect(iris.page.locator("form[data-composer]")).to_be_hidden()
    stage.post(slug, "Of another branch.")
    caught_up(iris, stage, slug)
    expect(iris.page.locator("[data-closed]")).to_contain_text("Closed to replies")
    stage.moderate(f"/comments/{root}/branch", state="open")
    expect(iris.page.locator("form[data-composer]")).to_be_visible()


def test_a_section_closes_under_open_pages_and_gives_back_what_was_before(stage: Stage, visit: Visit) -> None:
    slug, quiet = stage.article("The section closes"), stage.article("Closed before")
    stage.discussion(quiet, "readonly")
    iris, mona = visit(slug, "iris"), moderator(visit)
    omar = visit(slug, "omar")
    omar.writes("Not to be lost.")
    mona.opens("/moderation/sections")
    news = mona.page.locator("#section-news")
    news.get_by_text("Close all its discussions").click()
    news.get_by_label("Why, shown to readers").fill("The vote is on")
    news.get_by_role("button", name="Close them").click()
    expect(news.get_by_text("Closed since")).to_be_visible()
    for person in (iris, omar):
        expect(person.page.locator("[data-closed]")).to_contain_text("All discussions in News were closed on ")
        expect(person.page.locator("[data-closed]")).to_contain_text(": The vote is on.")
    expect(iris.page.locator("#body-new")).to_be_hidden()
    expect(omar.page.locator("#body-new")).to_have_value("Not to be lost.")
    expect(plain(visit, "tilda", slug).page.locator("[data-closed]")).to_contain_text("The vote is on.")
    news.get_by_text("Open its discussions again").click()
    news.get_by_role("button", name="Open them again").click()
    expect(iris.page.locator("#body-new")).to_be_visible()
    omar.button("Post comment").click()
    omar.sees("Not to be lost.")
    expect(visit(quiet, "iris").page.locator("[data-closed]")).to_contain_text("This discussion was closed on ")


def test_slow_mode_is_said_in_the_composer_and_who_is_too_fast_is_told_when_to_post(stage: Stage, visit: Visit) -> None:
    slug = stage.article("Slowed down")
    iris, mona = visit(slug, "iris"), moderator(visit)
    iris.expects += ["429"]
    iris.posts("The first.")
    iris.sees("The first.")
    mona.reads(slug)
    mona.page.get_by_text("Slow mode, closing, pinning").click()
    mona.page.get_by_label("One comment of each reader every").select_option("5 minutes")
    mona.button("Save").first.click()
    expect(iris.page.locator(".composer-slow")).to_have_text("One comment every 5 minutes here.")
    iris.posts("The second.")
    expect(iris.page.get_by_role("alert")).to_contain_text("One comment every 5 minutes here. You can post again in ")
    expect(iris.page.locator("#body-new")).to_have_value("The second.")
    staff = visit(slug, "mona", role=Role.MODERATOR)
    expect(staff.page.locator(".composer-slow")).to_contain_text("Not for you")
    stage.moderate(f"/articles/{slug}/slow", seconds="0")
    expect(iris.page.locator(".composer-slow")).to_be_hidden()
    iris.button("Post comment").click()
    iris.sees("The second.")


def test_a_slower_branch_says_so_in_the_composers_beneath_it(stage: Stage, visit: Visit) -> None:
    slug = stage.article("A slow branch")
    root, other = stage.fill(slug, 2)
    iris = visit(slug, "iris")
    stage.moderate(f"/articles/{slug}/slow", seconds="60")
    stage.moderate(f"/comments/{root}/slow", seconds="900")
    expect(iris.comment(root).locator("> article .branch-note")).to_have_text("One reply every 15 minutes here.")
    for comment, words in {root: "One reply every 15 minutes here.", other: "One comment every minute here."}.items():
        iris.replies_to(comment)
        expect(iris.page.locator(f"#composer-{comment} .composer-slow")).to_have_text(words)


def test_a_pick_appears_on_open_pages_and_in_the_list_of_picks_and_goes_again(stage: Stage, visit: Visit) -> None:
    slug = stage.article("Picked while reading")
    tops = stage.fill(slug, 3)
    reply = stage.post(slug, "What the editors liked.", by="omar", parent=tops[0])
    iris, mona = visit(slug, "iris"), moderator(visit)
    picks = iris.page.locator("[data-picks]")
    expect(picks).to_be_hidden()
    mona.opens(f"/comments/{reply}")
    act(mona, "Editors’ pick").get_by_role("button", name="Make it a pick").click()
    expect(badge(iris, reply, "Editors’ pick")).to_be_visible()
    expect(picks).to_have_text("Picks, 1")
    same_as_fresh(iris)
    pia = visit(slug, "pia", query="?show=picks")
    expect(pia.page.locator("[data-tree] > [data-comment]")).to_have_count(1)
    stage.moderate(f"/comments/{tops[1]}/feature", value="1")
    stage.post(slug, "No pick at all.")
    pia.button("1 new comment").click()
    expect(badge(pia, tops[1], "Editors’ pick")).to_be_visible()
    assert ids(pia) == [reply, tops[1]]
    expect(pia.page.locator("[data-picks]")).to_have_text("Picks, 2")
    same_as_fresh(pia)
    stage.remove(tops[1])
    expect(pia.comment(tops[1])).to_have_count(0)
    stage.moderate(f"/comments/{reply}/feature", value="0")
    expect(pia.comment(reply)).to_have_count(0)
    expect(pia.page.locator("[data-empty]")).to_be_visible()
    expect(badge(iris, reply, "Editors’ pick")).to_have_count(0)
    expect(picks).to_be_hidden()


def test_what_the_newsroom_says_stands_alone_on_a_page_of_its_own_and_comes_there_live(
    stage: Stage, visit: Visit
) -> None:
    slug = stage.article("The newsroom answers")
    [question] = stage.fill(slug, 1)
    iris = visit(slug, "iris")
    newsroom = iris.page.get_by_role("link", name="Newsroom")
    expect(newsroom).to_be_hidden()
    visit(slug, "eddie", role=Role.EDITOR)
    answer = stage.post(slug, "The newsroom has asked.", by="eddie", parent=question)
    expect(newsroom).to_be_visible()
    newsroom.click()
    expect(iris.page.locator("[data-tree] > [data-comment]")).to_have_count(1)
    stage.post(slug, "Said by a reader.", parent=answer)
    further = stage.post(slug, "And it has heard back.", by="eddie")
    iris.button("1 new comment").click()
    expect(iris.comment(further)).to_be_visible()
    assert ids(iris) == [further, answer]
    same_as_fresh(iris)


def test_without_scripts_one_reads_the_picks_and_goes_from_each_to_its_place(stage: Stage, visit: Visit) -> None:
    slug = stage.article("Picks without scripts")
    for comment in stage.fill(slug, 27):
        stage.moderate(f"/comments/{comment}/feature", value="1")
    guest = plain(visit, slug=slug)
    guest.link("Picks, 27").click()
    expect(guest.page.locator("[data-tree] > [data-comment]")).to_have_count(25)
    guest.link("More picks").click()
    expect(guest.page.locator("[data-tree] > [data-comment]")).to_have_count(2)
    guest.link("See it in the conversation").first.click()
    guest.sees("From the comments on")


def test_an_editor_picks_and_places_but_does_not_close(stage: Stage, visit: Visit) -> None:
    slug = stage.article("The editor's part")
    [comment] = stage.fill(slug, 1)
    eddie = visit(slug, "eddie", role=Role.EDITOR)
    more = eddie.comment(comment).locator("[data-more]")
    more.locator("summary").click()
    expect(more.get_by_role("link", name="Pin, slow down, close")).to_be_hidden()
    more.get_by_role("link", name="Editors’ pick").click()
    eddie.button("Make it a pick").click()
    expect(badge(eddie, comment, "Editors’ pick")).to_be_visible()
    eddie.page.locator(".discussion-strip summary").click()
    eddie.page.locator("form", has_text="The top of News:").get_by_role("button", name="Pin this article").click()
    guest = plain(visit)
    guest.opens("/sections/news")
    expect(guest.page.locator(".lead")).to_contain_text("The editor's part")
    expect(guest.page.locator(".lead .card-pinned")).to_have_text("Pinned")
    stage.moderate(f"/articles/{slug}/pin", section="news", value="0")


def test_on_a_phone_a_moderator_closes_a_branch_from_the_comment_itself(stage: Stage, visit: Visit) -> None:
    slug = stage.article("Closed from a phone")
    [root] = stage.fill(slug, 1)
    iris = visit(slug, "iris", viewport={"width": 390, "height": 844})
    mona = visit(slug, "mona", role=Role.MODERATOR, viewport={"width": 390, "height": 844})
    more = mona.comment(root).locator("[data-more]")
    more.locator("summary").click()
    for entry in more.get_by_role("link").all():
        box = entry.bounding_box()
        assert box is None or box["height"] >= 44
    more.get_by_role("link", name="Pin, slow down, close").click()
    mona.button("Close it to replies").click()
    expect(mona.comment(root).locator("> article .branch-note")).to_be_visible()
    expect(iris.comment(root).locator("> article .branch-note")).to_be_visible()
    expect(iris.comment(root).locator("> [data-actions] [data-reply]")).to_be_hidden()
