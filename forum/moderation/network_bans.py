"""Networks are banned, and bans lifted; what such a ban would do is counted beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from gettext import gettext as _
from ipaddress import ip_address

from sqlalchemy import func, select

from forum.accounts.actor import Actor
from forum.accounts.models import Account, NetworkBan, Session
from forum.accounts.networks import Network, check_network, ends_of, is_large
from forum.comments.models import Comment
from forum.database import Db, now
from forum.errors import Invalid
from forum.moderation.acts import Undoing, log_act, moderator_standing
from forum.moderation.models import ActKind
from forum.moderation.sanctions import NONE, Terms, check_terms, facts, in_force, undo_terms

LOOKED_BACK = timedelta(days=30)
MOST_NAMED = 20
CHUNK = 10_000
"""Accounts in one question: PostgreSQL takes 32,767 parameters."""


@dataclass(frozen=True, slots=True)
class NetworkPreview:
    """Whom a ban on a network would meet: the accounts last used from there, and what they wrote within 30 days.

    `holds_viewer` says that whoever asks writes from there too.
    """

    network: str
    is_large: bool
    holds_viewer: bool
    accounts: int
    comments: int
    handles: Sequence[str]
    in_force: Terms | None


def ban_network(db: Db, *, moderator: Actor, network: str, terms: Terms, proxies: Sequence[Network] = ()) -> str:
    """Let nobody but the staff register, sign in or write from a network; gives it as it is stored.

    Where it is banned already, the new terms hold. `proxies` are those that the site trusts: whoever seems to come
    from there may be anybody. Raises Invalid.
    """
    person = moderator_standing(db, moderator)
    checked, terms = check_network(network), check_terms(terms)
    if any(checked.version == proxy.version and checked.overlaps(proxy) for proxy in proxies):
        raise Invalid(_("A proxy of your own stands in this network: everybody comes through it."), "network")
    ban = db.get(NetworkBan, str(checked), with_for_update=True)
    act = log_act(
        db,
        ActKind.BAN_ADDRESS,
        by=person,
        reason=terms.reason,
        detail=str(checked),
        before=facts(ban),
        after=terms.as_json,
    )
    _ban(db, str(checked), terms, act.id)
    return str(checked)


def lift_network_ban(db: Db, *, moderator: Actor, network: str) -> bool:
    """Let people write from a network again; False where it was not banned."""
    person = moderator_standing(db, moderator)
    ban = db.get(NetworkBan, str(check_network(network)), with_for_update=True)
    if ban is None or in_force(ban) is None:
        return False
    log_act(db, ActKind.LIFT_ADDRESS, by=person, detail=ban.network, before=facts(ban), after=NONE)
    db.delete(ban)
    return True


def undo_network_ban(db: Db, undoing: Undoing) -> bool:
    """Make the ban on a network what it was before it was banned, or the ban was lifted."""
    ban = db.get(NetworkBan, undoing.act.detail, with_for_update=True)
    return undo_terms(db, ban, undoing, partial(_ban, db, undoing.act.detail))


def preview_network(db: Db, *, network: str, address: str) -> NetworkPreview:
    """What a ban on this network would do; `address` is where the moderator asks from. Raises Invalid."""
    checked = check_network(network)
    accounts = _accounts_in(db, checked)
    named = select(Account.handle).where(Account.id.in_(accounts[-MOST_NAMED:])).order_by(Account.id.desc())
    return NetworkPreview(
        network=str(checked),
        is_large=is_large(checked),
        holds_viewer=_holds(checked, address),
        accounts=len(accounts),
        comments=_written_lately(db, accounts),
        handles=db.execute(named).scalars().all(),
        in_force=in_force(db.get(NetworkBan, str(checked))),
    )


def _ban(db: Db, network: str, terms: Terms, act_id: int) -> None:
    lowest, highest = ends_of(check_network(network))
    row = {"network": network, "lowest": lowest, "highest": highest, "reason": terms.reason, "until": terms.until}
    db.merge(NetworkBan(**row, act_id=act_id))
    db.flush()


def _accounts_in(db: Db, network: Network) -> list[int]:
    """The accounts that were last used from there within 30 days, as far as their sign-ins are still known."""
    used = select(Session.account_id, Session.address).where(Session.seen_at > now() - LOOKED_BACK)
    rows = db.execute(used.where(Session.address.startswith(_beginning(network), autoescape=True)).distinct())
    return sorted({row.account_id for row in rows if _holds(network, row.address)})


def _written_lately(db: Db, accounts: Sequence[int]) -> int:
    lately = select(func.count()).where(Comment.created_at > now() - LOOKED_BACK)
    chunks = (accounts[start : start + CHUNK] for start in range(0, len(accounts), CHUNK))
    return sum(db.execute(lately.where(Comment.author_id.in_(chunk))).scalar_one() for chunk in chunks)


def _beginning(network: Network) -> str:
    """How all addresses of a network begin when they are written: the database need not give the others."""
    if network.version == 6:
        first = int(network.network_address) >> 112
        return f"{first:x}:" if first else ""
    parts = str(network.network_address).split(".")[: network.prefixlen // 8]
    return ".".join(parts) + ("." if len(parts) < 4 else "")


def _holds(network: Network, address: str) -> bool:
    """Whether an address, as a sign-in keeps it, lies in the network."""
    try:
        return ip_address(address.partition("/")[0]) in network
    except ValueError:
        return False
