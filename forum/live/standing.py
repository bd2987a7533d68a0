"""What the hub asks the database once a second: the heads of articles, and whose sign-in is over."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from forum.accounts.models import Account, Session
from forum.accounts.words import ban_sentence
from forum.articles.models import Article, DiscussionState, Publication
from forum.database import Db, now
from forum.permissions import is_banned
from forum.site.models import Site

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Heads:
    """The database's epoch, the version of each article that still has a discussion, and whether sockets are off."""

    epoch: str
    sockets_off: bool
    versions: dict[int, int]


def heads(db: Db, article_ids: Collection[int]) -> Heads:
    """How far the discussions of these articles are."""
    query = select(Article.id, Article.version).where(
        Article.publication == Publication.PUBLISHED, Article.discussion != DiscussionState.OFF
    )
    found: dict[int, int] = {}
    for ids in _chunks(article_ids):
        found |= {row.id: row.version for row in db.execute(query.where(Article.id.in_(ids)))}
    site = db.execute(select(Site.epoch, Site.sockets_off)).one()
    return Heads(site.epoch, site.sockets_off, found)


def ended_sessions(db: Db, accounts: Mapping[int, int]) -> dict[int, str]:
    """Which of these sign-ins (session -> account) are over; with the sentence for the banned, else empty."""
    ended = dict.fromkeys(accounts, "")
    banned: dict[int, str] = {}
    for ids in _chunks(accounts.keys()):
        lasting = select(Session.id).where(Session.id.in_(ids), Session.expires_at > now())
        for session_id in db.execute(lasting).scalars():
            del ended[session_id]
    for ids in _chunks(set(accounts.values())):
        query = select(Account).where(Account.id.in_(ids), Account.banned_at.is_not(None))
        for account in db.execute(query).scalars():
            if is_banned(account, now()):
                banned[account.id] = ban_sentence(account.ban_reason, account.banned_until)
    return ended | {session: banned[account] for session, account in accounts.items() if account in banned}


def _chunks(ids: Collection[int]) -> Iterator[Sequence[int]]:
    wanted = list(ids)
    for start in range(0, len(wanted), CHUNK):
        yield wanted[start : start + CHUNK]
