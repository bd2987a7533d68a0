"""Tables of reports, appeals, and the log of moderators' acts."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from forum.database import Base, Id, now, words


class ActKind(StrEnum):
    """What a moderator did."""

    BAN = "ban"
    LIFT = "lift"
    REMOVE = "remove"
    REMOVE_ALL = "remove_all"
    RESTORE = "restore"
    RESTORE_ALL = "restore_all"
    HOLD = "hold"
    DISCUSSION = "discussion"
    DISMISS = "dismiss"
    APPROVE = "approve"
    WARN = "warn"
    NOTE = "note"
    WATCH = "watch"
    UNWATCH = "unwatch"
    APPEAL = "appeal"
    CHECKS = "checks"
    WORDS = "words"
    SLOW = "slow"
    PIN = "pin"
    UNPIN = "unpin"
    FEATURE = "feature"
    UNFEATURE = "unfeature"
    BRANCH = "branch"
    SECTION = "section"
    SHADOW = "shadow"
    UNSHADOW = "unshadow"
    SUSPEND = "suspend"
    UNSUSPEND = "unsuspend"
    BAN_ADDRESS = "ban_address"
    LIFT_ADDRESS = "lift_address"
    BAN_DOMAIN = "ban_domain"
    LIFT_DOMAIN = "lift_domain"
    UNDO = "undo"


class Act(Base):
    """One entry of the log: only ever added, never changed. `by_id` is empty for the command line.

    `before` and `after` are what it changed, where that is more than a comment's state. `waited` is for how many
    seconds a held comment had been waiting for this decision. `undoes_id` is the entry that this one takes back.
    """

    __tablename__ = "acts"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[ActKind] = mapped_column(words(ActKind))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"), index=True)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id"))
    section_id: Mapped[int | None] = mapped_column(ForeignKey("sections.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    detail: Mapped[str] = mapped_column(Text, default="")
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    waited: Mapped[int | None]
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("acts.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (
        Index(
            "ix_acts_waited",
            "id",
            sqlite_where=sql("waited IS NOT NULL"),
            postgresql_where=sql("waited IS NOT NULL"),
        ),
    )


class Sweep(Base):
    """How far an act on many comments is: it works in batches, from `since` on, until it is `finished_at`."""

    __tablename__ = "sweeps"

    act_id: Mapped[int] = mapped_column(ForeignKey("acts.id"), primary_key=True)
    since: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class Appeal(Base):
    """Somebody asks the moderators to look again: once for each comment of theirs, once for each ban.

    `granted` is empty until it is decided; `answer` is said to whoever asked.
    """

    __tablename__ = "appeals"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"), unique=True)
    act_id: Mapped[int | None] = mapped_column(ForeignKey("acts.id"), unique=True)
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    granted: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (Index("ix_appeals_open", "decided_at", "id"),)


class Report(Base):
    """A reader tells the moderators of a comment: once per reader and comment."""

    __tablename__ = "reports"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    reason: Mapped[str]
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    solved_at: Mapped[datetime | None]
    solved_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    __table_args__ = (
        Index("uq_reports_once", "comment_id", "account_id", unique=True),
        Index("ix_reports_open", "solved_at", "id"),
    )
