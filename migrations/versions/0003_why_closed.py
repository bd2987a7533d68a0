"""Since when a discussion is closed, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both; of what is closed already they are not known."""
    op.add_column("articles", sa.Column("discussion_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("articles", sa.Column("discussion_reason", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Going back is done by restoring a backup."""
    raise NotImplementedError
