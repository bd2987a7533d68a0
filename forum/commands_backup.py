"""`forum backup FILE` and `forum restore FILE`."""

import asyncio
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from sqlalchemy.exc import SQLAlchemyError

from forum.backup.archive import Manifest, Tell
from forum.backup.restoring import restore_backup
from forum.backup.taking import take_backup
from forum.config import Settings
from forum.current import need_current


def backup(file: Path) -> None:
    """Write the database and the uploads into one archive (.tar.gz), beside a running server or without one."""
    settings = Settings()
    asyncio.run(need_current(settings))
    with _told() as tell:
        manifest = take_backup(settings, file, tell)
    typer.echo(_("%(file)s is written: %(what)s.") % {"file": file, "what": _contents(manifest)})


def restore(
    file: Path,
    replace: Annotated[bool, typer.Option("--replace", help="Put it in the place of the site that is there.")] = False,
) -> None:
    """Make the site what an archive holds; the server must be stopped."""
    with _told() as tell:
        manifest, faults = restore_backup(Settings(), file, replace=replace, tell=tell)
    typer.echo(
        _("Restored as it was at %(time)s: %(what)s.")
        % {"time": manifest.taken_at.strftime("%Y-%m-%d %H:%M UTC"), "what": _contents(manifest)}
    )
    if faults:
        sys.exit("\n".join([_("All of it is there, but a recount finds:"), *faults]))
    typer.echo(_("A recount finds every comment in its place and every count right. The site may be served."))


def _contents(manifest: Manifest) -> str:
    counted = {
        "articles": ngettext("%(n)s article", "%(n)s articles", manifest.rows["articles"]),
        "comments": ngettext("%(n)s comment", "%(n)s comments", manifest.rows["comments"]),
        "accounts": ngettext("%(n)s account", "%(n)s accounts", manifest.rows["accounts"]),
    }
    parts = [words % {"n": manifest.rows[table]} for table, words in counted.items()]
    files = len(manifest.files) - 1
    return ", ".join([*parts, ngettext("%(n)s file", "%(n)s files", files) % {"n": files}])


@contextmanager
def _told() -> Iterator[Tell]:
    """A bar for each step where somebody looks on; what the disk or the database refuses ends it with a sentence."""
    try:
        with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as bars:
            steps = {}

            def tell(step: str, done: int, total: int) -> None:
                if step not in steps:
                    steps[step] = bars.add_task(step)
                bars.update(steps[step], completed=done, total=total or None)

            yield tell
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        sys.exit(_("It did not work: %(why)s.") % {"why": f"{error.strerror or error}{where}"})
    except (sqlite3.Error, SQLAlchemyError) as error:
        why = str(error).partition("\n")[0]
        sys.exit(_("It did not work: the database says “%(why)s”. It is as it was.") % {"why": why})
