"""Acts on many comments at once: all that an account wrote lately is removed, or shown; or such an act is undone.

Such an act is one entry of the log, done in batches of a transaction each, so that writers get in between. A batch
may be the last before a crash: `finish_acts` goes on with what is unfinished.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Literal

import structlog
from sqlalchemy import ColumnElement, select

from forum.accounts.actor import Standing
from forum.articles.models import Article
from forum.comments.change import next_version
from forum.comments.models import Comment, State
from forum.database import Database, Db, even_read_only, now
from forum.moderation.acts import log_act
from forum.moderation.effects import decide, take_back
from forum.moderation.models import Act, ActKind, Effect, Sweep
from forum.moderation.settling import solve_reports

log = structlog.get_logger()

Reach = Literal["day", "all"]
"""How far back a removal of an account's comments goes."""
DAY = timedelta(days=1)
BATCH = 200
"""Comments in one transaction: some 100 ms of the writer's time."""
REASON = "other"
"""What stands on the tombstones: a ban's own reason is said to the banned person alone."""


def start_removal(db: Db, *, by: Standing | None, account_id: int, reach: Reach, reason: str) -> int:
    """Enter the removal of an account's comments into the log; gives the act, for `finish_act` to do."""
    act = log_act(
        db,
        ActKind.REMOVE_ALL,
        by=by,
        account_id=account_id,
        reason=reason,
        detail=reach,
        before={"state": State.VISIBLE},
        after={"state": State.REMOVED, "reason": REASON},
    )
    db.add(Sweep(act_id=act.id, since=now() - DAY if reach == "day" else None))
    return act.id


def start_release(db: Db, act: Act) -> int:
    """Let an act take all that an account has in the shadow out of it; gives the act, for `finish_act` to do."""
    db.add(Sweep(act_id=act.id))
    return act.id


async def finish_acts(database: Database) -> None:
    """Go on with every act that a crash has interrupted."""
    for act_id in await database.read(unfinished_acts):
        await finish_act(database, act_id)


async def resume_acts(database: Database) -> None:
    """`finish_acts` beside other work: a failure is logged, and the next start tries again."""
    try:
        await finish_acts(database)
    except Exception:
        log.exception("an act on many comments could not be finished; the next start tries again")


async def finish_act(database: Database, act_id: int) -> None:
    """Do an act on many comments to its end, batch by batch."""
    while not await database.write(do_batch, act_id=act_id):
        pass


def unfinished_acts(db: Db) -> list[int]:
    """The acts on many comments that are not done."""
    query = select(Sweep.act_id).where(Sweep.finished_at.is_(None)).order_by(Sweep.act_id)
    return list(db.execute(query).scalars())


@even_read_only
def do_batch(db: Db, *, act_id: int) -> bool:
    """Do an act's next comments; True once none are left. Articles are locked in ascending order, each adds 1 once."""
    sweep = db.execute(select(Sweep).where(Sweep.act_id == act_id).with_for_update()).scalar_one()
    if sweep.finished_at is not None:
        return True
    act = db.get_one(Act, act_id)
    if act.undoes_id:
        looked_at = take_back(db, act, limit=BATCH)
    else:
        looked_at = _release(db, act) if act.kind == ActKind.UNSHADOW else _remove(db, act, sweep)
    if looked_at < BATCH:
        sweep.finished_at = now()
    return sweep.finished_at is not None


def removable(account_id: int | None, since: datetime | None, comment: type[Comment] = Comment) -> ColumnElement[bool]:
    """Which comments a removal of many takes: what is held already is hidden, and stays for a moderator to judge."""
    lately = comment.created_at >= since if since else comment.id > 0
    return (comment.author_id == account_id) & lately & (comment.state == State.VISIBLE)


def _remove(db: Db, act: Act, sweep: Sweep) -> int:
    """Remove the next comments; gives how many it looked at. What somebody restored meanwhile is not taken twice.

    What lies ahead of now was written before the clock was set back, and so before the act.
    """
    written = (Comment.created_at <= act.created_at) | (Comment.created_at > now())
    taken = select(Effect.comment_id).where(Effect.act_id == act.id, Effect.comment_id == Comment.id).exists()
    concerned = removable(act.account_id, sweep.since) & written & ~taken
    query = select(Comment.article_id, Comment.id).where(concerned)
    found = db.execute(query.order_by(Comment.article_id, Comment.id).limit(BATCH)).all()
    for article_id, rows in groupby(found, attrgetter("article_id")):
        comments = _locked(db, article_id, [row.id for row in rows], concerned)
        version = next_version(db, article_id) if comments else 0
        for comment in comments:
            decide(db, act, comment, State.REMOVED, version, reason=REASON)
        solve_reports(db, [comment.id for comment in comments], act=act)
    return len(found)


def _release(db: Db, act: Act) -> int:
    """Show the next comments that are in the shadow, what is answered before its answers; gives how many there were."""
    concerned = (Comment.author_id == act.account_id) & Comment.shadowed & (Comment.created_at <= act.created_at)
    query = select(Comment.article_id, Comment.id).where(concerned)
    found = db.execute(query.order_by(Comment.article_id, Comment.id).limit(BATCH)).all()
    for article_id, rows in groupby(found, attrgetter("article_id")):
        comments = _locked(db, article_id, [row.id for row in rows], concerned)
        version = next_version(db, article_id) if comments else 0
        for comment in comments:
            decide(db, act, comment, State.VISIBLE, version)
    return len(found)


def _locked(db: Db, article_id: int, ids: list[int], concerned: ColumnElement[bool]) -> Sequence[Comment]:
    """Those comments, their article locked first; without those that somebody changed in the meantime."""
    db.execute(select(Article.id).where(Article.id == article_id).with_for_update())
    query = select(Comment).where(Comment.id.in_(ids), concerned).order_by(Comment.id)
    return db.execute(query.with_for_update()).scalars().all()
