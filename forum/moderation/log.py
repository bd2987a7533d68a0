"""The log of what moderators did, as it is read: entries with the names of all that they are about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Account
from forum.articles.models import Article, Section
from forum.articles.words import span
from forum.comments.models import Comment
from forum.comments.reasons import removal_sentence
from forum.database import Db
from forum.moderation.models import Act, ActKind

ENTRIES = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the log, with the names of all that it is about. `by` is None for the command line.

    `after` is what was set, and `pace` the words for it in slow mode, such as “5 minutes”.
    """

    id: int
    kind: ActKind
    at: datetime
    by: str | None
    account: str | None
    comment_id: int | None
    section: str | None
    slug: str | None
    headline: str | None
    reason: str
    until: datetime | None
    detail: str
    can_be_undone: bool
    after: dict[str, Any]
    pace: str


@dataclass(frozen=True, slots=True)
class Log:
    """Some entries of the log, newest first, and the cursor of those that are older."""

    entries: Sequence[Entry]
    older: int | None


def read_log(db: Db, *, older: int | None = None) -> Log:
    """What moderators did."""
    entries = entries_where(db, Act.id < older if older else Act.id > 0, limit=ENTRIES + 1)
    return Log(entries[:ENTRIES], entries[ENTRIES - 1].id if len(entries) > ENTRIES else None)


def entries_where(db: Db, condition: ColumnElement[bool], *, limit: int) -> Sequence[Entry]:
    """Entries of the log with the names of what they are about, newest first."""
    by, about, undoing = aliased(Account), aliased(Account), aliased(Act)
    undone = select(undoing.id).where(undoing.undoes_id == Act.id)
    query = (
        select(Act, by.handle.label("by"), about.handle.label("about"), Article.slug, Article.headline)
        .add_columns(undone.exists().label("undone"), Section.name.label("section"))
        .outerjoin(by, by.id == Act.by_id)
        .outerjoin(about, about.id == Act.account_id)
        .outerjoin(Comment, Comment.id == Act.comment_id)
        .outerjoin(Article, Article.id == func.coalesce(Act.article_id, Comment.article_id))
        .outerjoin(Section, Section.id == Act.section_id)
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
        section=row.section,
        slug=row.slug,
        headline=row.headline,
        reason=removal_sentence(act.reason) if of_comment and act.reason else act.reason,
        until=_until(act),
        detail=act.detail,
        can_be_undone=act.kind == ActKind.REMOVE_ALL and not row.undone,
        after=act.after or {},
        pace=span(act.after["slow"]) if act.kind == ActKind.SLOW and act.after and act.after["slow"] else "",
    )


def _until(act: Act) -> datetime | None:
    """The end of a ban, or the day on which a discussion is to close."""
    closes_at = (act.after or {}).get("closes_at") if act.kind == ActKind.DISCUSSION else None
    moment = act.detail if act.kind == ActKind.BAN else closes_at
    return datetime.fromisoformat(moment) if moment else None
