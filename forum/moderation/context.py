"""Where a comment stands, and what was said of it: what one must have read before deciding about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import literal, select

from forum.accounts.models import Account
from forum.articles.models import DiscussionState
from forum.comments.models import Comment
from forum.comments.projection import MODERATORS, ShownComment, comment_rows, shown_only
from forum.comments.reasons import removal_sentence
from forum.database import Db
from forum.moderation.models import Report
from forum.moderation.reports import heard

MOST_ABOVE = 8
"""Comments above the one to be decided, the nearest; the first of the branch comes in any case."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one reader reported, with the reason's code and words, and what it weighs in hundredths."""

    id: int
    handle: str
    display_name: str
    code: str
    reason: str
    note: str
    at: datetime
    weight: int


@dataclass(frozen=True, slots=True)
class Where:
    """The article that a comment stands under. Where its discussion is off the comment has no page of its own."""

    slug: str
    headline: str
    has_page: bool


def comments_above(db: Db, row: Comment) -> tuple[Sequence[ShownComment], bool]:
    """What a comment answers, up to the first of its branch; whether some in between are left out."""
    start = select(Comment.id, Comment.parent_id, literal(0).label("level")).where(Comment.id == row.id)
    chain = start.cte("above", recursive=True)
    higher = select(Comment.id, Comment.parent_id, chain.c.level + 1).where(Comment.id == chain.c.parent_id)
    chain = chain.union_all(higher.where(chain.c.level < MOST_ABOVE))
    levels = {id: level for id, level in db.execute(select(chain.c.id, chain.c.level)) if level}
    root = {row.root_id} if row.root_id else set()
    rows = db.execute(comment_rows(Comment.id.in_([*levels, *root]))).all()
    above = sorted(shown_only(rows, MODERATORS), key=lambda one: -levels.get(one.id, MOST_ABOVE + 1))
    return above, bool(root - levels.keys())


def reports_of(db: Db, comment_id: int) -> Sequence[Said]:
    """The open reports of a comment, those that weigh most first."""
    query = (
        select(Report, Account.handle, Account.display_name)
        .join(Account, Account.id == Report.account_id)
        .where(Report.comment_id == comment_id, Report.solved_at.is_(None), heard())
    )
    said = [
        Said(
            report.id,
            handle,
            name,
            report.reason,
            removal_sentence(report.reason),
            report.note,
            report.created_at,
            round(100 * (report.weight or 0)),
        )
        for report, handle, name in db.execute(query)
    ]
    return sorted(said, key=lambda one: (-one.weight, one.id))


def where_of(article: Any) -> Where:
    """The article, or a row with its columns, as a place."""
    return Where(article.slug, article.headline, article.discussion != DiscussionState.OFF)
