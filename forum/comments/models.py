"""Tables of comments, their revisions, their votes, and the keys that make a post happen once."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, ForeignKey, Index, Text, false, literal_column, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from forum.database import Base, Id, now, words


class State(StrEnum):
    """Who may see a comment: everybody; its author and moderators; as a tombstone or not at all."""

    VISIBLE = "visible"
    HELD = "held"
    REMOVED = "removed"
    DELETED = "deleted"


class Comment(Base):
    """What somebody wrote under an article. Rows are never erased.

    - `parent_id` is the comment that is answered; `shown_under_id` the one that it stands under on the page: the
      same down to level 6, beyond that the ancestor at level 6.
    - `root_id` is the top-level comment of the branch (none for that one itself), `ordinal` says that this is the
      n-th descendant of the root ever (0 for the root); a parent always has a lower ordinal than its replies.
    - `depth` is the level on the page: 1 at the top, 7 for all that is deeper than 6.
    - `reply_count` counts the visible comments that need this one on the page: all that stand under it, at any
      level, and, where it is itself deeper than level 6, the direct replies to it.
    - `last_ordinal`, on a root, is the highest ordinal that its branch has given away.
    - `version` is the article's version at which it last changed.
    - `held_at` says since when it has been waiting for a moderator, or had been when one decided. What is held and does
      not wait is in the shadow (`shadowed`): its author sees it as if it were visible.
    - `gist` is the same for texts that say the same; none where a text is short, or older than this column.
    - `featured_at` makes it one of the editors' picks, `pinned_at`, on a root, puts it at the top of its discussion:
      while it is visible.
    - `slow` and `closed_at`, on a root, are about replies in its branch: seconds between two of one account, and since
      when no more are taken.
    - `act_id` is the entry of moderation's log that put it into its state, or none where no moderator did; no foreign
      key, for that slice lies above this one.
    """

    __tablename__ = "comments"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"))
    shown_under_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"))
    root_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"))
    depth: Mapped[int]
    ordinal: Mapped[int] = mapped_column(default=0)
    last_ordinal: Mapped[int] = mapped_column(default=0)
    version: Mapped[int]
    state: Mapped[State] = mapped_column(words(State))
    was_public: Mapped[bool]
    reply_count: Mapped[int] = mapped_column(default=0)
    score: Mapped[int] = mapped_column(default=0)
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    renderer: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)
    edited_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    act_id: Mapped[int | None] = mapped_column(Id)
    held_at: Mapped[datetime | None]
    gist: Mapped[str | None]
    pinned_at: Mapped[datetime | None]
    featured_at: Mapped[datetime | None]
    slow: Mapped[int] = mapped_column(default=0, server_default="0")
    closed_at: Mapped[datetime | None]
    closed_reason: Mapped[str] = mapped_column(Text, default="", server_default="")

    @hybrid_property
    def shadowed(self) -> bool:
        """Whether its author, who does not know it, alone sees it, and moderators do."""
        return self.state == State.HELD and self.held_at is None

    @shadowed.inplace.expression
    @classmethod
    def _shadowed(cls) -> ColumnElement[bool]:
        # Literals, so that both databases see that a partial index answers this.
        return (cls.state == literal_column("'held'")) & cls.held_at.is_(None)

    def is_visible_to(self, account_id: int) -> bool:
        """Whether it is visible, or seems so to that account."""
        return self.state == State.VISIBLE or (self.shadowed and self.author_id == account_id)

    __table_args__ = (
        Index("ix_comments_catch_up", "article_id", "version"),
        Index("ix_comments_branch", "root_id", "ordinal"),
        Index("ix_comments_shown_under", "shown_under_id", "ordinal"),
        Index("ix_comments_author", "author_id", "created_at"),
        # An author's comments are counted, and those of the last days found, without reading the long rows.
        Index("ix_comments_written", "author_id", "article_id", "state", "id"),
        Index("ix_comments_lately", "created_at", "article_id"),
        Index("ix_comments_act", "act_id"),
        Index(
            "ix_comments_held",
            "held_at",
            "id",
            sqlite_where=text("state = 'held'"),
            postgresql_where=text("state = 'held'"),
        ),
        Index(
            "ix_comments_own_held",
            "author_id",
            "article_id",
            sqlite_where=text("state = 'held'"),
            postgresql_where=text("state = 'held'"),
        ),
        Index(
            "ix_comments_own_removed",
            "author_id",
            "act_id",
            sqlite_where=text("state = 'removed'"),
            postgresql_where=text("state = 'removed'"),
        ),
        Index(
            "ix_comments_gist",
            "gist",
            "created_at",
            sqlite_where=text("gist IS NOT NULL"),
            postgresql_where=text("gist IS NOT NULL"),
        ),
        *(
            Index(
                f"ix_comments_{name}",
                "article_id",
                "id",
                sqlite_where=text(f"{name}_at IS NOT NULL"),
                postgresql_where=text(f"{name}_at IS NOT NULL"),
            )
            for name in ("pinned", "featured")
        ),
        *(
            Index(
                f"ix_comments_top_{name}",
                *columns,
                sqlite_where=text("parent_id IS NULL AND (state = 'visible' OR reply_count > 0)"),
                postgresql_where=text("parent_id IS NULL AND (state = 'visible' OR reply_count > 0)"),
            )
            for name, columns in {"time": ("article_id", "id"), "best": ("article_id", "score", "id")}.items()
        ),
    )


class Revision(Base):
    """An earlier text of a comment, seen by moderators."""

    __tablename__ = "revisions"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    replaced_at: Mapped[datetime] = mapped_column(default=now)


class Vote(Base):
    """An account recommends a comment. `shadowed`: so it seems to that account; no score counts it."""

    __tablename__ = "votes"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id"), primary_key=True, index=True)
    shadowed: Mapped[bool] = mapped_column(default=False, server_default=false())

    __table_args__ = (
        Index("ix_votes_shadowed", "account_id", sqlite_where=text("shadowed"), postgresql_where=text("shadowed")),
    )


class PostKey(Base):
    """One (account, key) makes one comment; `digest` tells whether the key comes again with the same text."""

    __tablename__ = "post_keys"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id"))


class KeptDraft(Base):
    """A guest's text, kept for an hour while its author signs in."""

    __tablename__ = "kept_drafts"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    parent_id: Mapped[int | None] = mapped_column(Id)
    key: Mapped[str]
    expires_at: Mapped[datetime]
