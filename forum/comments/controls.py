"""What moderators have set where somebody writes: closed sections and branches, time that is over, slow mode."""

from datetime import datetime, timedelta
from gettext import gettext as _
from math import ceil

from sqlalchemy import Executable, bindparam, func, select

from forum.accounts.actor import Standing
from forum.articles.conditions import Head
from forum.articles.words import slow_branch_sentence, slow_sentence
from forum.comments.models import Comment
from forum.comments.rates import wait_sentence
from forum.database import CLOCKS_DIFFER, Db, now, run, table_of
from forum.errors import Forbidden, TooSoon
from forum.permissions import can_reply, is_slowed

comments = table_of(Comment)
roots = comments.alias("roots")
_ROOT = (
    select(roots.c.id, roots.c.slow, roots.c.closed_at)
    .join(comments, roots.c.id == func.coalesce(comments.c.root_id, comments.c.id))
    .where(comments.c.id == bindparam("parent_id"), comments.c.article_id == bindparam("article_id"))
)
_LATEST = (
    select(comments.c.created_at)
    .where(comments.c.author_id == bindparam("author_id"))
    .where(comments.c.created_at > bindparam("since"), comments.c.created_at <= bindparam("ahead"))
    .where(comments.c.article_id == bindparam("article_id"))
    .order_by(comments.c.created_at.desc())
    .limit(1)
)
_LATEST_IN_BRANCH = _LATEST.where(comments.c.root_id == bindparam("root_id"))


def check_controls(db: Db, person: Standing, head: Head, parent_id: int | None) -> None:
    """Raise Forbidden where it is closed, to staff too; TooSoon, saying when, where a reader writes too fast.

    Called with the article locked: of two comments that one account sends at once, the second sees the first.
    """
    article_id, conditions = head.article_id, head.conditions
    if not can_reply(person, conditions.state):
        raise Forbidden(_("This discussion is closed. Your text is kept on this page; copy it if you need it."))
    root = run(db, _ROOT, parent_id=parent_id, article_id=article_id).first() if parent_id else None
    if root is not None and root.closed_at is not None:
        raise Forbidden(_("No more replies are taken here. Your text is kept on this page; copy it if you need it."))
    if not is_slowed(person):
        return
    here = {"author_id": person.id, "article_id": article_id}
    _check_pace(db, _LATEST, conditions.slow, slow_sentence(conditions.slow), **here)
    if root is not None:
        _check_pace(db, _LATEST_IN_BRANCH, root.slow, slow_branch_sentence(root.slow), root_id=root.id, **here)


def _check_pace(db: Db, latest: Executable, slow: int, rule: str, **here: int) -> None:
    """Raise TooSoon, with the rule and the wait, where the latest comment is not so many seconds ago."""
    if not slow:
        return
    at = now()
    since, ahead = at - timedelta(seconds=slow), at + CLOCKS_DIFFER
    written: datetime | None = run(db, latest, since=since, ahead=ahead, **here).scalar()
    if written is None:
        return
    seconds = max(1, ceil((written + timedelta(seconds=slow) - at).total_seconds()))
    raise TooSoon(f"{rule} {wait_sentence(seconds)}", retry_after=seconds)
