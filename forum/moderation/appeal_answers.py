"""Moderators answer appeals: they bring the comment back or lift the ban, or say why it stays as it is."""

from gettext import gettext as _
from typing import Any

from sqlalchemy import select

from forum.accounts.actor import Actor, Standing
from forum.accounts.models import Account
from forum.comments.change import next_version
from forum.comments.locking import lock_comment
from forum.comments.models import Comment, State
from forum.database import Db, now
from forum.errors import Conflict, Forbidden, NotFound
from forum.lines import check_line
from forum.moderation.acts import Undoing, log_act, moderator_standing
from forum.moderation.bans import let_in, lock_account
from forum.moderation.decided import ago
from forum.moderation.deciding import Basis, is_done
from forum.moderation.effects import decide, take_back
from forum.moderation.models import Act, ActKind, Appeal
from forum.moderation.settling import solve_reports
from forum.moderation.terms import terms_of, undo_terms
from forum.permissions import can_ban, is_banned

ANSWER_LENGTH = 1000


def answer_appeal(
    db: Db, *, moderator: Actor, appeal_id: int, granted: bool, answer: str, basis: Basis | None = None
) -> int:
    """Grant an appeal, or decline it with an answer that its author reads; gives the log's entry. Twice is once.

    Raises Forbidden for one's own, and for a ban that one could not lift; NotFound, Invalid; Conflict where somebody
    else has answered, or the comment is not as the moderator saw it (`basis`).
    """
    person = moderator_standing(db, moderator)
    missing = "" if granted else _("Say why it stays as it is. The author reads it.")
    said = check_line(answer, "answer", ANSWER_LENGTH, missing=missing)
    appeal, comment, account = _lock(db, appeal_id, person)
    if appeal.decided_at is not None:
        return _answered_before(db, appeal, person, granted=granted)
    if comment:
        is_done(db, person, comment, basis, ActKind.RESTORE)

    act = _log_answer(db, person, appeal, account, granted=granted, answer=said)
    appeal.granted, appeal.answer, appeal.decided_at, appeal.decided_by_id = granted, said, now(), person.id
    if granted and comment:
        _bring_back(db, act, comment)
    return act.id


def undo_answer(db: Db, undoing: Undoing) -> bool:
    """Let an appeal wait again, and what it was about be as it was before; or answer it again.

    Raises Forbidden for one's own.
    """
    facts = undoing.after
    appeal = db.execute(select(Appeal).where(Appeal.id == facts["appeal"]).with_for_update()).scalar_one()
    _check_not_own(appeal, undoing.by)
    if appeal.granted != facts["granted"]:
        return False
    if appeal.act_id and not _put_ban_back(db, undoing, appeal):
        return False
    take_back(db, undoing.entry)
    granted = undoing.before["granted"]
    appeal.granted = granted
    appeal.answer = "" if granted is None else undoing.before["answer"]
    appeal.decided_at = None if granted is None else now()
    appeal.decided_by_id = None if granted is None else undoing.by.id
    return True


def _lock(db: Db, appeal_id: int, person: Standing) -> tuple[Appeal, Comment | None, Account]:
    """The appeal with what it is about, which is locked first."""
    found = db.get(Appeal, appeal_id)
    if found is None:
        raise NotFound(_("There is no appeal at this address."))
    comment = lock_comment(db, found.comment_id, person) if found.comment_id else None
    query = select(Appeal).where(Appeal.id == appeal_id).with_for_update()
    appeal = db.execute(query, execution_options={"populate_existing": True}).scalar_one()
    account = db.get_one(Account, appeal.account_id)
    _check_not_own(appeal, person)
    if comment is None:
        account = lock_account(db, person, account.handle)
    return appeal, comment, account


def _check_not_own(appeal: Appeal, person: Standing) -> None:
    if appeal.account_id == person.id:
        raise Forbidden(_("You cannot answer your own appeal. A colleague has to."))


def _log_answer(db: Db, person: Standing, appeal: Appeal, account: Account, *, granted: bool, answer: str) -> Act:
    """One entry tells of the answer and of the ban that it lifts, so that one undo takes both back."""
    lifts = granted and appeal.comment_id is None and is_banned(account, now())
    facts: dict[str, Any] = {"appeal": appeal.id, "answer": answer}
    before = {"granted": None} | facts | (terms_of(account) if lifts else {})
    if lifts:
        let_in(account)
    return log_act(
        db,
        ActKind.APPEAL,
        by=person,
        account_id=account.id,
        comment_id=appeal.comment_id,
        reason=answer,
        detail="granted" if granted else "declined",
        before=before,
        after={"granted": granted} | facts | (terms_of(account) if lifts else {}),
    )


def _put_ban_back(db: Db, undoing: Undoing, appeal: Appeal) -> bool:
    """Put back the ban that an answer lifted, or lift it again; False where the terms have changed since."""
    if "banned_at" in undoing.after:
        return undo_terms(db, undoing)
    if not can_ban(undoing.by, db.get_one(Account, appeal.account_id)):
        raise Forbidden(_("Moderators can ban readers; admins can ban moderators and editors too."))
    return True


def _answered_before(db: Db, appeal: Appeal, person: Standing, *, granted: bool) -> int:
    about = (Act.kind == ActKind.APPEAL) & (Act.account_id == appeal.account_id)
    about &= Act.comment_id == appeal.comment_id if appeal.comment_id else Act.comment_id.is_(None)
    act = db.execute(select(Act).where(about).order_by(Act.id.desc()).limit(1)).scalar_one()
    if act.by_id == person.id and appeal.granted == granted:
        return act.id
    by = db.get(Account, act.by_id) if act.by_id else None
    name = _("You") if act.by_id == person.id else by.display_name if by else ""
    sentence = _("%(name)s granted this %(ago)s.") if appeal.granted else _("%(name)s declined this %(ago)s.")
    happened = sentence % {"name": name, "ago": ago(appeal.decided_at or now())}
    raise Conflict(_("%(happened)s Nothing was done.") % {"happened": happened})


def _bring_back(db: Db, act: Act, comment: Comment) -> None:
    if comment.state == State.DELETED:
        raise Conflict(_("Its author has deleted this comment. It stays deleted."))
    if comment.state in (State.HELD, State.REMOVED):
        solve_reports(db, [comment.id], act=act)
        decide(db, act, comment, State.VISIBLE, next_version(db, comment.article_id))
