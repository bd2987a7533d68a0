"""Comments are found by their words while everybody may read them: written in the transaction that changes them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from forum.comments.models import Comment, State
from forum.database import Db
from forum.fulltext.index import by_account, comments_in
from forum.fulltext.places import place_of
from forum.markup import plain_text
from forum.terms import terms_of


def index_new(db: Db, comment_id: int, author_id: int, at: datetime, terms: Sequence[str]) -> None:
    """Let a new comment be found."""
    comments_in(db).put(db, {place_of(at, comment_id): _with_author(author_id, terms)})


def index_rows(db: Db, rows: Iterable[Mapping[str, Any]]) -> None:
    """Let comments be found that were written in bulk, all of them visible."""
    texts = {place_of(row["created_at"], row["id"]): comment_terms(row["author_id"], row["html"]) for row in rows}
    comments_in(db).put(db, texts)


def index_comment(db: Db, comment: Comment) -> None:
    """Let a comment be found by what it says now, or no more, as everybody may read it or not."""
    place, index = place_of(comment.created_at, comment.id), comments_in(db)
    if comment.state == State.VISIBLE:
        index.put(db, {place: comment_terms(comment.author_id, comment.html)})
    else:
        index.take(db, place)


def comment_terms(author_id: int, html: str) -> list[str]:
    """All terms of a comment: what a reader sees of it, and its author."""
    return _with_author(author_id, terms_of(plain_text(html)))


def _with_author(author_id: int, terms: Sequence[str]) -> list[str]:
    return [by_account(author_id), *terms]
