"""On what conditions one may write in an article's discussion just now: its own, its sections', and the clock's.

Always computed, never stored: a section that closes and a time that is over hold from that moment on, for all articles
that they are about, whatever has told the open pages by then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Row, bindparam, select

from forum.articles.models import Article, ArticleSection, DiscussionState, Publication, Section
from forum.articles.words import closed_itself_sentence, closed_section_sentence, closed_sentence
from forum.database import Db, now, run, table_of


class SectionSays(Protocol):
    """What a section says of the discussions in it."""

    @property
    def name(self) -> str: ...
    @property
    def slow(self) -> int: ...
    @property
    def closed_at(self) -> datetime | None: ...
    @property
    def closed_reason(self) -> str: ...
    @property
    def closes_after(self) -> int: ...


class SectionSaid(NamedTuple):
    """The same, as it is read with an article."""

    name: str
    slow: int
    closed_at: datetime | None
    closed_reason: str
    closes_after: int


class ArticleSays(Protocol):
    """What an article says of its own discussion."""

    @property
    def published_at(self) -> datetime | None: ...
    @property
    def discussion(self) -> DiscussionState: ...
    @property
    def discussion_since(self) -> datetime | None: ...
    @property
    def discussion_reason(self) -> str: ...
    @property
    def slow(self) -> int: ...
    @property
    def closes_at(self) -> datetime | None: ...
    @property
    def closes_after(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Conditions:
    """Whether a discussion can be written in, and how.

    `closed` is what readers are told where it is closed. `slow` is how many seconds must lie between two comments of
    one account: the strictest of what its sections and itself say. `closes_at` is when it closes by itself, `is_over`
    whether that lies behind us. `closed_section` is the section that closes it, where one does.
    """

    state: DiscussionState
    closed: str
    slow: int
    closes_at: datetime | None
    is_over: bool
    closed_section: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """An article's discussion in figures, and its conditions."""

    article_id: int
    version: int
    count: int
    publication: Publication
    conditions: Conditions

    @property
    def is_readable(self) -> bool:
        """Whether everybody may read it."""
        return self.publication == Publication.PUBLISHED and self.conditions.state != DiscussionState.OFF


def conditions_in(article: ArticleSays, sections: Sequence[SectionSays], at: datetime) -> Conditions:
    """The conditions of an article that stands in these sections. What is said of it alone comes first."""
    days = _days_until_closing(article, sections)
    closes_at = _closing_time(article, days)
    shut = next((section for section in sections if section.closed_at), None)
    is_over = closes_at is not None and closes_at <= at
    state, closed = article.discussion, ""
    if state != DiscussionState.OPEN:
        closed = closed_sentence(state, article.discussion_since, article.discussion_reason)
    elif shut is not None and shut.closed_at is not None:
        closed = closed_section_sentence(shut.name, shut.closed_at, shut.closed_reason)
    elif closes_at is not None and is_over:
        closed = closed_itself_sentence(closes_at, days)
    return Conditions(
        state=DiscussionState.READONLY if closed and state == DiscussionState.OPEN else state,
        closed=closed,
        slow=max([article.slow, *(section.slow for section in sections)]),
        closes_at=closes_at,
        is_over=is_over,
        closed_section=shut.name if shut else "",
    )


def _days_until_closing(article: ArticleSays, sections: Sequence[SectionSays]) -> int:
    """How many days after it was published it closes; 0 where it has a date of its own, or never does."""
    if article.closes_at is not None:
        return 0
    if article.closes_after is not None:
        return article.closes_after
    return min((section.closes_after for section in sections if section.closes_after), default=0)


def _closing_time(article: ArticleSays, days: int) -> datetime | None:
    if days and article.published_at is not None:
        return article.published_at + timedelta(days=days)
    return article.closes_at


articles, sections, placed = table_of(Article), table_of(Section), table_of(ArticleSection)
_FIGURES = [articles.c[name] for name in ("id", "version", "comment_count", "publication")]
_ARTICLE_SAYS = [articles.c[name] for name in ("published_at", "discussion", "discussion_since", "discussion_reason")]
_ARTICLE_SETS = [articles.c[name] for name in ("slow", "closes_at", "closes_after")]
_SECTION_SAYS = [sections.c[name].label(f"section_{name}") for name in SectionSaid._fields]
_EVERY_HEAD = (
    select(*_FIGURES, *_ARTICLE_SAYS, *_ARTICLE_SETS, *_SECTION_SAYS)
    .outerjoin(placed, placed.c.article_id == articles.c.id)
    .outerjoin(sections, sections.c.id == placed.c.section_id)
    .order_by(articles.c.id, placed.c.position)
)
"""A row for each section of an article."""
_HEADS = _EVERY_HEAD.where(articles.c.id.in_(bindparam("ids", expanding=True)))
_LOCKED_HEAD = _EVERY_HEAD.where(articles.c.slug == bindparam("slug")).with_for_update(key_share=True, of=articles)


def heads_of(db: Db, article_ids: Sequence[int]) -> list[Head]:
    """The heads of these articles' discussions, by ascending id."""
    at = now()
    rows = run(db, _HEADS, ids=list(article_ids))
    return [_head(list(group), at) for _id, group in groupby(rows, attrgetter("id"))]


def _head(rows: Sequence[Row[Any]], at: datetime) -> Head:
    row, said = rows[0], [SectionSaid(*one[-len(SectionSaid._fields) :]) for one in rows if one.section_name]
    return Head(row.id, row.version, row.comment_count, row.publication, conditions_in(row, said, at))


def head_of(db: Db, article_id: int) -> Head | None:
    """The head of one article's discussion; None where there is no such article."""
    return next(iter(heads_of(db, [article_id])), None)


def lock_head(db: Db, slug: str) -> Head | None:
    """The head of the discussion under that article, locked against change until the commit; None for no article.

    Where others hold the lock on PostgreSQL, its sections are read as they were when the wait for it began.
    """
    rows = run(db, _LOCKED_HEAD, slug=slug).all()
    return _head(rows, now()) if rows else None


def conditions_of(db: Db, article_id: int) -> Conditions:
    """The conditions of an article that is there."""
    [head] = heads_of(db, [article_id])
    return head.conditions
