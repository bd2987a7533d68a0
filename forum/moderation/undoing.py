"""Acts are taken back: each entry of the log, however many rows it changed, by one other entry, for 30 days.

An undo puts back what the act changed, where that is still as the act left it. What somebody has changed since stays:
where nothing else is left to undo, the undo is refused; where some of it is, the entry says how much stays.

An undo is an entry like any other (UNDO, with `undoes_id`) and can itself be undone: the act is done again, by an entry
of the act's own kind that undoes the undo. Each entry is undone once.

To add a kind: log its acts with `before` and `after`, plain facts that say all that the act changed; write an `Undo`
that gives what is as `undoing.after` says the values of `undoing.before`, or returns False where it is not so any more;
and name it in UNDOS. The entry of an undo has both exchanged, so that same function does the act again. Comments need
nothing but `decide` (effects.py) for each change, and `undo_comments`. The function asks who may: `undoing.by` is a
moderator, and may need to be more. tests/moderation/test_as_it_was.py tries every kind: give it the new act, too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from gettext import gettext as _

from sqlalchemy import select

from forum.accounts.actor import Actor
from forum.database import Db, now
from forum.errors import Conflict, NotFound
from forum.moderation.acts import Undoing, log_act, moderator_standing
from forum.moderation.appeal_answers import undo_answer
from forum.moderation.check_rules import undo_rules
from forum.moderation.domain_bans import undo_domain_ban
from forum.moderation.effects import outcome, take_back
from forum.moderation.models import Act, ActKind, Sweep
from forum.moderation.network_bans import undo_network_ban
from forum.moderation.remarks import LOOKED_AT, undo_look, undo_note, undo_warning
from forum.moderation.report_rule import REPORTS, undo_report_rule
from forum.moderation.reports import undo_dismissal
from forum.moderation.shadows import undo_shadow
from forum.moderation.suspensions import undo_suspension
from forum.moderation.terms import undo_terms
from forum.moderation.undoing_controls import undo_control
from forum.moderation.watches import undo_watch
from forum.moderation.word_lists import undo_words
from forum.permissions import Person, can_administer, can_ban, can_moderate

UNDO_DAYS = timedelta(days=30)

Undo = Callable[[Db, Undoing], bool]
"""Puts back what an act changed; False where nothing of it is as the act left it."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What came of an undo: its entry, and whether `finish_act` must go on with it."""

    entry_id: int
    goes_on: bool


def undo_comments(db: Db, undoing: Undoing) -> bool:
    """Put the comments of an act back: at once, or in batches where the act was done so. One that goes on stops."""
    sweep = db.execute(select(Sweep).where(Sweep.act_id == undoing.act.id).with_for_update()).scalar_one_or_none()
    if sweep is not None:
        sweep.finished_at = sweep.finished_at or now()
        db.add(Sweep(act_id=undoing.entry.id))
        return True
    take_back(db, undoing.entry)
    put_back, _stays = outcome(db, undoing.act.id)
    return put_back > 0


def undo_release(db: Db, undoing: Undoing) -> bool:
    """Put an account back into the shadow, with those of its comments that were released."""
    return undo_shadow(db, undoing) and (db.get(Sweep, undoing.act.id) is None or undo_comments(db, undoing))


def undo_approval(db: Db, undoing: Undoing) -> bool:
    """Take back that held comments were approved, or that nothing was wrong with a new account."""
    return undo_look(db, undoing) if undoing.act.detail == LOOKED_AT else undo_comments(db, undoing)


def undo_checks(db: Db, undoing: Undoing) -> bool:
    """Set checks as they were, or how many reports hold a comment."""
    return undo_report_rule(db, undoing) if undoing.act.detail == REPORTS else undo_rules(db, undoing)


UNDOS: dict[ActKind, Undo] = {
    ActKind.REMOVE: undo_comments,
    ActKind.REMOVE_ALL: undo_comments,
    ActKind.RESTORE: undo_comments,
    ActKind.APPROVE: undo_approval,
    ActKind.HOLD: undo_comments,
    ActKind.DISMISS: undo_dismissal,
    ActKind.DISCUSSION: undo_control,
    ActKind.SECTION: undo_control,
    ActKind.BRANCH: undo_control,
    ActKind.SLOW: undo_control,
    ActKind.PIN: undo_control,
    ActKind.UNPIN: undo_control,
    ActKind.FEATURE: undo_control,
    ActKind.UNFEATURE: undo_control,
    ActKind.BAN: undo_terms,
    ActKind.LIFT: undo_terms,
    ActKind.WATCH: undo_watch,
    ActKind.UNWATCH: undo_watch,
    ActKind.CHECKS: undo_checks,
    ActKind.WORDS: undo_words,
    ActKind.SUSPEND: undo_suspension,
    ActKind.UNSUSPEND: undo_suspension,
    ActKind.SHADOW: undo_shadow,
    ActKind.UNSHADOW: undo_release,
    ActKind.BAN_ADDRESS: undo_network_ban,
    ActKind.LIFT_ADDRESS: undo_network_ban,
    ActKind.BAN_DOMAIN: undo_domain_ban,
    ActKind.LIFT_DOMAIN: undo_domain_ban,
    ActKind.WARN: undo_warning,
    ActKind.NOTE: undo_note,
    ActKind.APPEAL: undo_answer,
}


OF_ADMINS = (ActKind.CHECKS, ActKind.WORDS)
OF_ACCOUNTS = (
    *(ActKind.BAN, ActKind.LIFT, ActKind.WATCH, ActKind.UNWATCH),
    *(ActKind.SUSPEND, ActKind.UNSUSPEND, ActKind.SHADOW, ActKind.UNSHADOW),
)


def may_undo(person: Person, act: Act, kind: ActKind, account: Person | None) -> bool:
    """Whether an undo is to be offered: to whoever could do such an act, about that account. The undo asks again."""
    if kind in OF_ADMINS:
        return can_administer(person)
    if kind in OF_ACCOUNTS or (kind == ActKind.APPEAL and act.comment_id is None):
        return account is not None and can_ban(person, account)
    return can_moderate(person)


def is_undoable(act: Act, kind: ActKind) -> bool:
    """Whether such an act can still be undone, unless it was already; `kind` is of what was done or undone by it.

    Entries of earlier versions do not say what was before, but for the comments that they removed.
    """
    tells = act.before is not None or kind in (ActKind.REMOVE, ActKind.REMOVE_ALL)
    return kind in UNDOS and tells and act.created_at >= now() - UNDO_DAYS


def undo_act(db: Db, *, moderator: Actor, act_id: int) -> Undone:
    """Take back what an act did; twice is once. `finish_act` goes on with what is done in batches.

    Raises NotFound; Conflict where the act is too old, of a kind that is not undone, or changed since; what the
    kind's own rules say.
    """
    person = moderator_standing(db, moderator)
    act = _lock_act(db, act_id)
    earlier = db.execute(select(Act.id).where(Act.undoes_id == act.id)).scalar_one_or_none()
    if earlier is not None:
        return Undone(earlier, goes_on=db.get(Sweep, earlier) is not None)
    done = _done_or_undone(db, act)
    if act.created_at < now() - UNDO_DAYS:
        raise Conflict(_("This was done more than 30 days ago, and cannot be undone any more."))
    if not is_undoable(act, done.kind):
        raise Conflict(_("What this entry tells of cannot be undone."))

    entry = log_act(
        db,
        ActKind.UNDO if act is done else done.kind,
        by=person,
        account_id=act.account_id,
        comment_id=act.comment_id,
        article_id=act.article_id,
        section_id=act.section_id,
        reason="" if act is done else done.reason,
        detail=act.detail,
        before=act.after,
        after=act.before,
        undoes_id=act.id,
    )
    if not UNDOS[done.kind](db, Undoing(act, entry, person)):
        raise Conflict(_("Somebody has changed this since. It stays as it is now; nothing was undone."))
    db.flush()
    return Undone(entry.id, goes_on=db.get(Sweep, entry.id) is not None)


def _lock_act(db: Db, act_id: int) -> Act:
    """The entry, so that whoever undoes it too must wait; whoever only refers to it need not."""
    act = db.execute(select(Act).where(Act.id == act_id).with_for_update(key_share=True)).scalar_one_or_none()
    if act is None:
        raise NotFound(_("There is no such entry in the log."))
    return act


def _done_or_undone(db: Db, act: Act) -> Act:
    """The act itself, or the one that it takes back, which is never an undo: an undo's undo has the act's own kind."""
    return db.get_one(Act, act.undoes_id) if act.kind == ActKind.UNDO else act
