"""What the author of a held comment is told with it: why it waits, and for how long such comments do."""

from collections.abc import Iterable
from gettext import gettext as _
from gettext import ngettext
from math import ceil
from statistics import median

from sqlalchemy import column, select, table

from forum.comments.checks.models import Response
from forum.comments.checks.queries import ShownFinding, findings_of
from forum.comments.models import State
from forum.comments.projection import ShownComment
from forum.database import Db

DECISIONS, FEWEST = 50, 10
"""The last decisions that are looked at, and how many there must be to say anything."""

# The log of moderators lies above this slice: it is known here by its name, as it is to `comments.act_id`.
_acts = table("acts", column("id"), column("waited"))
_LAST_WAITS = select(_acts.c.waited).where(_acts.c.waited.is_not(None)).order_by(_acts.c.id.desc()).limit(DECISIONS)


def explain(db: Db, comments: Iterable[ShownComment]) -> list[ShownComment]:
    """The same comments; those that are held with what checks found in them, and how long the queue takes.

    Only whoever may read a held comment is given one here: for anybody else nothing is asked of the database.
    """
    shown = list(comments)
    held = [one.id for one in shown if _is_held(one)]
    if not held:
        return shown
    found, wait = findings_of(db, held), queue_sentence(queue_time(db))
    return [one._replace(why=_holding(found[one.id]), wait=wait) if _is_held(one) else one for one in shown]


def _is_held(comment: ShownComment) -> bool:
    """Whether this is a held comment as its author sees it, not a tombstone."""
    return comment.state == State.HELD and comment.author is not None and not comment.shadowed


def _holding(findings: Iterable[ShownFinding]) -> tuple[ShownFinding, ...]:
    """What is a note is for moderators."""
    return tuple(finding for finding in findings if finding.response == Response.HOLD)


def queue_time(db: Db) -> float | None:
    """The median of how many seconds held comments lately waited for a decision; None where too few were decided."""
    waits = list(db.execute(_LAST_WAITS).scalars())
    return median(waits) if len(waits) >= FEWEST else None


def queue_sentence(seconds: float | None) -> str:
    """How long the queue takes, in words; empty where nothing can be said."""
    if seconds is None:
        return ""
    minutes = max(1, ceil(seconds / 60))
    if minutes <= 90:
        words = ngettext("%(num)s minute", "%(num)s minutes", minutes) % {"num": minutes}
    elif minutes <= 36 * 60:
        hours = ceil(minutes / 60)
        words = ngettext("%(num)s hour", "%(num)s hours", hours) % {"num": hours}
    else:
        days = ceil(minutes / 60 / 24)
        words = ngettext("%(num)s day", "%(num)s days", days) % {"num": days}
    return _("Of the last comments that waited, half were decided within %(time)s.") % {"time": words}
