"""The log is only added to: in every test's database, whoever changes or deletes an entry of it fails.

The triggers are put into the databases that tests copy, so they watch every test on either database, and served
processes too. PostgreSQL's see statements, and so even those that meet no row; SQLite's see rows. Restoring a backup
truncates every table, the log with them, and may. The site itself has no triggers: rules live in its actions.
"""

from sqlalchemy import text

from forum.database import Db

SAYS = "the log of acts is only added to"

_SQLITE = [
    f"CREATE TRIGGER acts_{verb} BEFORE {verb} ON acts BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
    for verb in ("UPDATE", "DELETE")
]
_POSTGRES = [
    f"CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{SAYS}'; END $$",
    "CREATE TRIGGER acts_only_added BEFORE UPDATE OR DELETE ON acts EXECUTE FUNCTION refuse_change()",
]


def watch_log(db: Db) -> None:
    """Put the triggers in."""
    for statement in _POSTGRES if db.get_bind().dialect.name == "postgresql" else _SQLITE:
        db.execute(text(statement))
