"""Everything can be done with no mouse event, and at each step one sees where one is."""

from playwright.sync_api import expect

from forum.permissions import Role
from tests.journeys.conftest import Visit
from tests.journeys.person import Person
from tests.journeys.sameness import same_as_fresh
from tests.journeys.stage import Stage

MOST_STEPS = 80

# A field may be outlined by the frame it stands in, as the composer's is.
FOCUS = """() => {
  const element = document.activeElement;
  const { top, bottom, width } = element.getBoundingClientRect();
  const isOutlined = (one) => {
    const { outlineStyle, outlineWidth } = one ? getComputedStyle(one) : {};
    return one && outlineStyle !== "none" && parseFloat(outlineWidth) >= 1;
  };
  const label = element.labels?.[0]?.textContent ?? element.getAttribute("aria-label") ?? element.textContent;
  return {
    name: label.trim().replace(/\\s+/g, " "),
    tag: element.localName,
    id: element.id,
    isSeen: (isOutlined(element) || isOutlined(element.parentElement)) && bottom > 0 && top < innerHeight && width > 0,
    comment: element.closest("[data-comment]")?.id ?? "",
  };
}"""


class Keyboard:
    """Somebody's keyboard; after each key the focus must be seen."""

    def __init__(self, person: Person) -> None:
        self.person = person

    def press(self, key: str) -> dict[str, str]:
        """Press a key that moves the focus; gives where it is then."""
        self.person.page.keyboard.press(key)
        focus: dict[str, str] = self.person.page.evaluate(FOCUS)
        assert focus["tag"] == "body" or focus["isSeen"], f"after {key} the focus is not seen: {focus}"
        return focus

    def tab_to(self, name: str, *, tag: str = "") -> None:
        """Press Tab until the focus is on what has this name."""
        passed = []
        for _ in range(MOST_STEPS):
            focus = self.press("Tab")
            passed.append(focus["name"])
            if focus["name"].startswith(name) and focus["tag"].startswith(tag):
                return
        raise AssertionError(f"no {name!r} among {passed}")

    def type(self, text: str) -> None:
        """Write where the focus is."""
        self.person.page.keyboard.type(text)

    def go(self, name: str, *, tag: str = "") -> None:
        """Tab to what has this name, and press Enter."""
        self.tab_to(name, tag=tag)
        self.person.page.keyboard.press("Enter")


def test_one_signs_in_from_an_article_and_is_back_there(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    stage.register("kai", "four cold wet otters")
    kai = visit(slug)
    keys = Keyboard(kai)
    assert keys.press("Tab")["name"] == "Skip to the page"
    assert keys.press("Tab")["name"] == "Skip to the comments"
    kai.page.keyboard.press("Enter")
    keys.go("Sign in to comment")
    kai.page.wait_for_url("**/sign-in?**")
    keys.tab_to("Handle or e-mail address")
    keys.type("kai")
    keys.tab_to("Password")
    keys.type("four cold wet otters")
    kai.page.keyboard.press("Enter")
    kai.page.wait_for_url(f"**/articles/{slug}*")
    expect(kai.page.locator("body")).to_have_attribute("data-viewer", "kai")


def test_one_goes_from_comment_to_comment_to_what_is_new_and_folds_branches(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    tops = stage.fill(slug, 12)[::-1]
    reply = stage.post(slug, "A reply.", by="omar", parent=tops[1])
    guest = visit(slug)
    keys = Keyboard(guest)
    order = [tops[0], tops[1], reply, tops[2], tops[3]]
    for comment in order:
        assert keys.press("j")["comment"] == f"comment-{comment}"
    for comment in order[-2::-1]:
        assert keys.press("k")["comment"] == f"comment-{comment}"
    keys.press("j")
    keys.press("j")
    assert keys.press("p")["comment"] == f"comment-{tops[1]}"
    keys.press("c")
    expect(guest.comment(reply)).to_be_hidden()
    assert keys.press("j")["comment"] == f"comment-{tops[2]}"
    new = stage.post(slug, "Something new.", parent=tops[5])
    expect(guest.page.locator("[data-pill]")).to_be_visible()
    keys.press("n")
    expect(guest.comment(new).locator("> article")).to_be_focused()
    keys.press("?")
    expect(guest.page.get_by_role("dialog", name="Keys")).to_be_visible()
    guest.page.keyboard.press("Escape")
    expect(guest.page.get_by_role("dialog", name="Keys")).to_be_hidden()


def test_the_keys_work_on_a_keyboard_of_another_script(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    [first] = stage.fill(slug, 1)
    guest = visit(slug)
    # What a keyboard of Cyrillic letters writes where others have j.
    press = "() => document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'о', code: 'KeyJ', bubbles: true}))"
    guest.page.evaluate(press)
    expect(guest.comment(first).locator("> article")).to_be_focused()


def test_behind_the_last_comment_one_comes_to_the_way_to_more(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    tops = stage.fill(slug, 27)
    guest = visit(slug)
    keys = Keyboard(guest)
    guest.comment(tops[2]).locator("> article .comment-by").focus()
    assert keys.press("j")["name"] == "More comments"
    guest.page.keyboard.press("Enter")
    expect(guest.comment(tops[1]).locator("> article")).to_be_focused()
    assert keys.press("j")["comment"] == f"comment-{tops[0]}"
    assert keys.press("j")["comment"] == f"comment-{tops[0]}"


def test_on_a_comments_own_page_one_goes_to_what_it_answers(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    [first] = stage.fill(slug, 1)
    reply = stage.post(slug, "A reply.", by="omar", parent=first)
    keys = Keyboard(visit())
    keys.person.opens(f"/comments/{reply}")
    keys.person.is_live()
    assert keys.press("j")["comment"] == f"comment-{reply}"
    keys.press("p")
    expect(keys.person.page.locator(".ancestors > li > article")).to_be_focused()


def test_one_replies_and_edits(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    [first] = stage.fill(slug, 1)
    omar = visit(slug, "omar")
    keys = Keyboard(omar)
    keys.press("j")
    assert keys.press("r")["id"] == f"body-{first}"
    keys.type("It was four coins; j, k and r are letters here.")
    keys.go("Post reply")
    reply = omar.comment(first).locator("[data-author=omar]")
    expect(reply.locator(".comment-body")).to_have_text("It was four coins; j, k and r are letters here.")
    expect(reply.locator("> article")).to_be_focused()
    keys.go("More", tag="summary")
    keys.go("Edit", tag="a")
    omar.page.wait_for_url("**/comments/*#edit")
    keys.tab_to("Your comment", tag="textarea")
    omar.page.keyboard.press("Control+A")
    keys.type("It was three.")
    keys.go("Save")
    expect(reply.locator(".comment-body")).to_have_text("It was three.")
    same_as_fresh(omar)


def test_one_closes_a_reply_and_is_where_one_was(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    [first] = stage.fill(slug, 1)
    keys = Keyboard(visit(slug, "omar"))
    keys.press("j")
    keys.press("r")
    keys.type("On second thoughts")
    assert keys.press("Escape")["comment"] == f"comment-{first}"
    keys.press("r")
    expect(keys.person.page.locator(f"#body-{first}")).to_have_value("On second thoughts")


def test_one_reports_a_comment(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    comment = stage.post(slug, "A rude thing.", by="tilda")
    keys = Keyboard(visit(slug, "omar"))
    keys.press("j")
    keys.go("More", tag="summary")
    keys.go("Report", tag="a")
    keys.person.page.wait_for_url(f"**/comments/{comment}#report")
    keys.tab_to("", tag="input")
    keys.press("Space")
    keys.tab_to("Anything a moderator should know")
    keys.type("By keyboard.")
    keys.go("Report to the moderators")
    keys.person.sees("Thank you")


def test_a_moderator_bans_the_author_of_a_comment(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    comment = stage.post(slug, "Buy my sails.", by="bruno")
    keys, guest = Keyboard(visit(slug, "mona", role=Role.MODERATOR)), visit(slug)
    keys.press("j")
    keys.go("More", tag="summary")
    keys.go("Ban", tag="a")
    keys.person.page.wait_for_url("**/accounts/bruno#ban")
    keys.tab_to("Why")
    keys.type("Advertisements.")
    keys.tab_to("7 days")
    keys.tab_to("None")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    keys.go("Ban @bruno")
    keys.person.sees("Banned until")
    expect(guest.comment(comment)).to_have_count(0)


def test_a_menu_closes_by_escape_and_when_one_turns_elsewhere(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    comment = stage.post(slug, "A comment.", by="freya")
    nora = visit(slug, "nora")
    word, report = nora.comment(comment).locator("[data-more] summary"), nora.comment(comment).get_by_text("Report")
    word.focus()
    nora.page.keyboard.press("Enter")
    nora.page.keyboard.press("Tab")
    expect(report).to_be_focused()
    nora.page.keyboard.press("Escape")
    expect(word).to_be_focused()
    expect(report).to_be_hidden()
    word.click()
    expect(report).to_be_visible()
    nora.page.locator("#discussion-title").click()
    expect(report).to_be_hidden()
