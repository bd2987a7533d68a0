"""What the hub asks the database once a second: the heads of articles, whose sign-in is over, who hears apart."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from forum.accounts.models import Account, Session
from forum.accounts.words import ban_sentence
from forum.articles.models import Article
from forum.articles.queries import DISCUSSED
from forum.comments.shadow import NO_SHADOW, read_own
from forum.database import Db, now
from forum.permissions import is_banned, is_shadowed
from forum.site.models import Site

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Heads:
    """The database's epoch, the version of each article that still has a discussion, and whether sockets are off."""

    epoch: str
    sockets_off: bool
    versions: dict[int, int]


@dataclass(frozen=True, slots=True)
class SignIns:
    """The sign-ins that are over, with the sentence for the banned, else empty; and the accounts in the shadow."""

    ended: dict[int, str]
    shadowed: set[int]


def heads(db: Db, article_ids: Collection[int]) -> Heads:
    """How far the discussions of these articles are."""
    query = select(Article.id, Article.version).where(DISCUSSED)
    found: dict[int, int] = {}
    for ids in _chunks(article_ids):
        found |= {row.id: row.version for row in db.execute(query.where(Article.id.in_(ids)))}
    site = db.execute(select(Site.epoch, Site.sockets_off)).one()
    return Heads(site.epoch, site.sockets_off, found)


def sign_ins(db: Db, accounts: Mapping[int, int]) -> SignIns:
    """What has become of these sign-ins (session -> account)."""
    ended = dict.fromkeys(accounts, "")
    banned: dict[int, str] = {}
    shadowed: set[int] = set()
    for ids in _chunks(accounts.keys()):
        lasting = select(Session.id).where(Session.id.in_(ids), Session.expires_at > now())
        for session_id in db.execute(lasting).scalars():
            del ended[session_id]
    for ids in _chunks(set(accounts.values())):
        concerned = Account.banned_at.is_not(None) | Account.shadowed_at.is_not(None)
        for account in db.execute(select(Account).where(Account.id.in_(ids), concerned)).scalars():
            if is_banned(account, now()):
                banned[account.id] = ban_sentence(account.ban_reason, account.banned_until)
            if is_shadowed(account):
                shadowed.add(account.id)
    ended |= {session: banned[account] for session, account in accounts.items() if account in banned}
    return SignIns(ended, shadowed)


def arrived(db: Db, article_id: int, session_id: int, account_id: int) -> tuple[str | None, bool]:
    """Of who opens a page: whether the sign-in is over, with the sentence for the banned; whether it hears apart."""
    found = sign_ins(db, {session_id: account_id})
    apart = account_id in found.shadowed or read_own(db, article_id, account_id).shadow != NO_SHADOW
    return found.ended.get(session_id), apart


def _chunks(ids: Collection[int]) -> Iterator[Sequence[int]]:
    wanted = list(ids)
    for start in range(0, len(wanted), CHUNK):
        yield wanted[start : start + CHUNK]
