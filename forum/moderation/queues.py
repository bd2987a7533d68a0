"""What moderators read of reports: the comments that readers reported, those first that wait longest."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from forum.accounts.models import Account
from forum.articles.models import Article, DiscussionState, Publication
from forum.comments.models import Comment, State
from forum.comments.projection import MODERATORS, ShownComment, comment_rows, shown_only
from forum.comments.reasons import removal_sentence
from forum.database import Db
from forum.moderation.models import Report
from forum.moderation.reports import heard

REPORTED_COMMENTS = 20


@dataclass(frozen=True, slots=True)
class Said:
    """What one reader reported, with the reason's code and its words."""

    handle: str
    display_name: str
    code: str
    reason: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reported:
    """A comment with its open reports. Where its discussion is off it has no page of its own."""

    comment: ShownComment
    slug: str
    headline: str
    has_page: bool
    said: Sequence[Said]


@dataclass(frozen=True, slots=True)
class Queue:
    """Some reported comments, those first that wait longest; how many there are in all, and the cursor of the next."""

    reported: Sequence[Reported]
    waiting: int
    following: int | None


def open_reports(db: Db, *, after: int = 0) -> Queue:
    """Comments with open reports. A comment that is not to be seen any more waits for nobody."""
    first = func.min(Report.id).label("first")
    waiting = (
        select(Report.comment_id, first)
        .join(Comment, Comment.id == Report.comment_id)
        .join(Article, Article.id == Comment.article_id)
        .where(Report.solved_at.is_(None), heard(), Comment.state.in_([State.VISIBLE, State.HELD]))
        .where(Article.publication == Publication.PUBLISHED)
        .group_by(Report.comment_id)
    )
    page = db.execute(waiting.having(first > after).order_by(first).limit(REPORTED_COMMENTS + 1)).all()
    shown = page[:REPORTED_COMMENTS]
    return Queue(
        reported=_reported(db, [row.comment_id for row in shown]),
        waiting=db.execute(select(func.count()).select_from(waiting.subquery())).scalar_one(),
        following=shown[-1].first if len(page) > REPORTED_COMMENTS else None,
    )


def _reported(db: Db, comment_ids: Sequence[int]) -> Sequence[Reported]:
    """Those comments in that order, each with its article and what was said of it."""
    rows = db.execute(comment_rows(Comment.id.in_(comment_ids))).all()
    comments = {comment.id: comment for comment in shown_only(rows, MODERATORS)}
    places = select(Comment.id, Article.slug, Article.headline, Article.discussion).join(
        Article, Article.id == Comment.article_id
    )
    articles = {row.id: row for row in db.execute(places.where(Comment.id.in_(comment_ids)))}
    said = _said(db, comment_ids)
    return [
        Reported(comments[id], place.slug, place.headline, place.discussion != DiscussionState.OFF, said[id])
        for id in comment_ids
        for place in [articles[id]]
    ]


def _said(db: Db, comment_ids: Sequence[int]) -> dict[int, list[Said]]:
    query = (
        select(Report, Account.handle, Account.display_name)
        .join(Account, Account.id == Report.account_id)
        .where(Report.comment_id.in_(comment_ids), Report.solved_at.is_(None), heard())
        .order_by(Report.id)
    )
    said: defaultdict[int, list[Said]] = defaultdict(list)
    for report, handle, name in db.execute(query):
        words = removal_sentence(report.reason)
        said[report.comment_id].append(Said(handle, name, report.reason, words, report.note, report.created_at))
    return said
