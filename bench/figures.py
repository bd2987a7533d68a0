"""What was measured, beside what it is compared with and what it should be: on the screen, and in the documentation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import groupby

from rich.console import Console
from rich.table import Table

COLUMNS = ("what", "forum", "compared with", "ratio", "budget", "")


@dataclass(frozen=True, slots=True)
class Budget:
    """The most, or the least, that a figure (or its ratio to what it is compared with) should be."""

    limit: float
    unit: str = ""
    of_ratio: bool = False
    at_least: bool = False

    def __str__(self) -> str:
        return (
            f"{'≥' if self.at_least else '≤'} {amount(self.limit)}{' ×' if self.of_ratio else ''} {self.unit}".strip()
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table, under the heading of its group."""

    group: str
    what: str
    value: float
    unit: str
    rival: tuple[str, float] | None = None
    budget: Budget | None = None

    @property
    def ratio(self) -> float | None:
        """How many times that which it is compared with; None where either was too small to be measured."""
        return self.value / self.rival[1] if self.rival and self.rival[1] > 0 < self.value else None

    @property
    def verdict(self) -> str:
        """Whether the budget is met, or missed by which factor."""
        if self.budget is None:
            return ""
        measured = self.ratio if self.budget.of_ratio else self.value
        if measured is None:
            return ""
        less, more = sorted((measured, self.budget.limit))
        if (measured if self.budget.at_least else self.budget.limit) == more:
            return "met"
        return f"missed, {amount(more / less)} ×" if less else "missed"

    @property
    def cells(self) -> Sequence[str]:
        """What stands in the table's columns."""
        return (
            self.what,
            f"{amount(self.value)} {self.unit}",
            f"{self.rival[0]}: {amount(self.rival[1])}" if self.rival else "",
            f"{self.ratio:.2f}" if self.ratio is not None else "",
            str(self.budget or ""),
            self.verdict,
        )


def amount(value: float) -> str:
    """A number with as many digits as one believes."""
    if value != value:  # noqa: PLR0124 - what was not measured
        return "–"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"


def as_table(figures: Iterable[Figure]) -> str:
    """The table for a terminal."""
    table = Table(*COLUMNS)
    for group, members in groupby(figures, lambda figure: figure.group):
        table.add_section()
        table.add_row(f"[bold]{group}[/bold]")
        for figure in members:
            table.add_row(f"  {figure.what}", *figure.cells[1:])
    screen = StringIO()
    Console(file=screen, width=160).print(table)
    return screen.getvalue()


def as_markdown(figures: Iterable[Figure]) -> str:
    """The table for the documentation."""
    lines: list[Sequence[str]] = [COLUMNS, ("---",) * len(COLUMNS)]
    for group, members in groupby(figures, lambda figure: figure.group):
        lines += [(f"**{group}**", *("",) * (len(COLUMNS) - 1)), *(figure.cells for figure in members)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
