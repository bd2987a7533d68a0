"""Comments of any level that stand out: the editors' picks, and what the newsroom itself says."""

from typing import Literal

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    SQLColumnExpression,
    case,
    func,
    literal_column,
    select,
)

from forum.accounts.models import Account
from forum.articles.models import Article
from forum.comments.models import Comment
from forum.comments.projection import PUBLIC, Audience, ShownComment, comment_rows, counted_for, shown_only
from forum.comments.tree import Node
from forum.comments.windows import TOP_LEVEL, Window, cursor_id
from forum.database import Db

Show = Literal["picks", "newsroom"]
"""The editors' picks alone, or the comments of the staff and of the article's author."""

# A literal, so that both databases see that a partial index answers this.
_IS_STAFF = Account.role != literal_column("'reader'")
_STAFF = select(Account.id).where(_IS_STAFF)


def number_of_picks(article_id: int | SQLColumnExpression[int], audience: Audience = PUBLIC) -> ScalarSelect[int]:
    """How many picks a discussion has, as a column of another query."""
    picks = select(func.count()).select_from(Comment).where(Comment.article_id == article_id, _is_pick(audience))
    return picks.scalar_subquery()


def newsroom_speaks() -> ColumnElement[int]:
    """Whether there are comments of the newsroom in the discussion of `Article.id`: 0 or 1."""
    visible = (
        select(Comment.id).where(Comment.article_id == Article.id, counted_for(PUBLIC)).correlate(Article, Account)
    )
    by_staff = select(Account.id).where(_IS_STAFF, visible.where(Comment.author_id == Account.id).exists())
    by_author = visible.where(Comment.author_id == Article.author_id)
    return case((by_staff.correlate(Article).exists() | by_author.exists(), 1), else_=0)


def selection(db: Db, article: Article, show: Show, *, after: str | None, audience: Audience) -> Window:
    """A page of what is asked for alone, those written last first, each without its branch."""
    chosen = _is_pick(audience) if show == "picks" else _is_newsrooms(article) & counted_for(audience)
    query = comment_rows(Comment.article_id == article.id, chosen, *([Comment.id < cursor_id(after)] if after else []))
    # Not by the id as it stands: SQLite would go through all comments in its order, rather than look for these.
    rows = db.execute(query.order_by((Comment.id + 0).desc()).limit(TOP_LEVEL + 1)).all()
    picks = shown_only(rows[:TOP_LEVEL], audience)
    return Window([Node(_alone(pick)) for pick in picks], str(picks[-1].id) if len(rows) > TOP_LEVEL else None)


def _is_pick(audience: Audience) -> ColumnElement[bool]:
    return Comment.featured_at.is_not(None) & counted_for(audience)


def _is_newsrooms(article: Article) -> ColumnElement[bool]:
    return Comment.author_id.in_(_STAFF.union(select(Account.id).where(Account.id == article.author_id)))


def _alone(pick: ShownComment) -> ShownComment:
    """The comment as it stands in a list without those above and beneath it."""
    return pick._replace(depth=1, shown_under_id=None, reply_count=0, more_replies=0)
