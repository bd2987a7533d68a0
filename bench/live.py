"""How fast what is written reaches the open pages, and what that costs."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

from bench.fanout import fanout
from bench.figures import Figure
from bench.scale import Scale
from bench.screens import pace, screen, workers
from bench.trouble import restart, stalled, storm

MEASURES: dict[str, Callable[[Path, Scale], AsyncIterator[Figure]]] = {
    "fanout": fanout,
    "pace": pace,
    "screen": screen,
    "workers": workers,
    "storm": storm,
    "restart": restart,
    "stalled": stalled,
}
UNHURRIED = ("workers",)
"""Left out of a quick run: PostgreSQL alone takes as long to start."""
