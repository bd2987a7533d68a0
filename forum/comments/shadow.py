"""The shadow: what an account wrote and recommended that it alone sees, and how that counts on its own pages.

Such a comment is held and waits for nobody. To its author it is shown as visible, and everything on the author's pages
is as if it were: so an audience carries what to add to the counts that are stored, which know of none of it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import bindparam, func, literal_column, null, select, true, union_all

from forum.articles.models import Article
from forum.comments.change import chain_above
from forum.comments.models import Comment, Vote
from forum.database import Db, run, table_of

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

_OWN = union_all(
    select(
        comments.c.id,
        comments.c.parent_id,
        comments.c.held_at.is_(None).label("shadowed"),
        literal_column("0").label("vote"),
    )
    .where(comments.c.author_id == bindparam("account_id"), comments.c.article_id == bindparam("article_id"))
    .where(comments.c.state == literal_column("'held'")),
    select(votes.c.comment_id, null(), true(), literal_column("1"))
    .join(comments, comments.c.id == votes.c.comment_id)
    .where(votes.c.account_id == bindparam("account_id"), comments.c.article_id == bindparam("article_id"))
    .where(votes.c.shadowed),
)
_ABOVE = chain_above(bindparam("parents", expanding=True, type_=Comment.id.type))
_CHAINS = select(comments.c.id, comments.c.shown_under_id).where(comments.c.id.in_(select(_ABOVE.c.id)))


def read_own(db: Db, article_id: int, account_id: int) -> tuple[bool, Shadow]:
    """Whether others do not see some comments of the account's in this discussion, and what of it is in the shadow."""
    db.flush()
    own = run(db, _OWN, article_id=article_id, account_id=account_id).all()
    if not own:
        return False, NO_SHADOW
    written = [row.parent_id for row in own if row.shadowed and not row.vote]
    return any(not row.vote for row in own), Shadow(
        comments=len(written),
        replies=_count_above(db, [parent_id for parent_id in written if parent_id is not None]),
        votes=frozenset(row.id for row in own if row.vote),
    )


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
