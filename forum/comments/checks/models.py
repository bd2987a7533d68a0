"""Tables of checks: what each does where, the lists of words, and what was found in a comment."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from forum.database import Base, Id, now, words


class Response(StrEnum):
    """What follows from a finding: nothing; moderators read it; the comment waits for one; it is not taken."""

    OFF = "off"
    NOTE = "note"
    HOLD = "hold"
    REFUSE = "refuse"


class CheckRule(Base):
    """What a check does on the whole site, in one section, or under one article; the narrowest one holds.

    `amount` is the check's number, such as links or comments; None is the check's own.
    """

    __tablename__ = "check_rules"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    check: Mapped[str]
    section_id: Mapped[int | None] = mapped_column(ForeignKey("sections.id"), index=True)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id"), index=True)
    response: Mapped[Response] = mapped_column(words(Response))
    amount: Mapped[int | None]


class WordList(Base):
    """Words that are looked for, one a line: `banned` or `suspect`."""

    __tablename__ = "word_lists"

    name: Mapped[str] = mapped_column(primary_key=True)
    entries: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime] = mapped_column(default=now)


class Finding(Base):
    """What a check found in a comment, for its author and the moderators.

    `facts` are the numbers and words of its sentence; `marks` the places in the text, as [start, end] in code points.
    """

    __tablename__ = "findings"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id"), index=True)
    check: Mapped[str]
    response: Mapped[Response] = mapped_column(words(Response))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    marks: Mapped[list[list[int]]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (
        Index("ix_findings_check", "check", "id"),
        Index("ix_findings_of_comment", "comment_id", "check"),
    )
