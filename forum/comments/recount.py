"""Counts everything again: whether comments, their chains and their counters are whole."""

from collections import Counter
from collections.abc import Iterator, Sequence
from gettext import gettext as _
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, func, select

from forum.articles.models import Article
from forum.comments.models import Comment, State, Vote
from forum.comments.places import DEEPEST
from forum.database import Db

Branch = dict[int, Row[Any]]
"""A top-level comment and all that answers it, by id."""


def find_faults(db: Db) -> list[str]:
    """What is wrong with comments and their counters, a sentence each; empty where all is whole.

    Reads every comment, a branch at a time, so that memory is bounded by the largest branch.
    """
    return [*_miscounted_articles(db), *(fault for branch in _branches(db) for fault in _faults_of(branch))]


def _miscounted_articles(db: Db) -> Iterator[str]:
    visible = select(func.count()).where(Comment.article_id == Article.id, Comment.state == State.VISIBLE)
    query = select(Article.id, Article.slug, Article.comment_count, visible.scalar_subquery().label("visible"))
    for row in db.execute(query.order_by(Article.id)):
        if row.comment_count != row.visible:
            yield _("Article %(slug)s counts %(counted)s comments, but has %(real)s.") % {
                "slug": row.slug,
                "counted": row.comment_count,
                "real": row.visible,
            }


def _branches(db: Db) -> Iterator[Branch]:
    votes = select(func.count()).where(Vote.comment_id == Comment.id, ~Vote.shadowed).scalar_subquery()
    root = func.coalesce(Comment.root_id, Comment.id).label("root")
    query: Select[*tuple[Any, ...]] = (
        select(
            root,
            Comment.id,
            Comment.article_id,
            Comment.parent_id,
            Comment.shown_under_id,
            Comment.root_id,
            Comment.depth,
            Comment.ordinal,
            Comment.last_ordinal,
            Comment.version,
            Comment.state,
            Comment.was_public,
            Comment.reply_count,
            Comment.score,
            votes.label("votes"),
            Article.version.label("head"),
        )
        .join(Article, Article.id == Comment.article_id)
        .order_by(root, Comment.ordinal, Comment.id)
    )
    rows = db.execute(query, execution_options={"yield_per": 1000})
    for _root, branch in groupby(rows, lambda row: row.root):
        yield {row.id: row for row in branch}


def _faults_of(branch: Branch) -> Iterator[str]:
    replies = _recount_replies(branch)
    ordinals = Counter(row.ordinal for row in branch.values())
    highest = max(ordinals)
    for row in branch.values():
        for fault in [
            *_misplaced(row, branch),
            *_miscounted(row, replies[row.id], highest if row.root_id is None else 0),
            *([_("shares its ordinal with another")] if ordinals[row.ordinal] > 1 else []),
        ]:
            yield _("Comment %(id)s %(fault)s.") % {"id": row.id, "fault": fault}


def _recount_replies(branch: Branch) -> Counter[int]:
    """How many visible comments need each comment on the page: see Comment."""
    replies: Counter[int] = Counter()
    for row in branch.values():
        above = branch.get(row.parent_id) if row.state == State.VISIBLE else None
        while above is not None:
            replies[above.id] += 1
            higher = branch.get(above.shown_under_id)
            above = higher if higher is not None and higher.ordinal < above.ordinal else None
    return replies


def _misplaced(row: Row[Any], branch: Branch) -> Sequence[str]:
    """What is wrong with its place. A parent has a lower ordinal, so what passes here has no cycle."""
    place = (row.shown_under_id, row.root_id, row.depth)
    if row.parent_id is None:
        return [] if (*place, row.ordinal) == (None, None, 1, 0) else [_("stands at the top but is placed lower")]
    parent = branch.get(row.parent_id)
    if parent is None or parent.article_id != row.article_id:
        return [_("answers a comment that is not in its branch")]
    under = parent.shown_under_id if parent.depth > DEEPEST else parent.id
    faults = []
    if parent.ordinal >= row.ordinal:
        faults.append(_("has a lower ordinal than what it answers"))
    if place != (under, parent.root_id or parent.id, min(parent.depth + 1, DEEPEST + 1)):
        faults.append(_("is not placed under what it answers"))
    return faults


def _miscounted(row: Row[Any], replies: int, last_ordinal: int) -> Iterator[str]:
    # Nothing is put into words before something is wrong: looking a sentence up costs more than all the rest.
    if row.reply_count != replies:
        yield _("counts %(counted)s replies, but has %(real)s") % {"counted": row.reply_count, "real": replies}
    if row.score != row.votes:
        yield _("counts %(counted)s votes, but has %(real)s") % {"counted": row.score, "real": row.votes}
    if row.last_ordinal != last_ordinal:
        yield _("counts %(counted)s ordinals, but has %(real)s") % {"counted": row.last_ordinal, "real": last_ordinal}
    if not 0 < row.version <= row.head:
        yield _("is stamped %(version)s, its article %(head)s") % {"version": row.version, "head": row.head}
    if row.state == State.VISIBLE and not row.was_public:
        yield _("is visible but does not know that it was public")
