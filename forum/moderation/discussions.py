"""Moderators open and close an article's discussion, slow it down, and say when it closes by itself."""

from gettext import gettext as _

from sqlalchemy import select

from forum.accounts.actor import Actor
from forum.articles.actions import REASON_LENGTH, set_discussion_state
from forum.articles.conditions import conditions_of
from forum.articles.models import Article, DiscussionState, Publication
from forum.database import Db, now
from forum.errors import Invalid, NotFound
from forum.lines import check_line
from forum.moderation.acts import log_act, moderator_standing
from forum.moderation.closing import Closing, check_days, check_seconds
from forum.moderation.facts import facts_of
from forum.moderation.models import ActKind
from forum.moderation.telling import tell

STATE = ("discussion", "discussion_since", "discussion_reason", "closes_at", "closes_after")
CLOSING = ("closes_at", "closes_after")


def set_discussion(db: Db, *, moderator: Actor, slug: str, state: DiscussionState, reason: str = "") -> None:
    """Open an article's discussion, close it to new comments, or take it off the page. Twice does nothing.

    `reason` is said to readers where it is closed. Raises Invalid where it is too long. One whose time is over is
    opened for good: it does not close by itself again.
    The open pages hear of it like of any other change; those of a discussion that is off close.
    """
    person = moderator_standing(db, moderator)
    reason = check_line(reason, "reason", REASON_LENGTH) if state == DiscussionState.READONLY else ""
    article = lock_article(db, slug)
    before, reopens = facts_of(article, STATE), state == DiscussionState.OPEN and conditions_of(db, article.id).is_over
    if article.discussion == state and not reopens:
        return

    if reopens:
        article.closes_at, article.closes_after = None, 0
    set_discussion_state(article, state, reason)
    tell(db, article.id)
    log_act(
        db,
        ActKind.DISCUSSION,
        by=person,
        article_id=article.id,
        reason=reason,
        detail=state,
        before=before,
        after=facts_of(article, STATE),
    )


def set_pace(db: Db, *, moderator: Actor, slug: str, seconds: int) -> None:
    """Let so many seconds lie between two comments of one account in an article's discussion; 0 ends slow mode."""
    person = moderator_standing(db, moderator)
    check_seconds(seconds)
    article = lock_article(db, slug)
    if article.slow == seconds:
        return
    before, article.slow = facts_of(article, ["slow"]), seconds
    tell(db, article.id)
    log_act(db, ActKind.SLOW, by=person, article_id=article.id, before=before, after=facts_of(article, ["slow"]))


def set_closing(db: Db, *, moderator: Actor, slug: str, closing: Closing) -> None:
    """Say when an article's discussion closes by itself; a date must lie ahead. Raises Invalid."""
    person = moderator_standing(db, moderator)
    if closing.days is not None:
        check_days(closing.days)
    if closing.at is not None and closing.at <= now():
        raise Invalid(_("Choose a day to come. To close it now, choose read-only."), "date")
    article = lock_article(db, slug)
    if (article.closes_at, article.closes_after) == (closing.at, closing.days):
        return
    before = facts_of(article, CLOSING)
    article.closes_at, article.closes_after = closing.at, closing.days
    tell(db, article.id)
    after = facts_of(article, CLOSING)
    log_act(db, ActKind.DISCUSSION, by=person, article_id=article.id, detail="closing", before=before, after=after)


def lock_article(db: Db, slug: str) -> Article:
    """The published article to be changed. Raises NotFound."""
    query = select(Article).where(Article.slug == slug, Article.publication == Publication.PUBLISHED)
    article = db.execute(query.with_for_update()).scalar_one_or_none()
    if article is None:
        raise NotFound(_("There is no article at this address."))
    return article
