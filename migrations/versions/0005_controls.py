"""Slow mode, closing and pinning, for sections, articles and branches; editors' picks."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENTS = {
    "sections": ("closed_at", "untold_at"),
    "articles": ("closes_at", "pinned_at"),
    "article_sections": ("pinned_at",),
    "comments": ("pinned_at", "featured_at", "closed_at"),
}
PARTIAL = {
    "ix_articles_pinned": ("articles", ["publication", "pinned_at"], "pinned_at IS NOT NULL"),
    "ix_article_sections_pinned": ("article_sections", ["section_id"], "pinned_at IS NOT NULL"),
    "ix_comments_pinned": ("comments", ["article_id", "id"], "pinned_at IS NOT NULL"),
    "ix_comments_featured": ("comments", ["article_id", "id"], "featured_at IS NOT NULL"),
}


def upgrade() -> None:
    """Add columns: nothing is slow, closed, pinned or picked until somebody says so."""
    for table, names in MOMENTS.items():
        for name in names:
            op.add_column(table, sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    for table in ("sections", "articles", "comments"):
        op.add_column(table, sa.Column("slow", sa.Integer(), nullable=False, server_default="0"))
    for table in ("sections", "comments"):
        op.add_column(table, sa.Column("closed_reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("sections", sa.Column("closes_after", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("articles", sa.Column("closes_after", sa.Integer(), nullable=True))
    op.add_column("articles", sa.Column("closed_itself", sa.Boolean(), nullable=False, server_default=sa.false()))
    for name, (table, columns, where) in PARTIAL.items():
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.create_index(
        "ix_articles_not_over",
        "articles",
        ["publication", "discussion", "published_at", "closes_at", "closes_after", "closed_itself", "id"],
        sqlite_where=sa.text("closed_itself IS 0"),
        postgresql_where=sa.text("closed_itself IS false"),
    )


def downgrade() -> None:
    """Going back is done by restoring a backup."""
    raise NotImplementedError
