"""Taking a backup while the site is in use."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from forum.backup.archive import DATABASE, Manifest, Tell, packing
from forum.backup.portable import describe, export, need_whole
from forum.config import Settings


def take_backup(settings: Settings, file: Path, tell: Tell) -> Manifest:
    """Write one archive of the database and the uploads.

    Uploads are packed before and after the database is copied: an avatar that is replaced in between is still
    there, and one that is chosen in between is there already. Raises BadArchive where the copy is not sound.
    """
    with TemporaryDirectory(prefix=".backup-", dir=file.absolute().parent) as folder:
        copy = Path(folder, DATABASE)
        with packing(file) as archive:
            archive.add_uploads(settings.uploads, tell)
            taken_at = datetime.now(UTC)
            export(settings, copy, tell)
            need_whole(copy)
            revision, rows = describe(copy)
            archive.add_uploads(settings.uploads, tell)
            archive.add(copy, DATABASE)
            manifest = Manifest(taken_at=taken_at, revision=revision, rows=rows, files=archive.files)
            archive.seal(manifest)
    return manifest
