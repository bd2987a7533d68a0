"""The editors' picks of a discussion: comments of any level that stand out, while they are visible."""

from dataclasses import replace

from sqlalchemy import ColumnElement, ScalarSelect, func, select

from forum.comments.models import Comment
from forum.comments.projection import PUBLIC, Audience, ShownComment, comment_rows, counted_for, shown_only
from forum.comments.queries import TOP_LEVEL, Window, audience_of, cursor_id
from forum.comments.tree import Node
from forum.database import Db


def number_of_picks(article_id: int, audience: Audience = PUBLIC) -> ScalarSelect[int]:
    """How many picks a discussion has, as a column of another query."""
    picks = select(func.count()).select_from(Comment).where(Comment.article_id == article_id, _is_pick(audience))
    return picks.scalar_subquery()


def picks_window(db: Db, article_id: int, *, after: str | None, viewer_id: int | None = None) -> Window:
    """A page of the picks alone, those written last first, each without its branch."""
    audience = audience_of(db, article_id, viewer_id)
    here = (Comment.article_id == article_id) & _is_pick(audience)
    query = comment_rows(here, *([Comment.id < cursor_id(after)] if after else []))
    rows = db.execute(query.order_by(Comment.id.desc()).limit(TOP_LEVEL + 1)).all()
    picks = shown_only(rows[:TOP_LEVEL], audience)
    following = str(picks[-1].id) if len(rows) > TOP_LEVEL else None
    return Window([Node(_alone(pick)) for pick in picks], following, audience)


def _is_pick(audience: Audience) -> ColumnElement[bool]:
    return Comment.featured_at.is_not(None) & counted_for(audience)


def _alone(pick: ShownComment) -> ShownComment:
    """The comment as it stands in a list without those above and beneath it."""
    return replace(pick, depth=1, shown_under_id=None, reply_count=0, more_replies=0)
