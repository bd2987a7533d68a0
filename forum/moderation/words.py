"""Words about acts: each kind's name, and what an act changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from gettext import gettext as _
from typing import Any

from babel.dates import format_datetime

from forum.comments.checks.catalogue import CHECKS
from forum.comments.checks.titles import check_title
from forum.comments.reasons import REASONS, removal_sentence
from forum.moderation.models import ActKind

LONGEST = 200
"""Characters of a value; the export has them all."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that an act changed, in words."""

    what: str
    before: str
    after: str


def kind_words() -> dict[ActKind, str]:
    """The name of each kind, in the order in which a form offers them."""
    return {
        ActKind.REMOVE: _("Removed comments"),
        ActKind.REMOVE_ALL: _("Removed all of an account"),
        ActKind.RESTORE: _("Restored comments"),
        ActKind.RESTORE_ALL: _("Restored all of an account"),
        ActKind.HOLD: _("Held comments"),
        ActKind.APPROVE: _("Approved comments"),
        ActKind.DISMISS: _("Dismissed reports"),
        ActKind.APPEAL: _("Appeals"),
        ActKind.BAN: _("Bans"),
        ActKind.LIFT: _("Lifted bans"),
        ActKind.SHADOW: _("Accounts put into the shadow"),
        ActKind.UNSHADOW: _("Accounts taken out of the shadow"),
        ActKind.SUSPEND: _("Suspended rights"),
        ActKind.UNSUSPEND: _("Rights given back"),
        ActKind.BAN_ADDRESS: _("Bans of networks"),
        ActKind.LIFT_ADDRESS: _("Lifted bans of networks"),
        ActKind.BAN_DOMAIN: _("Bans of e-mail domains"),
        ActKind.LIFT_DOMAIN: _("Lifted bans of e-mail domains"),
        ActKind.WARN: _("Warnings"),
        ActKind.NOTE: _("Notes"),
        ActKind.WATCH: _("Accounts put under watch"),
        ActKind.UNWATCH: _("Accounts no longer watched"),
        ActKind.DISCUSSION: _("Discussions opened and closed"),
        ActKind.SECTION: _("Sections"),
        ActKind.BRANCH: _("Branches"),
        ActKind.SLOW: _("Slow mode"),
        ActKind.PIN: _("Pinned"),
        ActKind.UNPIN: _("Unpinned"),
        ActKind.FEATURE: _("Picked comments"),
        ActKind.UNFEATURE: _("Comments no longer picked"),
        ActKind.CHECKS: _("Checks"),
        ActKind.WORDS: _("Lists of words"),
        ActKind.UNDO: _("Undone"),
    }


def changes(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[Change]:
    """What differs between the two, in words; lists and the like are for the export."""
    was, became = before or {}, after or {}
    names = [name for name in dict.fromkeys([*was, *became]) if was.get(name) != became.get(name)]
    plain = [name for name in names if not isinstance(was.get(name) or became.get(name), list)]
    return [Change(_name(name), _value(name, was.get(name)), _value(name, became.get(name))) for name in plain]


def _name(name: str) -> str:
    names = {
        "state": _("State"),
        "reason": _("Reason"),
        "ban_reason": _("Reason"),
        "discussion": _("Discussion"),
        "discussion_since": _("Closed since"),
        "discussion_reason": _("Reason"),
        "closes_at": _("Closes on"),
        "closes_after": _("Closes after so many days"),
        "closed_at": _("Closed since"),
        "closed_reason": _("Reason"),
        "slow": _("Seconds between two comments"),
        "pinned_at": _("Pinned since"),
        "featured_at": _("Picked since"),
        "watched_at": _("Watched since"),
        "banned_at": _("Banned since"),
        "banned_until": _("Banned until"),
        "shadowed_at": _("In the shadow since"),
        "until": _("Until"),
        "act": _("Set by entry"),
        "open": _("Reports are open"),
        "given": _("Warning given"),
        "looked_at": _("Looked at"),
        "granted": _("Granted"),
        "hold_reports": _("Reports that hold a comment"),
        "hold_weight": _("Weight of each, of 100"),
    }
    return names.get(name) or (check_title(name).name if name in CHECKS else name.replace("_", " "))


def _value(name: str, value: Any) -> str:
    if name in CHECKS:
        return _setting(value)
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "reason" and value in REASONS:
        return removal_sentence(value)
    text = str(value)
    return _moment(text) or (text if len(text) <= LONGEST else text[: LONGEST - 1] + "…")


def _setting(value: dict[str, Any] | None) -> str:
    """What a check is set to in one place: what follows, and its number where it has been given another."""
    if value is None:
        return _("not set here")
    follows = {"off": _("off"), "note": _("noted"), "hold": _("held"), "refuse": _("refused")}
    words = follows[value["response"]]
    return words if value["amount"] is None else f"{words}, {value['amount']}"


def _moment(text: str) -> str:
    """A moment that is stored as a text; empty for any other."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return format_datetime(moment, "d MMMM yyyy, HH:mm", locale="en") + " UTC" if moment.tzinfo else ""
