"""Moderators open and close an article's discussion."""

from gettext import gettext as _

from sqlalchemy import select

from forum.accounts.actor import Actor
from forum.articles.models import Article, DiscussionState, Publication
from forum.comments.change import next_version
from forum.database import Db
from forum.errors import NotFound
from forum.moderation.acts import log_act, moderator_standing
from forum.moderation.models import ActKind


def set_discussion(db: Db, *, moderator: Actor, slug: str, state: DiscussionState) -> None:
    """Open an article's discussion, close it to new comments, or take it off the page. Twice does nothing.

    The open pages hear of it like of any other change; those of a discussion that is off close.
    """
    person = moderator_standing(db, moderator)
    query = select(Article).where(Article.slug == slug, Article.publication == Publication.PUBLISHED)
    article = db.execute(query.with_for_update()).scalar_one_or_none()
    if article is None:
        raise NotFound(_("There is no article at this address."))
    if article.discussion == state:
        return

    article.discussion = state
    db.flush()
    next_version(db, article.id)
    log_act(db, ActKind.DISCUSSION, by=person, article_id=article.id, detail=state)
