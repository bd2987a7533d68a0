"""The networks and domains that are banned now, as moderators read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from forum.accounts.models import Account, DomainBan, NetworkBan
from forum.database import Db, now
from forum.moderation.models import Act


@dataclass(frozen=True, slots=True)
class Listed:
    """A banned network or domain, with who banned it and when."""

    place: str
    reason: str
    until: datetime | None
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class BanList:
    """All that is banned beside accounts, the latest first."""

    networks: Sequence[Listed]
    domains: Sequence[Listed]


def read_bans(db: Db) -> BanList:
    """The bans on networks and domains that are in force."""
    return BanList(_listed(db, NetworkBan, NetworkBan.network), _listed(db, DomainBan, DomainBan.domain))


def _listed(db: Db, model: type[NetworkBan] | type[DomainBan], place: InstrumentedAttribute[str]) -> Sequence[Listed]:
    query = (
        select(place, model.reason, model.until, Account.handle, Act.created_at)
        .join(Act, Act.id == model.act_id)
        .outerjoin(Account, Account.id == Act.by_id)
        .where(model.until.is_(None) | (model.until > now()))
        .order_by(Act.id.desc())
    )
    return [Listed(*row) for row in db.execute(query)]
