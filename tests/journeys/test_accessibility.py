"""Every screen, for those who see it differently: by a screen reader, in the dark, narrow, large, right to left."""

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from forum.permissions import Role
from tests.journeys.conftest import Visit
from tests.journeys.person import Person
from tests.journeys.screens import busy_article, full_desk, screens
from tests.journeys.stage import Stage

VIOLATIONS = "async (options) => (await axe.run({ ...options, resultTypes: ['violations'] })).violations"
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const wide = [...document.querySelectorAll("body *")].filter((one) => {
    const { left, right } = one.getBoundingClientRect();
    return one.checkVisibility() && (right > width + 0.5 || left < -0.5);
  });
  return [`${document.documentElement.scrollWidth} px`, ...wide.map((one) => `${one.localName}.${one.className}`)];
}"""


def faults(page: Page) -> list[str]:
    """What axe finds on this page in the light, and what the dark makes illegible, in a line each."""
    page.emulate_media(color_scheme="light")
    page.evaluate(Axe().axe_script)
    found = page.evaluate(VIOLATIONS, {})
    page.emulate_media(color_scheme="dark")
    found += page.evaluate(VIOLATIONS, {"runOnly": ["color-contrast"]})
    return [f"{one['id']}: {node['html'][:160]}: {node['failureSummary']}" for one in found for node in one["nodes"]]


def too_wide(page: Page) -> list[str]:
    """What sticks out: of a narrow window, right to left, with text of twice the size."""
    found = []
    for how, change in [("narrow", ""), ("right to left", "dir = 'rtl'"), ("large", "style.fontSize = '200%'")]:
        page.set_viewport_size({"width": 640 if how == "large" else 320, "height": 640})
        page.evaluate(f"() => {{ document.documentElement.{change or 'dir'}; }}")
        found += [f"{how}: {wide}" for wide in page.evaluate(TOO_WIDE)]
    page.set_viewport_size({"width": 1280, "height": 800})
    return found + [f"wide, large, right to left: {wide}" for wide in page.evaluate(TOO_WIDE)]


def test_axe_finds_nothing_on_any_screen_and_none_is_wider_than_its_window(stage: Stage, visit: Visit) -> None:
    people: dict[str, Person] = {}
    found = {}
    for screen in screens(stage):
        if screen.handle not in people:
            people[screen.handle] = visit("", screen.handle, role=screen.role)
            people[screen.handle].expects += ["404", "403", "422"]
        page = people[screen.handle].page
        answer = page.goto(stage.url + screen.path)
        assert answer, screen
        assert answer.status == screen.status, screen
        if wrong := faults(page) + too_wide(page):
            found[str(screen)] = wrong
    assert found == {}


def test_axe_finds_nothing_on_the_desk_where_no_script_has_run(stage: Stage, visit: Visit) -> None:
    mona = visit("", "mona", role=Role.MODERATOR)
    mona.context.route("**/static/js/**", lambda route: route.fulfill(body="", content_type="text/javascript"))
    found = {}
    for path in full_desk(stage, "lena"):
        mona.opens(path)
        mona.page.evaluate("() => document.querySelectorAll('details.act').forEach((one) => { one.open = true; })")
        if wrong := faults(mona.page) + too_wide(mona.page):
            found[path] = wrong
    assert found == {}


def test_axe_finds_nothing_in_a_discussion_where_much_is_going_on(stage: Stage, visit: Visit) -> None:
    slug, tops = busy_article(stage)
    iris = visit(slug, "iris", viewport={"width": 390, "height": 844})
    iris.expects += ["422"]
    iris.writes("long " * 2100)
    iris.button("Post comment").click()
    expect(iris.page.locator("[data-error]").first).to_be_visible()
    iris.replies_to(tops[-6]).fill("I think that")
    stage.post(slug, "Me too.", by="omar", parent=tops[-6])
    stage.post(slug, "Something else.", by="omar")
    expect(iris.comment(tops[-6]).locator("[data-notices] button")).to_be_visible()
    iris.comment(tops[-7]).locator("[data-more] summary").click()
    iris.page.locator("body").focus()
    iris.page.evaluate("document.activeElement?.blur()")
    expect(iris.page.locator("[data-pill]")).to_be_visible()
    assert faults(iris.page) == []
    iris.page.locator("[data-pill]").click()
    expect(iris.page.locator(".badge-new").first).to_be_visible()
    assert faults(iris.page) == []
    iris.page.keyboard.press("?")
    expect(iris.page.locator("dialog")).to_be_visible()
    assert faults(iris.page) == []


def test_axe_finds_nothing_where_a_moderator_has_every_form_open_and_none_is_too_wide(
    stage: Stage, visit: Visit
) -> None:
    slug, tops = busy_article(stage)
    mona = visit("", "mona", role=Role.MODERATOR)
    found = {}
    for path in (f"/articles/{slug}", f"/comments/{tops[0]}", f"/comments/{tops[-1]}", "/moderation/sections"):
        mona.opens(path)
        mona.page.evaluate("() => document.querySelectorAll('details.act').forEach((one) => { one.open = true; })")
        if wrong := faults(mona.page) + too_wide(mona.page):
            found[path] = wrong
    assert found == {}


def test_axe_finds_nothing_on_forms_that_were_refused(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    comment = stage.post(slug, "A thing.")
    guest, mona, eddie = visit(), visit("", "mona", role=Role.MODERATOR), visit("", "eddie", role=Role.EDITOR)
    found = {}
    for person, path in [
        (guest, "/register"),
        (guest, "/sign-in"),
        (mona, f"/articles/{slug}"),
        (mona, "/accounts/nora/ban"),
        (mona, f"/comments/{comment}"),
        (eddie, "/editor/new"),
    ]:
        person.expects += ["422", "400"]
        person.opens(path)
        with person.page.expect_navigation():
            person.page.locator("main :is(form[data-composer], form.form)").last.evaluate("(form) => form.submit()")
        if wrong := faults(person.page):
            found[path] = wrong
    assert found == {}
