"""A banned person asks the moderators to look again, once for each ban, by a link that the refused sign-in gives.

There is no session: the link is the only key, and lasts an hour. Signing in again gives another.
"""

import hmac
import re
from dataclasses import dataclass
from datetime import timedelta
from gettext import gettext as _
from hashlib import sha256
from hmac import compare_digest

from sqlalchemy import false, func, select

from forum.accounts.models import Account
from forum.accounts.words import ban_sentence
from forum.database import Db, now
from forum.errors import Conflict, NotFound
from forum.moderation.comment_appeals import check_appeal
from forum.moderation.models import Act, ActKind, Appeal
from forum.permissions import is_banned

LINK_LASTS = timedelta(hours=1)
_TOKEN = re.compile(r"([1-9][0-9]{0,17})-([0-9]{1,12})-([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class BanNow:
    """A ban as the banned person may know it, and what has become of their appeal, if there is one."""

    handle: str
    sentence: str
    appeal: Appeal | None


def make_appeal_link(account_id: int, password_hash: str) -> str:
    """A token that opens the page of the ban for an hour, for whoever has just given the password of that hash.

    It is signed with the hash and stored nowhere: another password makes it void.
    """
    expires = int((now() + LINK_LASTS).timestamp())
    return f"{account_id}-{expires}-{_signature(password_hash, account_id, expires)}"


def read_ban(db: Db, token: str) -> BanNow:
    """The ban of whom the link is for. Raises NotFound where the link is over, or the ban."""
    account = _account_of(db, token)
    appeal = db.execute(select(Appeal).where(Appeal.act_id == _act_of_ban(db, account))).scalar_one_or_none()
    return BanNow(account.handle, ban_sentence(account.ban_reason, account.banned_until), appeal)


def appeal_ban(db: Db, *, token: str, text: str) -> None:
    """Ask the moderators to look at a ban again. The same text twice is one appeal.

    Raises NotFound where the link or the ban is over, Invalid, or Conflict where there is an appeal already.
    """
    account = _account_of(db, token, lock=True)
    text = check_appeal(text, _("Say why the ban is wrong, or what has changed."))
    act_id = _act_of_ban(db, account)
    earlier = db.execute(select(Appeal).where(Appeal.act_id == act_id)).scalar_one_or_none()
    if earlier is None:
        db.add(Appeal(account_id=account.id, act_id=act_id, text=text))
        db.flush()
    elif earlier.text != text:
        raise Conflict(_("You have appealed against this ban already. The moderators have what you wrote then."))


def _account_of(db: Db, token: str, *, lock: bool = False) -> Account:
    parts = _TOKEN.fullmatch(token)
    query = select(Account).where(Account.id == int(parts[1]) if parts else false())
    account = db.execute(query.with_for_update() if lock else query).scalar_one_or_none()
    if parts is None or account is None or not account.password_hash or not _is_good(parts, account.password_hash):
        raise NotFound(_("This link is older than an hour, or broken. Sign in again to get another."))
    if not is_banned(account, now()):
        raise NotFound(_("This account is not banned any more. You can sign in."))
    return account


def _is_good(parts: re.Match[str], password_hash: str) -> bool:
    account_id, expires = int(parts[1]), int(parts[2])
    return expires > now().timestamp() and compare_digest(parts[3], _signature(password_hash, account_id, expires))


def _signature(password_hash: str, account_id: int, expires: int) -> str:
    return hmac.new(password_hash.encode(), f"appeal {account_id} {expires}".encode(), sha256).hexdigest()


def _act_of_ban(db: Db, account: Account) -> int:
    """The entry of the log that set the terms which hold now."""
    bans = select(func.max(Act.id)).where(Act.account_id == account.id, Act.kind == ActKind.BAN)
    return db.execute(bans).scalar_one() or 0
