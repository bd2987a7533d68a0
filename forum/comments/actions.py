"""What people do to comments: posting, editing, deleting. Each action: may they? is it sound? write; record."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from gettext import gettext as _

from sqlalchemy import bindparam, insert, select

from forum.accounts.actor import Actor, Standing, standing, writer_standing
from forum.accounts.warnings import acknowledge_warnings
from forum.articles.conditions import lock_head
from forum.articles.models import Article
from forum.comments.body import Body
from forum.comments.change import count_above, next_version, set_state, stamp_tombstones
from forum.comments.checks.actions import approved_in, check_text, keep_findings, replace_findings
from forum.comments.checks.verdict import NOTHING, Verdict
from forum.comments.controls import check_controls
from forum.comments.indexing import index_comment, index_new
from forum.comments.locking import lock_comment
from forum.comments.models import Comment, PostKey, Revision, State
from forum.comments.places import Place, place_of_new
from forum.comments.rates import NO_RATES, Rates, check_rates
from forum.database import Db, now, run, table_of
from forum.errors import Conflict, Forbidden, Invalid, NotFound
from forum.permissions import (
    Right,
    can_delete,
    can_edit,
    is_shadowed,
)

KEY_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Posted:
    """What a post made, or had made before: the same key gives the same comment."""

    comment_id: int
    slug: str
    repeated: bool = False


# What runs at every post, built once.
articles, comments, post_keys = table_of(Article), table_of(Comment), table_of(PostKey)
_POSTED_BEFORE = (
    select(post_keys.c.comment_id, post_keys.c.digest, articles.c.slug)
    .join(comments, comments.c.id == post_keys.c.comment_id)
    .join(articles, articles.c.id == comments.c.article_id)
    .where(post_keys.c.account_id == bindparam("account_id"), post_keys.c.key == bindparam("key"))
)
_INSERT = insert(comments).returning(comments.c.id)
_INSERT_KEY = insert(post_keys)


def post_comment(
    db: Db,
    *,
    author: Actor,
    slug: str,
    parent_id: int | None,
    body: Body,
    key: str | None = None,
    rates: Rates = NO_RATES,
    ask: bool = False,
    acknowledged: int = 0,
    state: State | None = None,
    at: datetime | None = None,
) -> Posted:
    """Post a comment, or a reply to `parent_id`, once per (author, key); checks may hold it or refuse it.

    With `ask`, what would be held is not stored, but refused with WouldBeHeld. Raises SignInNeeded, Banned,
    NetworkBanned, Suspended, NotFound, Forbidden (closed), Invalid, Conflict (key used with another text) or TooSoon;
    Warned where a warning came after the one that was `acknowledged`. `state` is for those who know better than the
    checks, which are not asked then; `at` is for importers. What somebody writes in the shadow, or in answer to what
    is there, goes there, unless it is held.
    """
    # Alone: of two posts that one account sends at once, the second sees the first, whatever the articles.
    person = writer_standing(db, author, Right.REPLY, alone=True)
    digest = body.digest(slug, parent_id)
    if key and (earlier := _posted_before(db, person, key, digest)):
        return earlier
    head = lock_head(db, slug)
    if head is None or not head.is_readable:
        raise NotFound(_("This article has no discussion."))
    article_id = head.article_id
    check_controls(db, person, head, parent_id)
    if person.is_warned:
        acknowledge_warnings(db, person.id, upto=acknowledged)
    check_rates(db, person.id, rates)
    verdict = Verdict() if state else check_text(db, body, article_id=article_id, author=person)
    state = state or verdict.decide(ask=ask)

    place, in_shadow = place_of_new(db, article_id, parent_id, person)
    at = at or now()
    held_at, state = at if state == State.HELD else None, State.HELD if in_shadow else state
    is_visible = state == State.VISIBLE
    version = next_version(db, article_id, more=int(is_visible))
    comment_id = _insert(db, article_id, person.id, place, body, state=state, version=version, at=at, held_at=held_at)
    keep_findings(db, comment_id, verdict)
    if is_visible:
        count_above(db, parent_id, +1, version)
        index_new(db, comment_id, person.id, at, body.terms)
    if key:
        run(db, _INSERT_KEY, account_id=person.id, key=key, digest=digest, comment_id=comment_id)
    return Posted(comment_id, slug)


def edit_comment(
    db: Db, *, author: Actor, comment_id: int, body: Body, version: int, within: timedelta, ask: bool = False
) -> Comment:
    """Replace the text of one's own comment; the earlier text is kept as a revision. The new one is checked too.

    `version` is the comment's version that the person looked at: another one raises Conflict. A visible comment is held
    for what no moderator has approved in it, with `ask` refused with WouldBeHeld; one that is held waits on. What
    somebody in the shadow edits goes there: others would read the new text.
    """
    person = writer_standing(db, author, Right.REPLY)
    comment = lock_comment(db, comment_id, person)
    _check_editable(person, comment, version, within)
    if comment.body == body.source:
        return comment

    verdict = check_text(db, body, article_id=comment.article_id, author=person, comment_id=comment.id)
    state = _state_after(db, comment, verdict, ask=ask)
    db.add(Revision(comment_id=comment.id, body=comment.body, html=comment.html))
    comment.body, comment.html, comment.renderer = body.source, body.html, body.renderer
    comment.gist, comment.edited_at = body.gist or None, now()
    was_shadowed = comment.shadowed
    set_state(db, comment, _edited_state(comment, person, state), next_version(db, comment.article_id))
    index_comment(db, comment)
    if was_shadowed and not comment.shadowed:
        stamp_tombstones(db, comment)
    replace_findings(db, comment.id, verdict)
    return comment


def delete_comment(db: Db, *, author: Actor, comment_id: int) -> Comment:
    """Take one's own comment away; replies keep their place. Doing it twice does nothing."""
    person = standing(db, author)
    comment = lock_comment(db, comment_id, person)
    if comment.author_id == person.id and comment.state == State.DELETED:
        return comment
    if comment.author_id == person.id and comment.state == State.REMOVED:
        raise NotFound(_("This comment is not here any more."))
    if not can_delete(person, comment):
        raise Forbidden(_("Only its author can delete a comment."))

    set_state(db, comment, State.DELETED, next_version(db, comment.article_id))
    return comment


def _insert(
    db: Db,
    article_id: int,
    author_id: int,
    place: Place,
    body: Body,
    *,
    state: State,
    version: int,
    at: datetime,
    held_at: datetime | None,
) -> int:
    """Write the comment's row; gives its id."""
    row = run(
        db,
        _INSERT,
        **asdict(place),
        article_id=article_id,
        author_id=author_id,
        last_ordinal=0,
        version=version,
        state=state,
        was_public=state == State.VISIBLE,
        reply_count=0,
        score=0,
        body=body.source,
        html=body.html,
        renderer=body.renderer,
        gist=body.gist or None,
        created_at=at,
        held_at=held_at,
    )
    return int(row.scalar_one())


def _check_editable(person: Standing, comment: Comment, version: int, within: timedelta) -> None:
    """Raise where that person may not edit this comment, or has not looked at it as it is now."""
    if comment.author_id != person.id:
        raise Forbidden(_("Only its author can edit a comment."))
    if comment.state not in (State.VISIBLE, State.HELD):
        raise NotFound(_("This comment is not here any more."))
    if not can_edit(person, comment, now(), within):
        raise Forbidden(_("The time to edit this comment is over. Your text is kept on this page."))
    if comment.version != version:
        raise Conflict(
            _("This comment was changed meanwhile. Your text is kept: compare it with the comment, and save again.")
        )


def _state_after(db: Db, comment: Comment, verdict: Verdict, *, ask: bool) -> State:
    """The state of a comment with a new text. Raises Invalid or WouldBeHeld, as `decide` does."""
    if comment.state == State.HELD and not comment.shadowed:
        verdict.decide()
        return State.HELD
    return verdict.decide(ask=ask, approved=approved_in(db, comment.id) if verdict.findings else NOTHING)


def _edited_state(comment: Comment, person: Standing, state: State) -> State:
    """Note on a comment whether it waits, now that checks have given it that state, or is in the shadow; its state."""
    if not comment.is_visible_to(person.id):
        return state
    in_shadow = state == State.VISIBLE and (comment.shadowed or is_shadowed(person))
    if in_shadow or state == State.HELD:
        comment.held_at = None if in_shadow else now()
    return State.HELD if in_shadow else state


def _posted_before(db: Db, person: Standing, key: str, digest: str) -> Posted | None:
    if len(key) > KEY_LENGTH:
        raise Invalid(_("The form's key is too long. Load the page again: your text is kept."), "key")
    row = run(db, _POSTED_BEFORE, account_id=person.id, key=key).first()
    if row is None:
        return None
    if row.digest != digest:
        raise Conflict(_("This form has already been sent with another text. Your text is kept: post it again."))
    return Posted(row.comment_id, row.slug, repeated=True)
