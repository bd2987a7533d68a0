"""Sentences about articles that are said in several places."""

from datetime import datetime
from gettext import gettext as _

from forum.articles.models import DiscussionState
from forum.templating import date

ENDS = (".", "!", "?", "…")


def closed_sentence(state: DiscussionState, since: datetime | None, reason: str) -> str:
    """What stands in the composer's place: that the discussion is closed, since when, and why. Empty while it is open.

    `since` is None where it was closed before that was noted.
    """
    if state == DiscussionState.OPEN:
        return ""
    if since is None:
        return _("This discussion is closed. You can read it, not write in it.")
    if reason:
        why = reason if reason.endswith(ENDS) else f"{reason}."
        return _("This discussion was closed on %(day)s: %(why)s You can read it, not write in it.") % {
            "day": date(since),
            "why": why,
        }
    return _("This discussion was closed on %(day)s. You can read it, not write in it.") % {"day": date(since)}
