"""Moderators and editors pin articles to the top of a section's list, or of the front page."""

from gettext import gettext as _

from sqlalchemy import func, select

from forum.accounts.actor import Actor
from forum.articles.lists import PINS
from forum.articles.models import Article, ArticleSection, Section
from forum.database import Db, now
from forum.errors import Conflict, NotFound
from forum.moderation.acts import log_act, newsroom_standing
from forum.moderation.discussions import lock_article
from forum.moderation.facts import facts_of
from forum.moderation.models import ActKind
from forum.site.actions import site_changed


def pin_article(db: Db, *, person: Actor, slug: str, section: str = "", value: bool) -> None:
    """Pin an article to the top of a section it stands in, of the front page without one; or take that back.

    Twice does nothing. Raises Conflict where three are pinned there already, NotFound where it does not stand there.
    """
    who = newsroom_standing(db, person)
    article = lock_article(db, slug)
    place: Article | ArticleSection = _place(db, article, section) if section else article
    if (place.pinned_at is not None) == value:
        return
    site_changed(db)  # whoever pins another one waits here until this is done
    if value and count_pinned_at(db, place) >= PINS:
        raise Conflict(_("Three articles are pinned there already. Unpin one of them first."))
    before, place.pinned_at = facts_of(place, ["pinned_at"]), now() if value else None
    log_act(
        db,
        ActKind.PIN if value else ActKind.UNPIN,
        by=who,
        article_id=article.id,
        section_id=place.section_id if isinstance(place, ArticleSection) else None,
        before=before,
        after=facts_of(place, ["pinned_at"]),
    )


def _place(db: Db, article: Article, section: str) -> ArticleSection:
    query = select(ArticleSection).join(Section, Section.id == ArticleSection.section_id)
    query = query.where(Section.slug == section, ArticleSection.article_id == article.id)
    found = db.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound(_("This article does not stand in that section."))
    return found


def count_pinned_at(db: Db, place: Article | ArticleSection) -> int:
    """How many articles are pinned there that everybody may read: one that is withdrawn loses its pins."""
    query = select(func.count()).select_from(Article).where(Article.pinned_at.is_not(None))
    if isinstance(place, ArticleSection):
        query = select(func.count()).select_from(ArticleSection).where(ArticleSection.pinned_at.is_not(None))
        query = query.where(ArticleSection.section_id == place.section_id)
    return db.execute(query).scalar_one()
