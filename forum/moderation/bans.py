"""Accounts are banned, and bans lifted: at once, for a while or for good."""

from dataclasses import dataclass
from gettext import gettext as _
from typing import Literal

from sqlalchemy import select

from forum.accounts.actor import Actor, Standing
from forum.accounts.models import Account
from forum.accounts.queries import account_by_handle
from forum.database import Db, now
from forum.errors import Forbidden, NotFound
from forum.moderation.acts import Undoing, log_act, moderator_standing
from forum.moderation.models import ActKind
from forum.moderation.sanctions import Terms, check_terms
from forum.moderation.sweeps import Reach, start_removal
from forum.moderation.terms import shut_out, terms_of
from forum.permissions import can_ban, is_banned

Remove = Literal["none", Reach]
"""Which of a banned account's comments go."""


@dataclass(frozen=True, slots=True)
class Ban(Terms):
    """The terms of a ban, and which of the account's comments go: none, day or all."""

    remove: Remove = "none"


def ban_account(db: Db, *, moderator: Actor | None, handle: str, ban: Ban) -> int | None:
    """Shut an account out, at once and everywhere; where it is banned already, the new terms hold.

    `moderator` None is the command line. Gives the act that removes comments, for `finish_act` to do, or None. Raises
    Forbidden for oneself, one's equal or senior; NotFound, Invalid.
    """
    person = moderator_standing(db, moderator) if moderator else None
    account = lock_account(db, person, handle)
    reason = check_terms(ban).reason

    before = terms_of(account)
    account.banned_at, account.banned_until, account.ban_reason = now(), ban.until, reason
    db.flush()
    shut_out(db, account)
    until = ban.until.isoformat() if ban.until else ""
    log_act(
        db,
        ActKind.BAN,
        by=person,
        account_id=account.id,
        reason=reason,
        detail=until,
        before=before,
        after=terms_of(account),
    )
    if ban.remove == "none":
        return None
    return start_removal(db, by=person, account_id=account.id, reach=ban.remove, reason=reason)


def lift_ban(db: Db, *, moderator: Actor | None, handle: str) -> bool:
    """Let an account in again; False where it was not banned. `moderator` None: the command line."""
    person = moderator_standing(db, moderator) if moderator else None
    account = lock_account(db, person, handle)
    if not is_banned(account, now()):
        return False
    before = terms_of(account)
    let_in(account)
    log_act(db, ActKind.LIFT, by=person, account_id=account.id, before=before, after=terms_of(account))
    return True


def let_in(account: Account) -> None:
    """End the ban of an account that is locked; the caller logs it."""
    account.banned_at = account.banned_until = account.ban_reason = None


def lock_account(db: Db, person: Standing | None, handle: str) -> Account:
    """The account to be changed; every write of its own waits until the commit, and then finds itself refused."""
    found = account_by_handle(db, handle)
    if found is None:
        raise NotFound(_("There is no account with this handle."))
    return _lock(db, person, found.id)


def lock_of_act(db: Db, undoing: Undoing) -> Account:
    """The account that an act was about, to be changed back by somebody who could do the act."""
    return _lock(db, undoing.by, undoing.act.account_id)


def _lock(db: Db, person: Standing | None, account_id: int | None) -> Account:
    query = select(Account).where(Account.id == account_id).with_for_update()
    account = db.execute(query, execution_options={"populate_existing": True}).scalar_one()
    if person and person.id == account.id:
        raise Forbidden(_("You cannot do this to yourself."))
    if person and not can_ban(person, account):
        raise Forbidden(_("Moderators can ban readers; admins can ban moderators and editors too."))
    return account
