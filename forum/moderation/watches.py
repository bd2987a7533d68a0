"""Accounts under watch: a moderator looks at each of their comments before it shows."""

from datetime import datetime
from gettext import gettext as _

from sqlalchemy import select

from forum.accounts.actor import Actor
from forum.accounts.models import Account
from forum.accounts.queries import account_by_handle
from forum.database import Db, now
from forum.errors import Forbidden, NotFound
from forum.moderation.acts import Undoing, log_act, moderator_standing
from forum.moderation.models import ActKind
from forum.permissions import can_watch


def set_watch(db: Db, *, moderator: Actor, handle: str, watch: bool) -> bool:
    """Begin or end to watch an account; False where that is so already. It is not told, but reads why it waits.

    Raises Forbidden for oneself, one's equal or senior; NotFound.
    """
    person = moderator_standing(db, moderator)
    found = account_by_handle(db, handle)
    if found is None:
        raise NotFound(_("There is no account with this handle."))
    query = select(Account).where(Account.id == found.id).with_for_update()
    account = db.execute(query, execution_options={"populate_existing": True}).scalar_one()
    if not can_watch(person, account):
        raise Forbidden(_not_theirs_to_watch())
    if (account.watched_at is not None) == watch:
        return False
    before, account.watched_at = _facts(account), now() if watch else None
    log_act(
        db,
        ActKind.WATCH if watch else ActKind.UNWATCH,
        by=person,
        account_id=account.id,
        before=before,
        after=_facts(account),
    )
    return True


def undo_watch(db: Db, undoing: Undoing) -> bool:
    """Watch an account again since when it was watched, or no more."""
    query = select(Account).where(Account.id == undoing.act.account_id).with_for_update()
    account = db.execute(query, execution_options={"populate_existing": True}).scalar_one()
    if not can_watch(undoing.by, account):
        raise Forbidden(_not_theirs_to_watch())
    if _facts(account) != undoing.after:
        return False
    since = undoing.before["watched_at"]
    account.watched_at = datetime.fromisoformat(since) if since else None
    return True


def _facts(account: Account) -> dict[str, str | None]:
    return {"watched_at": account.watched_at.isoformat() if account.watched_at else None}


def _not_theirs_to_watch() -> str:
    return _("Moderators can watch readers; admins can watch moderators and editors too.")
