"""A part of a discussion as one account's page has it."""

from forum.comments.queries import looking
from forum.comments.windows import Sort, Window, window
from forum.database import Db


def window_for(
    db: Db, article_id: int, *, sort: Sort = "newest", after: str | None = None, viewer_id: int | None = None
) -> Window:
    """The window that this account is shown, or everybody."""
    audience, recent = looking(db, article_id, viewer_id)
    return window(db, article_id, sort=sort, after=after, audience=audience, own_recent=recent)
