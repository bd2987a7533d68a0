"""Accounts are put into the shadow, where what they write is seen by themselves alone, and taken out of it."""

from datetime import UTC, datetime
from gettext import gettext as _
from typing import Any

from forum.accounts.actor import Actor
from forum.accounts.models import Account
from forum.comments.shadow import count_shadowed
from forum.database import Db, now
from forum.errors import Forbidden
from forum.events import AccountShadowed, record
from forum.moderation.acts import Undoing, log_act, moderator_standing
from forum.moderation.bans import lock_account, lock_of_act
from forum.moderation.models import ActKind
from forum.moderation.sanctions import Terms, check_terms
from forum.moderation.sweeps import start_release
from forum.permissions import can_shadow

RELEASE = "release"
"""The detail of an entry that took comments out of the shadow, too."""


def shadow_account(db: Db, *, moderator: Actor, handle: str, reason: str) -> bool:
    """Let what an account writes and recommends from now on be seen by itself alone; False where that is so already.

    Raises Forbidden as a ban does, and for whoever works here, who would notice; NotFound, Invalid.
    """
    person = moderator_standing(db, moderator)
    account, terms = lock_account(db, person, handle), check_terms(Terms(reason))
    if not can_shadow(person, account):
        raise Forbidden(_("Only readers can be put into the shadow: whoever works here would notice."))
    if account.shadowed_at is not None:
        return False
    before = _facts(account)
    _set(db, account, now())
    log_act(
        db,
        ActKind.SHADOW,
        by=person,
        account_id=account.id,
        reason=terms.reason,
        before=before,
        after=_facts(account),
    )
    return True


def lift_shadow(db: Db, *, moderator: Actor, handle: str, release: bool = False) -> int | None:
    """Let others see again what an account writes; what it wrote in the shadow stays there, unless it is released.

    Gives the act that releases, for `finish_act` to do, or None. What was left in the shadow can be released later.
    """
    person = moderator_standing(db, moderator)
    account = lock_account(db, person, handle)
    if account.shadowed_at is None and not (release and count_shadowed(db, account.id)):
        return None
    before = _facts(account)
    _set(db, account, None)
    act = log_act(
        db,
        ActKind.UNSHADOW,
        by=person,
        account_id=account.id,
        detail=RELEASE if release else "",
        before=before,
        after=_facts(account),
    )
    return start_release(db, act) if release else None


def undo_shadow(db: Db, undoing: Undoing) -> bool:
    """Put an account into the shadow, or out of it, as before an act. What it wrote meanwhile stays where it is."""
    account = lock_of_act(db, undoing)
    if _facts(account) != undoing.after:
        return False
    since = undoing.before["shadowed_at"]
    _set(db, account, datetime.fromisoformat(since) if since else None)
    return True


def _facts(account: Account) -> dict[str, Any]:
    """Since when an account is in the shadow, as the log keeps it."""
    since = account.shadowed_at
    return {"shadowed_at": since.astimezone(UTC).isoformat() if since else None}


def _set(db: Db, account: Account, since: datetime | None) -> None:
    account.shadowed_at = since
    db.flush()
    if since:
        record(db, AccountShadowed(account.id))
