"""How moderators change comments: each change is kept with the act that made it, so that it can be taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from sqlalchemy import func, select, update

from forum.articles.models import Article
from forum.comments.change import next_version, set_state
from forum.comments.models import Comment, State
from forum.database import Db, now
from forum.moderation.models import Act, ActKind, Effect, Report
from forum.moderation.settling import solve_reports

SOLVING = (ActKind.REMOVE, ActKind.REMOVE_ALL, ActKind.RESTORE, ActKind.APPROVE, ActKind.APPEAL)
"""Acts that settle the open reports of their comments: done again, they settle what is open then."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where moderators have put a comment: its state, why, by which act, and since when it waits."""

    state: State
    reason: str | None
    act_id: int | None
    held_at: datetime | None


def decide(db: Db, act: Act, comment: Comment, state: State, version: int, *, reason: str | None = None) -> None:
    """Give a comment another state by an act of the log. The caller holds the article's lock, and has its version."""
    held_at = now() if state == State.HELD else comment.held_at
    _put(db, act, comment, Verdict(state, reason, act.id, held_at), version)


def take_back(db: Db, entry: Act, *, limit: int | None = None) -> int:
    """Put the comments of the act that `entry` undoes, or so many, back where they were; gives how many it looked at.

    What was changed since stays as it is: decided again, deleted, or, where it would be shown, given another text.
    Articles are locked in ascending order, each adds 1 once.
    """
    query = select(Effect, Comment.article_id).join(Comment, Comment.id == Effect.comment_id)
    query = query.where(Effect.act_id == entry.undoes_id, Effect.undone.is_(None))
    found = db.execute(query.order_by(Comment.article_id, Comment.id).limit(limit)).all()
    for article_id, rows in groupby(found, attrgetter("article_id")):
        _take_back_in(db, entry, article_id, [row.Effect for row in rows])
    return len(found)


def outcome(db: Db, act_id: int) -> tuple[int, int]:
    """How many comments of an undone act are back where they were, and how many were changed since and stay."""
    back, stay = (func.count().filter(Effect.undone.is_(value)) for value in (True, False))
    row = db.execute(select(back.label("back"), stay.label("stay")).where(Effect.act_id == act_id)).one()
    return row.back, row.stay


def _take_back_in(db: Db, entry: Act, article_id: int, effects: Sequence[Effect]) -> None:
    db.execute(select(Article.id).where(Article.id == article_id).with_for_update())
    query = select(Comment).where(Comment.id.in_([effect.comment_id for effect in effects])).with_for_update()
    found = db.execute(query.order_by(Comment.id), execution_options={"populate_existing": True}).scalars()
    comments = {comment.id: comment for comment in found}
    for effect in effects:
        effect.undone = _is_as_left(comments[effect.comment_id], effect)
    back = [effect for effect in effects if effect.undone]
    if not back:
        return
    version = next_version(db, article_id)
    for effect in back:
        before = Verdict(effect.before_state, effect.before_reason, effect.before_act_id, effect.before_held_at)
        _put(db, entry, comments[effect.comment_id], before, version)
    _take_back_reports(db, entry, [effect.comment_id for effect in back])


def _is_as_left(comment: Comment, effect: Effect) -> bool:
    decided_since = (comment.state, comment.act_id) != (effect.after_state, effect.after_act_id)
    unread = effect.before_state == State.VISIBLE and comment.edited_at != effect.edited_at
    return not decided_since and not unread


def _take_back_reports(db: Db, entry: Act, comment_ids: Sequence[int]) -> None:
    """What the act settled is open again; an act that is done again settles again."""
    if entry.kind in SOLVING:
        solve_reports(db, comment_ids, act=entry)
        return
    theirs = Report.comment_id.in_(comment_ids) & (Report.act_id == entry.undoes_id)
    db.execute(update(Report).where(theirs).values(solved_at=None, solved_by_id=None, act_id=None))


def _put(db: Db, act: Act, comment: Comment, there: Verdict, version: int) -> None:
    db.add(
        Effect(
            act_id=act.id,
            comment_id=comment.id,
            before_state=comment.state,
            before_reason=comment.reason,
            before_act_id=comment.act_id,
            before_held_at=comment.held_at,
            after_state=there.state,
            after_act_id=there.act_id,
            edited_at=comment.edited_at,
        )
    )
    comment.reason, comment.act_id, comment.held_at = there.reason, there.act_id, there.held_at
    set_state(db, comment, there.state, version)
