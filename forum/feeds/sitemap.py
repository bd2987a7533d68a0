"""The sitemap: an index of parts, in which each published article stands with the day of its last change."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from gettext import gettext as _
from typing import NamedTuple
from xml.sax.saxutils import escape

from sqlalchemy import func, select

from forum.articles.models import Article
from forum.articles.queries import PUBLISHED, sections
from forum.database import Db
from forum.errors import NotFound
from forum.linked_data import moment, path_to

PART = 50_000
"""Addresses in one part, at most: no more may stand in one."""
MOST_PARTS = 50_000
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


class Place(NamedTuple):
    """An address, and when what stands there last changed, where that is known."""

    path: str
    changed: datetime | None = None


def parts(db: Db) -> Sequence[Place]:
    """The parts: of lists, and of articles by their ids, so that an article stays in its part."""
    last = db.execute(select(func.max(Article.id))).scalar() or 0
    return [Place("/sitemaps/lists.xml"), *(Place(f"/sitemaps/{number}.xml") for number in range(1, last // PART + 2))]


def lists(db: Db) -> Sequence[Place]:
    """The front page, the sections, the rules."""
    return [Place("/"), *(Place(path_to("sections", section.slug)) for section in sections(db)), Place("/rules")]


def articles(db: Db, number: int) -> Sequence[Place]:
    """The published articles of one part. Raises NotFound beyond the last."""
    last = db.execute(select(func.max(Article.id))).scalar() or 0
    if not 1 <= number <= min(last // PART + 1, MOST_PARTS):
        raise NotFound(_("There is no page at this address."))
    here = Article.id.between((number - 1) * PART, number * PART - 1)
    rows = db.execute(select(Article.slug, Article.updated_at).where(PUBLISHED, here).order_by(Article.id))
    return [Place(path_to("articles", row.slug), row.updated_at) for row in rows]


def as_index(places: Iterable[Place], origin: str) -> str:
    """The index as XML."""
    return _document("sitemapindex", "sitemap", places, origin)


def as_part(places: Iterable[Place], origin: str) -> str:
    """One part as XML."""
    return _document("urlset", "url", places, origin)


def _document(root: str, element: str, places: Iterable[Place], origin: str) -> str:
    listed = "".join(f"<{element}>{_place(place, origin)}</{element}>\n" for place in places)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">\n{listed}</{root}>\n'


def _place(place: Place, origin: str) -> str:
    changed = f"<lastmod>{moment(place.changed)}</lastmod>" if place.changed else ""
    return f"<loc>{escape(origin + place.path)}</loc>{changed}"
