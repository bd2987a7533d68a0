"""`python -m bench live|read|write|checks|search [--quick] [--only NAME] [--write]`: measures, and prints one table."""

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from rich.progress import Progress, SpinnerColumn, TextColumn

from bench import checks, live, read, search, write
from bench.documentation import put_down
from bench.figures import Figure, as_table
from bench.processes import machine, need_files
from bench.programs import compiled
from bench.scale import FULL, QUICK

SECTIONS = {
    "live": live.MEASURES,
    "read": read.MEASURES,
    "write": write.MEASURES,
    "checks": checks.MEASURES,
    "search": search.MEASURES,
}
"""What is measured, by the sections of docs/performance.md."""
SUBJECTS = {name: (name,) for name in SECTIONS} | {"read": ("read", "search")}
"""What one run measures: the sections whose figures belong side by side."""


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(prog="bench", description="Measures the forum beside what it is compared with.")
    parser.add_argument("name", choices=SUBJECTS)
    parser.add_argument("--quick", action="store_true", help="a few pages for a few seconds: only whether all works")
    parser.add_argument("--only", action="append", help="may be given several times")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/performance.md")
    asked = parser.parse_args()
    measures = {name: section for section in SUBJECTS[asked.name] for name in SECTIONS[section]}
    names = asked.only or [name for name in measures if not (asked.quick and name in live.UNHURRIED)]
    if unknown := set(names) - measures.keys():
        parser.error(f"{', '.join(sorted(unknown))} is none of {', '.join(measures)}")
    where = f"{datetime.now(UTC):%Y-%m-%d}: {machine()}"
    figures: dict[str, list[Figure]] = {section: [] for section in SUBJECTS[asked.name]}
    try:
        asyncio.run(measure([(measures[name], name) for name in names], figures, quick=asked.quick))
    finally:  # what was measured before a failure is told too
        print(where)
        print(as_table(chain.from_iterable(figures.values())))
    if asked.write:
        for section, found in figures.items():
            if found:
                put_down(section, found, where)


async def measure(asked: Sequence[tuple[str, str]], found: dict[str, list[Figure]], *, quick: bool) -> None:
    """One measure of a section after the other, each on a site of its own."""
    scale = QUICK if quick else FULL
    if "live" in found:
        need_files(max(scale.storm, *scale.fanout) + 1000)
    with tempfile.TemporaryDirectory(prefix="forum-bench-") as folder:
        if "live" in found and compiled("sockets", Path(folder)) is None:
            print("There is no C compiler (cc): pages are kept in Python, which costs more than what is measured.")
        with Progress(SpinnerColumn(), TextColumn("{task.description}"), transient=True) as progress:
            task = progress.add_task("")
            for section, name in asked:
                async for figure in SECTIONS[section][name](Path(folder, name), scale):
                    found[section].append(figure)
                    progress.update(task, description=f"{name}: {figure.group}: {figure.what}")


if __name__ == "__main__":
    main()
