"""Tables of reports, appeals, and the log of moderators' acts."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from forum.comments.models import State
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

    `before` and `after` are what it changed, as undoing compares and puts it back; what an act did to each of its
    comments is an Effect. `waited` is for how many seconds a held comment had been waiting for this decision.
    `undoes_id` is the entry that this one takes back.
    """

    __tablename__ = "acts"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[ActKind] = mapped_column(words(ActKind))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
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
        Index("ix_acts_kind", "kind", "id"),
        Index(
            "ix_acts_waited",
            "id",
            sqlite_where=sql("waited IS NOT NULL"),
            postgresql_where=sql("waited IS NOT NULL"),
        ),
    )


class Effect(Base):
    """What an act did to one comment: what it was before, so that it can be that again, and what the act made of it.

    `before_act_id` and `after_act_id` are the comment's `act_id`, the entry that put it where it is. `edited_at` tells
    whether the text is still the one that was decided about. `undone` is empty until the act is undone: then it says
    whether the comment was put back, or stays because somebody has changed it since.
    """

    __tablename__ = "act_effects"

    act_id: Mapped[int] = mapped_column(ForeignKey("acts.id"), primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id"), primary_key=True)
    before_state: Mapped[State] = mapped_column(words(State, "before_state"))
    before_reason: Mapped[str | None]
    before_act_id: Mapped[int | None] = mapped_column(Id)
    before_held_at: Mapped[datetime | None]
    after_state: Mapped[State] = mapped_column(words(State, "after_state"))
    after_act_id: Mapped[int | None] = mapped_column(Id)
    edited_at: Mapped[datetime | None]
    undone: Mapped[bool | None]


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

    __table_args__ = (
        Index(
            "ix_appeals_waiting",
            "created_at",
            "id",
            sqlite_where=sql("decided_at IS NULL"),
            postgresql_where=sql("decided_at IS NULL"),
        ),
    )


class Report(Base):
    """A reader tells the moderators of a comment: once per reader and comment. `act_id` is the act that settled it.

    `weight` is how far the reporter's earlier reports were followed by removals, and `due` the moment by which the
    comment takes its place in the queue: the sooner the more its reports weigh together.
    """

    __tablename__ = "reports"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    reason: Mapped[str]
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    solved_at: Mapped[datetime | None]
    solved_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    act_id: Mapped[int | None] = mapped_column(ForeignKey("acts.id"), index=True)
    weight: Mapped[float | None]
    due: Mapped[datetime | None]

    __table_args__ = (
        Index("uq_reports_once", "comment_id", "account_id", unique=True),
        Index("ix_reports_account", "account_id", "solved_at"),
        # The queue is read in its order, so far as it is shown.
        Index(
            "ix_reports_place",
            sql("coalesce(due, created_at)"),
            "comment_id",
            sqlite_where=sql("solved_at IS NULL"),
            postgresql_where=sql("solved_at IS NULL"),
        ),
    )


class Claim(Base):
    """What a moderator has open just now, such as `comment-12`: told to the others, and no lock."""

    __tablename__ = "claims"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    item: Mapped[str]
    until: Mapped[datetime]
