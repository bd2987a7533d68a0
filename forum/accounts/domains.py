"""Domains that are banned: with an e-mail address there, or below them, no account can be made."""

from gettext import gettext as _

from sqlalchemy import select

from forum.accounts.emails import check_email
from forum.accounts.models import DomainBan
from forum.accounts.words import domain_ban_sentence
from forum.database import Db, now
from forum.errors import Invalid


def check_domain(text: str) -> str:
    """The domain that was typed, alone or as an address there, in the form that addresses have. Raises Invalid."""
    domain = text.strip().rpartition("@")[2]
    try:
        return check_email(f"somebody@{domain}").rpartition("@")[2]
    except Invalid:
        raise Invalid(_("Write a domain such as example.org."), "domain") from None


def refuse_banned_domain(db: Db, email: str | None) -> None:
    """Raise Invalid (field "email") where a ban is in force on the domain of that address, or on one above it."""
    domain = check_email(email).rpartition("@")[2] if email else ""
    parts = domain.split(".")
    above = [".".join(parts[start:]) for start in range(len(parts))]
    in_force = DomainBan.until.is_(None) | (DomainBan.until > now())
    banned = select(DomainBan.domain).where(DomainBan.domain.in_(above), in_force)
    if domain and db.execute(banned).first():
        raise Invalid(domain_ban_sentence(domain), "email")
