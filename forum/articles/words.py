"""Sentences about articles that are said in several places."""

from datetime import datetime
from gettext import gettext as _
from gettext import ngettext

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
        return _("This discussion was closed on %(day)s: %(why)s You can read it, not write in it.") % {
            "day": date(since),
            "why": as_sentence(reason),
        }
    return _("This discussion was closed on %(day)s. You can read it, not write in it.") % {"day": date(since)}


def closed_section_sentence(section: str, since: datetime, reason: str) -> str:
    """The same where all discussions of a section are closed."""
    said = {"section": section, "day": date(since), "why": as_sentence(reason)}
    if reason:
        sentence = _(
            "All discussions in %(section)s were closed on %(day)s: %(why)s You can read them, not write in them."
        )
    else:
        sentence = _("All discussions in %(section)s were closed on %(day)s. You can read them, not write in them.")
    return sentence % said


def closed_itself_sentence(since: datetime, days: int) -> str:
    """The same where its time is over: so many days after the article was published, or 0 for a date of its own."""
    said = {"day": date(since), "num": days}
    if not days:
        return _("This discussion closed on %(day)s, as was planned. You can read it, not write in it.") % said
    return (
        ngettext(
            "This discussion closed on %(day)s, %(num)s day after the article came out. "
            "You can read it, not write in it.",
            "This discussion closed on %(day)s, %(num)s days after the article came out. "
            "You can read it, not write in it.",
            days,
        )
        % said
    )


def closed_branch_sentence(since: datetime, reason: str) -> str:
    """What stands under the comment whose branch takes no more replies."""
    said = {"day": date(since), "why": as_sentence(reason)}
    return (_("Closed to replies on %(day)s: %(why)s") if reason else _("Closed to replies on %(day)s.")) % said


def slow_sentence(seconds: int) -> str:
    """What is said at the composer of a discussion in slow mode; empty where it is not."""
    return _("One comment every %(time)s here.") % {"time": span(seconds)} if seconds else ""


def slow_branch_sentence(seconds: int) -> str:
    """The same of one branch."""
    return _("One reply every %(time)s here.") % {"time": span(seconds)} if seconds else ""


def span(seconds: int) -> str:
    """How long something lasts, as it stands after “every”: “minute”, “5 minutes”, “90 seconds”."""
    if seconds % 3600 == 0:
        return ngettext("hour", "%(num)s hours", seconds // 3600) % {"num": seconds // 3600}
    if seconds % 60 == 0:
        return ngettext("minute", "%(num)s minutes", seconds // 60) % {"num": seconds // 60}
    return ngettext("second", "%(num)s seconds", seconds) % {"num": seconds}


def as_sentence(reason: str) -> str:
    """A reason with a full stop, unless it has an end of its own."""
    return reason if not reason or reason.endswith(ENDS) else f"{reason}."
