"""Pages of articles: the front, sections, tags, one article with its discussion."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from gettext import gettext as _

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from forum.accounts.sessions import Viewer
from forum.articles.controls import Controls, controls_of
from forum.articles.linked import linked_article, linked_place
from forum.articles.lists import Card, Listing, front, in_section, with_tag
from forum.articles.models import Article, Section, Tag
from forum.articles.queries import ShownArticle, show_in_full
from forum.comments.crawling import Indexed, indexed_as
from forum.comments.discussion import Discussion, Place, check_show, check_sort, read_discussion, read_head
from forum.comments.draft import Draft, new_draft, read_draft
from forum.comments.kept import KeptWindows
from forum.comments.linked import linked_discussion
from forum.comments.shadow import counted_by_article
from forum.database import Db
from forum.errors import NotFound
from forum.linked_data import as_json, breadcrumbs, path_to, publisher_of
from forum.moderation.preview import preview_closing
from forum.permissions import can_place
from forum.reading.queries import Own, own_of
from forum.templating import page

FEATURES = 6
Listed = Callable[[Db, str, str | None], "tuple[Section | Tag, Listing] | None"]


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """All that an article's page shows, read in one snapshot."""

    article: ShownArticle
    discussion: Discussion | None
    own: Own
    draft: Draft
    controls: Controls | None
    indexed: Indexed


async def show_front(request: Request) -> Response:
    """The newest articles."""
    older = request.query_params.get("older")
    listing = await request.app.state.database.read(front, older)
    return await _list_page(request, None, listing, older)


async def show_section(request: Request) -> Response:
    """A section's articles."""
    return await _show_listed(request, in_section)


async def show_tag(request: Request) -> Response:
    """The articles about a tag."""
    return await _show_listed(request, with_tag)


async def show_article(request: Request) -> Response:
    """An article and its discussion."""
    viewer = request.state.viewer
    found = await request.app.state.database.read(
        read_article_page,
        request.path_params["slug"],
        Place(
            sort=check_sort(request.query_params.get("sort")),
            show=check_show(request.query_params.get("show")),
            after=request.query_params.get("after"),
        ),
        viewer=viewer,
        kept=request.query_params.get("draft"),
        windows=request.app.state.windows,
    )
    moderates = viewer is not None and viewer.can_moderate
    closing = await request.app.state.database.read(preview_closing, found.article.id) if moderates else None
    return page(
        request,
        "articles/article.html",
        article=found.article,
        discussion=found.discussion,
        votes=found.own.votes,
        reading=found.own.place,
        draft=found.draft,
        controls=found.controls,
        closing=closing,
        indexed=found.indexed,
        linked=() if viewer else _linked(request, found),
    )


def read_article_page(
    db: Db, slug: str, place: Place, *, viewer: Viewer | None, kept: str | None, windows: KeptWindows
) -> ArticlePage:
    """Read an article's page in one snapshot, so that head and comments belong together."""
    found = read_head(db, Article.slug == slug)
    if found is None:
        raise NotFound(_("There is no article at this address."))
    placed, conditions = found
    viewer_id = viewer.id if viewer else None
    discussion = read_discussion(db, placed, conditions, place, viewer_id=viewer_id, windows=windows)
    shown = discussion.shown if discussion else ()
    own = own_of(db, viewer_id, placed.article.id, shown) if viewer_id is not None and discussion else Own()
    draft = read_draft(db, kept) if kept else None
    controls = controls_of(db, placed.article, placed.sections, conditions) if can_place(viewer) else None
    article = show_in_full(db, placed.article, placed.sections)
    indexed = indexed_as(slug, place, discussion)
    return ArticlePage(article, discussion, own, draft or new_draft(), controls, indexed)


def _linked(request: Request, found: ArticlePage) -> list[Markup]:
    """What the page says to search engines, for whom guests' pages are made."""
    publisher, discussion = publisher_of(request), found.discussion
    count = discussion.count if discussion else 0
    linked = [linked_article(found.article, count, publisher), linked_place(found.article, publisher)]
    said = [linked_discussion(found.article, count, discussion.linked, publisher)] if discussion else []
    return [*map(as_json, linked), *said]


async def _show_listed(request: Request, query: Listed) -> Response:
    older = request.query_params.get("older")
    found = await request.app.state.database.read(query, request.path_params["slug"], older)
    if found is None:
        raise NotFound(_("There is no such section or tag."))
    subject, listing = found
    return await _list_page(request, subject, listing, older)


async def _list_page(request: Request, subject: Section | Tag | None, listing: Listing, older: str | None) -> Response:
    """One lead, a few features, the rest as a list; older pages are lists alone."""
    cards = await _counted(request, listing.cards)
    lead, features, more = (cards[0] if cards else None, cards[1 : 1 + FEATURES], cards[1 + FEATURES :])
    if older is not None:
        lead, features, more = None, [], cards
    return page(
        request,
        "articles/front.html",
        title=subject.name if subject else None,
        lead=lead,
        features=features,
        more=more,
        older=listing.older,
        this_page=older,
        feed=f"{path_to('sections', subject.slug)}/feed" if isinstance(subject, Section) else None,
        linked=_linked_section(request, subject) if isinstance(subject, Section) else (),
    )


def _linked_section(request: Request, section: Section) -> list[Markup]:
    """The way to a section, for search engines."""
    return [as_json(breadcrumbs(publisher_of(request), (section.name, path_to("sections", section.slug))))]


async def _counted(request: Request, cards: list[Card]) -> list[Card]:
    """The cards with their comments as whoever looks counts them."""
    viewer = request.state.viewer
    own = await request.app.state.database.read(counted_by_article, viewer.id) if viewer else {}
    return [replace(card, comment_count=card.comment_count + own.get(card.slug, 0)) for card in cards]
