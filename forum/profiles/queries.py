"""What is read of a person's public face: who they are, and what they have written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from gettext import gettext as _
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select, tuple_
from sqlalchemy.orm import aliased

from forum.accounts.avatars import hue_of
from forum.accounts.models import Account
from forum.accounts.names import initial_of
from forum.accounts.queries import account_by_handle
from forum.accounts.words import ban_notice
from forum.articles.models import Article
from forum.articles.queries import DISCUSSED
from forum.comments.held import explain
from forum.comments.models import Comment, State
from forum.comments.projection import Audience, ShownComment, comment_rows, counted_for, shown_only
from forum.database import Db, now
from forum.errors import BadRequest
from forum.permissions import Role, is_banned

COMMENTS = 25
Parent, ParentAuthor = aliased(Comment), aliased(Account)


@dataclass(frozen=True, slots=True)
class Profile:
    """An account as everybody may see it. `comment_count` counts what everybody can read."""

    id: int
    handle: str
    display_name: str
    avatar: str | None
    hue: str
    initial: str
    role: Role
    created_at: datetime
    comment_count: int
    ban_sentence: str | None


@dataclass(frozen=True, slots=True)
class Written:
    """A comment with its article, and the handle of whom it answers."""

    comment: ShownComment
    article_slug: str
    article_headline: str
    in_reply_to: str | None


def read_profile(db: Db, handle: str, viewer_id: int | None = None) -> Profile | None:
    """The account with this handle, however it is written, as that viewer counts its comments."""
    account = account_by_handle(db, handle)
    if account is None:
        return None
    count = select(func.count()).select_from(Comment).join(Article, Article.id == Comment.article_id)
    return Profile(
        id=account.id,
        handle=account.handle,
        display_name=account.display_name,
        avatar=account.avatar,
        hue=hue_of(account.id),
        initial=initial_of(account.display_name),
        role=account.role,
        created_at=account.created_at,
        comment_count=db.execute(
            count.where(Comment.author_id == account.id, counted_for(Audience(viewer_id)), DISCUSSED)
        ).scalar_one(),
        ban_sentence=ban_notice(account.banned_until) if is_banned(account, now()) else None,
    )


def written_by(
    db: Db, account_id: int, audience: Audience, *, older: int | None = None
) -> tuple[Sequence[Written], int | None]:
    """A page of an account's comments, newest first, and the id after which the next page begins.

    On their own profile people see what is held, and what was removed with the reason; on others', moderators see what
    is in the shadow.
    """
    listed = Comment.state == State.VISIBLE
    if audience.account_id == account_id:
        # Of one's own comments one may see what moderators may.
        audience, listed = replace(audience, moderators=True), Comment.state != State.DELETED
    elif audience.moderators:
        listed |= Comment.shadowed
    query = comment_rows(Comment.author_id == account_id, listed, DISCUSSED)
    if older is not None:
        query = query.where(_before(db, account_id, older))
    rows = db.execute(_in_context(query).limit(COMMENTS + 1)).all()
    shown = explain(db, shown_only(rows[:COMMENTS], audience))
    written = [_written(comment, row, audience) for comment, row in zip(shown, rows[:COMMENTS], strict=True)]
    return written, shown[-1].id if len(rows) > COMMENTS else None


def _before(db: Db, account_id: int, comment_id: int) -> ColumnElement[bool]:
    """The comments that are older than that one of the same account."""
    place = select(Comment.created_at).where(Comment.id == comment_id, Comment.author_id == account_id)
    at = db.execute(place).scalar_one_or_none()
    if at is None:
        raise BadRequest(_("This link to older comments is broken. Load the profile again."), "older")
    return tuple_(Comment.created_at, Comment.id) < tuple_(at, comment_id)


def _in_context(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    context = (
        Article.slug,
        Article.headline,
        Parent.author_id.label("parent_author_id"),
        Parent.state.label("parent_state"),
        Parent.shadowed.label("parent_shadowed"),
        ParentAuthor.handle.label("answered_handle"),
    )
    query = query.outerjoin(Parent, Parent.id == Comment.parent_id)
    query = query.outerjoin(ParentAuthor, ParentAuthor.id == Parent.author_id)
    return query.add_columns(*context).order_by(Comment.created_at.desc(), Comment.id.desc())


def _written(comment: ShownComment, row: Row[Any], audience: Audience) -> Written:
    to_own = row.parent_shadowed and row.parent_author_id == audience.account_id
    answers = row.answered_handle if to_own or row.parent_state == State.VISIBLE else None
    return Written(comment, row.slug, row.headline, answers)
