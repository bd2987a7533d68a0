"""What is read of accounts."""

from collections.abc import Sequence
from gettext import gettext as _

from sqlalchemy import select

from forum.accounts.emails import fold_email
from forum.accounts.handles import Handle, check_handle
from forum.accounts.models import Account, ResetLink, Session
from forum.accounts.sessions import hash_token
from forum.accounts.words import link_is_over
from forum.database import Db, now
from forum.errors import Invalid, NotFound


def account_by_handle(db: Db, handle: str) -> Account | None:
    """The account with this handle, however it is written."""
    exact = select(Account).where(Account.handle == handle)
    return db.execute(exact).scalar_one_or_none() or _by_folded(db, handle)


def account_by_login(db: Db, login: str) -> Account | None:
    """The account that somebody signs in to, by handle or e-mail address; None for what can be neither."""
    plain = _without_at(login)
    if "@" not in plain:
        return account_by_handle(db, plain)
    return db.execute(select(Account).where(Account.email_folded == fold_login(plain))).scalar_one_or_none()


def fold_login(login: str) -> str:
    """One form for all spellings of a login, whether or not there is such an account."""
    plain = _without_at(login)
    try:
        return fold_email(plain) if "@" in plain else check_handle(plain, reserved=True).folded
    except Invalid:
        return plain


def taken_fields(db: Db, *, handle: Handle | None, email: str | None) -> dict[str, str]:
    """Which of these another account has already, each with a sentence: by field."""
    taken = {}
    same = (Account.handle_folded == handle.folded) | (Account.handle_skeleton == handle.skeleton) if handle else None
    if same is not None and db.execute(select(Account.id).where(same)).first():
        taken["handle"] = _("This handle is taken, or looks too much like one that is. Choose another.")
    if email and db.execute(select(Account.id).where(Account.email_folded == fold_email(email))).first():
        taken["email"] = _("There is an account with this address. Sign in instead.")
    return taken


def account_of_reset_link(db: Db, token: str) -> Account:
    """The account whose password a link may still set. Raises NotFound where the link is used up or too old."""
    link = (ResetLink.token_hash == hash_token(token)) & (ResetLink.expires_at > now())
    account = db.execute(select(Account).join(ResetLink).where(link)).scalar_one_or_none()
    if account is None:
        raise NotFound(link_is_over())
    return account


def password_hash_of(db: Db, account_id: int) -> str | None:
    """The hash that the current password is verified against."""
    return db.execute(select(Account.password_hash).where(Account.id == account_id)).scalar_one()


def sessions_of(db: Db, account_id: int) -> Sequence[Session]:
    """The browsers an account is signed in with, the latest used first."""
    query = select(Session).where(Session.account_id == account_id, Session.expires_at > now())
    return db.execute(query.order_by(Session.seen_at.desc(), Session.id.desc())).scalars().all()


def _by_folded(db: Db, handle: str) -> Account | None:
    try:
        folded = check_handle(handle, reserved=True).folded
    except Invalid:
        return None
    return db.execute(select(Account).where(Account.handle_folded == folded)).scalar_one_or_none()


def _without_at(login: str) -> str:
    """People write their handle as pages do: @imke."""
    return login.strip().removeprefix("@")
