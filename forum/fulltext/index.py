"""The indexes of full texts: articles, and comments."""

from forum.database import Db
from forum.fulltext.lite import LiteIndex
from forum.fulltext.postgres import PostgresIndex

Index = LiteIndex | PostgresIndex

ARTICLES, COMMENTS = "article_terms", "comment_terms"
"""Their tables, made by a migration."""
_INDEXES: dict[tuple[str, str], Index] = {
    **{(name, "sqlite"): LiteIndex(name) for name in (ARTICLES, COMMENTS)},
    **{(name, "postgresql"): PostgresIndex(name) for name in (ARTICLES, COMMENTS)},
}


def articles_in(db: Db) -> Index:
    """The index of articles that everybody may read."""
    return _INDEXES[ARTICLES, db.connection().dialect.name]


def comments_in(db: Db) -> Index:
    """The index of comments that everybody may read, whatever becomes of their articles."""
    return _INDEXES[COMMENTS, db.connection().dialect.name]


def by_account(account_id: int) -> str:
    """The term that is in every text of that account, and that no text can say."""
    return f"@{account_id}"
