"""One right of an account is suspended, for a while or for good, and given back."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from forum.accounts.actor import Actor
from forum.accounts.models import Account, Suspension
from forum.accounts.words import suspension_sentence
from forum.database import Db
from forum.moderation.acts import Undoing, log_act, moderator_standing
from forum.moderation.bans import lock_account, lock_of_act
from forum.moderation.models import ActKind
from forum.moderation.sanctions import NONE, Terms, check_terms, facts, in_force, is_as_left, terms_before
from forum.permissions import Right


@dataclass(frozen=True, slots=True)
class ShownSuspension:
    """A right that is suspended now, and the sentence that its owner reads on trying."""

    right: Right
    sentence: str


def suspend_right(db: Db, *, moderator: Actor, handle: str, right: Right, terms: Terms) -> None:
    """Take one right from an account, from its next act on; where it is taken already, the new terms hold.

    With the right to choose a picture goes the picture. Raises Forbidden as a ban does; NotFound, Invalid.
    """
    person = moderator_standing(db, moderator)
    account, terms = lock_account(db, person, handle), check_terms(terms)
    act = log_act(
        db,
        ActKind.SUSPEND,
        by=person,
        account_id=account.id,
        reason=terms.reason,
        detail=right,
        before=facts(_suspension(db, account, right)),
        after=terms.as_json,
    )
    _suspend(db, account, right, terms, act.id)


def give_back_right(db: Db, *, moderator: Actor, handle: str, right: Right) -> bool:
    """Let an account use a right again; False where it was not suspended."""
    person = moderator_standing(db, moderator)
    account = lock_account(db, person, handle)
    suspension = _suspension(db, account, right)
    if in_force(suspension) is None:
        return False
    before = facts(suspension)
    log_act(db, ActKind.UNSUSPEND, by=person, account_id=account.id, detail=right, before=before, after=NONE)
    _give_back(db, account, right)
    return True


def undo_suspension(db: Db, undoing: Undoing) -> bool:
    """Make a right what it was before it was suspended, or given back."""
    account, right = lock_of_act(db, undoing), Right(undoing.act.detail)
    if not is_as_left(_suspension(db, account, right), undoing):
        return False
    if earlier := terms_before(undoing):
        _suspend(db, account, right, *earlier)
    else:
        _give_back(db, account, right)
    return True


def suspensions_of(db: Db, account_id: int) -> Sequence[ShownSuspension]:
    """The rights of an account that are suspended now."""
    rows = db.execute(select(Suspension).where(Suspension.account_id == account_id).order_by(Suspension.right))
    return [
        ShownSuspension(row.right, suspension_sentence(row.right, row.reason, row.until))
        for row in rows.scalars()
        if in_force(row)
    ]


def _suspension(db: Db, account: Account, right: Right) -> Suspension | None:
    return db.get(Suspension, (account.id, right))


def _suspend(db: Db, account: Account, right: Right, terms: Terms, act_id: int) -> None:
    suspension = _suspension(db, account, right) or Suspension(account_id=account.id, right=right)
    suspension.reason, suspension.until, suspension.act_id = terms.reason, terms.until, act_id
    if right == Right.AVATAR:
        suspension.avatar, account.avatar = account.avatar or suspension.avatar, None
    db.add(suspension)
    db.flush()


def _give_back(db: Db, account: Account, right: Right) -> None:
    suspension = _suspension(db, account, right)
    if suspension is None:
        return
    if right == Right.AVATAR:
        account.avatar = account.avatar or suspension.avatar
    db.delete(suspension)
    db.flush()
