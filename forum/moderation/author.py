"""An author's record as moderators read it beside what was written: how long here, how often removed, what was said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from gettext import gettext as _
from gettext import ngettext

from babel.dates import format_timedelta
from sqlalchemy import func, literal_column, select
from sqlalchemy.orm import aliased

from forum.accounts.avatars import hue_of
from forum.accounts.models import Account, AccountWarning, Session
from forum.accounts.names import initial_of
from forum.accounts.words import ban_notice
from forum.comments.models import Comment, State
from forum.comments.shadow import count_shadowed
from forum.database import Db, now
from forum.moderation.models import Act, ActKind, Report
from forum.moderation.suspensions import suspensions_of
from forum.permissions import Person, Role, can_ban, is_banned

LATELY = timedelta(days=90)
DAY, SAME_ADDRESS = timedelta(days=1), timedelta(days=7)
MOST_NEIGHBOURS = 20
MOST_SAID = 20


@dataclass(frozen=True, slots=True)
class SaidOfAuthor:
    """A warning to an account, or a moderator's note about it. `by` is empty for the command line."""

    text: str
    at: datetime
    by: str
    acknowledged_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuthorRecord:
    """What moderators know of an account. `neighbours` signed in from the same address within the last days."""

    id: int
    handle: str
    display_name: str
    avatar: str | None
    hue: str
    initial: str
    role: Role
    created_at: datetime
    ban: str
    comments: int
    held: int
    removals: int
    open_reports: int
    warnings: Sequence[SaidOfAuthor]
    notes: Sequence[SaidOfAuthor]
    neighbours: Sequence[str]
    measures: Sequence[str]
    can_ban: bool

    @property
    def age(self) -> str:
        """How old the account is, such as “3 weeks”."""
        age = now() - self.created_at
        return format_timedelta(age, granularity="day", locale="en") if age >= DAY else _("less than a day")


def author_record(db: Db, account_id: int, *, viewer: Person) -> AuthorRecord:
    """The record of an account, for a moderator."""
    account, in_shadow = db.get_one(Account, account_id), count_shadowed(db, account_id)
    written = select(Comment.state, func.count()).where(Comment.author_id == account_id)
    by_state = dict(db.execute(written.group_by(Comment.state)).all())
    return AuthorRecord(
        id=account.id,
        handle=account.handle,
        display_name=account.display_name,
        avatar=account.avatar,
        hue=hue_of(account.id),
        initial=initial_of(account.display_name),
        role=account.role,
        created_at=account.created_at,
        ban=ban_notice(account.banned_until) if is_banned(account, now()) else "",
        comments=by_state.get(State.VISIBLE, 0),
        held=by_state.get(State.HELD, 0) - in_shadow,
        measures=_measures(db, account, in_shadow),
        removals=_removals(db, account_id),
        open_reports=_open_reports(db, account_id),
        warnings=_warnings(db, account_id),
        notes=_notes(db, account_id),
        neighbours=_neighbours(db, account_id),
        can_ban=can_ban(viewer, account),
    )


def _measures(db: Db, account: Account, in_shadow: int) -> Sequence[str]:
    """What is in force against the account beside a ban, a sentence each."""
    said = _("Said to @%(handle)s: %(sentence)s")
    found = [said % {"handle": account.handle, "sentence": one.sentence} for one in suspensions_of(db, account.id)]
    if account.watched_at is not None:
        found.append(_("Under watch: each of its comments is held first."))
    if account.shadowed_at is not None or in_shadow:
        sentence = ngettext("In the shadow: %(num)s comment.", "In the shadow: %(num)s comments.", in_shadow)
        found.append(sentence % {"num": in_shadow})
    return found


def _removals(db: Db, account_id: int) -> int:
    """Comments that were removed lately and are so still, whether alone or with others."""
    removed = (
        select(func.count())
        .select_from(Comment)
        .join(Act, Act.id == Comment.act_id)
        # A literal, not a parameter: only so do both databases see that the partial index answers this.
        .where(Comment.author_id == account_id, Comment.state == literal_column("'removed'"))
        .where(Act.created_at > now() - LATELY)
    )
    return db.execute(removed).scalar_one()


def _open_reports(db: Db, account_id: int) -> int:
    """Their comments that readers have reported, and about which nobody has decided."""
    report = select(Report.id).where(Report.comment_id == Comment.id, Report.solved_at.is_(None))
    theirs = (Comment.author_id == account_id) & Comment.state.in_([State.VISIBLE, State.HELD])
    return db.execute(select(func.count()).select_from(Comment).where(theirs, report.exists())).scalar_one()


def _warnings(db: Db, account_id: int) -> Sequence[SaidOfAuthor]:
    query = (
        select(AccountWarning, Account.display_name)
        .outerjoin(Act, Act.id == AccountWarning.act_id)
        .outerjoin(Account, Account.id == Act.by_id)
        .where(AccountWarning.account_id == account_id)
        .order_by(AccountWarning.id.desc())
        .limit(MOST_SAID)
    )
    return [
        SaidOfAuthor(warning.text, warning.created_at, name or "", warning.acknowledged_at)
        for warning, name in db.execute(query)
    ]


def _notes(db: Db, account_id: int) -> Sequence[SaidOfAuthor]:
    undoing = aliased(Act)
    undone = select(undoing.id).where(undoing.undoes_id == Act.id)
    query = (
        select(Act.reason, Act.created_at, Account.display_name)
        .outerjoin(Account, Account.id == Act.by_id)
        .where(Act.account_id == account_id, Act.kind == ActKind.NOTE, ~undone.exists())
        .order_by(Act.id.desc())
        .limit(MOST_SAID)
    )
    return [SaidOfAuthor(row.reason, row.created_at, row.display_name or "") for row in db.execute(query)]


def _neighbours(db: Db, account_id: int) -> Sequence[str]:
    """Handles of accounts that signed in from an address of this one's; offices and phone networks share theirs."""
    lately = Session.seen_at > now() - SAME_ADDRESS
    addresses = select(Session.address).where(Session.account_id == account_id, Session.address != "", lately)
    query = (
        select(Account.handle)
        .join(Session, Session.account_id == Account.id)
        .where(Session.address.in_(addresses), Account.id != account_id, lately)
        .group_by(Account.handle)
        .order_by(func.max(Session.seen_at).desc())
        .limit(MOST_NEIGHBOURS)
    )
    return list(db.execute(query).scalars())
