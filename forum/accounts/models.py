"""Tables of accounts, their sessions, and of what is kept from them: rights, networks, domains of addresses."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from forum.database import Base, Id, now, words
from forum.permissions import Right, Role


class Account(Base):
    """Somebody who writes here. The handle never changes; without a password hash nobody can sign in.

    `watched_at`: since when moderators look at each comment of this account before it shows. `shadowed_at`: since when
    what it writes is seen by itself alone, and by moderators. `looked_at`: when a moderator last found nothing wrong
    with what this account, then new, had written.
    """

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    handle: Mapped[str]
    handle_folded: Mapped[str] = mapped_column(unique=True)
    handle_skeleton: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str]
    email: Mapped[str | None]
    email_folded: Mapped[str | None] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    role: Mapped[Role] = mapped_column(words(Role), default=Role.READER)
    avatar: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    banned_at: Mapped[datetime | None]
    banned_until: Mapped[datetime | None]
    ban_reason: Mapped[str | None]
    watched_at: Mapped[datetime | None]
    shadowed_at: Mapped[datetime | None]
    looked_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "ix_accounts_staff",
            "id",
            sqlite_where=text("role != 'reader'"),
            postgresql_where=text("role != 'reader'"),
        ),
    )


class Session(Base):
    """One sign-in of one account in one browser. The cookie holds a token of which only the hash is kept."""

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    user_agent: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="", index=True)


class AccountWarning(Base):
    """What moderators say to an account, which it must acknowledge before it posts again.

    `act_id` is the entry of moderation's log, `comment_id` the comment that it is about; no foreign keys, for those
    slices lie above this one.
    """

    __tablename__ = "warnings"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    comment_id: Mapped[int | None] = mapped_column(Id)
    act_id: Mapped[int | None] = mapped_column(Id)
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    acknowledged_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_warnings_account", "account_id", "acknowledged_at"),)


class ResetLink(Base):
    """A link that sets a new password: one use, one hour."""

    __tablename__ = "reset_links"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    expires_at: Mapped[datetime]


class Suspension(Base):
    """One right that an account may not use. `avatar` is the picture that went with it, to be put back.

    `act_id` is the entry of moderation's log that set it; no foreign key, for that slice lies above this one.
    """

    __tablename__ = "suspensions"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    right: Mapped[Right] = mapped_column(words(Right), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime | None]
    act_id: Mapped[int] = mapped_column(Id)
    avatar: Mapped[str | None]


class NetworkBan(Base):
    """A network from which nobody but the staff may register, sign in or write.

    `lowest` and `highest` are its ends: the version, and the address as 32 hexadecimal digits. `act_id` as for
    suspensions.
    """

    __tablename__ = "network_bans"

    network: Mapped[str] = mapped_column(primary_key=True)
    lowest: Mapped[str]
    highest: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime | None]
    act_id: Mapped[int] = mapped_column(Id)

    __table_args__ = (Index("ix_network_bans_ends", "lowest", "highest"),)


class DomainBan(Base):
    """A domain: with an e-mail address there, or below it, no account can be made. `act_id` as for suspensions."""

    __tablename__ = "domain_bans"

    domain: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime | None]
    act_id: Mapped[int] = mapped_column(Id)
