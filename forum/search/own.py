"""What an account has in the shadow is in no index, which holds what is everybody's; to itself it is as if it were."""

from sqlalchemy import select

from forum.comments.indexing import comment_terms
from forum.comments.models import Comment
from forum.database import Db
from forum.fulltext.places import Match, Wanted, place_of

MOST, MOST_TEXT = 500, 150_000
"""Comments that are looked through, the newest, and characters of their HTML: some 50 ms, however long they are."""


def own_matches(db: Db, account_id: int, wanted: Wanted) -> list[Match]:
    """The comments of that account in the shadow that have what is wanted, newest first."""
    query = select(Comment.id, Comment.created_at, Comment.author_id, Comment.html)
    theirs = query.where(Comment.author_id == account_id, Comment.shadowed).order_by(Comment.id.desc()).limit(MOST)
    found, left = [], MOST_TEXT
    for row in db.execute(theirs):
        left -= len(row.html)
        if left < 0:
            break
        place, terms = place_of(row.created_at, row.id), comment_terms(row.author_id, row.html)
        if wanted.since <= place < wanted.below and _has(terms, wanted):
            found.append(Match(0, place))
    return sorted(found, reverse=True)


def _has(terms: list[str], wanted: Wanted) -> bool:
    text = f" {' '.join(terms)} "
    return all(f" {' '.join(phrase)} " in text for phrase in wanted.phrases)
