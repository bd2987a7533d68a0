"""Networks and domains that are banned, rights suspended one by one, accounts in the shadow."""

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

    rights = ("reply", "vote", "report", "avatar")
    right = sa.Enum(*rights, name="right_word", native_enum=False, create_constraint=True, length=16)
    op.create_table(
        "suspensions",
        sa.Column("account_id", ID, nullable=False),
        sa.Column("right", right, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("act_id", ID, nullable=False),
        sa.Column("avatar", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_suspensions_account_id")),
        sa.PrimaryKeyConstraint("account_id", "right", name=op.f("pk_suspensions")),
    )
    op.add_column("accounts", sa.Column("shadowed_at", sa.DateTime(timezone=True), nullable=True))
    held, shadowed = sa.text("state = 'held'"), sa.text("shadowed")
    own_held = ["author_id", "article_id"]
    op.create_index("ix_comments_own_held", "comments", own_held, sqlite_where=held, postgresql_where=held)
    op.add_column("votes", sa.Column("shadowed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_votes_shadowed", "votes", ["account_id"], sqlite_where=shadowed, postgresql_where=shadowed)


def downgrade() -> None:
    """Going back is done by restoring a backup."""
    raise NotImplementedError
