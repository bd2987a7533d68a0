#!/usr/bin/env python3
"""Sets up the forum in .venv and runs it; or sets it up and tests it.

python3 run.py                    serve on http://127.0.0.1:8000, with a demo when the database is empty
python3 run.py test [ARGUMENTS]   run the tests (the arguments go to pytest); bench NAME: measure
python3 run.py COMMAND …          run the `forum` command, such as `account create` (--help lists them)
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
LOCK, VENV, PYTHON = ROOT / "requirements.lock", ROOT / ".venv", str(ROOT / ".venv/bin/python")


def set_up() -> None:
    """Fill .venv from requirements.lock, unless it already holds just that."""
    stamp = VENV / "made-from"
    with LOCK.open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of two first starts, the second waits
        made_from = f"{ROOT} {sys.version_info[:2]} {hashlib.sha256(lock.read()).hexdigest()} compiled"
        if not (stamp.exists() and stamp.read_text() == made_from and os.path.exists(PYTHON)):
            print("Setting up .venv from requirements.lock; this takes a minute, once.", file=sys.stderr)
            fill_venv()
            stamp.write_text(made_from)


def fill_venv() -> None:
    """Make .venv anew with uv, or else with pip, hashes checked; `import forum` works in it from any folder."""
    if uv := shutil.which("uv"):
        check(uv, "venv", "-q", "--clear", "--python", sys.executable, str(VENV))
        check(uv, "pip", "sync", "-q", "--require-hashes", "--python", PYTHON, str(LOCK))
    else:
        need_ensurepip()
        check(sys.executable, "-m", "venv", "--clear", str(VENV))
        pip = (PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-compile")
        check(*pip, "--no-deps", "--require-hashes", "-r", str(LOCK))
    check(PYTHON, "-m", "compileall", "-qq", "-j0", str(VENV / "lib"))  # once: every start is seconds faster
    Path(next(VENV.glob("lib/python3*/site-packages")), "forum.pth").write_text(f"{ROOT}\n")


def need_ensurepip() -> None:
    """See that Python can make virtual environments; Debian ships what that takes in a package of its own."""
    package = "python{}.{}-venv".format(*sys.version_info)
    if not importlib.util.find_spec("ensurepip"):
        if os.environ.get("CI") != "true" or os.geteuid():
            sys.exit(f"This Python cannot make a virtual environment. Install {package}, or uv.")
        check("sh", "-c", f"apt-get update && apt-get install -y --no-install-recommends {package}")


def check(*command: str) -> None:
    """Run a command of the set-up; one that fails ends the program."""
    if code := os.spawnvp(os.P_WAIT, command[0], command):
        sys.exit(f"The set-up failed (exit code {code}): {' '.join(command)}")


def test(arguments: list[str]) -> int:
    """Run the tests, those in a browser by themselves: their driver's event loop and the other tests' clash."""
    browser = str(ROOT / "tests/journeys")
    paths = [a for a in arguments if not a.startswith("-") and os.path.exists(a.split("::")[0])]
    journeys = [p for p in paths or [browser] if os.path.abspath(p).startswith(browser)]
    others = [p for p in paths or [str(ROOT / "tests")] if p not in journeys]
    runs = [["-n2", f"--ignore={browser}", *others]] * bool(others) + [["-n2", *journeys]] * bool(journeys)
    pytest = [PYTHON, "-m", "pytest", *(a for a in arguments if a not in paths)]
    codes = [os.spawnv(os.P_WAIT, PYTHON, [*pytest, *run]) for run in runs]
    return next((code for code in codes if code not in (0, 5)), min(codes))  # 5: nothing collected


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 (whoever has an older one shall be told)
        sys.exit(f"The forum needs Python 3.11 or later; this is {sys.version.split()[0]}.")
    set_up()
    if sys.argv[1:2] == ["test"]:
        sys.exit(test(sys.argv[2:]))
    os.execv(PYTHON, [PYTHON, "-m", *["forum"] * (sys.argv[1:2] != ["bench"]), *(sys.argv[1:] or ["serve", "--demo"])])
