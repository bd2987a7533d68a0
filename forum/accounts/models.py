"""Tables of accounts and their sessions."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from forum.database import Base, Id, now, words
from forum.permissions import Role


class Account(Base):
    """Somebody who writes here. The handle never changes; without a password hash nobody can sign in.

    `watched_at`: since when moderators look at each comment of this account before it shows. `looked_at`: when one
    last found nothing wrong with what this account, then new, had written.
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
    looked_at: Mapped[datetime | None]


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
