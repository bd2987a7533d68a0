"""The table of readers' places."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from forum.database import Base, Id, now


class ReadingPlace(Base):
    """How far an account has got in a discussion.

    A comment is new to it that was posted, or came back, after `since` (a version of the article) and is not in
    `ranges` (ids; `ranges.py`). `last_id` is the comment that was read last.
    """

    __tablename__ = "reading_places"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    since: Mapped[int]
    ranges: Mapped[str] = mapped_column(Text)
    last_id: Mapped[int | None] = mapped_column(Id)
    updated_at: Mapped[datetime] = mapped_column(default=now)
