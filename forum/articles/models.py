"""Tables of articles, sections and tags."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text, false
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from forum.database import Base, Id, now, words


class Publication(StrEnum):
    """Whether an article can be read by everybody."""

    DRAFT = "draft"
    PUBLISHED = "published"


class DiscussionState(StrEnum):
    """Whether an article's discussion can be written in, only be read, or is not there."""

    OPEN = "open"
    READONLY = "readonly"
    OFF = "off"


class Section(Base):
    """A part of the publication, such as News.

    What is set here holds for the discussions of all articles in it: `slow` seconds between two comments of one
    account, closed since `closed_at`, closing by themselves after so many days; 0 is never. `untold_at` is when that
    was changed last, until the open pages have been told.
    """

    __tablename__ = "sections"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)
    position: Mapped[int] = mapped_column(default=0)
    slow: Mapped[int] = mapped_column(default=0, server_default="0")
    closed_at: Mapped[datetime | None]
    closed_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    closes_after: Mapped[int] = mapped_column(default=0, server_default="0")
    untold_at: Mapped[datetime | None]


class Tag(Base):
    """A subject that articles share."""

    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)


class Article(Base):
    """A text with a discussion under it.

    `version` is the number of the last change of the discussion; whoever changes it locks this row first.
    `vote_changes` goes up by one whenever somebody recommends a comment or takes that back: pages with scores are made
    anew.
    `section_id` is the primary section, the first of ArticleSection. `discussion`, with `discussion_since` and
    `discussion_reason`, is what was said of this discussion alone: whether one can write in it, `Conditions` knows. It
    closes by itself at `closes_at`, else `closes_after` days after it was published (0 is never), else as its
    sections say; `closed_itself` notes that its open pages have been told of that. `slow` is as in Section. At
    `pinned_at` it was pinned to the top of the front page.
    """

    __tablename__ = "articles"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    headline: Mapped[str]
    standfirst: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    byline: Mapped[str] = mapped_column(default="")
    edited_by: Mapped[str] = mapped_column(default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    image: Mapped[str | None]
    image_width: Mapped[int] = mapped_column(default=0)
    image_height: Mapped[int] = mapped_column(default=0)
    alt: Mapped[str] = mapped_column(Text, default="")
    caption: Mapped[str] = mapped_column(Text, default="")
    credit: Mapped[str] = mapped_column(default="")
    appeal: Mapped[bool] = mapped_column(default=True)
    publication: Mapped[Publication] = mapped_column(words(Publication), default=Publication.DRAFT)
    published_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"))
    discussion: Mapped[DiscussionState] = mapped_column(words(DiscussionState), default=DiscussionState.OPEN)
    discussion_since: Mapped[datetime | None]
    discussion_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    slow: Mapped[int] = mapped_column(default=0, server_default="0")
    closes_at: Mapped[datetime | None]
    closes_after: Mapped[int | None]
    closed_itself: Mapped[bool] = mapped_column(default=False, server_default=false())
    pinned_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=0)
    comment_count: Mapped[int] = mapped_column(default=0)
    vote_changes: Mapped[int] = mapped_column(default=0, server_default="0")

    __table_args__ = (
        Index("ix_articles_front", "publication", "published_at", "id"),
        Index("ix_articles_section", "section_id", "publication", "published_at", "id"),
        # Looked through every minute: all that is asked stands in it, for the rows are long.
        Index(
            "ix_articles_not_over",
            *("publication", "discussion", "published_at", "closes_at", "closes_after", "closed_itself", "id"),
            sqlite_where=sql("closed_itself IS 0"),
            postgresql_where=sql("closed_itself IS false"),
        ),
        Index(
            "ix_articles_pinned",
            "publication",
            "pinned_at",
            sqlite_where=sql("pinned_at IS NOT NULL"),
            postgresql_where=sql("pinned_at IS NOT NULL"),
        ),
    )


class FormerSlug(Base):
    """A slug that an article had while it was published: it leads to the article, and is given to no other."""

    __tablename__ = "former_slugs"

    slug: Mapped[str] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), index=True)


class ArticleSection(Base):
    """An article stands in a section, at `pinned_at` pinned to its top; position 0 is the primary one."""

    __tablename__ = "article_sections"

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"), primary_key=True, index=True)
    position: Mapped[int]
    pinned_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "ix_article_sections_pinned",
            "section_id",
            sqlite_where=sql("pinned_at IS NOT NULL"),
            postgresql_where=sql("pinned_at IS NOT NULL"),
        ),
    )


class ArticleTag(Base):
    """An article is about a tag."""

    __tablename__ = "article_tags"

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id"), primary_key=True, index=True)
    position: Mapped[int]
