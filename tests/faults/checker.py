"""Compares what people saw of a discussion with what the database holds, promise by promise.

It knows nothing of how the site works: it takes what was acknowledged to authors and what pages were sent.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import select

from forum.articles.models import Article
from forum.comments.models import Comment
from forum.comments.projection import PUBLIC
from forum.comments.recount import find_faults
from forum.database import Db
from tests.live.page import Item, Page
from tests.machine import fetch_afresh


@dataclass(frozen=True)
class Acknowledged:
    """A comment that its author was told is stored."""

    id: int
    by: int
    key: str
    body: str


@dataclass
class Witness:
    """What was seen from outside. `banned` holds for an account the last comment of its that a ban's moderator saw."""

    article_id: int
    acknowledged: list[Acknowledged] = field(default_factory=list)
    pages: list[tuple[Page, list[Item]]] = field(default_factory=list)
    banned: dict[int, int] = field(default_factory=dict)


def broken_promises(db: Db, witness: Witness) -> list[str]:
    """Every promise that was not kept, a sentence each."""
    if db.get(Article, witness.article_id) is None:
        return ["P1: the whole discussion is gone"]
    return [
        *_not_durable(db, witness),
        *_not_once(db, witness),
        *find_faults(db),
        *_not_ordered(db, witness),
        *_missed(witness),
        *_not_converged(db, witness),
        *_after_a_ban(db, witness),
    ]


def _not_durable(db: Db, witness: Witness) -> Iterator[str]:
    for one in witness.acknowledged:
        stored = db.get(Comment, one.id)
        if stored is None or stored.body != one.body or stored.author_id != one.by:
            yield f"P1: comment {one.id} was acknowledged and is not stored as it was"


def _not_once(db: Db, witness: Witness) -> Iterator[str]:
    stored = db.execute(select(Comment.body).where(Comment.article_id == witness.article_id)).scalars()
    for body, times in Counter(stored).items():
        if times > 1:
            yield f"P2: “{body}” is stored {times} times"


def _not_ordered(db: Db, witness: Witness) -> Iterator[str]:
    head = db.get_one(Article, witness.article_id).version
    stamps = db.execute(select(Comment.version).where(Comment.article_id == witness.article_id)).scalars().all()
    if len(set(stamps)) != len(stamps) or max(stamps, default=0) > head:
        yield f"P5: the stamps {sorted(stamps)} are not each a commit's own, up to {head}"


def _missed(witness: Witness) -> Iterator[str]:
    for number, (_page, frames) in enumerate(witness.pages):
        reached = 0
        for frame in frames:
            if frame["type"] == "changes" and frame["to"] > reached:
                if frame["from"] > reached:
                    yield f"P6: page {number} was sent {frame['from']} to {frame['to']} when it had reached {reached}"
                reached = frame["to"]


def _not_converged(db: Db, witness: Witness) -> Iterator[str]:
    fresh = fetch_afresh(db, witness.article_id, PUBLIC)
    for number, (page, _frames) in enumerate(witness.pages):
        if (page.version, page.count, page.looks()) != (fresh.version, fresh.count, fresh.looks()):
            yield f"P7: page {number} is not as one loaded afresh: {sorted(page.comments)}, {sorted(fresh.comments)}"


def _after_a_ban(db: Db, witness: Witness) -> Iterator[str]:
    for account_id, last_id in witness.banned.items():
        later = select(Comment.id).where(Comment.author_id == account_id, Comment.id > last_id)
        for comment_id in db.execute(later).scalars():
            yield f"P11: comment {comment_id} was stored after its author's ban"
