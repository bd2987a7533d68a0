"""What an audience may see of a comment: one function, used by page, socket, catch-up and every other output."""

from collections import namedtuple
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, case, literal_column, select
from sqlalchemy.orm import aliased

from forum.accounts.avatars import hue_of
from forum.accounts.models import Account
from forum.accounts.names import initial_of
from forum.articles.models import Article
from forum.articles.words import closed_branch_sentence, slow_branch_sentence
from forum.comments.checks.queries import ShownFinding
from forum.comments.models import Comment, State
from forum.comments.reasons import removal_sentence
from forum.comments.shadow import NO_SHADOW, Shadow
from forum.markup import RENDERER, render_comment
from forum.permissions import Role


@dataclass(frozen=True, slots=True)
class Audience:
    """Who looks: everybody; one account, which also sees its own held comments; or moderators, who see all.

    `shadow` is what of an account's own is in the shadow in the discussion that it looks at.
    """

    account_id: int | None = None
    moderators: bool = False
    shadow: Shadow = NO_SHADOW


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PUBLIC = Audience()
MODERATORS = Audience(moderators=True)
PEOPLE = 4096
"""Authors who are remembered as pages show them: most write more than one comment."""


class ShownAuthor(NamedTuple):
    """A comment's author, as the page shows one."""

    handle: str
    display_name: str
    avatar: str | None
    hue: str
    initial: str
    staff: bool
    wrote_article: bool


class ShownComment(NamedTuple):
    """A comment as somebody may see it. A tombstone has neither author nor text.

    `shadowed` is told to moderators alone: to its author what is in the shadow is visible.
    """

    id: int
    parent_id: int | None
    shown_under_id: int | None
    root_id: int
    depth: int
    ordinal: int
    version: int
    state: State
    reply_count: int
    score: int
    created_at: datetime
    edited_at: datetime | None
    reason: str | None
    in_reply_to: str | None
    author: ShownAuthor | None
    html: str
    featured: bool = False
    """One of the editors' picks."""
    pinned: int = 0
    """At the top of its discussion: a number that is higher the later it was pinned; 0 where it is not."""
    closed: str = ""
    """On a top-level comment: that its branch takes no more replies, since when and why."""
    pace: int = 0
    """On a top-level comment: seconds between two replies of one account in its branch; `slow` says it in words."""
    slow: str = ""
    shown_to: int = 0
    """On a top-level comment: the ordinal down to which its branch is on the page."""
    more_replies: int = 0
    why: tuple[ShownFinding, ...] = ()
    """On a held comment, for its author: what checks found in it; and in `wait` how long the queue takes."""
    wait: str = ""
    shadowed: bool = False


@dataclass(frozen=True, slots=True)
class Gone:
    """A comment that was public and is not to be seen any more."""

    id: int
    shown_under_id: int | None
    root_id: int
    version: int


FAR_FROM_PARENT = 3
"""Deeper than this a comment says whom it answers: on a phone it is not indented any more."""

ParentAuthor = aliased(Account)
Parent = aliased(Comment)
# Looked up for the few that say it, one by one, rather than joined: a database may go through all comments for a join.
_PARENT_HANDLE = (
    select(ParentAuthor.handle)
    .join(Parent, ParentAuthor.id == Parent.author_id)
    .where(Parent.id == Comment.parent_id)
    .scalar_subquery()
)
_COLUMNS: Select[*tuple[Any, ...]] = (
    select(
        Comment.id,
        Comment.parent_id,
        Comment.shown_under_id,
        Comment.root_id,
        Comment.depth,
        Comment.ordinal,
        Comment.version,
        Comment.state,
        Comment.shadowed.label("shadowed"),
        Comment.was_public,
        Comment.reply_count,
        Comment.score,
        Comment.created_at,
        Comment.edited_at,
        Comment.reason,
        Comment.html,
        case((Comment.renderer != RENDERER, Comment.body)).label("to_render"),
        Comment.author_id,
        Comment.featured_at,
        Comment.pinned_at,
        Comment.closed_at,
        Comment.closed_reason,
        Comment.slow,
        Account.handle,
        Account.display_name,
        Account.avatar,
        Account.role,
        Article.author_id.label("article_author_id"),
        case((Comment.depth > FAR_FROM_PARENT, _PARENT_HANDLE)).label("parent_handle"),
    )
    .join(Account, Account.id == Comment.author_id)
    .join(Article, Article.id == Comment.article_id)
)


_Stored = namedtuple("_Stored", _COLUMNS.selected_columns.keys())  # type: ignore[misc]
"""A row of these columns: asked for one of them thirty times, SQLAlchemy's own takes ten times as long to say it."""


def comment_rows(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Select what `project` needs, of the comments that meet every condition."""
    return _COLUMNS.where(*conditions)


def listed_for(audience: Audience) -> ColumnElement[bool]:
    """The comments that stand on a page for this audience, tombstones among them."""
    # Literals, not parameters: only so do both databases see that a partial index answers this.
    public = (Comment.state == literal_column("'visible'")) | (Comment.reply_count > literal_column("0"))
    if audience.moderators:
        return public | Comment.state.in_([State.HELD, State.REMOVED])
    if audience.account_id is not None:
        public |= (Comment.author_id == audience.account_id) & (Comment.state == State.HELD)
    if audience.shadow.replies:
        public |= Comment.id.in_(list(audience.shadow.replies))
    return public


def counted_for(audience: Audience) -> ColumnElement[bool]:
    """The comments that are visible to this audience, as its pages count them."""
    if audience.account_id is None:
        return Comment.state == State.VISIBLE
    return (Comment.state == State.VISIBLE) | (Comment.shadowed & (Comment.author_id == audience.account_id))


def project(found: Row[Any], audience: Audience) -> ShownComment | Gone | None:
    """What `audience` may see: the comment, a tombstone, that it is gone, or nothing (it never was public)."""
    row: Any = _Stored._make(found[: len(_Stored._fields)])
    if row.state == State.VISIBLE or _may_read_hidden(row, audience):
        author = _author(
            row.author_id,
            row.handle,
            row.display_name,
            row.avatar,
            staff=row.role != Role.READER,
            wrote_article=row.author_id == row.article_author_id,
        )
        return _shown(row, audience, author=author, html=_html(row))
    if not row.was_public and row.author_id != audience.account_id:
        return None
    if _replies(row, audience) > 0:
        return _shown(row, audience, author=None, html="")
    return Gone(row.id, row.shown_under_id, row.root_id or row.id, row.version)


def shown_only(rows: Iterable[Row[Any]], audience: Audience) -> Sequence[ShownComment]:
    """The comments and tombstones among `rows` that this audience may see."""
    projected = (project(row, audience) for row in rows)
    return [comment for comment in projected if isinstance(comment, ShownComment)]


def _html(row: Any) -> str:
    """The comment's HTML, made anew where an older renderer made what is stored."""
    return row.html if row.to_render is None else render_comment(row.to_render)


def _may_read_hidden(row: Any, audience: Audience) -> bool:
    if audience.moderators:
        return row.state in (State.HELD, State.REMOVED)
    return bool(row.state == State.HELD and row.author_id == audience.account_id)


def _replies(row: Any, audience: Audience) -> int:
    """How many visible replies hang on it, to this audience."""
    return int(row.reply_count) + audience.shadow.replies.get(row.id, 0)


def _shown(row: Any, audience: Audience, *, author: ShownAuthor | None, html: str) -> ShownComment:
    of_its_own = row.shadowed and row.author_id == audience.account_id
    is_visible = row.state == State.VISIBLE or of_its_own
    return ShownComment(
        id=row.id,
        parent_id=row.parent_id,
        shown_under_id=row.shown_under_id,
        root_id=row.root_id or row.id,
        depth=row.depth,
        ordinal=row.ordinal,
        version=row.version,
        state=State.VISIBLE if of_its_own else row.state,
        reply_count=_replies(row, audience),
        score=row.score + (row.id in audience.shadow.votes),
        created_at=row.created_at,
        edited_at=row.edited_at,
        reason=removal_sentence(row.reason) if row.reason else None,
        in_reply_to=row.parent_handle,
        author=author,
        html=html,
        featured=is_visible and row.featured_at is not None,
        pinned=_rank_of_pin(row.pinned_at) if is_visible and row.pinned_at else 0,
        closed=closed_branch_sentence(row.closed_at, row.closed_reason) if row.closed_at else "",
        pace=row.slow,
        slow=slow_branch_sentence(row.slow),
        shadowed=row.shadowed and not of_its_own,
    )


def _rank_of_pin(pinned_at: datetime) -> int:
    """Microseconds since 1970: exact, and still a number to a browser."""
    return (pinned_at - EPOCH) // timedelta(microseconds=1)


@lru_cache(PEOPLE)
def _author(
    account_id: int, handle: str, display_name: str, avatar: str | None, *, staff: bool, wrote_article: bool
) -> ShownAuthor:
    return ShownAuthor(
        handle=handle,
        display_name=display_name,
        avatar=avatar,
        hue=hue_of(account_id),
        initial=initial_of(display_name),
        staff=staff,
        wrote_article=wrote_article,
    )
