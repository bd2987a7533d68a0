"""The one number: every change of a discussion locks its article, adds exactly 1, and stamps what changed."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import BindParameter, Boolean, ColumnElement, bindparam, case, func, select, update
from sqlalchemy.sql.expression import CTE

from forum.articles.models import Article
from forum.comments.indexing import index_comment
from forum.comments.models import Comment, State
from forum.database import Db, run, table_of
from forum.events import DiscussionChanged, record

PINS = 3
"""Branches that can be pinned to the top of one discussion."""

articles, comments = table_of(Article), table_of(Comment)


def chain_above(ids: Collection[int | ColumnElement[int]] | BindParameter[Any]) -> CTE:
    """A comment, or several, with what each is shown under, and so on: at most 7 for one.

    From the comment that is answered, these are the comments that the answer hangs on.
    """
    chain = select(comments.c.id, comments.c.shown_under_id).where(comments.c.id.in_(ids)).cte("chain", recursive=True)
    above = select(comments.c.id, comments.c.shown_under_id).where(comments.c.id == chain.c.shown_under_id)
    return chain.union(above)


_ADD_ONE = (
    update(articles)
    .where(articles.c.id == bindparam("article_id"))
    .values(version=articles.c.version + 1, comment_count=articles.c.comment_count + bindparam("more"))
    .returning(articles.c.version)
)
_COUNT_IN_ARTICLE = (
    update(articles)
    .where(articles.c.id == bindparam("article_id"))
    .values(comment_count=articles.c.comment_count + bindparam("step"))
)
_ABOVE = chain_above([bindparam("parent", type_=comments.c.id.type)])
_CHANGES_LOOK = (comments.c.state != State.VISIBLE) & (comments.c.reply_count + bindparam("step") == bindparam("edge"))
_COUNT_ABOVE = (
    update(comments)
    .where(comments.c.id.in_(select(_ABOVE.c.id)))
    .values(
        reply_count=comments.c.reply_count + bindparam("step"),
        version=case((_CHANGES_LOOK, bindparam("stamp")), else_=comments.c.version),
        was_public=comments.c.was_public | bindparam("shown", type_=Boolean()),
    )
)
_STAMP_TOMBSTONES = (
    update(comments)
    .where(comments.c.id.in_(select(_ABOVE.c.id)), comments.c.state != State.VISIBLE)
    .values(version=bindparam("stamp"))
)
"""No counter tells whether one stands on the pages of whoever has a reply beneath it in the shadow."""


def next_version(db: Db, article_id: int, *, more: int = 0) -> int:
    """Lock the article, add 1 to its version, and note the change; call once in a transaction for each article.

    `more` visible comments are there then, where that is known already: `count_above` does the rest.
    Lock order: session and account, then articles ascending, then comments.
    """
    version: int = run(db, _ADD_ONE, article_id=article_id, more=more).scalar_one()
    record(db, DiscussionChanged(article_id, version))
    return version


def set_state(db: Db, comment: Comment, state: State, version: int) -> None:
    """Give a comment another state, with all that follows: stamps, counters, the index, tombstones that go or return.

    One that comes back pinned loses its pin where others have taken the places meanwhile.
    """
    step = (state == State.VISIBLE) - (comment.state == State.VISIBLE)
    shadowed = comment.shadowed
    if step > 0 and comment.pinned_at is not None and count_pinned(db, comment.article_id) >= PINS:
        comment.pinned_at = None
    comment.state = state
    comment.version = version
    comment.was_public = comment.was_public or state == State.VISIBLE
    db.flush()
    if step:
        count(db, comment.article_id, comment.parent_id, step, version)
        index_comment(db, comment)
    if shadowed != comment.shadowed:
        stamp_tombstones(db, comment)


def stamp_tombstones(db: Db, comment: Comment) -> None:
    """Stamp what a reply hangs on that came into the shadow or left it: it may go or return on its author's pages."""
    if comment.parent_id is not None:
        run(db, _STAMP_TOMBSTONES, parent=comment.parent_id, stamp=comment.version)


def count_pinned(db: Db, article_id: int) -> int:
    """How many branches are pinned in a discussion."""
    pinned = (Comment.article_id == article_id) & Comment.pinned_at.is_not(None) & (Comment.state == State.VISIBLE)
    return db.execute(select(func.count()).select_from(Comment).where(pinned)).scalar_one()


def count(db: Db, article_id: int, parent_id: int | None, step: int, version: int) -> None:
    """One visible comment more (+1) or less (-1) under `parent_id`: on every counter that needs it."""
    run(db, _COUNT_IN_ARTICLE, article_id=article_id, step=step)
    count_above(db, parent_id, step, version)


def count_above(db: Db, parent_id: int | None, step: int, version: int) -> None:
    """Count one visible comment more (+1) or less (-1) at all that it hangs on.

    A comment that is not visible stands as a tombstone while visible replies hang on it: where the first one comes
    or the last one goes, it is stamped too, for its own appearance changes. So it is public from then on, though it
    may only ever have been in the shadow.
    """
    if parent_id is not None:
        shown = step > 0
        run(db, _COUNT_ABOVE, parent=parent_id, step=step, edge=int(shown), stamp=version, shown=shown)
