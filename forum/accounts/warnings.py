"""Warnings that an account has not acknowledged: it must, before it posts again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from gettext import gettext as _

from sqlalchemy import bindparam, select, update

from forum.accounts.models import AccountWarning
from forum.database import Db, now, run, table_of
from forum.errors import Warned


@dataclass(frozen=True, slots=True)
class ShownWarning:
    """What moderators say to an account."""

    id: int
    text: str
    created_at: datetime


warnings = table_of(AccountWarning)
_OPEN = (
    select(warnings.c.id, warnings.c.text, warnings.c.created_at)
    .where(warnings.c.account_id == bindparam("account_id"), warnings.c.acknowledged_at.is_(None))
    .order_by(warnings.c.id)
)
_ACKNOWLEDGE = (
    update(warnings)
    .where(warnings.c.account_id == bindparam("account"), warnings.c.acknowledged_at.is_(None))
    .where(warnings.c.id <= bindparam("upto"))
    .values(acknowledged_at=bindparam("at"))
)


def open_warnings(db: Db, account_id: int) -> Sequence[ShownWarning]:
    """What the account has not acknowledged, the oldest first."""
    return [ShownWarning(**row._mapping) for row in run(db, _OPEN, account_id=account_id)]


def acknowledge_warnings(db: Db, account_id: int, *, upto: int) -> None:
    """Note that the account has read all up to this one. Raises Warned where another has come since, or none was read.

    What is acknowledged stays so only if the rest of the transaction, such as the post, is done too.
    """
    found = open_warnings(db, account_id)
    if not found:
        return
    if found[-1].id > upto:
        unread = [{"id": warning.id, "text": warning.text} for warning in found]
        raise Warned(
            _("Moderators have something to say to you before you post again. Tick that you have read it."),
            "acknowledged",
            facts={"warnings": unread},
        )
    run(db, _ACKNOWLEDGE, account=account_id, upto=upto, at=now())
