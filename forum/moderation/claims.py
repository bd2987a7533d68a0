"""Who has what open on the desk: a courtesy between moderators, so that two do not read the same. Nothing is locked."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from gettext import gettext as _

from sqlalchemy import delete, select

from forum.accounts.actor import Actor
from forum.accounts.models import Account
from forum.database import Db, even_read_only, now
from forum.errors import Invalid
from forum.moderation.acts import moderator_standing
from forum.moderation.models import Claim

LASTS = timedelta(minutes=2)
"""Renewed while the item is open; a page that is closed or lost lets go by itself."""
_ITEM = re.compile(r"(?:comment|appeal|account)-[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Holder:
    """A moderator who has an item open."""

    handle: str
    display_name: str


Claims = Mapping[str, Sequence[Holder]]
"""By item, such as `comment-12`."""


@even_read_only
def claim(db: Db, *, moderator: Actor, item: str) -> None:
    """Note that a moderator has this item open, and no other any more."""
    person = moderator_standing(db, moderator)
    if not _ITEM.fullmatch(item):
        raise Invalid(_("There is nothing of this name on the desk."), "item")
    held = db.get(Claim, person.id)
    if held is None:
        db.add(Claim(account_id=person.id, item=item, until=now() + LASTS))
    else:
        held.item, held.until = item, now() + LASTS


@even_read_only
def let_go(db: Db, *, moderator: Actor, item: str) -> None:
    """Note that a moderator has left an item; where they have opened another meanwhile, that stays open."""
    person = moderator_standing(db, moderator)
    db.execute(delete(Claim).where(Claim.account_id == person.id, Claim.item == item))


def claims(db: Db, *, but: int | None = None) -> Claims:
    """What is open, and with whom; without what `but` has open."""
    query = (
        select(Claim.item, Account.handle, Account.display_name)
        .join(Account, Account.id == Claim.account_id)
        .where(Claim.until > now(), Claim.account_id != (but or 0))
        .order_by(Claim.item, Account.handle)
    )
    found: defaultdict[str, list[Holder]] = defaultdict(list)
    for item, handle, name in db.execute(query):
        found[item].append(Holder(handle, name))
    return dict(found)
