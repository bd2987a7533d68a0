"""What is checked before a comment shows, what waits for a moderator, and a log that is only added to."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BEFORE = ["ban", "lift", "remove", "remove_all", "restore", "restore_all", "hold", "discussion", "dismiss"]
KINDS = [
    *BEFORE,
    *("approve", "warn", "note", "watch", "unwatch", "appeal", "checks", "words", "slow", "pin", "unpin", "feature"),
    *("unfeature", "branch", "section", "shadow", "unshadow", "suspend", "unsuspend", "ban_address", "lift_address"),
    *("ban_domain", "lift_domain", "undo"),
]


def upgrade() -> None:
    """Add tables and columns. What `sweeps` takes over stays in `acts` for the version before."""
    op.add_column("accounts", sa.Column("watched_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("comments", sa.Column("held_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE comments SET held_at = created_at WHERE state = 'held'")
    held = sa.text("state = 'held'")
    op.create_index("ix_comments_held", "comments", ["held_at", "id"], sqlite_where=held, postgresql_where=held)
    _widen_acts()
    _add_checks()
    op.create_table(
        "sweeps",
        sa.Column("act_id", ID, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["act_id"], ["acts.id"], name=op.f("fk_sweeps_act_id")),
        sa.PrimaryKeyConstraint("act_id", name=op.f("pk_sweeps")),
    )
    op.execute(
        "INSERT INTO sweeps (act_id, since, finished_at)"
        " SELECT id, since, finished_at FROM acts WHERE kind IN ('remove_all', 'restore_all')"
    )
    op.create_table(
        "appeals",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("comment_id", ID, nullable=True),
        sa.Column("act_id", ID, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", ID, nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_appeals_account_id")),
        sa.ForeignKeyConstraint(["comment_id"], ["comments.id"], name=op.f("fk_appeals_comment_id")),
        sa.ForeignKeyConstraint(["act_id"], ["acts.id"], name=op.f("fk_appeals_act_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["accounts.id"], name=op.f("fk_appeals_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("comment_id", name=op.f("uq_appeals_comment_id")),
        sa.UniqueConstraint("act_id", name=op.f("uq_appeals_act_id")),
    )
    op.create_index("ix_appeals_open", "appeals", ["decided_at", "id"])
    op.create_index("ix_appeals_account_id", "appeals", ["account_id"])


def _widen_acts() -> None:
    """More kinds; what was before and after; how long a held comment had waited; which entry is undone."""
    op.add_column("acts", sa.Column("section_id", ID, nullable=True))
    op.add_column("acts", sa.Column("before", sa.JSON(), nullable=True))
    op.add_column("acts", sa.Column("after", sa.JSON(), nullable=True))
    op.add_column("acts", sa.Column("waited", sa.Integer(), nullable=True))
    op.add_column("acts", sa.Column("undoes_id", ID, nullable=True))
    op.execute("UPDATE acts SET undoes_id = CAST(detail AS INTEGER) WHERE kind = 'restore_all'")
    if op.get_bind().dialect.name == "postgresql":
        words = ", ".join(f"'{kind}'" for kind in KINDS)
        op.drop_constraint(op.f("ck_acts_actkind_word"), "acts", type_="check")
        op.create_check_constraint(op.f("ck_acts_actkind_word"), "acts", f"kind IN ({words})")
        op.create_foreign_key(op.f("fk_acts_section_id"), "acts", "sections", ["section_id"], ["id"])
        op.create_foreign_key(op.f("fk_acts_undoes_id"), "acts", "acts", ["undoes_id"], ["id"])
    else:
        kind = sa.Enum(*KINDS, name="actkind_word", native_enum=False, create_constraint=True, length=16)
        with op.batch_alter_table("acts") as batch:
            batch.alter_column("kind", type_=kind, nullable=False)
            batch.create_foreign_key(op.f("fk_acts_section_id"), "sections", ["section_id"], ["id"])
            batch.create_foreign_key(op.f("fk_acts_undoes_id"), "acts", ["undoes_id"], ["id"])
    op.create_index("ix_acts_undoes_id", "acts", ["undoes_id"])
    waited = sa.text("waited IS NOT NULL")
    op.create_index("ix_acts_waited", "acts", ["id"], sqlite_where=waited, postgresql_where=waited)


def _add_checks() -> None:
    """What each check does where, the lists of words, and what was found."""
    words = ("off", "note", "hold", "refuse")
    response = sa.Enum(*words, name="response_word", native_enum=False, create_constraint=True, length=16)
    op.create_table(
        "check_rules",
        sa.Column("id", ID, nullable=False),
        sa.Column("check", sa.String(), nullable=False),
        sa.Column("section_id", ID, nullable=True),
        sa.Column("article_id", ID, nullable=True),
        sa.Column("response", response, nullable=False),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["section_id"], ["sections.id"], name=op.f("fk_check_rules_section_id")),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_check_rules_article_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_rules")),
    )
    op.create_index("ix_check_rules_section_id", "check_rules", ["section_id"])
    op.create_index("ix_check_rules_article_id", "check_rules", ["article_id"])
    op.create_table(
        "word_lists",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_word_lists")),
    )
    op.create_table(
        "findings",
        sa.Column("id", ID, nullable=False),
        sa.Column("comment_id", ID, nullable=False),
        sa.Column("check", sa.String(), nullable=False),
        sa.Column("response", response, nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comments.id"], name=op.f("fk_findings_comment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
    )
    op.create_index("ix_findings_comment_id", "findings", ["comment_id"])
    op.create_index("ix_findings_check", "findings", ["check", "id"])


def downgrade() -> None:
    """Going back is done by restoring a backup."""
    raise NotImplementedError
