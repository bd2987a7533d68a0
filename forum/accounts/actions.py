"""What is done to accounts and sessions. Passwords come here as hashes: hashing takes too long for a transaction."""

from dataclasses import dataclass
from datetime import timedelta
from gettext import gettext as _

from sqlalchemy import ColumnElement, delete, select, update

from forum.accounts.actor import Actor, standing, writer_standing
from forum.accounts.domains import refuse_banned_domain
from forum.accounts.emails import fold_email
from forum.accounts.handles import Handle
from forum.accounts.models import Account, ResetLink, Session
from forum.accounts.networks import refuse_banned_network
from forum.accounts.queries import taken_fields
from forum.accounts.sessions import hash_token, new_token
from forum.accounts.words import ban_sentence, link_is_over
from forum.database import Db, even_read_only, now
from forum.errors import Banned, Invalid, NotFound
from forum.events import SessionsEnded, record
from forum.permissions import Right, Role, is_banned, passes_network_bans

RESET_LINK_LASTS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What a new account starts with, already checked. Without a password hash nobody can sign in to it."""

    handle: Handle
    display_name: str
    email: str | None = None
    password_hash: str | None = None
    role: Role = Role.READER


@dataclass(frozen=True, slots=True)
class Browser:
    """Where somebody signs in from."""

    user_agent: str = ""
    address: str = ""


def create_account(db: Db, new: NewAccount) -> int:
    """Make an account. Raises Invalid where the handle, one that looks like it, or the e-mail address is taken."""
    for field, sentence in taken_fields(db, handle=new.handle, email=new.email).items():
        raise Invalid(sentence, field)
    account = Account(
        handle=new.handle.shown,
        handle_folded=new.handle.folded,
        handle_skeleton=new.handle.skeleton,
        display_name=new.display_name,
        email=new.email,
        email_folded=fold_email(new.email) if new.email else None,
        password_hash=new.password_hash,
        role=new.role,
    )
    db.add(account)
    db.flush()
    return account.id


def register(db: Db, *, new: NewAccount, browser: Browser, days: int) -> str:
    """Make an account and sign it in at once; gives the cookie's token.

    Raises Invalid, as create_account does and for an address at a banned domain, or NetworkBanned.
    """
    refuse_banned_network(db, browser.address)
    refuse_banned_domain(db, new.email)
    account_id = create_account(db, new)
    return start_session(db, account_id=account_id, password_hash=new.password_hash, browser=browser, days=days)


@even_read_only
def start_session(
    db: Db, *, account_id: int, password_hash: str | None, browser: Browser, days: int, replacing: int | None = None
) -> str:
    """Sign an account in; gives the cookie's token. Raises Banned or NetworkBanned, saying why and until when.

    `password_hash` is the one that was verified: if it has been changed meanwhile, the sign-in is refused.
    `replacing` is the session that this browser had so far, and whose cookie it is about to lose.
    """
    account = db.execute(select(Account).where(Account.id == account_id).with_for_update(read=True)).scalar_one()
    if is_banned(account, now()):
        raise Banned(ban_sentence(account.ban_reason, account.banned_until))
    if not passes_network_bans(account):
        refuse_banned_network(db, browser.address)
    if account.password_hash != password_hash:
        raise Invalid(_("The password was changed a moment ago. Sign in with the new one."), "password")
    token = new_token()
    db.add(
        Session(
            account_id=account_id,
            token_hash=hash_token(token),
            expires_at=now() + timedelta(days=days),
            user_agent=browser.user_agent[:200],
            address=browser.address,
        )
    )
    if replacing is not None:
        _end_sessions(db, Session.id == replacing)
    return token


@even_read_only
def sign_out(db: Db, *, token: str) -> None:
    """End the session of this cookie; its open pages are told at once. Doing it twice does nothing."""
    _end_sessions(db, Session.token_hash == hash_token(token))


@even_read_only
def end_session(db: Db, *, actor: Actor, session_id: int) -> None:
    """Sign one of one's own browsers out; its open pages are told at once."""
    person = standing(db, actor)
    _end_sessions(db, (Session.id == session_id) & (Session.account_id == person.id))


@even_read_only
def end_other_sessions(db: Db, *, actor: Actor) -> None:
    """Sign every browser out but the one that asks for it."""
    person = standing(db, actor)
    _end_sessions(db, (Session.account_id == person.id) & (Session.id != actor.session_id))


def change_password(db: Db, *, actor: Actor, password_hash: str) -> None:
    """Set a new password and end every other session of the account."""
    person = standing(db, actor)
    _set_password(db, person.id, password_hash)
    _end_sessions(db, (Session.account_id == person.id) & (Session.id != actor.session_id))


@even_read_only
def rehash_password(db: Db, *, account_id: int, verified: str, rehashed: str) -> None:
    """Keep the same password under a newer hash, unless it has been changed meanwhile."""
    same = (Account.id == account_id) & (Account.password_hash == verified)
    db.execute(update(Account).where(same).values(password_hash=rehashed))


def change_display_name(db: Db, *, actor: Actor, display_name: str) -> None:
    """Take another display name; pages show it when they are loaded next."""
    person = writer_standing(db, actor)
    db.execute(update(Account).where(Account.id == person.id).values(display_name=display_name))


def change_avatar(db: Db, *, actor: Actor, avatar: str | None) -> str | None:
    """Take another picture, or none; gives the one before, whose files nobody needs any more.

    Raises NetworkBanned, or Suspended; taking one's own away is open to everybody.
    """
    person = writer_standing(db, actor, Right.AVATAR) if avatar else standing(db, actor)
    before = db.execute(select(Account.avatar).where(Account.id == person.id)).scalar_one()
    db.execute(update(Account).where(Account.id == person.id).values(avatar=avatar))
    return before


def promote(db: Db, *, handle_folded: str, role: Role) -> None:
    """Give an account another role. For the command line."""
    account = db.execute(select(Account).where(Account.handle_folded == handle_folded)).scalar_one_or_none()
    if account is None:
        raise NotFound(_("There is no account with this handle."))
    account.role = role


def make_reset_link(db: Db, *, handle_folded: str) -> str:
    """A token that sets a new password once, within an hour. For the command line."""
    account_id = db.execute(select(Account.id).where(Account.handle_folded == handle_folded)).scalar_one_or_none()
    if account_id is None:
        raise NotFound(_("There is no account with this handle."))
    token = new_token()
    db.add(ResetLink(token_hash=hash_token(token), account_id=account_id, expires_at=now() + RESET_LINK_LASTS))
    return token


def use_reset_link(db: Db, *, token: str, password_hash: str) -> None:
    """Set the password of the account that the link was made for; the link is used up, every session ends."""
    link = delete(ResetLink).where(ResetLink.token_hash == hash_token(token), ResetLink.expires_at > now())
    account_id = db.execute(link.returning(ResetLink.account_id)).scalar_one_or_none()
    if account_id is None:
        raise NotFound(link_is_over())
    _set_password(db, account_id, password_hash)
    _end_sessions(db, Session.account_id == account_id)


def _end_sessions(db: Db, condition: ColumnElement[bool]) -> None:
    ended = db.execute(delete(Session).where(condition).returning(Session.id)).scalars().all()
    if ended:
        record(db, SessionsEnded(tuple(ended)))


def _set_password(db: Db, account_id: int, password_hash: str) -> None:
    """The password that counts from now on; a link that would set another is void."""
    db.execute(update(Account).where(Account.id == account_id).values(password_hash=password_hash))
    db.execute(delete(ResetLink).where(ResetLink.account_id == account_id))
