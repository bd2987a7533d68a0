"""The browsers that the journeys are walked in: found on this machine, or else installed from Debian's packages.

How playwright (sync API, headless) launches them:

    playwright.chromium.launch(executable_path=find_browser(), args=CHROMIUM_ARGUMENTS)
    playwright.firefox.launch(
        executable_path=find_firefox(), channel="moz-firefox", firefox_user_prefs=FIREFOX_PREFERENCES
    )

An unmodified Firefox is driven over WebDriver BiDi, where a context ignores `java_script_enabled`, `color_scheme`,
`reduced_motion` and `has_touch`, pages have no "websocket" events and no `expose_function`. Preferences stand in for
the media features: `ui.systemUsesDarkTheme` and `ui.prefersReducedMotion`, 1 each. Pages without scripts, touch and
sockets cut by the test are therefore Chromium's part.
"""

from pathlib import Path
from typing import NoReturn

from tests.programs import find_program, in_ci, missing

CHROMIUM_NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
FIREFOX_NAMES = ["firefox-esr", "firefox"]
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",  # root, as in a container, may not use the sandbox
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # Nothing but the page under test asks the network for anything.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FIREFOX_PREFERENCES: dict[str, str | float | bool] = {
    "browser.sessionhistory.max_total_viewers": 0,  # else going back waits for a load that a kept page never has
}


def find_browser() -> Path:
    """A Chromium or Chrome; where none can be had the test is skipped, and with CI=true it fails."""
    return find_program(CHROMIUM_NAMES, package="chromium") or _missing("chromium")


def find_firefox() -> Path | None:
    """A Firefox; None where none can be had, but with CI=true the test fails."""
    found = find_program(FIREFOX_NAMES, package="firefox-esr")
    return found if found or not in_ci() else _missing("firefox-esr")


def _missing(package: str) -> NoReturn:
    missing(f"No browser for these tests: install {package} (`apt install {package}`).")
