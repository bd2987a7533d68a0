"""Restoring a backup: the archive is checked as a whole before anything is touched."""

import asyncio
from collections.abc import Collection, Iterable
from gettext import gettext as _
from pathlib import Path
from tempfile import TemporaryDirectory

from forum.backup.archive import DATABASE, UPLOADS, BadArchive, Manifest, Tell, unpack
from forum.backup.portable import bring_up_to_date, describe, load, need_whole, start_new_life
from forum.comments.recount import find_faults
from forum.config import Settings
from forum.database import open_database
from forum.life import remember_epoch
from forum.search.filling import rebuild
from forum.site.actions import new_epoch


def restore_backup(settings: Settings, file: Path, *, replace: bool, tell: Tell) -> tuple[Manifest, list[str]]:
    """Make the site what it was, with a new epoch; gives what was restored, and what a recount finds wrong with it.

    Raises BadArchive or Conflict: nothing was touched.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".restore-", dir=settings.data_dir) as folder:
        staged, copy, epoch = Path(folder, UPLOADS), Path(folder, DATABASE), new_epoch()
        manifest = unpack(file, Path(folder), tell)
        need_whole(copy)
        revision, rows = describe(copy)
        if (revision, rows) != (manifest.revision, manifest.rows):
            raise BadArchive(_("The database in %(file)s is not the one of its manifest.") % {"file": file})
        bring_up_to_date(settings, copy, revision)
        start_new_life(copy, epoch)
        uploads = [path.relative_to(staged) for path in staged.rglob("*") if path.is_file()]
        # Pictures first: what a name stands for never changes, and no page must name one that is not there yet.
        load(settings, copy, lambda: _place(staged, settings.uploads, uploads), replace=replace, tell=tell)
        remember_epoch(settings, epoch)
        _take_away(settings.uploads, all_but=set(uploads))
    asyncio.run(_index(settings, tell))
    tell(_("Recount"), 0, 0)
    return manifest, asyncio.run(_faults(settings))


def _place(staged: Path, uploads: Path, paths: Iterable[Path]) -> None:
    for path in paths:
        (uploads / path).parent.mkdir(parents=True, exist_ok=True)
        (staged / path).replace(uploads / path)


def _take_away(uploads: Path, *, all_but: Collection[Path]) -> None:
    for path in list(uploads.rglob("*")):
        if path.is_file() and path.relative_to(uploads) not in all_but:
            path.unlink()


async def _index(settings: Settings, tell: Tell) -> None:
    """Let what is there be found: an archive of another database, or of an earlier version, brings no index of ours."""
    database = open_database(settings)
    try:
        await rebuild(database, lambda _name, done, total: tell(_("Search"), done, total), rests=False)
    finally:
        await database.close()


async def _faults(settings: Settings) -> list[str]:
    database = open_database(settings)
    try:
        return await database.read(find_faults)
    finally:
        await database.close()
