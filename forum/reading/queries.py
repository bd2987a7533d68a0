"""What is read of readers' places: where an account was, and what has come since."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, literal_column, select

from forum.accounts.models import Account
from forum.articles.models import DiscussionState
from forum.articles.queries import published_article
from forum.comments.models import Comment, State, Vote
from forum.database import Db, run, table_of
from forum.reading.models import ReadingPlace

MOST_NEW = 500
"""Of which a page is told, or that are gone through at once: as many changes as a page catches up with."""


@dataclass(frozen=True, slots=True)
class Place:
    """An account's place as its pages are told of it; `last` only where that comment is still to be seen."""

    since: int
    ranges: str
    last: int | None = None

    def link(self, shown: Collection[int]) -> str | None:
        """Where one goes on from here: on the page itself, if the comment is among those that are `shown`."""
        if self.last is None:
            return None
        page = "" if self.last in shown else f"/comments/{self.last}"
        return f"{page}#comment-{self.last}"


@dataclass(frozen=True, slots=True)
class Own:
    """What of a page is its viewer's alone: their place, and the comments that they recommend."""

    place: Place | None = None
    votes: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class NewComment:
    """A comment that came after a version."""

    id: int
    root_id: int
    version: int


@dataclass(frozen=True, slots=True)
class News:
    """What came after a version, as far as up to version `to`; there is `more` where that is not all."""

    comments: Sequence[NewComment]
    to: int
    more: bool


accounts, places, comments, votes = (table_of(one) for one in (Account, ReadingPlace, Comment, Vote))
_IS_VOTE = (votes.c.account_id == accounts.c.id) & votes.c.comment_id.in_(bindparam("shown", expanding=True))
OWN = (
    select(places.c.since, places.c.ranges, comments.c.id.label("last"), votes.c.comment_id.label("vote"))
    .select_from(accounts)
    .outerjoin(places, (places.c.account_id == accounts.c.id) & (places.c.article_id == bindparam("article_id")))
    .outerjoin(comments, (comments.c.id == places.c.last_id) & (comments.c.state == State.VISIBLE))
    .outerjoin(votes, _IS_VOTE)
    .where(accounts.c.id == bindparam("account_id"))
)
"""The place of `account_id` in `article_id`, once for each comment of those `shown` that it recommends; see `own_in`.

One question, to which more may be added: a page has eight.
"""
_NEW = (
    select(comments.c.id, comments.c.root_id, comments.c.version)
    .where(comments.c.article_id == bindparam("article_id"), comments.c.version > bindparam("since"))
    .where(comments.c.state == State.VISIBLE, comments.c.author_id != bindparam("account_id"))
    .order_by(comments.c.version)
    .limit(MOST_NEW + 1)
)

# A literal, so that both databases see that a partial index answers this.
_HELD = (
    select(comments.c.id)
    .where(comments.c.article_id == bindparam("article_id"), comments.c.state == literal_column("'held'"))
    .where(comments.c.held_at.is_not(None), comments.c.author_id != bindparam("account_id"))
    .order_by(comments.c.id.desc())
    .limit(MOST_NEW)
)


def place_of(db: Db, account_id: int, article_id: int) -> Place | None:
    """The account's place in that discussion; None where it has never been there."""
    return own_of(db, account_id, article_id, ()).place


def own_of(db: Db, account_id: int, article_id: int, shown: Collection[int]) -> Own:
    """What a page that shows these comments puts on them for the account."""
    return own_in(run(db, OWN, account_id=account_id, article_id=article_id, shown=list(shown)).all())


def own_in(rows: Sequence[Row[Any]]) -> Own:
    """What the rows of OWN tell."""
    votes = sorted(row.vote for row in rows if row.vote is not None)
    first = rows[0] if rows else None
    return Own(Place(first.since, first.ranges, first.last) if first and first.since is not None else None, votes)


def new_comments(db: Db, article_id: int, account_id: int | None, *, since: int) -> list[NewComment]:
    """What others have posted after that version, in its order: MOST_NEW, and one more where there is more.

    What was edited since is among it: whoever has seen it knows its id.
    """
    rows = run(db, _NEW, article_id=article_id, account_id=account_id or 0, since=since)
    return [NewComment(row.id, row.root_id or row.id, row.version) for row in rows]


def held_comments(db: Db, article_id: int, account_id: int) -> list[int]:
    """What others wrote that waits, and will be new when a moderator shows it; the latest MOST_NEW.

    Nothing of what is in the shadow: to its author, too, it must be as anything that one wrote oneself.
    """
    return list(run(db, _HELD, article_id=article_id, account_id=account_id).scalars())


def new_in(db: Db, slug: str, account_id: int | None, *, since: int) -> News | None:
    """`new_comments` of the article at that address, MOST_NEW at most; None where there is no discussion."""
    article = published_article(db, slug)
    if article is None or article.discussion == DiscussionState.OFF:
        return None
    found = new_comments(db, article.id, account_id, since=since)
    told, more = found[:MOST_NEW], len(found) > MOST_NEW
    return News(told, found[-1].version - 1 if more else article.version, more)
