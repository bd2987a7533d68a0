"""One site and one browser of each kind for all journeys; to each person a context of their own."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserType, Playwright, expect, sync_playwright

from forum.config import Settings
from forum.permissions import Role
from tests.browser import CHROMIUM_ARGUMENTS, FIREFOX_PREFERENCES, find_browser, find_firefox
from tests.journeys.person import Person
from tests.journeys.stage import Stage

WINDOW = {"width": 1280, "height": 800}
BROWSERS = pytest.mark.parametrize("in_firefox", [False, True], ids=["chromium", "firefox"])
"""For a journey that is walked in both."""


class Visit(Protocol):
    """Brings a person to the site: `visit(slug, "nora")`; without a handle a guest."""

    def __call__(
        self,
        slug: str = "",
        handle: str = "",
        *,
        role: Role = Role.READER,
        query: str = "",
        firefox: bool = False,
        site: str = "",
        **context: Any,
    ) -> Person: ...


@pytest.fixture(scope="session")
def stage(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The site of all journeys: articles are each test's own, people are everybody's."""
    folder = tmp_path_factory.mktemp("stage")
    shutil.copy(migrated_file, folder)
    stage = Stage(Settings(data_dir=folder, limits="off"))
    yield stage
    stage.close()


@pytest.fixture(scope="session")
def playwright(stage: Stage) -> Iterator[Playwright]:
    """The driver of the browsers. The site comes first: from then on an event loop runs in this thread."""
    expect.set_options(timeout=10_000)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """A Chromium without a window."""
    kind: BrowserType = playwright.chromium
    browser = kind.launch(executable_path=find_browser(), args=CHROMIUM_ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def firefox(playwright: Playwright) -> Iterator[Browser]:
    """A Firefox without a window."""
    path = find_firefox()
    if path is None:
        pytest.skip("No Firefox for this test: install firefox-esr (`apt install firefox-esr`).")
    kind: BrowserType = playwright.firefox
    browser = kind.launch(executable_path=path, channel="moz-firefox", firefox_user_prefs=FIREFOX_PREFERENCES)
    yield browser
    browser.close()


@pytest.fixture
def visit(chromium: Browser, stage: Stage, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Brings people to the site, and sees in the end that nothing went wrong on any page of theirs."""
    people: list[Person] = []

    def visit(
        slug: str = "",
        handle: str = "",
        *,
        role: Role = Role.READER,
        query: str = "",
        firefox: bool = False,
        site: str = "",
        **context: Any,
    ) -> Person:
        browser: Browser = request.getfixturevalue("firefox") if firefox else chromium
        page = browser.new_context(**{"viewport": WINDOW, "locale": "en-GB"} | context).new_page()
        page.set_default_timeout(10_000)
        person = Person(page, site or stage.url, has_scripts=context.get("java_script_enabled", True))
        people.append(person)
        person.watch()
        if handle:
            page.context.add_cookies([{"name": "forum", "value": stage.sign_in(handle, role), "url": stage.url}])
        if slug:
            person.reads(slug, query)
        return person

    yield visit
    for person in people:
        person.context.close()
    assert [person.found() for person in people if person.found()] == []
