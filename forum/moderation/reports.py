"""Readers tell the moderators of a comment; moderators settle what they are told."""

from collections.abc import Sequence
from gettext import gettext as _
from gettext import ngettext

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import aliased

from forum.accounts.actor import Actor, Standing, writer_standing
from forum.accounts.models import Account
from forum.articles.models import Article, DiscussionState
from forum.comments.locking import lock_comment
from forum.comments.models import Comment
from forum.comments.reasons import check_reason
from forum.database import Db, now
from forum.errors import Forbidden, Invalid, NotFound
from forum.moderation.acts import Undoing, log_act, moderator_standing
from forum.moderation.deciding import Basis, is_done
from forum.moderation.models import ActKind, Report
from forum.moderation.report_rule import hold_if_reported_enough
from forum.moderation.settling import solve_reports
from forum.moderation.weighing import due, weight_of
from forum.permissions import Right, can_report

NOTE_LENGTH = 500


def report_comment(db: Db, *, reporter: Actor, comment_id: int, reason: str, note: str = "") -> None:
    """Tell the moderators of a comment, once per reader and comment: doing it again changes nothing.

    Where an admin has said so, enough reports hold the comment until a moderator decides. Raises SignInNeeded, Banned,
    NetworkBanned, Suspended, Invalid, NotFound, or Forbidden for one's own comment.
    """
    person = writer_standing(db, reporter, Right.REPORT)
    reason, note = check_reason(reason), _check_note(note)
    comment = _reportable(db, comment_id, person)

    earlier = select(Report.id).where(Report.comment_id == comment_id, Report.account_id == person.id)
    if db.execute(earlier).first() is not None:
        return
    report = Report(comment_id=comment.id, account_id=person.id, reason=reason, note=note)
    report.created_at, report.weight = now(), weight_of(db, person.id)
    open_before = _open_reports(db, comment_id)
    first = open_before[0].created_at if open_before else report.created_at
    report.due = due(first, [one.weight or 0.0 for one in (*open_before, report)])
    db.add(report)
    db.flush()
    hold_if_reported_enough(db, comment, _open_reports(db, comment_id))


def dismiss_reports(db: Db, *, moderator: Actor, comment_id: int, basis: Basis | None = None) -> Comment:
    """Settle the open reports of a comment and leave it as it is. Where none are open, nothing happens.

    Raises Conflict where the comment is not as the moderator saw it (`basis`).
    """
    person = moderator_standing(db, moderator)
    comment = lock_comment(db, comment_id, person)
    if is_done(db, person, comment, basis, ActKind.DISMISS):
        return comment
    are_open = select(Report.id).where(Report.comment_id == comment_id, Report.solved_at.is_(None))
    found = list(db.execute(are_open.order_by(Report.id).with_for_update()).scalars())
    if not found:
        return comment
    act = log_act(
        db,
        ActKind.DISMISS,
        by=person,
        comment_id=comment_id,
        account_id=comment.author_id,
        before={"reports": found, "open": True},
        after={"reports": found, "open": False},
    )
    solve_reports(db, [comment_id], act=act)
    return comment


def undo_dismissal(db: Db, undoing: Undoing) -> bool:
    """Open the reports again that an act has settled; or settle them again, where their opening is undone."""
    theirs = Report.id.in_(undoing.after.get("reports", []))
    change = update(Report).where(theirs).returning(Report.id)
    if undoing.before.get("open"):
        change = change.where(Report.act_id == undoing.act.id).values(solved_at=None, solved_by_id=None, act_id=None)
    else:
        change = change.where(Report.solved_at.is_(None))
        change = change.values(solved_at=now(), solved_by_id=undoing.by.id, act_id=undoing.entry.id)
    return bool(db.execute(change).scalars().all())


def heard(report: type[Report] = Report) -> ColumnElement[bool]:
    """The reports that moderators read: while an account is in the shadow, its own wait."""
    reporter = aliased(Account)
    in_shadow = select(reporter.id).where(reporter.id == report.account_id, reporter.shadowed_at.is_not(None))
    return ~in_shadow.exists()


def _open_reports(db: Db, comment_id: int) -> Sequence[Report]:
    """Those that count: what is told from the shadow has no effect."""
    query = select(Report).where(Report.comment_id == comment_id, Report.solved_at.is_(None), heard())
    return db.execute(query.order_by(Report.id)).scalars().all()


def _reportable(db: Db, comment_id: int, person: Standing) -> Comment:
    comment = lock_comment(db, comment_id, person)
    article = db.get_one(Article, comment.article_id)
    if not comment.is_visible_to(person.id) or article.discussion == DiscussionState.OFF:
        raise NotFound(_("This comment is not here any more."))
    if not can_report(person, comment):
        raise Forbidden(_("You cannot report your own comment. You can edit or delete it."))
    return comment


def _check_note(note: str) -> str:
    text = note.strip()
    if (excess := len(text) - NOTE_LENGTH) > 0:
        raise Invalid(
            ngettext(
                "The note is %(num)s character too long. Shorten it and send it again.",
                "The note is %(num)s characters too long. Shorten it and send it again.",
                excess,
            )
            % {"num": excess},
            "note",
        )
    return text
