"""The bench runs: what it would measure is measured on a few pages for a moment."""

import subprocess
import sys

import pytest


def bench(*arguments: str, subject: str = "live", compiler: bool = True) -> str:
    """What `python3 run.py bench SUBJECT --quick` prints."""
    environment = None if compiler else {"PATH": "/nowhere"}
    done = subprocess.run(
        [sys.executable, "-m", "bench", subject, "--quick", *arguments], capture_output=True, text=True, env=environment
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", ["fanout", "stalled", "restart"])
def test_a_quick_run_prints_a_table(name: str) -> None:
    printed = bench("--only", name)
    assert "compared with" in printed
    assert "50 pages" in printed or "50 open pages" in printed


def test_without_a_compiler_the_pages_are_kept_in_python_and_it_says_so() -> None:
    printed = bench("--only", "storm", compiler=False)
    assert "There is no C compiler" in printed
    assert "50 pages reconnect at once" in printed


def test_the_checks_are_measured_too() -> None:
    printed = bench(subject="checks")
    assert "a list of 10,000 words" in printed
    assert "a loop" in printed


@pytest.mark.parametrize("subject", ["read", "write"])
def test_reading_and_writing_are_measured_too(subject: str) -> None:
    printed = bench(subject=subject)
    for group in {
        "read": (
            "compressed, kept for guests",
            "a discussion of 2,000 comments",
            "search among 2,000 comments on SQLite",
            "search among 2,000 comments on PostgreSQL",
        ),
        "write": ("durable posts on SQLite, 64 at a time", "under many articles"),
    }[subject]:
        assert group in printed
