"""A discussion as a page shows it: its head and one window of its comments, read in one snapshot."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from gettext import gettext as _
from typing import get_args

from markupsafe import Markup
from sqlalchemy import ColumnElement, select

from forum.articles.conditions import Conditions, conditions_in
from forum.articles.models import Article, DiscussionState
from forum.articles.queries import Placed, placed_article, placed_articles
from forum.articles.words import slow_sentence
from forum.comments.frames import list_html
from forum.comments.kept import Asked, KeptWindows, Rendered, State
from forum.comments.linked import linked_comments
from forum.comments.projection import PUBLIC, Audience
from forum.comments.queries import looking
from forum.comments.selections import Show, newsroom_speaks, number_of_picks, selection
from forum.comments.windows import SORTS, Sort, window
from forum.database import Db, now
from forum.errors import BadRequest

_HEADS = placed_articles(number_of_picks(Article.id), newsroom_speaks())
NONE_SHOWN = Rendered(Markup(), frozenset(), None, extended=False)


@dataclass(frozen=True, slots=True)
class Discussion:
    """The head of a discussion, some of its comments as HTML, and the cursor of what follows.

    `closed` is what stands in the composer's place where it is closed, `slow` what is said at the composer in slow
    mode, of `pace` seconds. `show` where these are the editors' picks alone, of which there are `picks`, or what the
    newsroom says, if anything (`newsroom`).
    """

    article_id: int
    slug: str
    version: int
    epoch: str
    state: DiscussionState
    closed: str
    slow: str
    pace: int
    sort: Sort
    count: int
    picks: int
    newsroom: bool
    show: Show | None
    shown: Collection[int]
    html: Markup
    linked: Markup
    next: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Which part of a discussion is asked for."""

    sort: Sort = "newest"
    show: Show | None = None
    after: str | None = None

    @property
    def is_first(self) -> bool:
        """Whether it is the first page of all comments: what somebody has just written stands there."""
        return self.show is None and self.after is None


def read_head(db: Db, which: ColumnElement[bool]) -> tuple[Placed, Conditions] | None:
    """That article with the figures of its discussion, and on what conditions one may write there now."""
    placed = placed_article(db, _HEADS, which)
    return (placed, conditions_in(placed.article, placed.sections, now())) if placed else None


def read_discussion(
    db: Db,
    placed: Placed,
    conditions: Conditions,
    place: Place,
    *,
    viewer_id: int | None,
    windows: KeptWindows,
) -> Discussion | None:
    """The part of an article's discussion that this viewer asks for; None where the discussion is off.

    What everybody sees is taken from `windows`, or put there; who has comments here that others do not see, or has
    just written what does not stand in it, gets a window made for that person alone.
    """
    article = placed.article
    if article.discussion == DiscussionState.OFF:
        return None
    audience, recent = looking(db, article.id, viewer_id)
    if audience != PUBLIC:
        found = _render(db, placed, place, audience, recent)
        return discussion_of(db, placed, conditions, audience, place=place, found=found)
    asked = Asked(placed.epoch, article.id, place.sort, place.show, place.after)
    state = State(article.version, placed.revision, article.vote_changes)
    kept = windows.find(asked, state)
    if kept is None or (place.is_first and not kept.ids.issuperset(recent)):
        kept = _render(db, placed, place, PUBLIC, recent)
        if not kept.extended:
            windows.keep(asked, state, kept)
    return discussion_of(db, placed, conditions, PUBLIC, place=place, found=kept)


def _render(db: Db, placed: Placed, place: Place, audience: Audience, recent: Sequence[int] = ()) -> Rendered:
    """That part of the discussion as this audience sees it."""
    article = placed.article
    if place.show:
        found = selection(db, article, place.show, after=place.after, audience=audience)
    else:
        found = window(db, article.id, sort=place.sort, after=place.after, audience=audience, own_recent=recent)
    ids = frozenset(one.comment.id for node in found.nodes for one in node)
    html = list_html(found.nodes, pick=place.show is not None)
    linked = linked_comments(found.nodes) if audience == PUBLIC else NONE_SHOWN.linked
    return Rendered(html, ids, found.next, found.extended, linked)


def discussion_of(
    db: Db,
    placed: Placed,
    conditions: Conditions,
    audience: Audience,
    *,
    place: Place,
    found: Rendered = NONE_SHOWN,
) -> Discussion:
    """What was found of a discussion, under its head as that audience sees it."""
    article, (picks, newsroom) = placed.article, placed.counts
    if audience.shadow.comments:
        picks = db.execute(select(number_of_picks(article.id, audience))).scalar_one()
    return Discussion(
        article_id=article.id,
        slug=article.slug,
        version=article.version,
        epoch=placed.epoch,
        state=conditions.state,
        closed=conditions.closed,
        slow=slow_sentence(conditions.slow),
        pace=conditions.slow,
        sort=place.sort,
        count=article.comment_count + audience.shadow.comments,
        picks=picks,
        newsroom=bool(newsroom),
        show=place.show,
        shown=found.ids,
        html=found.html,
        linked=found.linked,
        next=found.next,
    )


def check_sort(text: str | None) -> Sort:
    """The order asked for, newest first by default."""
    for sort in SORTS:
        if text in (sort, None):
            return sort
    raise BadRequest(_("Comments can be sorted by newest, oldest or best."), "sort")


def check_show(text: str | None) -> Show | None:
    """What is asked for alone, if anything."""
    for show in get_args(Show):
        if text == show:
            chosen: Show = show
            return chosen
    if text is not None:
        raise BadRequest(_("There are all comments, the editors' picks alone, or what the newsroom says."), "show")
    return None
