"""Bans on networks and on domains of e-mail addresses."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add tables."""
    op.create_table(
        "network_bans",
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("lowest", sa.String(), nullable=False),
        sa.Column("highest", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("act_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("network", name=op.f("pk_network_bans")),
    )
    op.create_index("ix_network_bans_ends", "network_bans", ["lowest", "highest"])
    op.create_table(
        "domain_bans",
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("act_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_domain_bans")),
    )


def downgrade() -> None:
    """Going back is done by restoring a backup."""
    raise NotImplementedError
