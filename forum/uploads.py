"""Pictures that people send: taken, found again, and served. They lie in one folder as `{key}-{width}.webp`."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, wraps
from gettext import gettext as _
from pathlib import Path

from PIL import Image
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from forum.config import Settings
from forum.errors import Invalid, NotFound, Refusal
from forum.images import path_of, reencode, store

View = Callable[[Request], Awaitable[Response]]
FOR_GOOD = "public, max-age=31536000, immutable"
_NAME = re.compile(r"([0-9a-f]{32})-([1-9][0-9]{0,4})\.webp")


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture in the folder; width and height in pixels of its largest file."""

    key: str
    width: int
    height: int

    @property
    def name(self) -> str:
        """The name of the largest file."""
        return f"{self.key}-{self.width}.webp"


async def take_picture(file: UploadFile, settings: Settings, *, widths: Sequence[int], field: str) -> Upload:
    """Store a picture that was sent, made anew in these widths. Raises Invalid, TooLarge or Busy about that field."""
    try:
        encoded = await reencode(await file.read(), widths=widths, most_bytes=settings.image_bytes)
    except Refusal as refusal:
        refusal.field = field
        raise
    key = await asyncio.to_thread(store, settings.uploads, encoded)
    return Upload(key, encoded.width, encoded.height)


def find_picture(folder: Path, name: str) -> Upload | None:
    """The picture whose largest file has this name, if there is one. Opens the file."""
    parts = _NAME.fullmatch(name)
    path = path_of(folder, parts[1], int(parts[2])) if parts else None
    if parts is None or path is None:
        return None
    with Image.open(path) as largest:
        return Upload(parts[1], largest.width, largest.height)


@lru_cache(maxsize=8)
def picture_of_name(folder: Path, name: str) -> Upload | None:
    """The same, remembered: what has a name never changes."""
    return find_picture(folder, name)


async def show_picture(request: Request) -> Response:
    """`GET /pictures/{name}`: one file of one width. What has a name never changes."""
    parts = _NAME.fullmatch(request.path_params["name"])
    folder = request.app.state.settings.uploads
    path = path_of(folder, parts[1], int(parts[2])) if parts else None
    if path is None:
        raise NotFound(_("There is no picture at this address."))
    return FileResponse(path, media_type="image/webp", headers={"cache-control": FOR_GOOD})


def takes_files(view: View) -> View:
    """For a view whose form may hold a file: whatever comes of it, the file is closed after."""

    @wraps(view)
    async def closing(request: Request) -> Response:
        try:
            return await view(request)
        finally:
            await request.close()

    return closing


def sent_file(value: UploadFile | str | None, field: str) -> UploadFile | None:
    """The file in a field; none where none was chosen, which browsers send as an empty one."""
    if isinstance(value, str) and value:
        raise Invalid(_("Send the picture as a file."), field)
    return value if isinstance(value, UploadFile) and value.size else None
