"""Uploaded pictures: read in a process of its own, kept as WebP files under the hash of their content."""

import json
import os
import re
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from gettext import gettext as _
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from subprocess import CompletedProcess

import anyio
from anyio.lowlevel import RunVar

from forum.errors import Busy, Invalid, TooLarge

MOST_BYTES = 5_000_000
MOST_PIXELS = 24 * 2**20
"""24 megapixels, counted so that no camera sold as 24 megapixels is refused (6048 x 4024, 5712 x 4284)."""
MEMORY = 256 * 2**20
CPU_SECONDS = 3
WALL_FOR_CPU = 3.3
"""Seconds on the clock for one of CPU: the machine has more to do."""
AT_ONCE = 2
WAITING = 8

_KEY = re.compile(r"[0-9a-f]{32}")
_PACKAGE = Path(__file__).parent
_slots: RunVar[anyio.CapacityLimiter] = RunVar("picture_slots")


@dataclass(frozen=True, slots=True)
class EncodedFile:
    """One WebP file; `size` names it: the side of a square, the width of any other."""

    size: int
    width: int
    height: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture in all its sizes, smallest first."""

    files: tuple[EncodedFile, ...]

    @property
    def width(self) -> int:
        """Pixels of the largest file."""
        return self.files[-1].width

    @property
    def height(self) -> int:
        """Pixels of the largest file."""
        return self.files[-1].height


async def reencode(
    data: bytes,
    *,
    squares: Sequence[int] = (),
    widths: Sequence[int] = (),
    most_bytes: int = MOST_BYTES,
    most_pixels: int = MOST_PIXELS,
    seconds: int = CPU_SECONDS,
) -> Encoded:
    """A JPEG, PNG, WebP or GIF (its first frame) as WebP, upright, in sRGB and without metadata.

    `squares` are cut from the middle and always of that side. `widths` keep the shape and are never enlarged: a
    picture of 1000 pixels asked for in 480, 960, 1440 and 1920 comes in 480, 960 and 1000. `seconds` of CPU are
    enough for any upload that is accepted; pictures of our own may have more, on a slow machine.
    Raises TooLarge, Invalid with a sentence, or Busy when too many pictures wait already.
    """
    if len(data) > most_bytes:
        message = _("This file has more than {megabytes} MB. Make the picture smaller and choose it again.")
        raise TooLarge(message.format(megabytes=most_bytes // 1_000_000))
    if not data:
        raise Invalid(_("Choose a picture first."), field="image")
    task = {"squares": sorted(squares), "widths": sorted(widths), "most_pixels": most_pixels}
    async with _slot():
        answer = await _run(data, task | {"memory": MEMORY, "seconds": seconds}, seconds * WALL_FOR_CPU)
    return _encoded(answer, most_pixels)


def store(folder: Path, encoded: Encoded) -> str:
    """Write the files for good and answer their key, a hash of the content: what has a key never changes."""
    digest = sha256()
    for file in encoded.files:
        digest.update(b"%d %d\n" % (file.size, len(file.data)) + file.data)
    key = digest.hexdigest()[:32]
    folder.mkdir(parents=True, exist_ok=True)
    for file in encoded.files:
        _write(folder / f"{key}-{file.size}.webp", file.data)
    _sync(folder)
    return key


def path_of(folder: Path, key: str, size: int) -> Path | None:
    """Where a stored file is, if it is there; None for anything that is not a key."""
    if not _KEY.fullmatch(key):
        return None
    path = folder / f"{key}-{size}.webp"
    return path if path.is_file() else None


@asynccontextmanager
async def _slot() -> AsyncIterator[None]:
    """One of the few places to read a picture in; waits for one unless too many wait already."""
    limiter = _slots.get(None)
    if limiter is None:
        limiter = anyio.CapacityLimiter(AT_ONCE)
        _slots.set(limiter)
    if limiter.statistics().tasks_waiting >= WAITING:
        raise Busy(_("Many pictures are coming in at once. Try again in a moment."), retry_after=5)
    async with limiter:
        yield


async def _run(data: bytes, task: dict[str, object], wall_seconds: float) -> CompletedProcess[bytes]:
    """The other program's answer. Raises Invalid when it takes too long."""
    command = [sys.executable, "-m", "forum.reencoding", json.dumps(task)]
    # Passwords in our settings are nothing that a decoder of pictures should know.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FORUM_")}
    try:
        with anyio.fail_after(wall_seconds):
            return await anyio.run_process(command, input=data, check=False, cwd=_PACKAGE.parent, env=environment)
    except TimeoutError as error:
        raise Invalid(_refusal("cost"), field="image") from error


def _encoded(answer: CompletedProcess[bytes], most_pixels: int) -> Encoded:
    if answer.returncode < 0:  # ended by the system: over its memory or its time
        raise Invalid(_refusal("cost"), field="image")
    if answer.returncode:
        raise RuntimeError(f"forum.reencoding failed: {answer.stderr.decode(errors='replace')[-2000:]}")
    header, _newline, rest = answer.stdout.partition(b"\n")
    said = json.loads(header)
    if "refused" in said:
        raise Invalid(_refusal(said["refused"], most_pixels), field="image")
    files = []
    for picture in said["pictures"]:
        length = picture.pop("bytes")
        files.append(EncodedFile(**picture, data=rest[:length]))
        rest = rest[length:]
    return Encoded(tuple(files))


def _refusal(reason: str, most_pixels: int = MOST_PIXELS) -> str:
    sentences = {
        "format": _("This is not a picture that can be used here. Choose a JPEG, PNG, WebP or GIF file."),
        "damaged": _("This picture is damaged and cannot be read. Save it again, or choose another."),
        "pixels": _("This picture has more than {megapixels} megapixels. Make it smaller and choose it again."),
        "webp": _("A WebP picture may have at most {half} megapixels. Make it smaller, or save it as JPEG."),
        "sides": _("This picture is too long and narrow. Cut it and choose it again."),
        "cost": _(
            "This picture takes too much work to read. Make it smaller, or save it as JPEG, and choose it again."
        ),
    }
    return sentences[reason].format(megapixels=most_pixels // 2**20, half=most_pixels // 2**21)


def _write(path: Path, data: bytes) -> None:
    # Others read this folder meanwhile: a name stands for the whole file or for none.
    unfinished = path.with_name(f".{token_hex(8)}")
    try:
        with unfinished.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
