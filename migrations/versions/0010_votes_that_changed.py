"""How often votes on an article's comments have changed: pages with scores are made anew."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Begin to count."""
    op.add_column("articles", sa.Column("vote_changes", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Going back is done by restoring a backup."""
    raise NotImplementedError
