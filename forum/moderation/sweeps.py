"""Acts on many comments at once: all that an account wrote lately is removed, or such a removal is undone.

Such an act is one entry of the log, done in batches of a transaction each, so that writers get in between. A batch
may be the last before a crash: `finish_acts` goes on with what is unfinished.
"""

from collections.abc import Sequence
from datetime import timedelta
from gettext import gettext as _
from itertools import groupby
from operator import attrgetter
from typing import Literal

import structlog
from sqlalchemy import ColumnElement, select

from forum.accounts.actor import Actor, Standing
from forum.articles.models import Article
from forum.comments.change import next_version, set_state
from forum.comments.models import Comment, State
from forum.database import Database, Db, even_read_only, now
from forum.errors import NotFound
from forum.moderation.acts import log_act, moderator_standing
from forum.moderation.models import Act, ActKind, Sweep
from forum.moderation.reports import solve_reports

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
    act = log_act(db, ActKind.REMOVE_ALL, by=by, account_id=account_id, reason=reason, detail=reach)
    db.add(Sweep(act_id=act.id, since=now() - DAY if reach == "day" else None))
    return act.id


def undo_removal(db: Db, *, moderator: Actor, act_id: int) -> int:
    """Enter into the log that such a removal is undone; gives the act, for `finish_act` to do. Twice is one act.

    Only what that removal took comes back. One that is still going on stops.
    """
    person = moderator_standing(db, moderator)
    query = select(Act, Sweep).join(Sweep, Sweep.act_id == Act.id)
    query = query.where(Act.id == act_id, Act.kind == ActKind.REMOVE_ALL)
    found = db.execute(query.with_for_update()).first()
    if found is None:
        raise NotFound(_("There is no removal of many comments at this address."))
    removal, sweep = found
    earlier = db.execute(select(Act.id).where(Act.undoes_id == act_id)).scalar_one_or_none()
    if earlier is not None:
        return earlier
    sweep.finished_at = sweep.finished_at or now()
    act = log_act(db, ActKind.RESTORE_ALL, by=person, account_id=removal.account_id, undoes_id=act_id)
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
    concerned = _removed_by_it(act) if act.kind == ActKind.RESTORE_ALL else _to_remove(act, sweep)
    query = select(Comment.article_id, Comment.id).where(concerned)
    found = db.execute(query.order_by(Comment.article_id, Comment.id).limit(BATCH)).all()
    for article_id, rows in groupby(found, attrgetter("article_id")):
        comments = _locked(db, article_id, [row.id for row in rows], concerned)
        if comments:
            _change(db, act, comments, next_version(db, article_id))
    if len(found) < BATCH:
        sweep.finished_at = now()
    return sweep.finished_at is not None


def _to_remove(act: Act, sweep: Sweep) -> ColumnElement[bool]:
    """What is held already is hidden, and stays for a moderator to judge: so undoing is exact.

    What lies ahead of now was written before the clock was set back, and so before the act.
    """
    written = (Comment.created_at <= act.created_at) | (Comment.created_at > now())
    lately = Comment.created_at >= sweep.since if sweep.since else Comment.id > 0
    return (Comment.author_id == act.account_id) & written & lately & (Comment.state == State.VISIBLE)


def _removed_by_it(act: Act) -> ColumnElement[bool]:
    return (Comment.act_id == act.undoes_id) & (Comment.state == State.REMOVED)


def _locked(db: Db, article_id: int, ids: list[int], concerned: ColumnElement[bool]) -> Sequence[Comment]:
    """Those comments, their article locked first; without those that somebody changed in the meantime."""
    db.execute(select(Article.id).where(Article.id == article_id).with_for_update())
    query = select(Comment).where(Comment.id.in_(ids), concerned).order_by(Comment.id)
    return db.execute(query.with_for_update()).scalars().all()


def _change(db: Db, act: Act, comments: Sequence[Comment], version: int) -> None:
    restores = act.kind == ActKind.RESTORE_ALL
    for comment in comments:
        comment.reason, comment.act_id = (None, None) if restores else (REASON, act.id)
        set_state(db, comment, State.VISIBLE if restores else State.REMOVED, version)
    if not restores:
        solve_reports(db, [comment.id for comment in comments], by_id=act.by_id)
