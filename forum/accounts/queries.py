"""What is read of accounts."""

from collections.abc import Sequence

from sqlalchemy import select

from forum.accounts.emails import fold_email
from forum.accounts.handles import check_handle
from forum.accounts.models import Account, Session
from forum.database import Db, now
from forum.errors import Invalid


def account_by_handle(db: Db, handle: str) -> Account | None:
    """The account with this handle, however it is written."""
    exact = select(Account).where(Account.handle == handle)
    return db.execute(exact).scalar_one_or_none() or _by_folded(db, handle)


def account_by_login(db: Db, login: str) -> Account | None:
    """The account that somebody signs in to, by handle or e-mail address."""
    if "@" in login:
        query = select(Account).where(Account.email_folded == fold_email(login))
        return db.execute(query).scalar_one_or_none()
    return account_by_handle(db, login)


def sessions_of(db: Db, account_id: int) -> Sequence[Session]:
    """The browsers an account is signed in with, the latest used first."""
    query = select(Session).where(Session.account_id == account_id, Session.expires_at > now())
    return db.execute(query.order_by(Session.seen_at.desc())).scalars().all()


def _by_folded(db: Db, handle: str) -> Account | None:
    try:
        folded = check_handle(handle, reserved=True).folded
    except Invalid:
        return None
    return db.execute(select(Account).where(Account.handle_folded == folded)).scalar_one_or_none()
