"""Who may moderate, and the log of what they did."""

from dataclasses import dataclass
from gettext import gettext as _
from typing import Any

from forum.accounts.actor import Actor, Standing, standing
from forum.database import Db
from forum.errors import Forbidden
from forum.moderation.models import Act, ActKind
from forum.permissions import can_moderate, can_place


@dataclass(frozen=True, slots=True)
class Undoing:
    """An act that is taken back, the entry that takes it back, and who does."""

    act: Act
    entry: Act
    by: Standing

    @property
    def before(self) -> dict[str, Any]:
        """What is to be put back."""
        return self.act.before or {}

    @property
    def after(self) -> dict[str, Any]:
        """What the act made of it, and what it must still be."""
        return self.act.after or {}


def moderator_standing(db: Db, moderator: Actor) -> Standing:
    """Re-read who moderates, locked against change until the commit. Raises SignInNeeded, Banned or Forbidden."""
    person = standing(db, moderator)
    if not can_moderate(person):
        raise Forbidden(_("Only moderators can do this."))
    return person


def newsroom_standing(db: Db, person: Actor) -> Standing:
    """The same of who moderates or publishes: what is put in a prominent place is for both to say."""
    found = standing(db, person)
    if not can_place(found):
        raise Forbidden(_("Only moderators and editors can do this."))
    return found


def log_act(
    db: Db,
    kind: ActKind,
    *,
    by: Standing | None,
    account_id: int | None = None,
    comment_id: int | None = None,
    article_id: int | None = None,
    section_id: int | None = None,
    reason: str = "",
    detail: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    waited: int | None = None,
    undoes_id: int | None = None,
) -> Act:
    """Write an entry of the log; `by` is None for the command line.

    `reason` is a code of the site's list where a comment is concerned, else what was written. `detail` is a word of
    the kind: a ban's end (ISO), a discussion's state, how far back a removal of many goes.
    """
    act = Act(
        kind=kind,
        by_id=by.id if by else None,
        account_id=account_id,
        comment_id=comment_id,
        article_id=article_id,
        section_id=section_id,
        reason=reason,
        detail=detail,
        before=before,
        after=after,
        waited=waited,
        undoes_id=undoes_id,
    )
    db.add(act)
    db.flush()
    return act
