"""Moderators take comments away and bring them back: removing, holding, restoring, one at a time."""

from gettext import gettext as _

from forum.accounts.actor import Actor, Standing
from forum.comments.change import next_version
from forum.comments.locking import lock_comment
from forum.comments.models import Comment, State
from forum.comments.reasons import check_reason
from forum.database import Db, now
from forum.errors import Conflict
from forum.moderation.acts import log_act, moderator_standing
from forum.moderation.deciding import Basis, is_done
from forum.moderation.effects import decide
from forum.moderation.models import Act, ActKind
from forum.moderation.settling import solve_reports
from forum.permissions import can_remove, can_restore


def remove_comment(db: Db, *, moderator: Actor, comment_id: int, reason: str, basis: Basis | None = None) -> Comment:
    """Take a comment away; `reason`, a code of the site's list, stands in its place. Twice does nothing.

    Raises Conflict where its author has deleted it, or it is not as the moderator saw it (`basis`).
    """
    person = moderator_standing(db, moderator)
    comment = lock_comment(db, comment_id, person)
    code = check_reason(reason)
    if is_done(db, person, comment, basis, ActKind.REMOVE) or comment.state == State.REMOVED:
        return comment
    if not can_remove(person, comment):
        raise Conflict(_("Its author has deleted this comment meanwhile. There is nothing left to remove."))

    act = _log(db, ActKind.REMOVE, person, comment, State.REMOVED, reason=code)
    solve_reports(db, [comment_id], act=act)
    decide(db, act, comment, State.REMOVED, next_version(db, comment.article_id), reason=code)
    return comment


def restore_comment(db: Db, *, moderator: Actor, comment_id: int, basis: Basis | None = None) -> Comment:
    """Bring back what was removed, or approve what is held. What is visible stays as it is.

    Raises Conflict where its author has deleted it, which stays so, or it is not as the moderator saw it (`basis`).
    """
    person = moderator_standing(db, moderator)
    comment = lock_comment(db, comment_id, person)
    if is_done(db, person, comment, basis, ActKind.RESTORE) or comment.state == State.VISIBLE:
        return comment
    if not can_restore(person, comment):
        raise Conflict(_("Its author has deleted this comment. It stays deleted."))

    kind = ActKind.APPROVE if comment.state == State.HELD else ActKind.RESTORE
    act = _log(db, kind, person, comment, State.VISIBLE)
    solve_reports(db, [comment_id], act=act)
    decide(db, act, comment, State.VISIBLE, next_version(db, comment.article_id))
    return comment


def hold_comment(db: Db, *, moderator: Actor, comment_id: int) -> Comment:
    """Keep a comment from everybody but its author and moderators until one decides. Twice does nothing.

    Raises Conflict where it is not visible.
    """
    person = moderator_standing(db, moderator)
    comment = lock_comment(db, comment_id, person)
    if comment.state == State.HELD:
        return comment
    if comment.state != State.VISIBLE:
        raise Conflict(_("This comment is not to be seen any more, so it cannot be held."))

    act = _log(db, ActKind.HOLD, person, comment, State.HELD)
    decide(db, act, comment, State.HELD, next_version(db, comment.article_id))
    return comment


def _log(db: Db, kind: ActKind, person: Standing, comment: Comment, state: State, *, reason: str = "") -> Act:
    return log_act(
        db,
        kind,
        by=person,
        comment_id=comment.id,
        account_id=comment.author_id,
        reason=reason,
        before={"state": comment.state, "reason": comment.reason or ""},
        after={"state": state, "reason": reason},
        waited=_waited(comment),
    )


def _waited(comment: Comment) -> int | None:
    """For how many seconds a held comment has been waiting; None for one that does not wait."""
    if comment.state != State.HELD or comment.held_at is None:
        return None
    return max(0, round((now() - comment.held_at).total_seconds()))
