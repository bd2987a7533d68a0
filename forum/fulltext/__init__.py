"""Full texts, found newest first: FTS5 on SQLite, a tsvector on PostgreSQL, both of terms that we have made."""
