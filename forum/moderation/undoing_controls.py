"""What was set for an article, a branch, a section, or a place at the top of a list is set as it was before."""

from gettext import gettext as _

from sqlalchemy import select

from forum.articles.lists import PINS as PINNED_ARTICLES
from forum.articles.models import Article, ArticleSection, Publication, Section
from forum.comments.change import PINS, count_pinned, next_version
from forum.comments.locking import lock_comment
from forum.comments.models import Comment
from forum.database import Db, now
from forum.errors import Conflict, NotFound
from forum.moderation.acts import Undoing
from forum.moderation.facts import put_back
from forum.moderation.placing import count_pinned_at
from forum.moderation.telling import tell
from forum.site.actions import site_changed


def undo_control(db: Db, undoing: Undoing) -> bool:
    """Set back what an act set: of a comment's branch or place, of a place in a list, of an article or a section."""
    act = undoing.act
    if act.comment_id:
        return _of_comment(db, undoing, lock_comment(db, act.comment_id, undoing.by))
    if "pinned_at" in undoing.after:
        return _of_place(db, undoing)
    return _of_article(db, undoing) if act.article_id else _of_section(db, undoing)


def _of_comment(db: Db, undoing: Undoing, comment: Comment) -> bool:
    if undoing.before.get("pinned_at") and count_pinned(db, comment.article_id) >= PINS:
        raise Conflict(_("Three comments are pinned in this discussion already. Unpin one of them first."))
    if not put_back(comment, undoing):
        return False
    comment.version = next_version(db, comment.article_id)
    return True


def _of_article(db: Db, undoing: Undoing) -> bool:
    article = _lock_article(db, undoing)
    if not put_back(article, undoing):
        return False
    tell(db, article.id)
    return True


def _of_place(db: Db, undoing: Undoing) -> bool:
    place: Article | ArticleSection | None = _lock_article(db, undoing)
    if undoing.act.section_id:
        place = db.get(ArticleSection, (undoing.act.article_id, undoing.act.section_id))
    if place is None:
        return False
    site_changed(db)  # whoever pins another one waits here until this is done
    if undoing.before["pinned_at"] and count_pinned_at(db, place) >= PINNED_ARTICLES:
        raise Conflict(_("Three articles are pinned there already. Unpin one of them first."))
    return put_back(place, undoing)


def _of_section(db: Db, undoing: Undoing) -> bool:
    query = select(Section).where(Section.id == undoing.act.section_id).with_for_update()
    section = db.execute(query).scalar_one()
    if not put_back(section, undoing):
        return False
    section.untold_at = now()
    site_changed(db)
    return True


def _lock_article(db: Db, undoing: Undoing) -> Article:
    query = select(Article).where(Article.id == undoing.act.article_id, Article.publication == Publication.PUBLISHED)
    article = db.execute(query.with_for_update()).scalar_one_or_none()
    if article is None:
        raise NotFound(_("This article is not published any more."))
    return article
