"""What became of what somebody told the moderators, and what moderators decided about somebody: for that person alone.

Who decided is between moderators. What is not to be seen is not told here either.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CompoundSelect, literal_column, select, union

from forum.accounts.models import Account, AccountWarning
from forum.articles.models import Article, DiscussionState, Publication
from forum.comments.models import Comment, State
from forum.comments.projection import MODERATORS, ShownComment, comment_rows, shown_only
from forum.comments.reasons import removal_sentence
from forum.database import Db
from forum.moderation.comment_appeals import OwnAppeal, own_appeal
from forum.moderation.models import Act, Appeal, Report
from forum.permissions import Person

PAGE = 25
MOST_WARNINGS = 50


@dataclass(frozen=True, slots=True)
class OwnReport:
    """A report, and what became of it: `outcome` is waiting, removed, left or deleted."""

    id: int
    author: str
    headline: str
    comment_id: int | None
    reason: str
    note: str
    at: datetime
    outcome: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class DecidedComment:
    """One's own comment about which moderators decided, when it was removed, and what may be done about that."""

    comment: ShownComment
    headline: str
    slug: str
    at: datetime | None
    appeal: OwnAppeal


@dataclass(frozen=True, slots=True)
class Decisions:
    """What moderators decided about somebody; the cursor of what is older."""

    comments: Sequence[DecidedComment]
    warnings: Sequence[AccountWarning]
    older: int | None


def own_reports(db: Db, account_id: int, *, older: int | None = None) -> tuple[Sequence[OwnReport], int | None]:
    """What somebody told the moderators, newest first, and the cursor of what is older."""
    query = (
        select(Report, Comment.state, Account.handle, Article.headline, Article.publication, Article.discussion)
        .join(Comment, Comment.id == Report.comment_id)
        .join(Account, Account.id == Comment.author_id)
        .join(Article, Article.id == Comment.article_id)
        .where(Report.account_id == account_id, Article.publication == Publication.PUBLISHED)
    )
    if older is not None:
        query = query.where(Report.id < older)
    rows = db.execute(query.order_by(Report.id.desc()).limit(PAGE + 1)).all()
    shown = [_report(row.Report, row.state, row.handle, row.headline, row.discussion) for row in rows[:PAGE]]
    return shown, shown[-1].id if len(rows) > PAGE else None


def own_decisions(db: Db, person: Person, *, older: int | None = None) -> Decisions:
    """What moderators decided about somebody's comments, newest comment first, and what they said to them."""
    query = comment_rows(
        Comment.author_id == person.id,
        Comment.id.in_(_decided_about(person.id)),
        Comment.state != State.DELETED,
        Article.publication == Publication.PUBLISHED,
    ).add_columns(Article.headline, Article.slug, Act.created_at.label("decided_at"), Appeal)
    query = query.outerjoin(Act, Act.id == Comment.act_id).outerjoin(Appeal, Appeal.comment_id == Comment.id)
    if older is not None:
        query = query.where(Comment.id < older)
    rows = db.execute(query.order_by(Comment.id.desc()).limit(PAGE + 1)).all()
    # Of one's own comments one may see what moderators may.
    comments = [
        DecidedComment(shown, row.headline, row.slug, row.decided_at, own_appeal(row, row.Appeal, person))
        for shown, row in zip(shown_only(rows[:PAGE], MODERATORS), rows, strict=False)
    ]
    said = select(AccountWarning).where(AccountWarning.account_id == person.id)
    warnings = db.execute(said.order_by(AccountWarning.id.desc()).limit(MOST_WARNINGS)).scalars().all()
    return Decisions(comments, warnings, comments[-1].comment.id if len(rows) > PAGE else None)


def _decided_about(account_id: int) -> CompoundSelect[int]:
    """What of an account's is removed, or was appealed about: a few, however much it has written."""
    # A literal, not a parameter: only so do both databases see that the partial index answers this.
    removed = select(Comment.id).where(Comment.author_id == account_id, Comment.state == literal_column("'removed'"))
    appealed = select(Appeal.comment_id).where(Appeal.account_id == account_id, Appeal.comment_id.is_not(None))
    return union(removed, appealed)


def _report(report: Report, state: State, author: str, headline: str, discussion: DiscussionState) -> OwnReport:
    is_shown = state == State.VISIBLE and discussion != DiscussionState.OFF
    return OwnReport(
        id=report.id,
        author=author,
        headline=headline,
        comment_id=report.comment_id if is_shown else None,
        reason=removal_sentence(report.reason),
        note=report.note,
        at=report.created_at,
        outcome=_outcome(report, state),
        decided_at=report.solved_at,
    )


def _outcome(report: Report, state: State) -> str:
    if report.solved_at is None:
        return "deleted" if state == State.DELETED else "waiting"
    return "removed" if state == State.REMOVED else "left"
