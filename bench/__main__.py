"""`python -m bench live|read|write|checks|search [--quick] [--only NAME] [--write]`: measures, and prints one table."""

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.progress import Progress, SpinnerColumn, TextColumn

from bench import checks, live, read, search, write
from bench.documentation import put_down
from bench.figures import Figure, as_table
from bench.processes import machine, need_files
from bench.programs import compiled
from bench.scale import FULL, QUICK

SUBJECTS = {
    "live": live.MEASURES,
    "read": read.MEASURES,
    "write": write.MEASURES,
    "checks": checks.MEASURES,
    "search": search.MEASURES,
}


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(prog="bench", description="Measures the forum beside what it is compared with.")
    parser.add_argument("name", choices=SUBJECTS)
    parser.add_argument("--quick", action="store_true", help="a few pages for a few seconds: only whether all works")
    parser.add_argument("--only", action="append", help="may be given several times")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/performance.md")
    asked = parser.parse_args()
    measures = SUBJECTS[asked.name]
    names = asked.only or [name for name in measures if not (asked.quick and name in live.UNHURRIED)]
    if unknown := set(names) - measures.keys():
        parser.error(f"{', '.join(sorted(unknown))} is none of {', '.join(measures)}")
    where = f"{datetime.now(UTC):%Y-%m-%d}: {machine()}"
    figures: list[Figure] = []
    try:
        asyncio.run(measure(asked.name, names, figures, quick=asked.quick))
    finally:  # what was measured before a failure is told too
        print(where)
        print(as_table(figures))
    if asked.write:
        put_down(asked.name, figures, where)


async def measure(subject: str, names: Sequence[str], found: list[Figure], *, quick: bool) -> None:
    """One measure after the other, each on a site of its own."""
    scale = QUICK if quick else FULL
    if subject == "live":
        need_files(max(scale.storm, *scale.fanout) + 1000)
    with tempfile.TemporaryDirectory(prefix="forum-bench-") as folder:
        if subject == "live" and compiled("sockets", Path(folder)) is None:
            print("There is no C compiler (cc): pages are kept in Python, which costs more than what is measured.")
        with Progress(SpinnerColumn(), TextColumn("{task.description}"), transient=True) as progress:
            task = progress.add_task("")
            for name in names:
                async for figure in SUBJECTS[subject][name](Path(folder, name), scale):
                    found.append(figure)
                    progress.update(task, description=f"{name}: {figure.group}: {figure.what}")


if __name__ == "__main__":
    main()
