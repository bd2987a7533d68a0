"""A discussion as a page shows it: its head and one window of its comments, read in one snapshot."""

from dataclasses import dataclass
from gettext import gettext as _

from sqlalchemy import select

from forum.articles.conditions import Conditions
from forum.articles.models import Article, DiscussionState
from forum.articles.words import slow_sentence
from forum.comments.picks import number_of_picks, picks_window
from forum.comments.projection import Audience
from forum.comments.queries import SORTS, Sort, window
from forum.comments.tree import Node
from forum.database import Db
from forum.errors import BadRequest
from forum.site.models import Site


@dataclass(frozen=True, slots=True)
class Discussion:
    """The head of a discussion, some of its comments, and the cursor of what follows.

    `closed` is what stands in the composer's place where it is closed, `slow` what is said at the composer in slow
    mode, of `pace` seconds. `shows_picks` where these are the editors' picks alone, of which there are `picks`.
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
    shows_picks: bool
    comments: list[Node]
    next: str | None


def read_discussion(
    db: Db,
    article: Article,
    conditions: Conditions,
    *,
    sort: Sort,
    after: str | None,
    viewer_id: int | None,
    only_picks: bool = False,
) -> Discussion | None:
    """The window of an article's discussion that this viewer asks for; None where the discussion is off."""
    if article.discussion == DiscussionState.OFF:
        return None
    if only_picks:
        found = picks_window(db, article.id, after=after, viewer_id=viewer_id)
    else:
        found = window(db, article.id, sort=sort, after=after, viewer_id=viewer_id)
    return discussion_of(
        db,
        article,
        conditions,
        found.audience,
        sort=sort,
        comments=found.nodes,
        following=found.next,
        shows_picks=only_picks,
    )


def discussion_of(
    db: Db,
    article: Article,
    conditions: Conditions,
    audience: Audience,
    *,
    sort: Sort,
    comments: list[Node],
    following: str | None = None,
    shows_picks: bool = False,
) -> Discussion:
    """These comments under the head of the article's discussion, as that audience sees it."""
    epoch, picks = db.execute(select(Site.epoch, number_of_picks(article.id, audience))).one()
    return Discussion(
        article_id=article.id,
        slug=article.slug,
        version=article.version,
        epoch=epoch,
        state=conditions.state,
        closed=conditions.closed,
        slow=slow_sentence(conditions.slow),
        pace=conditions.slow,
        sort=sort,
        count=article.comment_count + audience.shadow.comments,
        picks=picks,
        shows_picks=shows_picks,
        comments=comments,
        next=following,
    )


def check_sort(text: str | None) -> Sort:
    """The order asked for, newest first by default."""
    for sort in SORTS:
        if text in (sort, None):
            return sort
    raise BadRequest(_("Comments can be sorted by newest, oldest or best."), "sort")


def check_show(text: str | None) -> bool:
    """Whether only the editors' picks are asked for."""
    if text not in (None, "picks"):
        raise BadRequest(_("There are all comments, or the editors' picks alone."), "show")
    return text == "picks"
