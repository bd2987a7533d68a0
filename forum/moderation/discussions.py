"""Moderators open and close an article's discussion."""

from gettext import gettext as _

from sqlalchemy import select

from forum.accounts.actor import Actor
from forum.articles.actions import REASON_LENGTH, set_discussion_state
from forum.articles.models import Article, DiscussionState, Publication
from forum.comments.change import next_version
from forum.database import Db
from forum.errors import NotFound
from forum.lines import check_line
from forum.moderation.acts import log_act, moderator_standing
from forum.moderation.models import ActKind


def set_discussion(db: Db, *, moderator: Actor, slug: str, state: DiscussionState, reason: str = "") -> None:
    """Open an article's discussion, close it to new comments, or take it off the page. Twice does nothing.

    `reason` is said to readers where it is closed. Raises Invalid where it is too long.
    The open pages hear of it like of any other change; those of a discussion that is off close.
    """
    person = moderator_standing(db, moderator)
    reason = check_line(reason, "reason", REASON_LENGTH) if state == DiscussionState.READONLY else ""
    query = select(Article).where(Article.slug == slug, Article.publication == Publication.PUBLISHED)
    article = db.execute(query.with_for_update()).scalar_one_or_none()
    if article is None:
        raise NotFound(_("There is no article at this address."))
    if article.discussion == state:
        return

    set_discussion_state(article, state, reason)
    db.flush()
    next_version(db, article.id)
    log_act(db, ActKind.DISCUSSION, by=person, article_id=article.id, reason=reason, detail=state)
