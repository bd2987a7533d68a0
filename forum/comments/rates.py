"""How often one account may post: counted from the comments themselves, so it holds in every process."""

from dataclasses import dataclass
from datetime import timedelta
from gettext import ngettext
from math import ceil

from sqlalchemy import bindparam, select

from forum.comments.models import Comment
from forum.database import CLOCKS_DIFFER, Db, now, run, table_of
from forum.errors import TooSoon

WINDOW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Rates:
    """Seconds between two comments of one account, and comments in ten minutes; 0 is no limit."""

    pause: float
    in_ten_minutes: int


NO_RATES = Rates(0, 0)

# What runs at every post, built once.
comments = table_of(Comment)
_RECENT = (
    select(comments.c.created_at)
    .where(comments.c.author_id == bindparam("account_id"))
    .where(comments.c.created_at.between(bindparam("since"), bindparam("ahead")))
    .order_by(comments.c.created_at.desc())
    .limit(bindparam("most"))
)


def check_rates(db: Db, account_id: int, rates: Rates) -> None:
    """Raise TooSoon, saying when, where the account posts too often.

    What lies ahead was written before the clock was set back, and does not count: its hour would have to come first.
    """
    if rates == NO_RATES:
        return
    at = now()
    asked = {"since": at - WINDOW, "ahead": at + CLOCKS_DIFFER, "most": max(rates.in_ten_minutes, 1)}
    times = list(run(db, _RECENT, account_id=account_id, **asked).scalars())
    free_at = [at]
    if times:
        free_at.append(times[0] + timedelta(seconds=rates.pause))
    if rates.in_ten_minutes and len(times) >= rates.in_ten_minutes:
        free_at.append(times[-1] + WINDOW)
    seconds = ceil((max(free_at) - at).total_seconds())
    if seconds > 0:
        raise TooSoon(wait_sentence(seconds), retry_after=seconds)


def wait_sentence(seconds: int) -> str:
    """When somebody who was too fast can post again."""
    if seconds < 60:
        return ngettext(
            "You can post again in %(num)s second. Your text is kept.",
            "You can post again in %(num)s seconds. Your text is kept.",
            seconds,
        ) % {"num": seconds}
    minutes = ceil(seconds / 60)
    return ngettext(
        "You can post again in %(num)s minute. Your text is kept.",
        "You can post again in %(num)s minutes. Your text is kept.",
        minutes,
    ) % {"num": minutes}
