"""What each act did to its comments, and which act settled a report: so that acts can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = ("visible", "held", "removed", "deleted")


def upgrade() -> None:
    """Add both, and find out what the removals before this did: a comment had been held where it had waited."""
    op.create_table(
        "act_effects",
        sa.Column("act_id", ID, nullable=False),
        sa.Column("comment_id", ID, nullable=False),
        sa.Column("before_state", _state("before_state"), nullable=False),
        sa.Column("before_reason", sa.String(), nullable=True),
        sa.Column("before_act_id", ID, nullable=True),
        sa.Column("before_held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("after_state", _state("after_state"), nullable=False),
        sa.Column("after_act_id", ID, nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["act_id"], ["acts.id"], name=op.f("fk_act_effects_act_id")),
        sa.ForeignKeyConstraint(["comment_id"], ["comments.id"], name=op.f("fk_act_effects_comment_id")),
        sa.PrimaryKeyConstraint("act_id", "comment_id", name=op.f("pk_act_effects")),
    )
    op.execute(
        "INSERT INTO act_effects"
        " (act_id, comment_id, before_state, before_held_at, after_state, after_act_id, edited_at)"
        " SELECT acts.id, comments.id, CASE WHEN acts.waited IS NULL THEN 'visible' ELSE 'held' END,"
        " comments.held_at, 'removed', acts.id, comments.edited_at"
        " FROM comments JOIN acts ON acts.id = comments.act_id"
        " WHERE comments.state = 'removed' AND acts.kind IN ('remove', 'remove_all')"
    )
    op.create_index("ix_acts_by_id", "acts", ["by_id"])
    op.add_column("reports", sa.Column("act_id", ID, nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.create_foreign_key(op.f("fk_reports_act_id"), "reports", "acts", ["act_id"], ["id"])
    else:
        with op.batch_alter_table("reports") as batch:
            batch.create_foreign_key(op.f("fk_reports_act_id"), "acts", ["act_id"], ["id"])
    op.create_index("ix_reports_act_id", "reports", ["act_id"])


def _state(name: str) -> sa.Enum:
    return sa.Enum(*STATES, name=f"{name}_word", native_enum=False, create_constraint=True, length=16)


def downgrade() -> None:
    """Going back is done by restoring a backup."""
    raise NotImplementedError
