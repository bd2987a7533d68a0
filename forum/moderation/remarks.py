"""What moderators say to an account, and what they note about it for one another; which new accounts they looked at."""

from datetime import UTC, datetime
from gettext import gettext as _

from sqlalchemy import delete, select

from forum.accounts.actor import Actor
from forum.accounts.models import Account, AccountWarning
from forum.accounts.queries import account_by_handle
from forum.comments.models import Comment
from forum.database import Db, now
from forum.errors import Forbidden, NotFound
from forum.lines import check_line
from forum.moderation.acts import Undoing, log_act, moderator_standing
from forum.moderation.models import Act, ActKind
from forum.permissions import can_warn

TEXT_LENGTH = 500
LOOKED_AT = "account"
"""The detail of an approval that is of an account, not of a comment."""


def warn_account(db: Db, *, moderator: Actor, handle: str, text: str, comment_id: int | None = None) -> int:
    """Say something to an account that it must acknowledge before it posts again; gives the log's entry.

    Twice the same, before it was read, is once. Raises Forbidden for oneself, one's equal or senior; NotFound, Invalid.
    """
    person = moderator_standing(db, moderator)
    account = _lock_account(db, handle)
    if not can_warn(person, account):
        raise Forbidden(_not_theirs_to_warn())
    said = check_line(text, "text", TEXT_LENGTH, missing=_("Say what you want them to know. They read it."))
    comment = db.get(Comment, comment_id) if comment_id else None
    if comment_id and (comment is None or comment.author_id != account.id):
        raise NotFound(_("There is no such comment of this account."))

    unread = (AccountWarning.account_id == account.id) & AccountWarning.acknowledged_at.is_(None)
    earlier = select(AccountWarning.act_id).where(unread, AccountWarning.text == said)
    if (act_id := db.execute(earlier).scalars().first()) is not None:
        return act_id
    facts = {"text": said, "comment": comment_id}
    after = {"given": True} | facts
    act = log_act(
        db,
        ActKind.WARN,
        by=person,
        account_id=account.id,
        comment_id=comment_id,
        reason=said,
        before={"given": False} | facts,
        after=after,
    )
    _open_warning(db, act)
    return act.id


def undo_warning(db: Db, undoing: Undoing) -> bool:
    """Take a warning back that nobody has read; or give it again. Raises Forbidden as the warning does."""
    if not can_warn(undoing.by, _lock(db, undoing.act.account_id or 0)):
        raise Forbidden(_not_theirs_to_warn())
    if undoing.before.get("given"):
        _open_warning(db, undoing.entry)
        return True
    unread = (AccountWarning.act_id == undoing.act.id) & AccountWarning.acknowledged_at.is_(None)
    return bool(db.execute(delete(AccountWarning).where(unread).returning(AccountWarning.id)).scalars().all())


def note_account(db: Db, *, moderator: Actor, handle: str, text: str) -> int:
    """Leave a note about an account for other moderators; gives the log's entry, which is the note."""
    person = moderator_standing(db, moderator)
    account = _lock_account(db, handle)
    said = check_line(text, "text", TEXT_LENGTH, missing=_("Write what your colleagues should know."))
    about = (Act.account_id == account.id) & (Act.kind == ActKind.NOTE)
    latest = db.execute(select(Act).where(about).order_by(Act.id.desc()).limit(1)).scalar_one_or_none()
    if latest is not None and (latest.by_id, latest.reason) == (person.id, said):
        return latest.id
    return log_act(db, ActKind.NOTE, by=person, account_id=account.id, reason=said, before={}, after={}).id


def undo_note(db: Db, undoing: Undoing) -> bool:
    """A note that is undone is not shown any more: its entry says so, and nothing else need be done.

    Raises Forbidden for another's note about oneself, one's equal or senior: it is not theirs to take away.
    """
    is_own = undoing.act.by_id == undoing.by.id
    if not is_own and not can_warn(undoing.by, db.get_one(Account, undoing.act.account_id)):
        raise Forbidden(_("Only who wrote this note can take it back, or an admin."))
    return True


def look_at_account(db: Db, *, moderator: Actor, handle: str) -> int | None:
    """Note that nothing is wrong with what a new account has written so far; gives the log's entry.

    None where somebody did so just as well meanwhile.
    """
    person = moderator_standing(db, moderator)
    account = _lock_account(db, handle)
    written = select(Comment.created_at).where(Comment.author_id == account.id)
    newest = db.execute(written.order_by(Comment.created_at.desc()).limit(1)).scalar_one_or_none()
    if newest is None or (account.looked_at is not None and account.looked_at >= newest):
        return None
    before, account.looked_at = account.looked_at, now()
    return log_act(
        db,
        ActKind.APPROVE,
        by=person,
        account_id=account.id,
        detail=LOOKED_AT,
        before={"looked_at": before.astimezone(UTC).isoformat() if before else None},
        after={"looked_at": account.looked_at.isoformat()},
    ).id


def undo_look(db: Db, undoing: Undoing) -> bool:
    """Let a new account wait again, or wait no more."""
    account = _lock(db, undoing.act.account_id or 0)
    if _moment(undoing.after["looked_at"]) != account.looked_at:
        return False
    account.looked_at = _moment(undoing.before["looked_at"])
    return True


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _open_warning(db: Db, act: Act) -> None:
    said = act.after or {}
    warning = {"account_id": act.account_id, "comment_id": act.comment_id, "act_id": act.id, "text": said["text"]}
    db.add(AccountWarning(**warning))
    db.flush()


def _lock_account(db: Db, handle: str) -> Account:
    """The account; what it posts meanwhile waits until the commit, and then finds the warning."""
    found = account_by_handle(db, handle)
    if found is None:
        raise NotFound(_("There is no account with this handle."))
    return _lock(db, found.id)


def _lock(db: Db, account_id: int) -> Account:
    query = select(Account).where(Account.id == account_id).with_for_update()
    account = db.execute(query, execution_options={"populate_existing": True}).scalar_one_or_none()
    if account is None:
        raise NotFound(_("There is no account at this address."))
    return account


def _not_theirs_to_warn() -> str:
    return _("Moderators can warn readers; admins can warn moderators and editors too.")
