"""How many reports hold a comment by themselves, until a moderator decides: none, unless an admin says so.

A burst of reports is as often a quarrel as a warning. So only reports of different accounts count, each of whose
earlier ones were followed by removals often enough; what a moderator has looked at is not held again, nor what the
staff writes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from gettext import gettext as _
from typing import Any

from sqlalchemy import select, update

from forum.accounts.actor import Actor
from forum.accounts.models import Account
from forum.comments.change import next_version
from forum.comments.models import Comment, State
from forum.database import Db
from forum.errors import Invalid
from forum.moderation.acts import Undoing, log_act
from forum.moderation.check_rules import admin_standing, need_admin
from forum.moderation.decided import last_decision
from forum.moderation.effects import decide
from forum.moderation.models import ActKind, Report
from forum.permissions import Role
from forum.site.models import Site

MOST_REPORTS, MOST_WEIGHT = 100, 99
REPORTS = "reports"
"""The detail of such acts: of the rule's own change, and of what it holds."""


@dataclass(frozen=True, slots=True)
class ReportRule:
    """So many reports, 0 for never, of at least that weight in hundredths hold a comment."""

    reports: int
    weight: int

    @property
    def facts(self) -> dict[str, Any]:
        """As the log keeps it."""
        return {"hold_reports": self.reports, "hold_weight": self.weight}


def read_report_rule(db: Db) -> ReportRule:
    """The rule as it is set."""
    row = db.execute(select(Site.hold_reports, Site.hold_weight)).one()
    return ReportRule(row.hold_reports, row.hold_weight)


def set_report_rule(db: Db, *, admin: Actor, reports: int, weight: int) -> None:
    """Set the rule. Raises Forbidden for whoever is no admin, Invalid; where it is so already nothing happens."""
    person = admin_standing(db, admin)
    for field, number, least, most in (("reports", reports, 0, MOST_REPORTS), ("weight", weight, 1, MOST_WEIGHT)):
        if not least <= number <= most:
            sentence = _("Write a number from %(least)d to %(most)d.")
            raise Invalid(sentence % {"least": least, "most": most}, field)
    before, after = _locked(db), ReportRule(reports, weight)
    if before == after:
        return
    db.execute(update(Site).values(after.facts))
    log_act(db, ActKind.CHECKS, by=person, detail=REPORTS, before=before.facts, after=after.facts)


def undo_report_rule(db: Db, undoing: Undoing) -> bool:
    """Set the rule as it was."""
    need_admin(undoing.by)
    if _locked(db).facts != undoing.after:
        return False
    db.execute(update(Site).values(undoing.before))
    return True


def hold_if_reported_enough(db: Db, comment: Comment, reports: Sequence[Report]) -> None:
    """Hold a comment with these open reports, if the rule says so: an act of nobody. The article is locked."""
    rule = read_report_rule(db)
    counting = [one for one in reports if round(100 * (one.weight or 0)) >= rule.weight]
    if not rule.reports or len(counting) < rule.reports or comment.state != State.VISIBLE:
        return
    decision, author = last_decision(db, comment), db.get_one(Account, comment.author_id)
    if author.role != Role.READER or (decision is not None and decision.by_id is not None):
        return
    act = log_act(
        db,
        ActKind.HOLD,
        by=None,
        comment_id=comment.id,
        account_id=comment.author_id,
        detail=REPORTS,
        before={"state": comment.state, "reason": comment.reason or ""},
        after={"state": State.HELD, "reason": ""},
    )
    decide(db, act, comment, State.HELD, next_version(db, comment.article_id))


def _locked(db: Db) -> ReportRule:
    """One admin after the other."""
    row = db.execute(select(Site.hold_reports, Site.hold_weight).with_for_update()).one()
    return ReportRule(row.hold_reports, row.hold_weight)
