"""Sentences about accounts that are said in several places."""

from datetime import datetime
from gettext import gettext as _
from gettext import ngettext
from math import ceil

from babel.dates import format_date

from forum.permissions import Right


def ban_sentence(reason: str | None, until: datetime | None) -> str:
    """Why an account is banned and until when, said to the banned person."""
    end = _("until %(date)s") % {"date": _day(until)} if until else _("for good")
    if reason:
        return _("This account is banned %(end)s: %(reason)s.") % {"end": end, "reason": reason.rstrip(".")}
    return _("This account is banned %(end)s.") % {"end": end}


def ban_notice(until: datetime | None) -> str:
    """That an account is banned, said to everybody: why is between it and the moderators."""
    return _("Banned until %(date)s") % {"date": _day(until)} if until else _("Banned for good")


def suspension_sentence(right: Right, reason: str, until: datetime | None) -> str:
    """Why somebody may not use one right, said when they try."""
    sentence = {
        Right.REPLY: _("You cannot write comments %(end)s: %(reason)s."),
        Right.VOTE: _("You cannot recommend comments %(end)s: %(reason)s."),
        Right.REPORT: _("You cannot report comments %(end)s: %(reason)s."),
        Right.AVATAR: _("You cannot choose a picture %(end)s: %(reason)s."),
    }[right]
    end = _("until %(date)s") % {"date": _day(until)} if until else _("any more")
    return sentence % {"end": end, "reason": reason.rstrip(".")}


def network_ban_sentence(reason: str, until: datetime | None) -> str:
    """Why nobody can write from a network, said to whoever tries."""
    reason = reason.rstrip(".")
    if until is None:
        return _("From your network nobody can register, sign in or write: %(reason)s. You can read on.") % {
            "reason": reason
        }
    sentence = _("From your network nobody can register, sign in or write until %(date)s: %(reason)s. You can read on.")
    return sentence % {"date": _day(until), "reason": reason}


def domain_ban_sentence(domain: str) -> str:
    """That addresses at a domain are not taken: why is between the moderators."""
    return _("Addresses at %(domain)s are not taken here. Enter another one.") % {"domain": domain}


def link_is_over() -> str:
    """What whoever opens a dead link to a new password is told."""
    return _("This link has been used or is older than an hour. Ask for another.")


def try_again_in(seconds: int) -> str:
    """When a rate allows another attempt."""
    minutes = ceil(seconds / 60)
    sentence = ngettext("Try again in %(num)s minute.", "Try again in %(num)s minutes.", minutes)
    return sentence % {"num": minutes}


def _day(moment: datetime) -> str:
    return format_date(moment, "d MMMM yyyy", locale="en")
