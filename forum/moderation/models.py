"""Tables of reports and of the log of moderators' acts."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text
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


class Act(Base):
    """One entry of the log. `by_id` is empty for the command line.

    A removal of many comments works in batches: `since` says from when, `finished_at` that all are done.
    """

    __tablename__ = "acts"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[ActKind] = mapped_column(words(ActKind))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"), index=True)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    detail: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    since: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


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
