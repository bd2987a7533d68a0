"""Articles and comments are found by their words. The tables are empty at first: a server fills them as it runs."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INDEXES = ("article_terms", "comment_terms")


def upgrade() -> None:
    """Make the indexes, and note that they are to be filled where there is something to be found."""
    connection = op.get_bind()
    for name in INDEXES:
        for statement in _postgres(name) if connection.dialect.name == "postgresql" else _sqlite(name):
            connection.execute(sa.text(statement))
    filling = op.create_table(
        "search_filling",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_search_filling")),
    )
    for name, table in (("article_terms", "articles"), ("comment_terms", "comments")):
        if connection.execute(sa.text(f"SELECT 1 FROM {table} LIMIT 1")).first():  # noqa: S608 - a name of ours
            op.bulk_insert(filling, [{"name": name, "upto": 0}])


def downgrade() -> None:
    """Going back is done by restoring a backup."""
    raise NotImplementedError


def _sqlite(name: str) -> list[str]:
    return [
        # Terms come with spaces between them, folded; all beyond ASCII is left as it is.
        f"CREATE VIRTUAL TABLE {name} USING fts5 (terms, tokenize = \"ascii tokenchars '@'\")",
        # Segments are merged half as often as by default: it is a third of what a post costs.
        f"INSERT INTO {name} ({name}, rank) VALUES ('automerge', 8)",  # noqa: S608 - a name of ours
    ]


def _postgres(name: str) -> list[str]:
    return [
        f"CREATE TABLE {name} (place BIGINT CONSTRAINT pk_{name} PRIMARY KEY, terms TSVECTOR NOT NULL)",
        # What waits to be sorted in is looked through by every search: half a megabyte at most.
        f"CREATE INDEX ix_{name}_terms ON {name} USING gin (terms) WITH (gin_pending_list_limit = 512)",
    ]
