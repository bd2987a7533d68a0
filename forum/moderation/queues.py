"""What waits for moderators: four queues, how many wait in each, and which, in the order in which they wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from forum.accounts.models import Account
from forum.accounts.queries import account_by_handle
from forum.articles.models import Article, ArticleSection, Publication, Section
from forum.comments.checks.models import Finding
from forum.comments.models import Comment, State
from forum.database import Db, now
from forum.moderation.models import Appeal, Report
from forum.moderation.reports import heard
from forum.permissions import Role

PAGE = 50
"""Items in a list, and as many can be decided at once."""
MOST_COUNTED = 999
"""Beyond this a queue is "999+": counting costs the same however much waits."""
NEW = timedelta(days=7)
"""For how long an account is new."""


Ordered = tuple[SQLColumnExpression[Any], SQLColumnExpression[int], Select[*tuple[Any, ...]]]
"""What a queue is ordered by, its items' ids, and the select of both."""


class Queue(StrEnum):
    """What a list holds: comments that readers reported, held comments, appeals, new accounts."""

    REPORTS = "reports"
    HELD = "held"
    APPEALS = "appeals"
    ACCOUNTS = "accounts"

    @property
    def kind(self) -> str:
        """What its items are."""
        return {Queue.APPEALS: "appeal", Queue.ACCOUNTS: "account"}.get(self, "comment")


@dataclass(frozen=True, slots=True)
class Filters:
    """Of a queue only what belongs to a section and an article (slugs), an account (handle), and a check's name."""

    section: str = ""
    article: str = ""
    account: str = ""
    check: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """An item's place in its queue: the moment by which the queue is ordered, and the item's id."""

    at: datetime
    id: int


def places(db: Db, queue: Queue, filters: Filters, *, after: Place | None = None) -> Sequence[Place]:
    """The next items of a queue in its order, one more than a page holds if there are more."""
    at, id, query = _waiting(db, queue, filters)
    if after:
        query = query.where(at >= after.at, or_(at > after.at, id > after.id))
    return [Place(row.at, row.id) for row in db.execute(query.order_by(at, id).limit(PAGE + 1))]


def count(db: Db, queue: Queue, filters: Filters) -> int:
    """How many wait, counted up to one more than MOST_COUNTED."""
    some = waiting_ids(db, queue, filters).subquery()
    return db.execute(select(func.count()).select_from(some)).scalar_one()


def counts(db: Db) -> dict[str, int]:
    """How many wait in each queue."""
    return {queue.value: count(db, queue, Filters()) for queue in Queue}


def waiting_ids(db: Db, queue: Queue, filters: Filters) -> Select[int]:
    """A select of the ids of what has waited longest, MOST_COUNTED and one at most, to be asked within another."""
    at, id, query = _waiting(db, queue, filters)
    return query.with_only_columns(id).order_by(at, id).limit(MOST_COUNTED + 1)


def is_waiting(db: Db, queue: Queue, id: int) -> bool:
    """Whether this item is in the queue."""
    _at, column, query = _waiting(db, queue, Filters())
    return db.execute(query.where(column == id)).first() is not None


def _waiting(db: Db, queue: Queue, filters: Filters) -> Ordered:
    if queue == Queue.APPEALS:
        return _appealed(db, filters)
    if queue == Queue.ACCOUNTS:
        return _new(db, filters)
    at, id, query = _held() if queue == Queue.HELD else _reported()
    return at, id, query.where(*_conditions(db, filters))


def _reported() -> Ordered:
    """Comments that can be seen and have open reports, each where its first one is; a held one waits among the held."""
    before = aliased(Report)
    at = _due(Report)
    has_one_before = (
        select(before.id)
        .where(before.comment_id == Report.comment_id, before.solved_at.is_(None), heard(before))
        .where(tuple_(_due(before), before.id) < tuple_(at, Report.id))
        .exists()
    )
    query = (
        select(at.label("at"), Report.comment_id.label("id"))
        .join(Comment, Comment.id == Report.comment_id)
        .where(Report.solved_at.is_(None), heard(), ~has_one_before, Comment.state == State.VISIBLE, _published())
    )
    return at, Report.comment_id, query


def _due(report: type[Report]) -> ColumnElement[datetime]:
    """By when a report's comment is to be looked at; those of before there were weights wait by their age."""
    return func.coalesce(report.due, report.created_at)


def _held() -> Ordered:
    query = (
        select(Comment.held_at.label("at"), Comment.id.label("id"))
        # A literal, not a parameter: only so do both databases see that the partial index answers this.
        .where(Comment.state == literal_column("'held'"), _published())
        .where(Comment.held_at.is_not(None))  # in the shadow a comment waits for nobody
    )
    return Comment.held_at, Comment.id, query


def _appealed(db: Db, filters: Filters) -> Ordered:
    """Appeals about comments that are hidden, and about the bans that hold; a filter by article leaves those out."""
    is_hidden = Comment.state.in_([State.HELD, State.REMOVED]) & ~Comment.shadowed
    about_comment = is_hidden & _published()
    ban_holds = (Account.banned_at <= Appeal.created_at) & (
        Account.banned_until.is_(None) | (Account.banned_until > now())
    )
    query = (
        select(Appeal.created_at.label("at"), Appeal.id.label("id"))
        .join(Account, Account.id == Appeal.account_id)
        .outerjoin(Comment, Comment.id == Appeal.comment_id)
        .where(Appeal.decided_at.is_(None), about_comment | (Appeal.act_id.is_not(None) & ban_holds))
    )
    return (
        Appeal.created_at,
        Appeal.id,
        query.where(*_conditions(db, filters, author=Appeal.account_id)),
    )


def _new(db: Db, filters: Filters) -> Ordered:
    """Readers of the last days who have written something since a moderator last looked, and are not in the shadow."""
    written = (
        select(Comment.id)
        .where(Comment.author_id == Account.id, Comment.state.in_([State.VISIBLE, State.HELD]))
        .where(or_(Account.looked_at.is_(None), Comment.created_at > Account.looked_at))
        .where(_published(), *_conditions(db, filters))
    )
    at, id = Account.created_at, Account.id
    query = select(at.label("at"), id.label("id")).where(
        Account.created_at > now() - NEW,
        Account.role == Role.READER,
        Account.shadowed_at.is_(None),
        exists(written),
    )
    return at, id, query


def _published() -> ColumnElement[bool]:
    """Whether a comment's article can be read. EXISTS, not a join: SQLite would begin with all articles."""
    published = select(Article.id).where(Article.id == Comment.article_id)
    return exists(published.where(Article.publication == Publication.PUBLISHED))


def _conditions(
    db: Db, filters: Filters, author: SQLColumnExpression[int] | None = None
) -> Sequence[ColumnElement[bool]]:
    """What a comment must meet."""
    found: list[ColumnElement[bool]] = []
    if filters.section:
        placed = select(ArticleSection.section_id).join(Section, Section.id == ArticleSection.section_id)
        here = (ArticleSection.article_id == Comment.article_id) & (Section.slug == filters.section)
        found.append(exists(placed.where(here)))
    if filters.article:
        found.append(Comment.article_id == select(Article.id).where(Article.slug == filters.article).scalar_subquery())
    if filters.account:
        account = account_by_handle(db, filters.account)
        by = Comment.author_id if author is None else author
        found.append(by == account.id if account else false())
    if filters.check:
        found.append(exists(select(Finding.id).where(Finding.comment_id == Comment.id, Finding.check == filters.check)))
    return found
