"""The record of one account, as moderators may know it: its ban, its comments, what was done before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Session
from forum.accounts.queries import account_by_handle
from forum.accounts.words import ban_sentence
from forum.comments.shadow import count_shadowed
from forum.database import Db, now
from forum.moderation.log import Entry, entries_where
from forum.moderation.models import Act, ActKind
from forum.moderation.preview import BanPreview, preview_ban
from forum.moderation.suspensions import ShownSuspension, suspensions_of
from forum.permissions import Person, can_ban, can_shadow, is_banned

HISTORY = 20
MEASURES = [
    *(ActKind.BAN, ActKind.LIFT, ActKind.REMOVE_ALL, ActKind.RESTORE_ALL),
    *(ActKind.WATCH, ActKind.UNWATCH),
    *(ActKind.SUSPEND, ActKind.UNSUSPEND, ActKind.SHADOW, ActKind.UNSHADOW),
]


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """What a moderator may know of an account and do about it, and what a ban would do.

    `in_shadow` counts the comments that it alone sees. `addresses` are those that its sign-ins were last used from, as
    far as they are kept.
    """

    handle: str
    display_name: str
    can_ban: bool
    watched_at: datetime | None
    ban_sentence: str | None
    preview: BanPreview
    can_shadow: bool
    shadowed_at: datetime | None
    in_shadow: int
    suspensions: Sequence[ShownSuspension]
    addresses: Sequence[str]
    history: Sequence[Entry]


def account_record(db: Db, *, viewer: Person, handle: str) -> AccountRecord | None:
    """What `viewer`, a moderator, may know of this account and do about it; None where there is no such account."""
    account = account_by_handle(db, handle)
    if account is None:
        return None
    undone = aliased(Act)
    undoes_one = select(undone.id).where(undone.id == Act.undoes_id, _is_measure(undone)).exists()
    of_them = _is_measure(Act) | undoes_one
    used = select(Session.address).where(Session.account_id == account.id, Session.address != "").distinct()
    sentence = ban_sentence(account.ban_reason, account.banned_until)
    return AccountRecord(
        handle=account.handle,
        display_name=account.display_name,
        can_ban=can_ban(viewer, account),
        watched_at=account.watched_at,
        ban_sentence=sentence if is_banned(account, now()) else None,
        preview=preview_ban(db, account.id),
        can_shadow=can_shadow(viewer, account),
        shadowed_at=account.shadowed_at,
        in_shadow=count_shadowed(db, account.id),
        suspensions=suspensions_of(db, account.id),
        addresses=db.execute(used.order_by(Session.address)).scalars().all(),
        history=entries_where(db, (Act.account_id == account.id) & of_them, limit=HISTORY, viewer=viewer),
    )


def _is_measure(act: type[Act]) -> ColumnElement[bool]:
    """An act against an account, or one that ends it: an appeal that is about no comment is about a ban."""
    return act.kind.in_(MEASURES) | ((act.kind == ActKind.APPEAL) & act.comment_id.is_(None))
