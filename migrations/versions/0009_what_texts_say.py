"""What a comment's text says, so that the same text is found again."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. Comments from before have none: only what comes from now on is found again."""
    op.add_column("comments", sa.Column("gist", sa.String(), nullable=True))
    there = sa.text("gist IS NOT NULL")
    op.create_index("ix_comments_gist", "comments", ["gist", "created_at"], sqlite_where=there, postgresql_where=there)


def downgrade() -> None:
    """Going back is done by restoring a backup."""
    raise NotImplementedError
