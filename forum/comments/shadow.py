"""The shadow: what an account wrote and recommended that it alone sees, and how that counts on its own pages.

Such a comment is held and waits for nobody. To its author it is shown as visible, and everything on the author's pages
is as if it were: so an audience carries what to add to the counts that are stored, which know of none of it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import bindparam, false, func, literal, literal_column, null, select, true, union_all

from forum.articles.models import Article
from forum.comments.change import chain_above
from forum.comments.models import Comment, State, Vote
from forum.database import Db, now, run, table_of

comments, votes = table_of(Comment), table_of(Vote)


@dataclass(frozen=True, slots=True)
class Shadow:
    """What one account sees in a discussion that others do not, as its pages count it.

    `comments` of its own; for each comment that some of them hang on, how many (`replies`); what it recommends without
    that anybody else counts it (`votes`).
    """

    comments: int = 0
    replies: Mapping[int, int] = field(default_factory=dict)
    votes: frozenset[int] = frozenset()


NO_SHADOW = Shadow()


@dataclass(frozen=True, slots=True)
class Own:
    """What an account has of its own in a discussion: whether some of it others do not see, what of it is in the
    shadow, and what it posted in the last minutes, newest first."""

    has_held: bool = False
    shadow: Shadow = NO_SHADOW
    recent: Sequence[int] = ()


OWN_POSTS_KEPT = timedelta(minutes=15)
MOST_RECENT = 5

_HELD, _VOTE, _RECENT = "held", "vote", "recent"
_LATEST = (
    select(comments.c.id)
    .where(comments.c.author_id == bindparam("account_id"), comments.c.created_at > bindparam("since"))
    .where(comments.c.article_id == bindparam("article_id"))
    .where(comments.c.state.in_([State.VISIBLE, State.HELD]) | (comments.c.reply_count > 0))
    .order_by(comments.c.created_at.desc())
    .limit(MOST_RECENT)
    .subquery()
)
_OWN = union_all(
    select(
        comments.c.id,
        comments.c.parent_id,
        comments.c.held_at.is_(None).label("shadowed"),
        literal(_HELD).label("kind"),
    )
    .where(comments.c.author_id == bindparam("account_id"), comments.c.article_id == bindparam("article_id"))
    .where(comments.c.state == literal_column("'held'")),
    select(votes.c.comment_id, null(), true(), literal(_VOTE))
    .join(comments, comments.c.id == votes.c.comment_id)
    .where(votes.c.account_id == bindparam("account_id"), comments.c.article_id == bindparam("article_id"))
    .where(votes.c.shadowed),
    select(_LATEST.c.id, null(), false(), literal(_RECENT)),
)
_ABOVE = chain_above(bindparam("parents", expanding=True, type_=Comment.id.type))
_CHAINS = select(comments.c.id, comments.c.shown_under_id).where(comments.c.id.in_(select(_ABOVE.c.id)))


def read_own(db: Db, article_id: int, account_id: int) -> Own:
    """What the account has of its own in this discussion."""
    db.flush()
    own = run(db, _OWN, article_id=article_id, account_id=account_id, since=now() - OWN_POSTS_KEPT).all()
    held = [row for row in own if row.kind == _HELD]
    written = [row.parent_id for row in held if row.shadowed]
    shadow = Shadow(
        comments=len(written),
        replies=_count_above(db, [parent_id for parent_id in written if parent_id is not None]),
        votes=frozenset(row.id for row in own if row.kind == _VOTE),
    )
    return Own(bool(held), shadow, [row.id for row in own if row.kind == _RECENT])


def scores_for(db: Db, account_id: int, scores: Mapping[int, int]) -> dict[int, int]:
    """These scores of comments as the account sees them."""
    mine = (Vote.account_id == account_id) & Vote.shadowed & Vote.comment_id.in_(list(scores))
    own = set(db.execute(select(Vote.comment_id).where(mine)).scalars()) if scores else set()
    return {comment_id: score + (comment_id in own) for comment_id, score in scores.items()}


def count_shadowed(db: Db, account_id: int) -> int:
    """How many comments of an account are in the shadow, anywhere."""
    mine = (Comment.author_id == account_id) & Comment.shadowed
    return db.execute(select(func.count()).where(mine)).scalar_one()


def counted_by_article(db: Db, account_id: int) -> dict[str, int]:
    """How many comments of the account's own, by the article's slug, it counts beside everybody's."""
    mine = (Comment.author_id == account_id) & Comment.shadowed
    query = (
        select(Article.slug, func.count().label("written")).join(Comment, Comment.article_id == Article.id).where(mine)
    )
    return {row.slug: row.written for row in db.execute(query.group_by(Article.slug))}


def _count_above(db: Db, parents: Sequence[int]) -> Mapping[int, int]:
    """Of every comment that replies to these hang on, how many do; a parent that has two counts twice."""
    if not parents:
        return {}
    under = {row.id: row.shown_under_id for row in run(db, _CHAINS, parents=list(set(parents)))}
    counted: Counter[int] = Counter()
    for parent in parents:
        above: int | None = parent
        while above is not None:
            counted[above] += 1
            above = under[above]
    return counted
