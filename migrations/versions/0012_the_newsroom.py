"""Who is of the newsroom, read off an index: its comments in a discussion can be shown alone."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index the accounts that are no readers."""
    staff = sa.text("role != 'reader'")
    op.create_index("ix_accounts_staff", "accounts", ["id"], sqlite_where=staff, postgresql_where=staff)


def downgrade() -> None:
    """Going back is done by restoring a backup."""
    raise NotImplementedError
