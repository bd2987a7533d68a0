"""When discussions close by themselves and how slow they are, as forms say it: within limits."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from gettext import gettext as _

from forum.errors import Invalid

MOST_DAYS = 3650
MOST_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Closing:
    """When a discussion closes by itself: at a date; after so many days, 0 for never; else as its sections say."""

    at: datetime | None = None
    days: int | None = None


def parse_closing(when: str, days: str, date: str) -> Closing:
    """When it closes, as a form says it: like its section, never, after `days`, on a `date` (UTC). Raises Invalid."""
    if when in ("section", "never"):
        return Closing(days=0 if when == "never" else None)
    if when == "days" and days.isascii() and days.isdigit() and 0 < len(days) <= 4 and int(days):
        return Closing(days=int(days))
    if when == "days":
        raise Invalid(_("Write after how many days it closes, such as 14."), "days")
    try:
        return Closing(at=datetime.combine(datetime.fromisoformat(date).date(), time.min, UTC))
    except ValueError:
        raise Invalid(_("Write the day as a date, such as 2030-01-31."), "date") from None


def check_seconds(seconds: int) -> None:
    """Raise Invalid for a pace that nobody could mean."""
    if not 0 <= seconds <= MOST_SECONDS:
        raise Invalid(_("Slow mode lets a day at most lie between two comments."), "seconds")


def check_days(days: int) -> None:
    """Raise Invalid for days that nobody could mean."""
    if not 0 <= days <= MOST_DAYS:
        raise Invalid(_("Write a number of days from 0 to %(most)s.") % {"most": MOST_DAYS}, "days")
