"""Where each reader is in a discussion: what they have seen, and which comment they read last."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "reading_places",
        sa.Column("account_id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("ranges", sa.Text(), nullable=False),
        sa.Column("last_id", ID, nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_reading_places_account_id")),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_reading_places_article_id")),
        sa.PrimaryKeyConstraint("account_id", "article_id", name=op.f("pk_reading_places")),
    )


def downgrade() -> None:
    """Going back is done by restoring a backup."""
    raise NotImplementedError
