"""The desk: what reports weigh and what became of them, warnings, who has what open, which new accounts were seen."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add tables and columns. Reports of before this have no weight, and wait by their age."""
    op.add_column("accounts", sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_accounts_created_at", "accounts", ["created_at"])
    op.create_index("ix_sessions_address", "sessions", ["address"])
    op.add_column("site", sa.Column("hold_reports", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("site", sa.Column("hold_weight", sa.Integer(), nullable=False, server_default="60"))
    op.add_column("reports", sa.Column("weight", sa.Float(), nullable=True))
    op.add_column("reports", sa.Column("due", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_reports_account", "reports", ["account_id", "solved_at"])
    op.create_table(
        "warnings",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("comment_id", ID, nullable=True),
        sa.Column("act_id", ID, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_warnings_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warnings")),
    )
    op.create_index("ix_warnings_account", "warnings", ["account_id", "acknowledged_at"])
    op.create_table(
        "claims",
        sa.Column("account_id", ID, nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_claims_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_claims")),
    )


def downgrade() -> None:
    """Going back is done by restoring a backup."""
    raise NotImplementedError
