"""Programs that tests drive: found on this machine, or else installed from Debian's packages by who may do so."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest


def find_program(names: list[str], *, package: str) -> Path | None:
    """The first of these that is there, or is there once the package is installed."""
    found = _on_path(names)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _install(package)
        found = _on_path(names)
    return found


def missing(sentence: str) -> NoReturn:
    """Skip the test; with CI=true, where all must run, fail it."""
    if in_ci():
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


def in_ci() -> bool:
    """Whether this is a run that must leave nothing out."""
    return os.environ.get("CI") == "true"


def _on_path(names: list[str]) -> Path | None:
    return next((Path(found) for name in names if (found := shutil.which(name))), None)


def _install(package: str) -> None:
    apt_get = ["apt-get", "-o", "DPkg::Lock::Timeout=300"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", package]):
        done = subprocess.run([*apt_get, *command], env=environment, capture_output=True, text=True)
        if done.returncode:
            print(done.stdout, done.stderr)
