"""Moderators and editors make comments that stand out editors' picks."""

from gettext import gettext as _

from forum.accounts.actor import Actor
from forum.comments.change import next_version
from forum.comments.locking import lock_comment
from forum.comments.models import Comment
from forum.database import Db, now
from forum.errors import NotFound
from forum.moderation.acts import log_act, newsroom_standing
from forum.moderation.facts import facts_of
from forum.moderation.models import ActKind
from forum.permissions import can_feature


def feature_comment(db: Db, *, person: Actor, comment_id: int, value: bool) -> Comment:
    """Make a visible comment of any level one of the editors' picks, or take that back. Twice does nothing."""
    who = newsroom_standing(db, person)
    comment = lock_comment(db, comment_id, who)
    if not can_feature(who, comment):
        raise NotFound(_("This comment is not here any more."))
    if (comment.featured_at is not None) == value:
        return comment
    before, comment.featured_at = facts_of(comment, ["featured_at"]), now() if value else None
    comment.version = next_version(db, comment.article_id)
    kind, after = ActKind.FEATURE if value else ActKind.UNFEATURE, facts_of(comment, ["featured_at"])
    log_act(db, kind, by=who, comment_id=comment.id, account_id=comment.author_id, before=before, after=after)
    return comment
