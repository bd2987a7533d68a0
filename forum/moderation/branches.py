"""Moderators close one branch of a discussion to replies, open it again, slow it down, and pin it to the top."""

from gettext import gettext as _

from forum.accounts.actor import Actor, Standing
from forum.articles.actions import REASON_LENGTH
from forum.comments.change import PINS, count_pinned, next_version
from forum.comments.locking import lock_comment
from forum.comments.models import Comment, State
from forum.database import Db, now
from forum.errors import Conflict, Invalid, NotFound
from forum.lines import check_line
from forum.moderation.acts import log_act, moderator_standing
from forum.moderation.closing import check_seconds
from forum.moderation.facts import facts_of
from forum.moderation.models import ActKind
from forum.permissions import can_pin

STATE = ("closed_at", "closed_reason")


def set_branch(db: Db, *, moderator: Actor, comment_id: int, closed: bool, reason: str = "") -> Comment:
    """Take no more replies beneath a top-level comment, or take them again. Twice does nothing.

    What has been written stays. `reason` is said to readers; raises Invalid where it is too long.
    """
    person = moderator_standing(db, moderator)
    reason = check_line(reason, "reason", REASON_LENGTH) if closed else ""
    root = _lock_root(db, comment_id, person)
    if (root.closed_at is not None) == closed:
        return root
    before = facts_of(root, STATE)
    root.closed_at, root.closed_reason = (now() if closed else None), reason
    root.version = next_version(db, root.article_id)
    log_act(
        db,
        ActKind.BRANCH,
        by=person,
        comment_id=root.id,
        account_id=root.author_id,
        reason=reason,
        detail="closed" if closed else "open",
        before=before,
        after=facts_of(root, STATE),
    )
    return root


def set_branch_pace(db: Db, *, moderator: Actor, comment_id: int, seconds: int) -> Comment:
    """Let so many seconds lie between two replies of one account in a branch; 0 ends slow mode there."""
    person = moderator_standing(db, moderator)
    check_seconds(seconds)
    root = _lock_root(db, comment_id, person)
    if root.slow == seconds:
        return root
    before, root.slow = facts_of(root, ["slow"]), seconds
    root.version = next_version(db, root.article_id)
    after = facts_of(root, ["slow"])
    log_act(db, ActKind.SLOW, by=person, comment_id=root.id, account_id=root.author_id, before=before, after=after)
    return root


def pin_branch(db: Db, *, moderator: Actor, comment_id: int, value: bool) -> Comment:
    """Pin a branch to the top of its discussion, or take that back. Twice does nothing.

    Raises Conflict where three are pinned there already.
    """
    person = moderator_standing(db, moderator)
    root = _lock_root(db, comment_id, person)
    if not can_pin(person, root):
        raise NotFound(_("This comment is not here any more."))
    if (root.pinned_at is not None) == value:
        return root
    if value and count_pinned(db, root.article_id) >= PINS:
        raise Conflict(_("Three comments are pinned in this discussion already. Unpin one of them first."))
    before, root.pinned_at = facts_of(root, ["pinned_at"]), now() if value else None
    root.version = next_version(db, root.article_id)
    kind, after = ActKind.PIN if value else ActKind.UNPIN, facts_of(root, ["pinned_at"])
    log_act(db, kind, by=person, comment_id=root.id, account_id=root.author_id, before=before, after=after)
    return root


def _lock_root(db: Db, comment_id: int, person: Standing) -> Comment:
    """The top-level comment to be changed. Raises NotFound; Invalid for a reply, which heads no branch."""
    root = lock_comment(db, comment_id, person)
    if root.state == State.DELETED and not root.reply_count:
        raise NotFound(_("This comment is not here any more."))
    if root.parent_id is not None:
        raise Invalid(_("This is a reply. Choose the comment at the top of its branch."), "id")
    return root
