"""The desk as a moderator finds it, in one snapshot: the counts, the list, the item that is open, and the way on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from sqlalchemy import func, select

from forum.articles.models import Article
from forum.comments.checks.catalogue import CHECKS
from forum.comments.checks.titles import check_title
from forum.comments.models import Comment
from forum.database import Db
from forum.moderation.cases import Case, read_case
from forum.moderation.claims import Claims, claims
from forum.moderation.done import own_act
from forum.moderation.log import Entry
from forum.moderation.models import Appeal
from forum.moderation.queues import Filters, Queue, counts, waiting_ids
from forum.moderation.waiting import Listed, Waiting, list_queue
from forum.moderation.whereabouts import Whereabouts
from forum.permissions import Person

MOST_CHOICES = 50
"""Articles that a filter offers."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What the desk shows. `next` is where to go once the open item is decided, `missing` a chosen item that is gone.

    `claims` are those of others; `done` is what this moderator has just done.
    """

    here: Whereabouts
    counts: Mapping[str, int]
    listed: Listed
    case: Case | None
    missing: bool
    claims: Claims
    next: str
    articles: Sequence[tuple[str, str]]
    checks: Mapping[str, str]
    done: Entry | None


def read_desk(db: Db, here: Whereabouts, *, viewer: Person) -> Desk:
    """The desk at these whereabouts. Where no item is chosen, the first that nobody else has open is."""
    listed = list_queue(db, here.queue, here.filters, after=here.after)
    others = claims(db, but=viewer.id)
    chosen = here.item or _first_free(listed.items, others)
    case = read_case(db, here.queue, chosen, viewer=viewer) if chosen else None
    return Desk(
        here=here,
        counts=counts(db),
        listed=listed,
        case=case,
        missing=bool(here.item) and case is None,
        claims=others,
        next=_way_on(here, listed, others, chosen),
        articles=_articles(db, here.queue),
        checks={check: check_title(check).name for check in CHECKS},
        done=own_act(db, here.done, viewer) if here.done else None,
    )


def _first_free(items: Sequence[Waiting], others: Claims) -> int | None:
    free = (item.id for item in items if item.key not in others)
    return next(free, items[0].id if items else None)


def _way_on(here: Whereabouts, listed: Listed, others: Claims, chosen: int | None) -> str:
    """The address of the item after the chosen one that nobody else has open; of what is left where there is none."""
    ids = [item.id for item in listed.items]
    start = ids.index(chosen) + 1 if chosen in ids else 0
    in_order = [*listed.items[start:], *listed.items[: max(start - 1, 0)]]
    rest = [item for item in in_order if item.id != chosen]
    if not rest:
        return here.at(item=None, after=listed.following)
    return here.at(item=_first_free(rest, others))


def _articles(db: Db, queue: Queue) -> Sequence[tuple[str, str]]:
    """The articles in whose discussions most of this queue waits, so far as it is counted: slug and headline."""
    waiting = waiting_ids(db, queue, Filters())
    query = select(Article.slug, Article.headline).join(Comment, Comment.article_id == Article.id)
    if queue == Queue.APPEALS:
        query = query.join(Appeal, Appeal.comment_id == Comment.id).where(Appeal.id.in_(waiting))
    elif queue == Queue.ACCOUNTS:
        query = query.where(Comment.author_id.in_(waiting))
    else:
        query = query.where(Comment.id.in_(waiting))
    most = query.group_by(Article.id).order_by(func.count().desc(), Article.id.desc()).limit(MOST_CHOICES)
    return sorted([(row.slug, row.headline) for row in db.execute(most)], key=itemgetter(1))
