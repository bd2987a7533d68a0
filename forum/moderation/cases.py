"""One item of a queue in full: the comment with all that it answers, what was said of it, and its author's record."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from gettext import gettext as _
from typing import Any

from sqlalchemy import ColumnElement

from forum.accounts.models import Account
from forum.articles.models import Article, Publication
from forum.comments.checks.queries import ShownFinding, findings_of
from forum.comments.models import Comment, Revision, State
from forum.comments.projection import MODERATORS, ShownComment, comment_rows, shown_only
from forum.comments.queries import revisions_of
from forum.database import Db
from forum.moderation.author import AuthorRecord, author_record
from forum.moderation.context import Said, Where, comments_above, reports_of, where_of
from forum.moderation.decided import last_decision, what_happened
from forum.moderation.models import Act, Appeal
from forum.moderation.queues import Queue, is_waiting
from forum.permissions import Person

MOST_COMMENTS = 20
"""Of a new account."""


@dataclass(frozen=True, slots=True)
class Written:
    """A comment of a new account, and where it stands."""

    comment: ShownComment
    where: Where


@dataclass(frozen=True, slots=True)
class ShownAppeal:
    """What an author asks; `against` is the decision that it is about, `ban` says whether that is a ban."""

    text: str
    at: datetime
    ban: bool
    against: str
    is_own: bool
    granted: bool | None
    answer: str


@dataclass(frozen=True, slots=True)
class Case:
    """An item to be decided. `decided` is what became of one that does not wait any more, else empty."""

    id: int
    kind: str
    author: AuthorRecord
    decided: str = ""
    comment: ShownComment | None = None
    where: Where | None = None
    above: Sequence[ShownComment] = ()
    has_gap: bool = False
    said: Sequence[Said] = ()
    revisions: Sequence[Revision] = ()
    findings: Sequence[ShownFinding] = ()
    appeal: ShownAppeal | None = None
    comments: Sequence[Written] = field(default=())

    @property
    def key(self) -> str:
        """What a claim names it by."""
        return f"{self.kind}-{self.id}"

    @property
    def report(self) -> int:
        """The newest open report: a part of what a decision is based on."""
        return max((said.id for said in self.said), default=0)


def read_case(db: Db, queue: Queue, id: int, *, viewer: Person) -> Case | None:
    """The item with this id, whether it waits still or not; None where there is none."""
    match queue:
        case Queue.APPEALS:
            return _of_appeal(db, id, viewer)
        case Queue.ACCOUNTS:
            return _of_account(db, id, viewer)
        case _:
            return _of_comment(db, queue, id, viewer)


def _of_comment(db: Db, queue: Queue, id: int, viewer: Person) -> Case | None:
    row = db.get(Comment, id)
    found = _about(db, row) if row else None
    if row is None or found is None:
        return None
    decided = "" if is_waiting(db, queue, id) else _became(db, row, viewer)
    return Case(id, queue.kind, author_record(db, row.author_id, viewer=viewer), decided, **found)


def _of_appeal(db: Db, id: int, viewer: Person) -> Case | None:
    appeal = db.get(Appeal, id)
    if appeal is None:
        return None
    row = db.get(Comment, appeal.comment_id) if appeal.comment_id else None
    found = (_about(db, row) if row else None) or {}
    decided = "" if is_waiting(db, Queue.APPEALS, id) else _answered(db, appeal, row, viewer)
    shown = _shown(db, appeal, row, viewer)
    author = author_record(db, appeal.account_id, viewer=viewer)
    return Case(id, Queue.APPEALS.kind, author, decided, appeal=shown, **found)


def _of_account(db: Db, id: int, viewer: Person) -> Case | None:
    if db.get(Account, id) is None:
        return None
    decided = "" if is_waiting(db, Queue.ACCOUNTS, id) else _("Nothing of this account waits here any more.")
    author = author_record(db, id, viewer=viewer)
    return Case(id, Queue.ACCOUNTS.kind, author, decided, comments=_written(db, id))


def _about(db: Db, row: Comment) -> dict[str, Any] | None:
    """A comment with all that belongs to it, as fields of a case; None where there is nothing to be read."""
    shown = shown_only(db.execute(comment_rows(Comment.id == row.id)).all(), MODERATORS)
    article = db.get_one(Article, row.article_id)
    if not shown or article.publication != Publication.PUBLISHED:
        return None
    above, has_gap = comments_above(db, row)
    return {
        "comment": shown[0],
        "where": where_of(article),
        "above": above,
        "has_gap": has_gap,
        "said": reports_of(db, row.id),
        "revisions": revisions_of(db, row.id) if row.state != State.DELETED else (),
        "findings": findings_of(db, [row.id])[row.id] if row.state != State.DELETED else (),
    }


def _shown(db: Db, appeal: Appeal, row: Comment | None, viewer: Person) -> ShownAppeal:
    ban = db.get(Act, appeal.act_id) if appeal.act_id else None
    decision = last_decision(db, row) if row else None
    against = what_happened(db, row, viewer_id=viewer.id) if row and decision else (ban.reason if ban else "")
    by_id = ban.by_id if ban else decision.by_id if decision else None
    is_own = by_id == viewer.id
    return ShownAppeal(appeal.text, appeal.created_at, ban is not None, against, is_own, appeal.granted, appeal.answer)


def _answered(db: Db, appeal: Appeal, row: Comment | None, viewer: Person) -> str:
    if appeal.decided_at is not None:
        return _("This appeal has been answered.")
    return _became(db, row, viewer) if row else _("This ban is over.")


def _written(db: Db, account_id: int) -> Sequence[Written]:
    """The latest that an account has written."""
    stands: ColumnElement[bool] = Comment.state.in_([State.VISIBLE, State.HELD, State.REMOVED])
    query = comment_rows(Comment.author_id == account_id, stands, Article.publication == Publication.PUBLISHED)
    query = query.add_columns(Article.slug, Article.headline, Article.discussion)
    rows = db.execute(query.order_by(Comment.created_at.desc(), Comment.id.desc()).limit(MOST_COMMENTS)).all()
    shown = shown_only(rows, MODERATORS)
    return [Written(comment, where_of(row)) for comment, row in zip(shown, rows, strict=True)]


def _became(db: Db, row: Comment, viewer: Person) -> str:
    if last_decision(db, row) or row.state == State.DELETED:
        return what_happened(db, row, viewer_id=viewer.id)
    return _("This does not wait here any more.")
