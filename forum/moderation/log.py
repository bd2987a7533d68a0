"""The log of what moderators did, as it is read: entries with the names of all that they are about."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
from forum.moderation.log_search import EVERYTHING, Search, condition_of
from forum.moderation.models import Act, ActKind, Effect
from forum.moderation.undoing import is_undoable, may_undo
from forum.moderation.words import Change, changes
from forum.permissions import Person

ENTRIES = 50
SEVERAL = (ActKind.REMOVE, ActKind.APPROVE, ActKind.DISMISS)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the log, with the names of all that it is about. `by` is None for the command line.

    `after` is what was set, and `pace` the words for it in slow mode, such as “5 minutes”.
    `undoes` is the kind of what an UNDO takes back; `again` says that this undoes an undo, and so does something once
    more; `stay` is how many comments were changed since, and so stay as they are.
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
    before: dict[str, Any]
    after: dict[str, Any]
    pace: str
    undoes: ActKind | None = None
    again: bool = False
    stay: int = 0
    undoes_id: int | None = None

    @property
    def several(self) -> int:
        """How many comments were decided about at once; 0 for one alone."""
        return int(self.detail) if self.kind in SEVERAL and self.detail.isdigit() else 0

    @property
    def changes(self) -> list[Change]:
        """What it changed, in words."""
        return changes(self.before, self.after)

    @property
    def undone(self) -> "Entry | None":
        """What this UNDO takes back, as an entry that says so."""
        if self.undoes is None:
            return None
        return replace(self, kind=self.undoes, undoes=None, before=self.after, after=self.before)


@dataclass(frozen=True, slots=True)
class Log:
    """Some entries of the log, newest first, and the cursor of those that are older."""

    entries: Sequence[Entry]
    older: int | None


def read_log(
    db: Db,
    search: Search = EVERYTHING,
    *,
    older: int | None = None,
    limit: int = ENTRIES,
    viewer: Person | None = None,
) -> Log:
    """What moderators did, so far as it is looked for. Raises Invalid for what cannot be looked for."""
    condition = condition_of(db, search)
    entries = entries_where(db, condition & (Act.id < older) if older else condition, limit=limit + 1, viewer=viewer)
    return Log(entries[:limit], entries[limit - 1].id if len(entries) > limit else None)


def entries_where(
    db: Db, condition: ColumnElement[bool], *, limit: int, viewer: Person | None = None
) -> Sequence[Entry]:
    """Entries of the log with the names of what they are about, newest first.

    `viewer` is offered only the undos that are theirs to do; None is for files, in which nothing is offered.
    """
    by, about, undoing = aliased(Account), aliased(Account, name="about"), aliased(Act)
    undone, target = select(undoing.id).where(undoing.undoes_id == Act.id), aliased(Act)
    stay = select(func.count()).where(Effect.act_id == Act.undoes_id, Effect.undone.is_(False))
    query = (
        select(Act, by.handle.label("by"), about, Article.slug, Article.headline)
        .add_columns(undone.exists().label("undone"), Section.name.label("section"))
        .add_columns(target.kind.label("undoes"), stay.scalar_subquery().label("stay"))
        .outerjoin(target, target.id == Act.undoes_id)
        .outerjoin(by, by.id == Act.by_id)
        .outerjoin(about, about.id == Act.account_id)
        .outerjoin(Comment, Comment.id == Act.comment_id)
        .outerjoin(Article, Article.id == func.coalesce(Act.article_id, Comment.article_id))
        .outerjoin(Section, Section.id == Act.section_id)
        .where(condition)
    )
    return [_entry(row, viewer) for row in db.execute(query.order_by(Act.id.desc()).limit(limit))]


def _entry(row: Row[Any], viewer: Person | None) -> Entry:
    act: Act = row.Act
    about: Account | None = row.about
    undoes = row.undoes if act.kind == ActKind.UNDO else None
    kind, of_comment = undoes or act.kind, act.kind in (ActKind.REMOVE, ActKind.HOLD)
    set_to = (act.before if undoes else act.after) or {}
    return Entry(
        id=act.id,
        kind=act.kind,
        at=act.created_at,
        by=row.by,
        account=about.handle if about else None,
        comment_id=act.comment_id,
        section=row.section,
        slug=row.slug,
        headline=row.headline,
        reason=removal_sentence(act.reason) if of_comment and act.reason else act.reason,
        until=_until(act, kind, set_to),
        detail=act.detail,
        can_be_undone=not row.undone and is_undoable(act, kind) and (not viewer or may_undo(viewer, act, kind, about)),
        before=act.before or {},
        after=act.after or {},
        pace=span(set_to["slow"]) if kind == ActKind.SLOW and set_to.get("slow") else "",
        undoes=undoes,
        again=bool(act.undoes_id) and act.kind not in (ActKind.UNDO, ActKind.RESTORE_ALL),
        stay=row.stay,
        undoes_id=act.undoes_id,
    )


def _until(act: Act, kind: ActKind, set_to: dict[str, Any]) -> datetime | None:
    """When what was done ends by itself: a ban, or whatever else has an end; or the day a discussion is to close."""
    moment = act.detail if kind == ActKind.BAN else set_to.get("closes_at" if kind == ActKind.DISCUSSION else "until")
    return datetime.fromisoformat(moment) if moment else None
