"""Moderators close all discussions of a section, slow them down, and say after how many days they close.

Each is a change of the section's row alone, and so holds at once for every article in it, however many there are; the
open pages are told afterwards (`telling.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from gettext import gettext as _

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from forum.accounts.actor import Actor, Standing
from forum.articles.actions import REASON_LENGTH
from forum.articles.models import Article, ArticleSection, Section
from forum.articles.queries import DISCUSSED
from forum.articles.words import span
from forum.database import Db, now
from forum.errors import NotFound
from forum.lines import check_line
from forum.moderation.acts import log_act, moderator_standing
from forum.moderation.closing import check_days, check_seconds
from forum.moderation.facts import Facts, facts_of
from forum.moderation.models import ActKind
from forum.moderation.telling import OPEN
from forum.site.actions import site_changed

STATE = ("closed_at", "closed_reason")


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section as moderators see it: what is set there, how many published articles of it have a discussion.

    `open` are those discussions that closing the section closes, with so many comments in all.
    """

    section: Section
    discussions: int
    open: int
    comments: int

    @property
    def pace(self) -> str:
        """Its slow mode in words, such as “5 minutes”."""
        return span(self.section.slow)


def sections_overview(db: Db) -> Sequence[ShownSection]:
    """Every section, in the publication's order."""
    elsewhere, other = aliased(ArticleSection), aliased(Section)
    closed_elsewhere = (
        select(elsewhere.article_id)
        .join(other, other.id == elsewhere.section_id)
        .where(elsewhere.article_id == Article.id, other.closed_at.is_not(None))
    )
    is_open = OPEN & Article.closed_itself.is_(False) & ~closed_elsewhere.exists()
    counted = (
        select(
            ArticleSection.section_id,
            func.count().label("discussions"),
            func.count().filter(is_open).label("open"),
            func.coalesce(func.sum(Article.comment_count).filter(is_open), 0).label("comments"),
        )
        .join(Article, Article.id == ArticleSection.article_id)
        .where(DISCUSSED)
        .group_by(ArticleSection.section_id)
        .subquery()
    )
    numbers = [func.coalesce(counted.c[name], 0) for name in ("discussions", "open", "comments")]
    query = select(Section, *numbers).outerjoin(counted, counted.c.section_id == Section.id)
    return [ShownSection(*row) for row in db.execute(query.order_by(Section.position, Section.id))]


def set_section(db: Db, *, moderator: Actor, slug: str, closed: bool, reason: str = "") -> None:
    """Close all discussions of a section to new comments, or give back what was before. Twice does nothing.

    `reason` is said to readers; raises Invalid where it is too long. A comment that is just being stored may still
    come; none that begins after the commit.
    """
    person = moderator_standing(db, moderator)
    reason = check_line(reason, "reason", REASON_LENGTH) if closed else ""
    section = _lock_section(db, slug)
    if (section.closed_at is not None) == closed:
        return
    before = facts_of(section, STATE)
    section.closed_at, section.closed_reason = (now() if closed else None), reason
    detail = "closed" if closed else "open"
    _note(
        db,
        person,
        section,
        ActKind.SECTION,
        before=before,
        after=facts_of(section, STATE),
        reason=reason,
        detail=detail,
    )


def set_section_pace(db: Db, *, moderator: Actor, slug: str, seconds: int) -> None:
    """Let so many seconds lie between two comments of one account in each discussion of a section; 0 ends that."""
    person = moderator_standing(db, moderator)
    check_seconds(seconds)
    section = _lock_section(db, slug)
    if section.slow == seconds:
        return
    before, section.slow = facts_of(section, ["slow"]), seconds
    _note(db, person, section, ActKind.SLOW, before=before, after=facts_of(section, ["slow"]))


def set_section_closing(db: Db, *, moderator: Actor, slug: str, days: int) -> None:
    """Let the discussions of a section close by themselves so many days after their articles came out; 0 is never."""
    person = moderator_standing(db, moderator)
    check_days(days)
    section = _lock_section(db, slug)
    if section.closes_after == days:
        return
    before, section.closes_after = facts_of(section, ["closes_after"]), days
    after = facts_of(section, ["closes_after"])
    _note(db, person, section, ActKind.SECTION, before=before, after=after, detail="closing")


def _lock_section(db: Db, slug: str) -> Section:
    section = db.execute(select(Section).where(Section.slug == slug).with_for_update()).scalar_one_or_none()
    if section is None:
        raise NotFound(_("There is no such section."))
    return section


def _note(
    db: Db,
    person: Standing,
    section: Section,
    kind: ActKind,
    *,
    before: Facts,
    after: Facts,
    reason: str = "",
    detail: str = "",
) -> None:
    """Enter it into the log, and have the open pages told."""
    section.untold_at = now()
    site_changed(db)
    log_act(db, kind, by=person, section_id=section.id, reason=reason, detail=detail, before=before, after=after)
