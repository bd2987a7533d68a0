"""How much is measured: the real figures, or a quick look at whether all works."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """Numbers of pages, messages and seconds."""

    fanout: tuple[int, ...]
    rounds: int
    messages: int
    per_second: float
    pages: int
    seconds: float
    screens: tuple[int, ...]
    storm: int
    restart_seconds: float
    """For which people write: longer than it takes."""
    stalled: tuple[int, int]
    """Pages in all, and how many of them do not read."""
    cut_seconds: float
    settled: float
    """Seconds after which all that comes with the opening of pages has been said, the number of readers too."""
    sizes: tuple[int, ...]
    """Comments of a discussion that is read in."""
    requests: int
    posts: int


FULL = Scale(
    fanout=(1000, 5000, 10000),
    rounds=3,
    messages=16,
    per_second=4,
    pages=5000,
    seconds=10,
    screens=(1000, 5000),
    storm=10000,
    restart_seconds=30,
    stalled=(2000, 200),
    cut_seconds=30,
    settled=2.5,
    sizes=(1_000, 100_000, 1_000_000),
    requests=4_000,
    posts=2_000,
)
QUICK = Scale(
    fanout=(50,),
    rounds=1,
    messages=3,
    per_second=10,
    pages=50,
    seconds=0.5,
    screens=(50,),
    storm=50,
    restart_seconds=4,
    stalled=(50, 10),
    cut_seconds=0,
    settled=0.2,
    sizes=(1_000, 2_000),
    requests=80,
    posts=64,
)
