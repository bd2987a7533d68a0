"""A comment that is to be changed, held until the commit."""

from gettext import gettext as _

from sqlalchemy import select

from forum.accounts.actor import Standing
from forum.articles.models import Article, DiscussionState, Publication
from forum.comments.models import Comment
from forum.database import Db
from forum.errors import NotFound
from forum.permissions import can_know_of, can_moderate


def lock_comment(db: Db, comment_id: int, person: Standing) -> Comment:
    """The comment to be changed, its article locked first; NotFound where that person may not know of it.

    Where the discussion is off, its comments are still their authors' and the moderators'.
    """
    article_id = select(Comment.article_id).where(Comment.id == comment_id).scalar_subquery()
    query = select(Article.discussion).where(Article.id == article_id, Article.publication == Publication.PUBLISHED)
    article = db.execute(query.with_for_update()).first()
    if article is None:
        raise NotFound(_("This comment is not here any more."))
    comment = db.execute(select(Comment).where(Comment.id == comment_id).with_for_update()).scalar_one()
    off = article.discussion == DiscussionState.OFF
    if not can_know_of(person, comment) or (off and not _has_to_do_with(person, comment)):
        raise NotFound(_("This comment is not here any more."))
    return comment


def _has_to_do_with(person: Standing, comment: Comment) -> bool:
    return comment.author_id == person.id or can_moderate(person)
