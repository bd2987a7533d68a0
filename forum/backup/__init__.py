"""Backups: one archive with the database and the uploads, taken beside a running server."""
