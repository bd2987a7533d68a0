"""A discussion as a page shows it: its head and one window of its comments, read in one snapshot."""

from dataclasses import dataclass
from gettext import gettext as _

from forum.articles.models import Article, DiscussionState
from forum.articles.words import closed_sentence
from forum.comments.queries import SORTS, Sort, window
from forum.comments.tree import Node
from forum.database import Db
from forum.errors import BadRequest
from forum.site.queries import read_site


@dataclass(frozen=True, slots=True)
class Discussion:
    """The head of a discussion, some of its comments, and the cursor of what follows.

    `closed` is what stands in the composer's place where it is closed.
    """

    article_id: int
    slug: str
    version: int
    epoch: str
    state: DiscussionState
    closed: str
    sort: Sort
    count: int
    comments: list[Node]
    next: str | None


def read_discussion(
    db: Db, article: Article, *, sort: Sort, after: str | None, viewer_id: int | None
) -> Discussion | None:
    """The window of an article's discussion that this viewer asks for; None where the discussion is off."""
    if article.discussion == DiscussionState.OFF:
        return None
    found = window(db, article.id, sort=sort, after=after, viewer_id=viewer_id)
    return discussion_of(db, article, sort=sort, comments=found.nodes, following=found.next)


def discussion_of(
    db: Db, article: Article, *, sort: Sort, comments: list[Node], following: str | None = None
) -> Discussion:
    """These comments under the head of the article's discussion."""
    return Discussion(
        article_id=article.id,
        slug=article.slug,
        version=article.version,
        epoch=read_site(db).epoch,
        state=article.discussion,
        closed=closed_sentence(article.discussion, article.discussion_since, article.discussion_reason),
        sort=sort,
        count=article.comment_count,
        comments=comments,
        next=following,
    )


def check_sort(text: str | None) -> Sort:
    """The order asked for, newest first by default."""
    for sort in SORTS:
        if text in (sort, None):
            return sort
    raise BadRequest(_("Comments can be sorted by newest, oldest or best."), "sort")
