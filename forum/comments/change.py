"""The one number: every change of a discussion locks its article, adds exactly 1, and stamps what changed."""

from sqlalchemy import Select, case, select, update
from sqlalchemy.sql.expression import CTE

from forum.articles.models import Article
from forum.comments.models import Comment, State
from forum.database import Db
from forum.events import DiscussionChanged, record


def next_version(db: Db, article_id: int) -> int:
    """Lock the article, add 1 to its version, and note the change; call once in a transaction for each article.

    Lock order: session and account, then articles ascending, then comments.
    """
    query = update(Article).where(Article.id == article_id).values(version=Article.version + 1)
    version = db.execute(query.returning(Article.version)).scalar_one()
    record(db, DiscussionChanged(article_id, version))
    return version


def set_state(db: Db, comment: Comment, state: State, version: int) -> None:
    """Give a comment another state, with all that follows: stamps, counters, tombstones that go or return."""
    step = (state == State.VISIBLE) - (comment.state == State.VISIBLE)
    comment.state = state
    comment.version = version
    comment.was_public = comment.was_public or state == State.VISIBLE
    db.flush()
    if step:
        count(db, comment.article_id, comment.parent_id, step, version)


def count(db: Db, article_id: int, parent_id: int | None, step: int, version: int) -> None:
    """One visible comment more (+1) or less (-1) under `parent_id`: on every counter that needs it.

    A comment that is not visible stands as a tombstone while visible replies hang on it: where the first one comes
    or the last one goes, it is stamped too, for its own appearance changes.
    """
    db.execute(update(Article).where(Article.id == article_id).values(comment_count=Article.comment_count + step))
    if parent_id is None:
        return
    edge = 1 if step > 0 else 0
    chain = chain_above(parent_id)
    turns = (Comment.state != State.VISIBLE) & (Comment.reply_count + step == edge)
    db.execute(
        update(Comment)
        .where(Comment.id.in_(select(chain.c.id)))
        .values(reply_count=Comment.reply_count + step, version=case((turns, version), else_=Comment.version)),
        execution_options={"synchronize_session": False},
    )


def chain_above(parent_id: int | Select[int]) -> CTE:
    """The comments that a reply to `parent_id` hangs on: that one, what it is shown under, and so on; at most 7."""
    condition = Comment.id.in_(parent_id) if isinstance(parent_id, Select) else Comment.id == parent_id
    chain = select(Comment.id, Comment.shown_under_id).where(condition).cte("chain", recursive=True)
    return chain.union(select(Comment.id, Comment.shown_under_id).where(Comment.id == chain.c.shown_under_id))
