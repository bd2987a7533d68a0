"""Looking for something: from the box on every page to the comment that was meant, with scripts and without."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import BROWSERS, Visit
from tests.journeys.stage import Stage

PHONE = {"width": 390, "height": 844}


@BROWSERS
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_one_finds_a_comment_by_keyboard_from_any_page(
    stage: Stage, visit: Visit, *, scripts: bool, in_firefox: bool
) -> None:
    slug = stage.article()
    word = f"dovecote{slug.rpartition('-')[2]}{scripts}{in_firefox}"
    stage.fill(slug, 1)
    meant = stage.post(slug, f"Behind the mill there is a **{word}**, they say.", by="omar")
    iris = visit(slug, firefox=in_firefox, java_script_enabled=scripts)
    iris.page.get_by_role("searchbox", name="Search for").focus()
    iris.page.keyboard.type(word.upper())
    iris.page.keyboard.press("Enter")
    expect(iris.page.get_by_role("heading", name="Comments")).to_be_visible()
    expect(iris.page.locator(".found-comment")).to_have_count(1)
    expect(iris.page.locator(".found-comment mark")).to_have_text(word)
    expect(iris.page.get_by_role("searchbox")).to_have_value(word.upper())
    for _ in range(30):
        iris.page.keyboard.press("Tab")
        if iris.page.evaluate("document.activeElement.matches('.found-meta a')"):
            break
    iris.page.keyboard.press("Enter")
    expect(iris.page).to_have_url(f"{stage.url}/comments/{meant}#comment-{meant}")
    expect(iris.comment(meant)).to_be_visible()


def test_one_narrows_it_down_and_goes_on_to_the_next_page_without_scripts(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    for number in range(25):
        stage.post(slug, f"A granary, the {number}th.", by="olga" if number % 5 else "omar")
    iris = visit("", java_script_enabled=False)
    iris.opens("/search")
    iris.page.get_by_role("searchbox").fill("granary")
    iris.button("Search").click()
    expect(iris.page.locator(".found-comment")).to_have_count(20)
    iris.link("More comments").click()
    expect(iris.page.locator(".found-comment")).to_have_count(5)
    iris.page.locator("summary", has_text="By author").click()
    iris.page.get_by_label("Author, by handle").fill("omar")
    iris.button("Search").click()
    expect(iris.page.locator(".found-name")).to_have_text(["Omar"] * 5)
    iris.link("Best match").click()
    expect(iris.page.get_by_label("Author, by handle")).to_have_value("omar")
    expect(iris.page.locator("[aria-current=true]")).to_have_text(["Comments", "Best match"])


def test_a_phone_has_a_button_that_leads_to_the_box(stage: Stage, visit: Visit) -> None:
    iris = visit(stage.article(), viewport=PHONE)
    expect(iris.page.get_by_role("searchbox")).to_be_hidden()
    iris.button("Search").click()
    expect(iris.page.get_by_role("searchbox")).to_be_focused()
