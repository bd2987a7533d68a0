"""Domains of e-mail addresses are banned, and bans lifted. Accounts that are there already stay as they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import func, select

from forum.accounts.actor import Actor
from forum.accounts.domains import check_domain
from forum.accounts.models import Account, DomainBan
from forum.database import Db
from forum.moderation.acts import Undoing, log_act, moderator_standing
from forum.moderation.models import ActKind
from forum.moderation.sanctions import NONE, Terms, check_terms, facts, in_force, undo_terms

MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class DomainPreview:
    """The accounts whose address is at a domain or below it, of which the newest are named."""

    domain: str
    accounts: int
    handles: Sequence[str]
    in_force: Terms | None


def ban_domain(db: Db, *, moderator: Actor, domain: str, terms: Terms) -> str:
    """Take no new accounts with an address at this domain or below it; gives the domain as it is stored.

    Where it is banned already, the new terms hold. Raises Invalid.
    """
    person = moderator_standing(db, moderator)
    checked, terms = check_domain(domain), check_terms(terms)
    before = facts(db.get(DomainBan, checked, with_for_update=True))
    act = log_act(
        db,
        ActKind.BAN_DOMAIN,
        by=person,
        reason=terms.reason,
        detail=checked,
        before=before,
        after=terms.as_json,
    )
    _ban(db, checked, terms, act.id)
    return checked


def lift_domain_ban(db: Db, *, moderator: Actor, domain: str) -> bool:
    """Take accounts with addresses at a domain again; False where it was not banned."""
    person = moderator_standing(db, moderator)
    ban = db.get(DomainBan, check_domain(domain), with_for_update=True)
    if ban is None or in_force(ban) is None:
        return False
    log_act(db, ActKind.LIFT_DOMAIN, by=person, detail=ban.domain, before=facts(ban), after=NONE)
    db.delete(ban)
    return True


def undo_domain_ban(db: Db, undoing: Undoing) -> bool:
    """Make the ban on a domain what it was before it was banned, or the ban was lifted."""
    ban = db.get(DomainBan, undoing.act.detail, with_for_update=True)
    return undo_terms(db, ban, undoing, partial(_ban, db, undoing.act.detail))


def preview_domain(db: Db, *, domain: str) -> DomainPreview:
    """Whose addresses are there already. Raises Invalid."""
    checked = check_domain(domain)
    there = Account.email_folded.endswith(f"@{checked}", autoescape=True)
    below = Account.email_folded.endswith(f".{checked}", autoescape=True)
    named = select(Account.handle).where(there | below).order_by(Account.id.desc()).limit(MOST_NAMED)
    return DomainPreview(
        domain=checked,
        accounts=db.execute(select(func.count()).where(there | below)).scalar_one(),
        handles=db.execute(named).scalars().all(),
        in_force=in_force(db.get(DomainBan, checked)),
    )


def _ban(db: Db, domain: str, terms: Terms, act_id: int) -> None:
    db.merge(DomainBan(domain=domain, reason=terms.reason, until=terms.until, act_id=act_id))
    db.flush()
