"""An article's address: chosen by its editor or made of its headline; one that was published once leads to the new one.

A former address stays its article's for good: nobody else gets it, else links that stand on other sites would lead to
something else. Its own article can go back to it.
"""

import re
import unicodedata
from gettext import gettext as _

from sqlalchemy import delete, select

from forum.articles.models import Article, FormerSlug, Publication
from forum.database import Db
from forum.errors import Invalid

SLUG_LENGTH = 80
RESERVED_SLUGS = {"new", "preview"}
"""Pages of the editor have these addresses."""


def make_slug(text: str) -> str:
    """Words of a text as part of an address: plain letters and digits with hyphens; letters of other scripts stay."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(char))
    slug = re.sub(r"[^\w]+|_", "-", unicodedata.normalize("NFC", plain)).strip("-")
    return slug[:SLUG_LENGTH].strip("-") or "article"


def free_slug(db: Db, headline: str) -> str:
    """A slug that no article has or had, made of a headline."""
    slug = candidate = make_slug(headline)
    number = 1
    while candidate in RESERVED_SLUGS or _owner(db, candidate) is not None:
        number += 1
        candidate = f"{slug[: SLUG_LENGTH - len(str(number)) - 1]}-{number}"
    return candidate


def chosen_slug(db: Db, typed: str, article_id: int | None = None) -> str:
    """The slug that an editor chose for an article. Raises Invalid where another has it, or had it."""
    slug, wrong = make_slug(typed), None
    owner = _owner(db, slug)
    if not re.search(r"[^\W_]", typed):
        wrong = _("An address needs letters or digits.")
    elif slug in RESERVED_SLUGS:
        wrong = _("This address is a page of the editor. Choose another.")
    elif owner is not None and owner != article_id:
        wrong = _("Another article has this address, or had it before and is found by it. Choose another.")
    if wrong:
        raise Invalid(wrong, "slug")
    return slug


def move_article(db: Db, article: Article, typed: str) -> None:
    """Give an article the address that an editor chose. Where it was published, the one it had leads to it."""
    slug = chosen_slug(db, typed, article.id) if typed != article.slug else typed
    if slug == article.slug:
        return
    db.execute(delete(FormerSlug).where(FormerSlug.slug == slug))
    if article.published_at is not None:
        db.add(FormerSlug(slug=article.slug, article_id=article.id))
    article.slug = slug


def current_slug(db: Db, former: str) -> str | None:
    """The slug of the published article that had this one before."""
    query = select(Article.slug).join(FormerSlug, FormerSlug.article_id == Article.id)
    query = query.where(FormerSlug.slug == former, Article.publication == Publication.PUBLISHED)
    return db.execute(query).scalar_one_or_none()


def _owner(db: Db, slug: str) -> int | None:
    """The article that has this slug, or had it."""
    found = db.execute(select(Article.id).where(Article.slug == slug)).scalar()
    return found or db.execute(select(FormerSlug.article_id).where(FormerSlug.slug == slug)).scalar()
