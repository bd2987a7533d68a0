"""What is stored of readers' places: what somebody has seen is added, nothing is ever taken away."""

from collections.abc import Sequence
from dataclasses import dataclass
from gettext import gettext as _

from sqlalchemy import func, select

from forum.accounts.actor import Actor, standing
from forum.articles.models import Article, DiscussionState
from forum.articles.queries import published_article
from forum.comments.models import Comment
from forum.comments.projection import Audience, listed_for
from forum.database import Db, now
from forum.errors import NotFound
from forum.events import PlaceChanged, record
from forum.reading.models import ReadingPlace
from forum.reading.queries import MOST_NEW, NewComment, Place, held_comments, new_comments, place_of
from forum.reading.ranges import Ranges, all_but, bounded, bridged, contains, encode, parse, union


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page says was seen: all up to version `since`, what is in `ranges`; and which comment was read `last`."""

    since: int
    ranges: Ranges
    last: int | None = None


def note_seen(db: Db, *, reader: Actor, slug: str, seen: Seen) -> Place:
    """Add what was seen to the reader's place in a discussion; gives the place. Doing it twice, or late, does nothing.

    Only comments of this discussion count, that the reader may see. Raises NotFound where there is no discussion.
    """
    person = standing(db, reader)
    article = published_article(db, slug)
    if article is None or article.discussion == DiscussionState.OFF:
        raise NotFound(_("There is no discussion at this address."))
    seen = _of_this(db, article.id, person.id, seen)

    row = _locked(db, person.id, article.id)
    since = max(row.since if row else 0, min(seen.since, article.version))
    ranges = union(parse(row.ranges) if row else (), seen.ranges)
    came, held = new_comments(db, article.id, person.id, since=since), held_comments(db, article.id, person.id)
    if row is None:
        ranges = union(ranges, _old(db, came, held))
    since, ranges = _settled(article, since, ranges, came, held)
    _store(db, row or ReadingPlace(account_id=person.id, article_id=article.id), since, encode(ranges), seen.last)
    return place_of(db, person.id, article.id) or Place(since, encode(ranges))


def _store(db: Db, row: ReadingPlace, since: int, ranges: str, last: int | None) -> None:
    """Write it down, and tell of it, where it is another place than before."""
    last = last or row.last_id
    if (since, ranges, last) == (row.since, row.ranges, row.last_id):
        return
    row.since, row.ranges, row.last_id, row.updated_at = since, ranges, last, now()
    db.add(row)
    db.flush()
    record(db, PlaceChanged(row.account_id, row.article_id, since, ranges, last))


def _locked(db: Db, account_id: int, article_id: int) -> ReadingPlace | None:
    """The row, for this transaction alone: of two pages that tell at once, the second adds to what the first did."""
    mine = (ReadingPlace.account_id == account_id) & (ReadingPlace.article_id == article_id)
    return db.execute(select(ReadingPlace).where(mine).with_for_update()).scalar_one_or_none()


def _of_this(db: Db, article_id: int, account_id: int, seen: Seen) -> Seen:
    """What of it is about this discussion: a range begins and ends with a comment of it that the reader may see."""
    named = {end for pair in seen.ranges for end in pair} | {seen.last or 0}
    here = (Comment.article_id == article_id) & Comment.id.in_(named) & listed_for(Audience(account_id))
    known = set(db.execute(select(Comment.id).where(here)).scalars())
    ranges = tuple(pair for pair in seen.ranges if known.issuperset(pair))
    return Seen(seen.since, ranges, seen.last if seen.last in known else None)


def _old(db: Db, came: Sequence[NewComment], held: Sequence[int]) -> Ranges:
    """All that had been shown before, on the page or not: an edit will not make it new."""
    if len(came) > MOST_NEW:
        return ()
    return all_but([*held, *(one.id for one in came)], db.execute(select(func.max(Comment.id))).scalar_one() or 0)


def _settled(
    article: Article, since: int, ranges: Ranges, came: Sequence[NewComment], held: Sequence[int]
) -> tuple[int, Ranges]:
    """The place said shorter: `since` moves on to what is still new; gaps in which nothing is, or will be, close."""
    is_all = len(came) <= MOST_NEW
    missing = [one for one in came if not contains(ranges, one.id)]
    stop = missing[0] if missing else None if is_all else came[-1]
    since = max(since, stop.version - 1) if stop else article.version
    if is_all:
        waiting = [comment_id for comment_id in held if not contains(ranges, comment_id)]
        ranges = bridged(ranges, [*waiting, *(one.id for one in missing)])
    return since, bounded(ranges)
