"""On which terms somebody is shut out: why, and until when; checked, and kept in the log to be put back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from gettext import gettext as _
from typing import Any, Protocol

from forum.database import Db, now
from forum.errors import Invalid
from forum.moderation.acts import Undoing
from forum.permissions import is_in_force

REASON_LENGTH = 300
NONE: dict[str, Any] = {"reason": None, "until": None}
"""How the log keeps that nothing holds."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Why, and until when: None is for good."""

    reason: str
    until: datetime | None = None

    @property
    def as_json(self) -> dict[str, Any]:
        """As the log keeps them."""
        return {"reason": self.reason, "until": self.until.astimezone(UTC).isoformat() if self.until else None}


class Stored(Protocol):
    """A row that holds terms, and the entry of the log that set them."""

    @property
    def reason(self) -> str: ...
    @property
    def until(self) -> datetime | None: ...
    @property
    def act_id(self) -> int: ...


def parse_until(text: str) -> datetime | None:
    """When a ban ends: in so many days (“7”), at a day or time (ISO, UTC where it names no zone), or never (“”)."""
    text = text.strip()
    try:
        if text.isascii() and text.isdigit() and len(text) <= 4:
            return now() + timedelta(days=int(text))
        end = datetime.fromisoformat(text) if text else None
        return end and (end.astimezone(UTC) if end.tzinfo else end.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise Invalid(_("Write the end of the ban as a date, such as 2030-01-31."), "until") from None


def check_terms(terms: Terms) -> Terms:
    """The terms with the reason on one line; the end, where there is one, must lie ahead. Raises Invalid."""
    reason = " ".join(terms.reason.split())
    if not reason:
        raise Invalid(_("Say why."), "reason")
    if len(reason) > REASON_LENGTH:
        raise Invalid(_("Say it in %(num)s characters at most.") % {"num": REASON_LENGTH}, "reason")
    if terms.until is not None and terms.until <= now():
        raise Invalid(_("The end of the ban must lie ahead. Choose a later day."), "until")
    return Terms(reason, terms.until)


def in_force(row: Stored | None) -> Terms | None:
    """The terms that hold now; None where there are none, or their end has come."""
    return Terms(row.reason, row.until) if row is not None and is_in_force(row.until, now()) else None


def facts(row: Stored | None) -> dict[str, Any]:
    """The terms that hold now as an act keeps them, with the entry that set them; empty ones where none do."""
    terms = in_force(row)
    return NONE if row is None or terms is None else terms.as_json | {"act": row.act_id}


def is_as_left(row: Stored | None, undoing: Undoing) -> bool:
    """Whether the terms are still those that an act set."""
    now_, then = facts(row), undoing.after
    return (now_["reason"], now_["until"]) == (then["reason"], then["until"])


def terms_before(undoing: Undoing) -> tuple[Terms, int] | None:
    """What held before an act, with the entry that had set it; None where nothing did."""
    before = undoing.before
    if before["reason"] is None:
        return None
    until = before["until"]
    terms = Terms(before["reason"], datetime.fromisoformat(until) if until else None)
    return terms, before.get("act", undoing.entry.id)


def undo_terms(db: Db, row: Stored | None, undoing: Undoing, set_again: Callable[[Terms, int], None]) -> bool:
    """Make stored terms what they were before an act; False where they are not those any more that it set."""
    earlier = terms_before(undoing)
    if not is_as_left(row, undoing):
        return False
    if earlier:
        set_again(*earlier)
    elif row:
        db.delete(row)
    return True
