"""Sentences about accounts that are said in several places."""

from datetime import datetime
from gettext import gettext as _

from babel.dates import format_date


def ban_sentence(reason: str | None, until: datetime | None) -> str:
    """Why an account is banned and until when, said to the banned person."""
    end = _("until %(date)s") % {"date": format_date(until, "d MMMM yyyy", locale="en")} if until else _("for good")
    if reason:
        return _("This account is banned %(end)s: %(reason)s.") % {"end": end, "reason": reason.rstrip(".")}
    return _("This account is banned %(end)s.") % {"end": end}
