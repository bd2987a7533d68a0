"""A decision carries what it was based on: where somebody else has decided meanwhile, it is not made.

So two moderators who look at the same comment never undo one another without knowing.
"""

from dataclasses import dataclass
from gettext import gettext as _

from forum.accounts.actor import Standing
from forum.comments.models import Comment, State
from forum.database import Db
from forum.errors import Conflict
from forum.moderation.decided import is_edited_since, last_decision, what_happened
from forum.moderation.models import ActKind, Report

DONE_BY: dict[ActKind, tuple[ActKind, ...]] = {
    ActKind.REMOVE: (ActKind.REMOVE, ActKind.REMOVE_ALL),
    ActKind.RESTORE: (ActKind.APPROVE, ActKind.RESTORE),
    ActKind.DISMISS: (ActKind.DISMISS, ActKind.APPROVE, ActKind.RESTORE),
}
"""By which entries of the log an act has been done already."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What somebody looked at: the comment's version, and the newest report that was open then, 0 where none was."""

    version: int
    report: int = 0


def is_done(db: Db, person: Standing, comment: Comment, basis: Basis | None, kind: ActKind) -> bool:
    """Whether this person has done just that already: a form may come twice.

    Raises Conflict, which says what happened, where anything else came in between. Without a basis nobody asks.
    """
    if basis is None or not is_outdated(db, comment, basis):
        return False
    decision = last_decision(db, comment)
    is_own = decision is not None and decision.by_id == person.id and decision.kind in DONE_BY[kind]
    if is_own and comment.state != State.DELETED and not is_edited_since(comment, decision):
        return True
    happened = what_happened(db, comment, viewer_id=person.id)
    raise Conflict(_("%(happened)s Nothing was done.") % {"happened": happened})


def is_outdated(db: Db, comment: Comment, basis: Basis) -> bool:
    """Whether a comment is not as it was seen: another version, or somebody has settled its reports."""
    if comment.version != basis.version:
        return True
    report = db.get(Report, basis.report) if basis.report else None
    return report is not None and report.comment_id == comment.id and report.solved_at is not None
