"""One decision about several comments at once: one transaction, one entry of the log, undone as one.

What somebody else has decided meanwhile, or whose text is another, is left out and told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from gettext import gettext as _
from gettext import ngettext
from itertools import groupby
from operator import attrgetter
from statistics import median
from typing import Literal

from sqlalchemy import select

from forum.accounts.actor import Actor, Standing
from forum.articles.models import Article, Publication
from forum.comments.change import next_version
from forum.comments.models import Comment, State
from forum.comments.reasons import check_reason
from forum.database import Db, now
from forum.errors import Conflict, Invalid
from forum.moderation.acts import log_act, moderator_standing
from forum.moderation.decided import what_happened
from forum.moderation.deciding import Basis, is_outdated
from forum.moderation.effects import decide
from forum.moderation.models import Act, ActKind, Report
from forum.moderation.settling import solve_reports

Deed = Literal["approve", "dismiss", "remove"]
MOST = 50
"""Comments at once: what a list shows, and some 50 ms of the writer's time."""
KINDS: dict[Deed, ActKind] = {
    "approve": ActKind.APPROVE,
    "dismiss": ActKind.DISMISS,
    "remove": ActKind.REMOVE,
}
FROM: dict[Deed, tuple[State, ...]] = {
    "approve": (State.HELD,),
    "dismiss": (State.VISIBLE, State.HELD),
    "remove": (State.VISIBLE, State.HELD),
}
"""What state a comment must be in; what is in the shadow waits for nobody."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A comment, and what whoever chose it saw of it."""

    comment_id: int
    basis: Basis


@dataclass(frozen=True, slots=True)
class Done:
    """The log's entry; how many comments it is about, and how many were left out."""

    act_id: int
    comments: int
    stay: int


def decide_several(db: Db, *, moderator: Actor, deed: Deed, chosen: Sequence[Chosen], reason: str = "") -> Done:
    """Approve, dismiss or remove several comments. Articles are locked in ascending order, each adds 1 once.

    Raises Invalid where none are chosen, or too many; Conflict where none of them is as it was seen.
    """
    person = moderator_standing(db, moderator)
    code = check_reason(reason) if deed == "remove" else ""
    _check_number(chosen)
    comments = _locked(db, [one.comment_id for one in chosen])
    seen = {one.comment_id: one.basis for one in chosen}
    waiting = [one for one in comments if one.state in FROM[deed] and not one.shadowed]
    as_seen = [one for one in waiting if not is_outdated(db, one, seen[one.id])]
    reports = _open_reports(db, [one.id for one in as_seen])
    concerned = as_seen if deed != "dismiss" else [one for one in as_seen if one.id in {r.comment_id for r in reports}]
    if not concerned:
        raise Conflict(_nothing_left(db, comments, person))

    act = _log(db, deed, person, concerned, reports=[report.id for report in reports], reason=code)
    solve_reports(db, [one.id for one in concerned], act=act)
    if deed != "dismiss":
        _put(db, act, deed, concerned, code)
    return Done(act.id, len(concerned), len(chosen) - len(concerned))


def _check_number(chosen: Sequence[Chosen]) -> None:
    if not chosen:
        raise Invalid(_("Choose at least one comment of the list."), "chosen")
    if len(chosen) > MOST:
        raise Invalid(_("Choose %(most)d comments at most, then the next.") % {"most": MOST}, "chosen")


def _locked(db: Db, ids: Sequence[int]) -> Sequence[Comment]:
    """Those comments that stand under published articles, by article, all of these locked first."""
    articles = select(Comment.article_id).where(Comment.id.in_(ids))
    lock = select(Article.id).where(Article.id.in_(articles), Article.publication == Publication.PUBLISHED)
    locked = db.execute(lock.order_by(Article.id).with_for_update()).scalars().all()
    query = select(Comment).where(Comment.id.in_(ids), Comment.article_id.in_(locked))
    query = query.order_by(Comment.article_id, Comment.id).with_for_update()
    return db.execute(query, execution_options={"populate_existing": True}).scalars().all()


def _open_reports(db: Db, ids: Sequence[int]) -> Sequence[Report]:
    """From the shadow too: all are settled, and all are open again where that is undone."""
    query = select(Report).where(Report.comment_id.in_(ids), Report.solved_at.is_(None))
    return db.execute(query.order_by(Report.id).with_for_update()).scalars().all()


def _log(
    db: Db, deed: Deed, person: Standing, comments: Sequence[Comment], *, reports: Sequence[int], reason: str
) -> Act:
    authors = {one.author_id for one in comments}
    waited = [(now() - one.held_at).total_seconds() for one in comments if one.state == State.HELD and one.held_at]
    return log_act(
        db,
        KINDS[deed],
        by=person,
        account_id=authors.pop() if len(authors) == 1 else None,
        comment_id=comments[0].id if len(comments) == 1 else None,
        reason=reason,
        detail="" if len(comments) == 1 else str(len(comments)),
        before={"reports": reports, "open": True} if deed == "dismiss" else {},
        after={"reports": reports, "open": False} if deed == "dismiss" else {},
        waited=round(median(waited)) if waited and deed != "dismiss" else None,
    )


def _put(db: Db, act: Act, deed: Deed, comments: Sequence[Comment], code: str) -> None:
    state = State.REMOVED if deed == "remove" else State.VISIBLE
    for article_id, group in groupby(comments, attrgetter("article_id")):
        version = next_version(db, article_id)
        for comment in group:
            decide(db, act, comment, state, version, reason=code or None)


def _nothing_left(db: Db, comments: Sequence[Comment], person: Standing) -> str:
    if len(comments) == 1:
        happened = what_happened(db, comments[0], viewer_id=person.id)
    else:
        happened = ngettext(
            "Somebody has decided about it meanwhile.",
            "Others have decided about all of them meanwhile.",
            len(comments),
        )
    return _("%(happened)s Nothing was done.") % {"happened": happened}
