#!/usr/bin/env python3
"""Sets up the forum in .venv and runs it; or sets it up and tests it.

python3 run.py                     serve on http://127.0.0.1:8000, with a demo when the database is empty
python3 run.py test [ARGUMENTS]    run the tests (the arguments go to pytest)
python3 run.py COMMAND …           run the `forum` command, such as `account create` (--help lists them)
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
JOURNEYS = ROOT / "tests" / "journeys"
NOTHING_COLLECTED = 5


def set_up() -> None:
    """Fill .venv from requirements.lock, unless it already holds just that."""
    import fcntl
    import hashlib

    stamp = VENV / "made-from"
    with LOCK.open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two first starts at once: the second waits for the first
        made_from = f"{ROOT} {sys.version_info[:2]} {hashlib.sha256(lock.read()).hexdigest()}"
        if not (stamp.exists() and stamp.read_text() == made_from and PYTHON.exists()):
            print("Setting up .venv from requirements.lock; this takes a minute, once.", file=sys.stderr)
            fill_venv()
            stamp.write_text(made_from)


def fill_venv() -> None:
    """Make .venv anew with uv, or else with pip, hashes checked; `import forum` works in it from any folder."""
    import shutil
    import sysconfig

    if uv := shutil.which("uv"):
        check_call(uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV))
        check_call(uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(PYTHON), str(LOCK))
    else:
        need_ensurepip()
        check_call(sys.executable, "-m", "venv", "--clear", str(VENV))
        check_call(str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                   "--no-deps", "--no-compile", "--require-hashes", "-r", str(LOCK))  # fmt: skip
    Path(sysconfig.get_path("purelib", "venv", {"base": str(VENV)}), "forum.pth").write_text(f"{ROOT}\n")


def need_ensurepip() -> None:
    """See to it that Python can make virtual environments, which Debian ships in a package of its own."""
    from importlib.util import find_spec

    if find_spec("ensurepip"):
        return
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if os.environ.get("CI") != "true" or os.geteuid() != 0:
        sys.exit(f"This Python cannot make virtual environments. Install {package} (`apt install {package}`) or uv.")
    check_call("apt-get", "update")
    check_call("apt-get", "install", "-y", "--no-install-recommends", package)


def check_call(*command: str) -> None:
    """Run a command of the set-up; the first that fails ends the program."""
    import subprocess

    if code := subprocess.call(command):
        sys.exit(f"The set-up failed (exit code {code}): {' '.join(command)}")


def test(arguments: list[str]) -> int:
    """Run the tests, those in a browser by themselves: its driver and the other tests each want their own event loop."""
    paths = [a for a in arguments if not a.startswith("-") and Path(a.split("::")[0]).exists()]
    options = [a for a in arguments if a not in paths]
    browser = [p for p in paths if JOURNEYS in (Path(p).resolve(), *Path(p).resolve().parents)]
    others = [p for p in paths if p not in browser]
    codes = []
    if others or not paths:
        codes.append(pytest(f"--ignore={JOURNEYS}", "-n2", *options, *(others or [str(ROOT / "tests")])))
    if (browser or not paths) and JOURNEYS.is_dir():
        codes.append(pytest(*options, *(browser or [str(JOURNEYS)])))
    return max((code for code in codes if code != NOTHING_COLLECTED), default=NOTHING_COLLECTED)


def pytest(*arguments: str) -> int:
    """Run pytest in .venv and give back its exit code."""
    import subprocess

    return subprocess.call([str(PYTHON), "-m", "pytest", f"--rootdir={ROOT}", f"-c{ROOT / 'pyproject.toml'}", *arguments])


if __name__ == "__main__":
    if sys.version_info < (3, 11):
        sys.exit(f"The forum needs Python 3.11 or later; this is {sys.version.split()[0]}.")
    set_up()
    if sys.argv[1:2] == ["test"]:
        sys.exit(test(sys.argv[2:]))
    os.execv(PYTHON, [str(PYTHON), "-m", "forum", *(sys.argv[1:] or ["serve", "--demo"])])
