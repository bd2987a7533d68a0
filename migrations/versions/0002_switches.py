"""Switches that act on a running site."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the switches, all off."""
    for name in ("read_only", "sockets_off", "registration_closed"):
        op.add_column("site", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Going back is done by restoring a backup."""
    raise NotImplementedError
