"""A queue's list as moderators read it: who wrote what where, how long it has waited, and what was said of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Row, func, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Account
from forum.articles.models import Article
from forum.comments.checks.models import Finding, Response
from forum.comments.checks.titles import check_title
from forum.comments.models import Comment, State
from forum.comments.reasons import removal_sentence
from forum.database import Db
from forum.moderation.models import Appeal, Report
from forum.moderation.queues import PAGE, Filters, Place, Queue, places
from forum.moderation.reports import heard

EXCERPT = 160
"""Characters of a text that the list shows."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item of a queue. `version` and `report` are what a decision made from the list is based on."""

    id: int
    kind: str
    at: datetime
    handle: str
    display_name: str
    excerpt: str
    headline: str = ""
    version: int = 0
    report: int = 0
    reasons: Sequence[str] = field(default=())
    checks: Sequence[str] = field(default=())
    comments: int = 0

    @property
    def key(self) -> str:
        """What a claim names it by."""
        return f"{self.kind}-{self.id}"


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a queue, and the place after which the next page begins."""

    items: Sequence[Waiting]
    following: Place | None


def list_queue(db: Db, queue: Queue, filters: Filters, *, after: Place | None = None) -> Listed:
    """A page of a queue, those first that have waited longest."""
    found = places(db, queue, filters, after=after)
    shown = [place.id for place in found[:PAGE]]
    tell = {Queue.APPEALS: _appeals, Queue.ACCOUNTS: _accounts}.get(queue, _comments)
    items = {item.id: item for item in tell(db, shown)} if shown else {}
    return Listed([items[id] for id in shown], found[PAGE - 1] if len(found) > PAGE else None)


def _comments(db: Db, ids: Sequence[int]) -> list[Waiting]:
    query = (
        select(Comment.id, Comment.version, Comment.created_at, Comment.held_at, Comment.state)
        .add_columns(func.substr(Comment.body, 1, 2 * EXCERPT).label("body"))
        .add_columns(Account.handle, Account.display_name, Article.headline)
        .join(Account, Account.id == Comment.author_id)
        .join(Article, Article.id == Comment.article_id)
        .where(Comment.id.in_(ids))
    )
    said, held_by = _said(db, ids), _held_by(db, ids)
    return [_comment(row, said[row.id], held_by[row.id]) for row in db.execute(query)]


def _comment(row: Row[tuple[object, ...]], said: Sequence[Report], checks: Sequence[str]) -> Waiting:
    since = row.held_at if row.state == "held" and row.held_at else (said[0].created_at if said else row.created_at)
    return Waiting(
        id=row.id,
        kind="comment",
        at=since,
        handle=row.handle,
        display_name=row.display_name,
        excerpt=_on_one_line(row.body),
        headline=row.headline,
        version=row.version,
        report=said[-1].id if said else 0,
        reasons=[removal_sentence(one.reason) for one in said],
        checks=checks,
    )


def _said(db: Db, ids: Sequence[int]) -> dict[int, list[Report]]:
    """The open reports of comments, oldest first."""
    said: defaultdict[int, list[Report]] = defaultdict(list)
    query = select(Report).where(Report.comment_id.in_(ids), Report.solved_at.is_(None), heard())
    for report in db.execute(query.order_by(Report.id)).scalars():
        said[report.comment_id].append(report)
    return said


def _held_by(db: Db, ids: Sequence[int]) -> dict[int, list[str]]:
    """The names of the checks that hold comments."""
    named: defaultdict[int, list[str]] = defaultdict(list)
    holding = select(Finding.comment_id, Finding.check).where(
        Finding.comment_id.in_(ids), Finding.response == Response.HOLD
    )
    for row in db.execute(holding.order_by(Finding.id)):
        named[row.comment_id].append(check_title(row.check).name)
    return named


def _appeals(db: Db, ids: Sequence[int]) -> list[Waiting]:
    query = (
        select(Appeal, Account.handle, Account.display_name, Article.headline)
        .join(Account, Account.id == Appeal.account_id)
        .outerjoin(Comment, Comment.id == Appeal.comment_id)
        .outerjoin(Article, Article.id == Comment.article_id)
        .where(Appeal.id.in_(ids))
    )
    return [
        Waiting(
            id=row.Appeal.id,
            kind="appeal",
            at=row.Appeal.created_at,
            handle=row.handle,
            display_name=row.display_name,
            excerpt=_on_one_line(row.Appeal.text),
            headline=row.headline or "",
        )
        for row in db.execute(query)
    ]


def _accounts(db: Db, ids: Sequence[int]) -> list[Waiting]:
    """The latest text of each; what its author has deleted is for nobody."""
    latest = aliased(Comment)
    readable = (Comment.author_id == Account.id) & Comment.state.in_([State.VISIBLE, State.HELD])
    newest = select(func.max(Comment.id)).where(readable).correlate(Account).scalar_subquery()
    written = select(func.count()).where(readable).correlate(Account).scalar_subquery()
    query = (
        select(Account.id, Account.handle, Account.display_name, Account.created_at, written.label("written"))
        .add_columns(func.substr(latest.body, 1, 2 * EXCERPT).label("body"))
        .join(latest, latest.id == newest)
        .where(Account.id.in_(ids))
    )
    return [
        Waiting(
            id=row.id,
            kind="account",
            at=row.created_at,
            handle=row.handle,
            display_name=row.display_name,
            excerpt=_on_one_line(row.body),
            comments=row.written,
        )
        for row in db.execute(query)
    ]


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
