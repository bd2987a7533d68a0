"""The terms of an account's ban, as the log keeps them; and what goes with a ban that begins."""

from datetime import UTC, datetime
from gettext import gettext as _

from sqlalchemy import delete, select

from forum.accounts.models import Account, Session
from forum.accounts.words import ban_sentence
from forum.database import Db, now
from forum.errors import Forbidden
from forum.events import AccountBanned, record
from forum.moderation.acts import Undoing
from forum.permissions import can_ban, is_banned

Terms = dict[str, str | None]


def terms_of(account: Account) -> Terms:
    """Since when and until when an account is banned, and why; also where that is over."""
    at, until = account.banned_at, account.banned_until
    return {
        "banned_at": at.astimezone(UTC).isoformat() if at else None,
        "banned_until": until.astimezone(UTC).isoformat() if until else None,
        "ban_reason": account.ban_reason,
    }


def shut_out(db: Db, account: Account) -> None:
    """End the sessions of an account whose ban begins, and have its open pages told why."""
    # Not SessionsEnded: the open pages are told of the ban, which says more.
    db.execute(delete(Session).where(Session.account_id == account.id))
    record(db, AccountBanned(account.id, ban_sentence(account.ban_reason, account.banned_until)))


def undo_terms(db: Db, undoing: Undoing) -> bool:
    """Give an account the terms back that it had before an act. Sessions that a ban has ended do not come back."""
    query = select(Account).where(Account.id == undoing.act.account_id).with_for_update()
    account = db.execute(query, execution_options={"populate_existing": True}).scalar_one()
    if not can_ban(undoing.by, account):
        raise Forbidden(_("Moderators can ban readers; admins can ban moderators and editors too."))
    if any(undoing.after[name] != value for name, value in terms_of(account).items()):
        return False
    account.banned_at = _moment(undoing.before["banned_at"])
    account.banned_until = _moment(undoing.before["banned_until"])
    account.ban_reason = undoing.before["ban_reason"]
    db.flush()
    if is_banned(account, now()):
        shut_out(db, account)
    return True


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
