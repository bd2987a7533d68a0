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

import os
import shutil
import subprocess
from pathlib import Path

import pytest

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
    return _find(CHROMIUM_NAMES, package="chromium") or _missing("chromium")


def find_firefox() -> Path | None:
    """A Firefox; None where none can be had, but with CI=true the test fails."""
    found = _find(FIREFOX_NAMES, package="firefox-esr")
    return found if found or not _in_ci() else _missing("firefox-esr")


def _find(names: list[str], *, package: str) -> Path | None:
    found = _on_path(names)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _install(package)
        found = _on_path(names)
    return found


def _on_path(names: list[str]) -> Path | None:
    return next((Path(found) for name in names if (found := shutil.which(name))), None)


def _install(package: str) -> None:
    apt_get = ["apt-get", "-o", "DPkg::Lock::Timeout=300"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", package]):
        done = subprocess.run([*apt_get, *command], env=environment, capture_output=True, text=True)
        if done.returncode:
            print(done.stdout, done.stderr)


def _missing(package: str) -> Path:
    sentence = f"No browser for these tests: install {package} (`apt install {package}`)."
    if _in_ci():
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


def _in_ci() -> bool:
    return os.environ.get("CI") == "true"
