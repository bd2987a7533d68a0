"""The archive: a .tar.gz of the database, the uploads and, last, a manifest of what must be in it.

The manifest stands at the end, so an archive that was cut off has none.
"""

import gzip
import os
import re
import secrets
import shutil
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from gettext import gettext as _
from hashlib import file_digest
from io import BytesIO
from pathlib import Path

from pydantic import BaseModel, ValidationError

from forum.errors import Refusal

FORMAT = 1
DATABASE = "database.sqlite3"
MANIFEST = "manifest.json"
UPLOADS = "uploads"
LIGHT = 3
"""Pictures cannot be packed any further; texts gain little beyond this level, and take several times as long."""

_NAME = re.compile(rf"{re.escape(DATABASE)}|{re.escape(MANIFEST)}|{UPLOADS}(?:/[a-z0-9_-][a-z0-9._-]*)+", re.ASCII)

Tell = Callable[[str, int, int], None]
"""Hears how far a step is: its words, how much is done, how much there is."""


class BadArchive(Refusal):
    """This is not a whole archive of ours: nothing was touched."""


class Manifest(BaseModel):
    """What an archive holds: the migration its database is at, each table's rows, each file's SHA-256."""

    format: int = FORMAT
    taken_at: datetime
    revision: str
    rows: dict[str, int]
    files: dict[str, str]


class Packing:
    """An archive that is being written."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.files: dict[str, str] = {}

    def add(self, path: Path, name: str) -> None:
        """Add a file under this name, unless it is in already; one that is gone meanwhile is left out."""
        if name in self.files or not _NAME.fullmatch(name) or path.is_symlink() or not path.is_file():
            return
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return
        with file:
            self.files[name] = file_digest(file, "sha256").hexdigest()
            size = file.tell()
            file.seek(0)
            self._tar.addfile(_member(name, size, int(os.fstat(file.fileno()).st_mtime)), file)

    def add_uploads(self, folder: Path, tell: Tell) -> None:
        """Add every upload that is not in yet."""
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        for done, path in enumerate(paths, 1):
            self.add(path, f"{UPLOADS}/{path.relative_to(folder).as_posix()}")
            tell(_("Pictures"), done, len(paths))

    def seal(self, manifest: Manifest) -> None:
        """Add the manifest: from now on the archive is whole."""
        text = manifest.model_dump_json(indent=1).encode()
        self._tar.addfile(_member(MANIFEST, len(text), int(manifest.taken_at.timestamp())), BytesIO(text))


@contextmanager
def packing(file: Path) -> Iterator[Packing]:
    """An archive to fill; it gets its name, in place of an earlier one, only when all is written and synced."""
    unfinished = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        # It holds addresses and the hashes of passwords: nobody else may read it.
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "wb") as raw:
            with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=LIGHT) as tar:
                yield Packing(tar)
            raw.flush()
            os.fsync(raw.fileno())
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def unpack(file: Path, folder: Path, tell: Tell) -> Manifest:
    """Write what the archive holds into an empty folder, each file checked. Raises BadArchive."""
    found: dict[str, str] = {}
    try:
        with file.open("rb") as raw, gzip.open(raw) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
            size = file.stat().st_size
            for member in tar:
                found[member.name] = _unpack_one(tar, member, folder, again=member.name in found)
                tell(_("Unpacking"), raw.tell(), size)
            while packed.read(65536):  # to the end, where the checksum stands
                pass
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes() if MANIFEST in found else b"{}")
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, ValidationError) as error:
        raise BadArchive(_("%(file)s is not a whole backup: it was cut off or damaged.") % {"file": file}) from error
    if manifest.format != FORMAT:
        raise BadArchive(
            _("%(file)s is a backup of form %(form)s, which this version cannot read. Use the one that made it.")
            % {"file": file, "form": manifest.format}
        )
    del found[MANIFEST]
    if found != manifest.files or DATABASE not in found:
        raise BadArchive(_("%(file)s does not hold what its manifest says: it is damaged.") % {"file": file})
    os.sync()
    return manifest


def _unpack_one(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path, *, again: bool) -> str:
    """Write one file, under a name of ours only, and give its hash."""
    source = tar.extractfile(member) if member.isreg() and _NAME.fullmatch(member.name) and not again else None
    if source is None:
        raise BadArchive(_("The archive holds “%(name)s”, which no backup does.") % {"name": ascii(member.name)})
    path = folder / member.name
    path.parent.mkdir(parents=True, exist_ok=True)
    with source, path.open("x+b") as target:
        shutil.copyfileobj(source, target)
        target.seek(0)
        return file_digest(target, "sha256").hexdigest()


def _member(name: str, size: int, modified: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = size, modified, 0o600
    return info
