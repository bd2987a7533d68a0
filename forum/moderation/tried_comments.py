"""The comments that a rule is tried on: those of the last 30 days, as checks would have been given them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import aliased

from forum.accounts.models import Account
from forum.articles.models import Article
from forum.comments.checks.facts import history_before
from forum.comments.models import Comment, State
from forum.database import Db, now
from forum.moderation.models import Act, ActKind
from forum.moderation.scopes import Scope
from forum.permissions import Role

WINDOW = timedelta(days=30)
MOST = 20_000
"""No more comments are looked at, the newest first."""


@dataclass(frozen=True, slots=True)
class TriedComment:
    """A comment, and what became of it: whether a moderator approved it, or removed it."""

    id: int
    body: str
    html: str
    gist: str | None
    article_id: int
    section_id: int | None
    created_at: datetime
    is_staff: bool
    is_watched: bool
    history: dict[str, int]
    approved: bool
    removed: bool


def newest_ids(db: Db, scope: Scope) -> list[int]:
    """The comments of the last 30 days in that place, the newest first."""
    query = select(Comment.id).where(Comment.created_at > now() - WINDOW)
    if scope.article_id:
        query = query.where(Comment.article_id == scope.article_id)
    elif scope.section_id:
        placed = select(Article.id).where(Article.id == Comment.article_id, Article.section_id == scope.section_id)
        query = query.where(placed.exists())
    return list(db.execute(query.order_by(Comment.created_at.desc()).limit(MOST)).scalars())


def tried_comments(db: Db, ids: Sequence[int], *, with_history: bool) -> list[TriedComment]:
    """Those comments; what their authors had written before costs a query for each, where it is asked for."""
    undoing = aliased(Act)
    undone = select(undoing.id).where(undoing.undoes_id == Act.id).exists()
    approvals = select(Act.comment_id).where(Act.kind == ActKind.APPROVE, Act.comment_id.in_(ids), ~undone)
    approved = set(db.execute(approvals).scalars())
    query = (
        select(Comment, Account.role, Account.watched_at, Article.section_id)
        .join(Account, Account.id == Comment.author_id)
        .join(Article, Article.id == Comment.article_id)
        .where(Comment.id.in_(ids))
    )
    return [
        TriedComment(
            id=row.Comment.id,
            body=row.Comment.body,
            html=row.Comment.html,
            gist=row.Comment.gist,
            article_id=row.Comment.article_id,
            section_id=row.section_id,
            created_at=row.Comment.created_at,
            is_staff=row.role != Role.READER,
            is_watched=row.watched_at is not None,
            history=history_before(db, row.Comment) if with_history else {},
            approved=row.Comment.id in approved,
            removed=row.Comment.state == State.REMOVED,
        )
        for row in db.execute(query.order_by(Comment.id.desc())).all()
    ]
