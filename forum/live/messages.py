"""Rows become the one message: the state of what changed in a discussion after a version, for an audience."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import select

from forum.articles.conditions import Head, head_of
from forum.articles.words import slow_sentence
from forum.comments.items import items
from forum.comments.models import Comment, State
from forum.comments.projection import PUBLIC, Audience, comment_rows, project
from forum.comments.selections import number_of_picks
from forum.comments.shadow import NO_SHADOW, read_own
from forum.database import Db
from forum.live.frames import Message
from forum.site.models import Site

MOST_CHANGES = 500
"""More than this is answered with `reload`."""

RELOAD: Message = {"type": "reload"}


@dataclass(frozen=True, slots=True)
class Changes:
    """A message that covers what changed up to `version`, and whose own view of it differs.

    `hidden_authors` are the accounts that wrote something in it which the public does not see as it is, each with the
    last version at which that changed. `apart` says that it is for an account that has something in the shadow here.
    """

    message: Message
    version: int
    hidden_authors: Mapping[int, int] = field(default_factory=dict)
    apart: bool = False

    @property
    def reload(self) -> bool:
        """Whether the page must fetch its window anew instead."""
        return self.message is RELOAD


def changes(
    db: Db, article_id: int, *, after: int, epoch: str | None = None, audience: Audience = PUBLIC
) -> Changes | None:
    """What changed in the article's discussion after that version; None where it is not to be read at all.

    `epoch` is the one that the page knows; None for ourselves. One snapshot: head and comments belong together.
    """
    head = head_of(db, article_id)
    if head is None or not head.is_readable:
        return None
    if after > head.version or (epoch is not None and epoch != db.execute(select(Site.epoch)).scalar_one()):
        return Changes(RELOAD, head.version)
    query = comment_rows(Comment.article_id == article_id, Comment.version > after)
    in_order = query.order_by(Comment.version, Comment.id).limit(MOST_CHANGES + 1)
    rows = db.execute(in_order).all() if after < head.version else []
    if len(rows) > MOST_CHANGES:
        return Changes(RELOAD, head.version)
    if audience.account_id is not None:
        audience = replace(audience, shadow=read_own(db, article_id, audience.account_id).shadow)
    picks = db.execute(select(number_of_picks(article_id, audience))).scalar_one()
    message = {
        "type": "changes",
        "article": article_id,
        "from": after,
        "to": head.version,
        "discussion": _discussion(head, picks, audience),
        "comments": items(db, [seen for row in rows if (seen := project(row, audience))], audience),
    }
    hidden = {row.author_id: row.version for row in rows if row.state == State.HELD or not row.was_public}
    return Changes(message, head.version, hidden, apart=audience.shadow != NO_SHADOW)


def _discussion(head: Head, picks: int, audience: Audience) -> Message:
    """What pages are told of the discussion itself; what there is nothing of is left out."""
    count = head.count + audience.shadow.comments
    conditions = head.conditions
    slow = {"slow": slow_sentence(conditions.slow), "pace": conditions.slow}
    more = {"closed": conditions.closed, "picks": picks} | slow
    return {"state": conditions.state, "count": count} | {name: said for name, said in more.items() if said}
