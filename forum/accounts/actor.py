"""Who acts: named in every action, and read again inside its transaction."""

from dataclasses import dataclass, replace
from datetime import datetime
from gettext import gettext as _

from sqlalchemy import Executable, bindparam, exists, select

from forum.accounts.models import Account, AccountWarning, Session, Suspension
from forum.accounts.networks import refuse_banned_network
from forum.accounts.words import ban_sentence, suspension_sentence
from forum.database import Db, now, run, table_of
from forum.errors import Banned, SignInNeeded, Suspended
from forum.permissions import Right, Role, is_banned, is_in_force, passes_network_bans


@dataclass(frozen=True, slots=True)
class Actor:
    """An account, the sign-in it acts through and where it writes from.

    No session and no address for the command line, an importer or the demo.
    """

    account_id: int
    session_id: int | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What an account is right now, inside this transaction.

    `is_warned` where there is a warning to acknowledge, if `writer_standing` was asked for a right.
    """

    id: int
    handle: str
    role: Role
    created_at: datetime
    banned_at: datetime | None
    banned_until: datetime | None
    ban_reason: str | None
    watched_at: datetime | None
    shadowed_at: datetime | None
    is_warned: bool = False


accounts, sessions, suspensions = table_of(Account), table_of(Session), table_of(Suspension)
warnings = table_of(AccountWarning)
_ACCOUNT = select(
    accounts.c.id,
    accounts.c.handle,
    accounts.c.role,
    accounts.c.created_at,
    accounts.c.banned_at,
    accounts.c.banned_until,
    accounts.c.ban_reason,
    accounts.c.watched_at,
    accounts.c.shadowed_at,
).where(accounts.c.id == bindparam("account_id"))
_LOCKED_ACCOUNT = _ACCOUNT.with_for_update(read=True)
_ACCOUNT_ALONE = _ACCOUNT.with_for_update(key_share=True)
_LASTING_SESSION = (
    select(sessions.c.id)
    .where(
        sessions.c.id == bindparam("session_id"),
        sessions.c.account_id == bindparam("account_id"),
        sessions.c.expires_at > bindparam("at"),
    )
    .with_for_update(read=True)
)
_OPEN_WARNING = exists().where(warnings.c.account_id == accounts.c.id, warnings.c.acknowledged_at.is_(None))
# Not read with the account: whoever waits for its lock on PostgreSQL reads other tables as they were before.
_HINDRANCES = (
    select(suspensions.c.act_id, suspensions.c.reason, suspensions.c.until)
    .add_columns(_OPEN_WARNING.label("is_warned"))
    .select_from(accounts)
    .outerjoin(suspensions, (suspensions.c.account_id == accounts.c.id) & (suspensions.c.right == bindparam("right")))
    .where(accounts.c.id == bindparam("account_id"))
)


def standing(db: Db, actor: Actor, *, alone: bool = False) -> Standing:
    """Re-read the acting account and session, locked against change until the commit.

    An act is so either before a ban (a sign-out, a new password) or refused; `alone`, and before or after every other
    act of the account. Raises SignInNeeded or Banned.
    """
    person = read_standing(db, actor.account_id, _ACCOUNT_ALONE if alone else _LOCKED_ACCOUNT)
    if person is None or not (actor.session_id is None or _session_lasts(db, actor)):
        raise SignInNeeded(_("You are signed out. Sign in again: what you wrote is kept."))
    if is_banned(person, now()):
        raise Banned(ban_sentence(person.ban_reason, person.banned_until))
    return person


def writer_standing(db: Db, actor: Actor, right: Right | None = None, *, alone: bool = False) -> Standing:
    """`standing`, of somebody whose act others are to see, and who needs that right for it.

    Raises NetworkBanned and Suspended beside what that raises.
    """
    person = standing(db, actor, alone=alone)
    if not passes_network_bans(person):
        refuse_banned_network(db, actor.address)
    if right is None:
        return person
    found = run(db, _HINDRANCES, account_id=person.id, right=right).one()
    if found.act_id is not None and is_in_force(found.until, now()):
        raise Suspended(suspension_sentence(right, found.reason, found.until))
    return replace(person, is_warned=found.is_warned)


def read_standing(db: Db, account_id: int, query: Executable = _ACCOUNT) -> Standing | None:
    """An account's standing, or None where there is no such account."""
    db.flush()
    row = run(db, query, account_id=account_id).first()
    return Standing(**row._mapping) if row else None


def _session_lasts(db: Db, actor: Actor) -> bool:
    lasting = run(db, _LASTING_SESSION, session_id=actor.session_id, account_id=actor.account_id, at=now())
    return lasting.first() is not None
