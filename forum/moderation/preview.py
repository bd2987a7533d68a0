"""What an act will do, in numbers, before it is done: by the conditions that the act itself uses."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, distinct, func, literal_column, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Session
from forum.articles.models import Article
from forum.comments.models import Comment, State
from forum.comments.places import DEEPEST
from forum.database import Db, now
from forum.moderation.models import Report
from forum.moderation.sweeps import DAY, removable


@dataclass(frozen=True, slots=True)
class Removal:
    """What a removal of many hides: comments, in so many discussions; replies of it that stay lose their parent."""

    comments: int = 0
    discussions: int = 0
    orphans: int = 0
    reports: int = 0


@dataclass(frozen=True, slots=True)
class BanPreview:
    """What a ban does at once, and what each of its removals would."""

    sign_ins: int
    day: Removal
    all: Removal


@dataclass(frozen=True, slots=True)
class ClosingPreview:
    """What is in a discussion that is closed or taken off the page; what is held or reported waits on at the desk."""

    comments: int
    held: int
    reports: int


def preview_ban(db: Db, account_id: int) -> BanPreview:
    """What banning this account would do now."""
    lasting = select(func.count()).where(Session.account_id == account_id, Session.expires_at > now())
    return BanPreview(
        sign_ins=db.execute(lasting).scalar_one(),
        day=preview_removal(db, account_id, since=now() - DAY),
        all=preview_removal(db, account_id, since=None),
    )


def preview_removal(db: Db, account_id: int, *, since: datetime | None) -> Removal:
    """What removing all that an account wrote since then would do now."""
    concerned = removable(account_id, since)
    row = db.execute(select(func.count().label("all"), func.count(distinct(Comment.article_id))).where(concerned)).one()
    if not row.all:
        return Removal()
    return Removal(row.all, row[1], _orphans(db, account_id, since), _open_reports(db, concerned))


def preview_closing(db: Db, article_id: int) -> ClosingPreview:
    """What closing this article's discussion, or taking it off the page, concerns now."""
    here = Comment.article_id == article_id
    # As a literal: a parameter would not be known to be what the partial index is of.
    held = select(func.count()).select_from(Comment).where(here, Comment.state == literal_column("'held'"))
    return ClosingPreview(
        comments=db.get_one(Article, article_id).comment_count,
        held=db.execute(held).scalar_one(),
        reports=_open_reports(db, here & Comment.state.in_([State.VISIBLE, State.HELD])),
    )


def _orphans(db: Db, account_id: int, since: datetime | None) -> int:
    """The replies to what is removed that stay: looked for where they stand on the page, of which there is an index."""
    reply = aliased(Comment)
    there = case((Comment.depth > DEEPEST, Comment.shown_under_id), else_=Comment.id)
    stays = (reply.state == State.VISIBLE) & ~removable(account_id, since, reply)
    query = select(func.count()).select_from(Comment).where(removable(account_id, since), Comment.reply_count > 0)
    query = query.join(reply, (reply.shown_under_id == there) & (reply.parent_id == Comment.id) & stays)
    return db.execute(query).scalar_one()


def _open_reports(db: Db, concerned: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(Report).join(Comment, Comment.id == Report.comment_id)
    return db.execute(query.where(Report.solved_at.is_(None), concerned)).scalar_one()
