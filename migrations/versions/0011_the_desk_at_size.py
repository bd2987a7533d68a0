"""Indexes by which the desk finds what it shows without looking through all that was ever written."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them. Two go that SQLite would prefer: it takes an empty column for a rare thing, and then sorts all of them.

    What runs on the version before meanwhile is answered by those that come in their place.
    """
    _partial("ix_reports_place", "reports", [sa.text("coalesce(due, created_at)"), "comment_id"], "solved_at IS NULL")
    op.drop_index("ix_reports_open", "reports")
    _partial("ix_appeals_waiting", "appeals", ["created_at", "id"], "decided_at IS NULL")
    op.drop_index("ix_appeals_open", "appeals")
    op.create_index("ix_findings_of_comment", "findings", ["comment_id", "check"])
    op.create_index("ix_acts_kind", "acts", ["kind", "id"])
    op.create_index("ix_comments_written", "comments", ["author_id", "article_id", "state", "id"])
    op.create_index("ix_comments_lately", "comments", ["created_at", "article_id"])
    _partial("ix_comments_own_removed", "comments", ["author_id", "act_id"], "state = 'removed'")


def _partial(name: str, table: str, columns: list[str | sa.TextClause], condition: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(condition), postgresql_where=sa.text(condition))


def downgrade() -> None:
    """Going back is done by restoring a backup."""
    raise NotImplementedError
