"""What moderators read: open reports by comment, the log, and the record of one account."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Text, cast, func, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Account
from forum.accounts.queries import account_by_handle
from forum.accounts.words import ban_sentence
from forum.articles.models import Article, DiscussionState, Publication
from forum.comments.models import Comment, State
from forum.comments.projection import MODERATORS, ShownComment, comment_rows, shown_only
from forum.comments.reasons import removal_sentence
from forum.database import Db, now
from forum.moderation.models import Act, ActKind, Report
from forum.moderation.sweeps import DAY
from forum.permissions import Person, can_ban, is_banned

REPORTED_COMMENTS = 20
ENTRIES = 50
HISTORY = 20


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


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the log, with the names of all that it is about. `by` is None for the command line."""

    id: int
    kind: ActKind
    at: datetime
    by: str | None
    account: str | None
    comment_id: int | None
    slug: str | None
    headline: str | None
    reason: str
    until: datetime | None
    detail: str
    can_be_undone: bool


@dataclass(frozen=True, slots=True)
class Log:
    """Some entries of the log, newest first, and the cursor of those that are older."""

    entries: Sequence[Entry]
    older: int | None


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """What a moderator may know of an account and do about it. The counts are of comments that a ban could remove."""

    handle: str
    display_name: str
    can_ban: bool
    ban_sentence: str | None
    comments_of_a_day: int
    comments_in_all: int
    history: Sequence[Entry]


def open_reports(db: Db, *, after: int = 0) -> Queue:
    """Comments with open reports. A comment that is not to be seen any more waits for nobody."""
    first = func.min(Report.id).label("first")
    waiting = (
        select(Report.comment_id, first)
        .join(Comment, Comment.id == Report.comment_id)
        .join(Article, Article.id == Comment.article_id)
        .where(Report.solved_at.is_(None), Comment.state.in_([State.VISIBLE, State.HELD]))
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


def read_log(db: Db, *, older: int | None = None) -> Log:
    """What moderators did."""
    entries = _entries(db, Act.id < older if older else Act.id > 0, limit=ENTRIES + 1)
    return Log(entries[:ENTRIES], entries[ENTRIES - 1].id if len(entries) > ENTRIES else None)


def account_record(db: Db, *, viewer: Person, handle: str) -> AccountRecord | None:
    """What `viewer`, a moderator, may know of this account and do about it; None where there is no such account."""
    account = account_by_handle(db, handle)
    if account is None:
        return None
    written = select(func.count()).where(Comment.author_id == account.id, Comment.state == State.VISIBLE)
    kinds = [ActKind.BAN, ActKind.LIFT, ActKind.REMOVE_ALL, ActKind.RESTORE_ALL]
    sentence = ban_sentence(account.ban_reason, account.banned_until)
    return AccountRecord(
        handle=account.handle,
        display_name=account.display_name,
        can_ban=can_ban(viewer, account),
        ban_sentence=sentence if is_banned(account, now()) else None,
        comments_of_a_day=db.execute(written.where(Comment.created_at >= now() - DAY)).scalar_one(),
        comments_in_all=db.execute(written).scalar_one(),
        history=_entries(db, (Act.account_id == account.id) & Act.kind.in_(kinds), limit=HISTORY),
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
        .where(Report.comment_id.in_(comment_ids), Report.solved_at.is_(None))
        .order_by(Report.id)
    )
    said: defaultdict[int, list[Said]] = defaultdict(list)
    for report, handle, name in db.execute(query):
        words = removal_sentence(report.reason)
        said[report.comment_id].append(Said(handle, name, report.reason, words, report.note, report.created_at))
    return said


def _entries(db: Db, condition: ColumnElement[bool], *, limit: int) -> Sequence[Entry]:
    """Entries of the log with the names of what they are about, newest first."""
    by, about, undoing = aliased(Account), aliased(Account), aliased(Act)
    undone = select(undoing.id).where(
        undoing.kind == ActKind.RESTORE_ALL,
        undoing.account_id == Act.account_id,
        undoing.detail == cast(Act.id, Text),
    )
    query = (
        select(Act, by.handle.label("by"), about.handle.label("about"), Article.slug, Article.headline)
        .add_columns(undone.exists().label("undone"))
        .outerjoin(by, by.id == Act.by_id)
        .outerjoin(about, about.id == Act.account_id)
        .outerjoin(Comment, Comment.id == Act.comment_id)
        .outerjoin(Article, Article.id == func.coalesce(Act.article_id, Comment.article_id))
        .where(condition)
    )
    return [_entry(row) for row in db.execute(query.order_by(Act.id.desc()).limit(limit))]


def _entry(row: Row[Any]) -> Entry:
    act: Act = row.Act
    of_comment = act.kind in (ActKind.REMOVE, ActKind.HOLD)
    return Entry(
        id=act.id,
        kind=act.kind,
        at=act.created_at,
        by=row.by,
        account=row.about,
        comment_id=act.comment_id,
        slug=row.slug,
        headline=row.headline,
        reason=removal_sentence(act.reason) if of_comment and act.reason else act.reason,
        until=datetime.fromisoformat(act.detail) if act.kind == ActKind.BAN and act.detail else None,
        detail=act.detail,
        can_be_undone=act.kind == ActKind.REMOVE_ALL and not row.undone,
    )
