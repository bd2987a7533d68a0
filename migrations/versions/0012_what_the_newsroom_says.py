"""The newsroom's comments of a discussion, read off an index."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index an account's comments in one discussion, and the accounts that are no readers."""
    op.create_index("ix_comments_author_article", "comments", ["author_id", "article_id", "id"])
    staff = sa.text("role != 'reader'")
    op.create_index("ix_accounts_staff", "accounts", ["id"], sqlite_where=staff, postgresql_where=staff)


def downgrade() -> None:
    """Going back is done by restoring a backup."""
    raise NotImplementedError
