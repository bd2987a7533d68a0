"""Who decided what about a comment last: said to the next who would decide, and where it does not wait any more."""

from dataclasses import dataclass
from datetime import datetime
from gettext import gettext as _

from babel.dates import format_timedelta
from sqlalchemy import literal, select, union

from forum.accounts.models import Account
from forum.comments.models import Comment, State
from forum.comments.reasons import removal_sentence
from forum.database import Db, now
from forum.moderation.models import Act, ActKind, Report

DECIDING = (
    *(ActKind.REMOVE, ActKind.APPROVE, ActKind.RESTORE, ActKind.HOLD, ActKind.DISMISS, ActKind.UNDO),
    *(ActKind.FEATURE, ActKind.UNFEATURE, ActKind.PIN, ActKind.UNPIN, ActKind.BRANCH),
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about a comment, when and by whom; by nobody where a rule of the site did it."""

    kind: ActKind
    at: datetime
    by_id: int | None
    by: str | None
    reason: str = ""


def last_decision(db: Db, comment: Comment) -> Decision | None:
    """The latest decision about a comment: by an entry of its own, or one about several that took it in."""
    # A union, not OR: that would look through the whole log where nothing has been decided.
    about = union(
        select(Act.id).where(Act.comment_id == comment.id, Act.kind.in_(DECIDING)),
        select(Report.act_id).where(Report.comment_id == comment.id),
        select(literal(comment.act_id, Act.id.type)),
    )
    query = select(Act, Account.display_name).outerjoin(Account, Account.id == Act.by_id).where(Act.id.in_(about))
    row = db.execute(query.order_by(Act.id.desc()).limit(1)).first()
    return Decision(row.Act.kind, row.Act.created_at, row.Act.by_id, row.display_name, row.Act.reason) if row else None


def what_happened(db: Db, comment: Comment, *, viewer_id: int) -> str:
    """A sentence of what last became of a comment."""
    decision = last_decision(db, comment)
    if comment.state == State.DELETED:
        return _("Its author has deleted this.")
    if comment.edited_at and is_edited_since(comment, decision):
        return _("Its author changed the text %(ago)s.") % {"ago": ago(comment.edited_at)}
    return decided_sentence(decision, viewer_id=viewer_id) if decision else _("This was changed meanwhile.")


def is_edited_since(comment: Comment, decision: Decision | None) -> bool:
    """Whether a comment has another text than whoever decided about it has read."""
    return comment.edited_at is not None and (decision is None or comment.edited_at > decision.at)


def decided_sentence(decision: Decision, *, viewer_id: int) -> str:
    """A decision in words."""
    sentence = {
        ActKind.REMOVE: _("%(name)s removed this %(ago)s: %(reason)s."),
        ActKind.REMOVE_ALL: _("%(name)s removed this %(ago)s with all that its author wrote."),
        ActKind.APPROVE: _("%(name)s approved this %(ago)s."),
        ActKind.RESTORE: _("%(name)s brought this back %(ago)s."),
        ActKind.HOLD: _("%(name)s held this %(ago)s."),
        ActKind.DISMISS: _("%(name)s left this as it is %(ago)s."),
        ActKind.UNDO: _("%(name)s undid the last decision %(ago)s."),
    }.get(decision.kind, _("%(name)s decided about this %(ago)s."))
    name = _("You") if decision.by_id == viewer_id else decision.by or _("A rule of the site")
    return sentence % {"name": name, "ago": ago(decision.at), "reason": removal_sentence(decision.reason)}


def ago(moment: datetime) -> str:
    """How long ago, such as “2 minutes ago”."""
    return format_timedelta(moment - now(), add_direction=True, locale="en")
