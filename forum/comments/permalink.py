"""What is read for a comment's own page, and for the answers to those who act on it."""

from dataclasses import replace
from datetime import timedelta
from gettext import gettext as _
from typing import Any

from forum import permissions
from forum.accounts.sessions import Viewer
from forum.articles.conditions import Conditions, conditions_of
from forum.articles.models import Article, DiscussionState
from forum.articles.queries import published_article, published_article_by_id
from forum.articles.words import slow_branch_sentence, slow_sentence
from forum.comments.branches import branch, more_replies
from forum.comments.checks.queries import findings_of
from forum.comments.crawling import branch_indexed_as
from forum.comments.discussion import Discussion, Place, discussion_of, read_head
from forum.comments.frames import list_html
from forum.comments.items import items
from forum.comments.linked import beginning_of
from forum.comments.models import Comment, State
from forum.comments.projection import MODERATORS, PUBLIC, Audience, ShownComment
from forum.comments.queries import audience_of, revisions_of, shown_comment
from forum.comments.reasons import reasons
from forum.database import Db, now
from forum.errors import NotFound


def audience_for(db: Db, article_id: int, viewer: Viewer | None) -> Audience:
    """For whom a comment's own page is made: there, moderators see what is hidden."""
    if viewer is not None and viewer.can_moderate:
        return MODERATORS
    return audience_of(db, article_id, viewer.id if viewer else None)


def page_of(db: Db, comment_id: int, viewer: Viewer | None, *, after: int, edit_within: timedelta) -> dict[str, Any]:
    """All that a comment's page shows, in one snapshot. Raises NotFound where this viewer sees nothing there."""
    comment = db.get(Comment, comment_id)
    head = read_head(db, Article.id == comment.article_id) if comment else None
    if comment is None or head is None or head[0].article.discussion == DiscussionState.OFF:
        raise _gone()
    placed, conditions = head
    audience = audience_for(db, comment.article_id, viewer)
    found = branch(db, comment_id, audience, after=after)
    if found is None:
        raise _gone()
    top = found.ancestors[0] if found.ancestors else found.node.comment
    discussion = discussion_of(db, placed, conditions, audience, place=Place(sort="oldest"))
    discussion = _in_branch(discussion, conditions, top)
    moderator = viewer is not None and viewer.can_moderate
    return {
        "article": placed.article,
        "discussion": discussion,
        "branch_closed": top.closed,
        "branch_slow": top.pace,
        "ancestors": found.ancestors,
        "node": found.node,
        "html": list_html([found.node]),
        "more": found.shown_to,
        "beginning": beginning_of(found.node.comment.html),
        "indexed": branch_indexed_as(
            comment_id,
            after=after,
            following=found.shown_to,
            holds_the_rest=comment.parent_id is None and bool(found.node.replies),
        ),
        "can": {
            "reply": permissions.can_reply(viewer, discussion.state) and found.node.comment.state == "visible",
            **_allowed(viewer, comment, edit_within),
        },
        "source": comment.body if viewer and comment.author_id == viewer.id else "",
        "report_reasons": reasons(),
        "remove_reasons": reasons(),
        "findings": findings_of(db, [comment_id])[comment_id] if moderator else [],
        "revisions": revisions_of(db, comment_id) if moderator else [],
    }


def _allowed(viewer: Viewer | None, comment: Comment, edit_within: timedelta) -> dict[str, bool]:
    """What of a comment's actions are offered to this viewer."""
    is_top = comment.parent_id is None
    return {
        "edit": permissions.can_edit(viewer, comment, now(), edit_within),
        "delete": permissions.can_delete(viewer, comment),
        "report": permissions.can_report(viewer, comment),
        "remove": permissions.can_remove(viewer, comment),
        "restore": permissions.can_restore(viewer, comment),
        "vote": permissions.can_vote(viewer, comment),
        "feature": permissions.can_feature(viewer, comment),
        "pin": permissions.can_pin(viewer, comment) and is_top,
        "control": viewer is not None and viewer.can_moderate and is_top,
    }


def _gone() -> NotFound:
    return NotFound(_("There is no comment at this address. It may have been removed."))


def _in_branch(discussion: Discussion, conditions: Conditions, top: ShownComment) -> Discussion:
    """The discussion as it is for those who reply in one branch: closed with it, and as slow as the slower of both."""
    slow = _slow(conditions, top.pace)
    if not top.closed or conditions.closed:
        return replace(discussion, slow=slow)
    return replace(discussion, slow=slow, state=DiscussionState.READONLY, closed=top.closed)


def _slow(conditions: Conditions, pace: int) -> str:
    """What is said of slow mode at a composer: the branch's, where that is the stricter one."""
    return slow_branch_sentence(pace) if pace > conditions.slow else slow_sentence(conditions.slow)


def posted_item(db: Db, comment_id: int, account_id: int) -> dict[str, Any]:
    """A comment as its author's script puts it in place: like one of a message."""
    posted = db.get(Comment, comment_id)
    audience = audience_of(db, posted.article_id, account_id) if posted else PUBLIC
    comment = shown_comment(db, comment_id, audience)
    if comment is None:
        raise NotFound(_("This comment is not here any more."))
    return items(db, [comment], audience)[0]


def replies_page(db: Db, root_id: int, account_id: int | None, *, after: int) -> dict[str, Any]:
    """The next replies of a branch. Raises NotFound where this account sees nothing there."""
    root = db.get(Comment, root_id)
    article = published_article_by_id(db, root.article_id) if root else None
    audience = audience_of(db, article.id, account_id) if article else PUBLIC
    shown = shown_comment(db, root_id, audience)
    if article is None or shown is None or article.discussion == DiscussionState.OFF:
        raise _gone()
    comments, shown_to, more = more_replies(db, root_id, audience, after=after)
    return {"comments": items(db, comments, audience), "shown_to": shown_to, "more": more}


def place_of(db: Db, comment_id: int) -> str:
    """The address of a comment in its discussion; of the discussion where the comment is not there any more."""
    comment = db.get(Comment, comment_id)
    article = published_article_by_id(db, comment.article_id) if comment else None
    if comment is None or article is None:
        return "/"
    stands = comment.state in (State.VISIBLE, State.HELD) or shown_comment(db, comment_id, PUBLIC)
    return f"/articles/{article.slug}#" + (f"comment-{comment_id}" if stands else "discussion")


def answered(db: Db, slug: str, parent_id: int | None, account_id: int | None) -> dict[str, Any]:
    """The article, and the comment of its discussion that is answered, above a composer of its own page."""
    article = published_article(db, slug)
    if article is None:
        raise NotFound(_("There is no article at this address."))
    asked = db.get(Comment, parent_id) if parent_id and article.discussion != DiscussionState.OFF else None
    answers = asked is not None and asked.article_id == article.id
    parent = shown_comment(db, asked.id, audience_of(db, article.id, account_id)) if asked and answers else None
    if parent and parent.author and parent.state == State.HELD:  # nobody can answer what waits
        parent = None
    shown = parent._replace(reply_count=0) if parent else None
    root = db.get_one(Comment, asked.root_id or asked.id) if asked and parent else None
    return {"article": article, "parent": shown, "slow": _slow(conditions_of(db, article.id), root.slow if root else 0)}
