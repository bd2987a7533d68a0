"""The program that makes an upload into WebP files: `python -m forum.reencoding JSON`, started by images.py.

A process of its own, because decoders of pictures are where strangers' bytes do most harm: little memory, little
time, no files. On stdin the upload; on stdout one line of JSON and then the files, one after another.
"""

import contextlib
import json
import resource
import sys
import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
LONGEST_SIDE = 16_383
"""Pixels; WebP knows no longer one."""
ORIENTATION = 0x0112
"""The EXIF field that says how the camera was held; from 5 on, on its side."""


class Refused(Exception):
    """Why the upload is not used, as one of the words of images.py."""


@dataclass(frozen=True, slots=True)
class Task:
    """What to make of the upload, and within which limits: `memory` in bytes, `seconds` of CPU."""

    squares: list[int]
    widths: list[int]
    most_pixels: int
    memory: int
    seconds: int


def main() -> None:
    """Do the task that the first argument tells."""
    task = Task(**json.loads(sys.argv[1]))
    limit_this_process(task)
    try:
        files = encode_all(sys.stdin.buffer.read(), task)
    except Refused as refused:
        print(json.dumps({"refused": str(refused)}))  # noqa: T201 (stdout is the answer)
        return
    header = [
        {"size": size, "width": width, "height": height, "bytes": len(data)} for size, width, height, data in files
    ]
    sys.stdout.buffer.write(json.dumps({"pictures": header}).encode() + b"\n" + b"".join(file[-1] for file in files))


def limit_this_process(task: Task) -> None:
    """Take from this process what a picture does not need."""
    if sys.platform == "linux":  # elsewhere the system knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (task.memory, task.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (task.seconds, task.seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Pillow warns of what has more pixels than this, and refuses what has twice as many, before it takes memory.
    Image.MAX_IMAGE_PIXELS = task.most_pixels // 2
    warnings.simplefilter("ignore")


def encode_all(data: bytes, task: Task) -> list[tuple[int, int, int, bytes]]:
    """Every file of the task: size, width, height, WebP. Raises Refused."""
    try:
        image = _read(data, task)
        made = [(size, ImageOps.fit(image, (size, size), Image.Resampling.LANCZOS)) for size in task.squares]
        made += [(width, _scaled(image, width)) for width in _widths(image.width, task.widths)]
        return [(size, picture.width, picture.height, _webp(picture)) for size, picture in made]
    except Image.DecompressionBombError as error:
        raise Refused("pixels") from error
    except UnidentifiedImageError as error:
        raise Refused("format") from error
    except MemoryError as error:
        raise Refused("cost") from error
    except Refused:
        raise
    except Exception as error:
        raise Refused("damaged") from error


def _read(data: bytes, task: Task) -> Image.Image:
    """The picture upright, in sRGB, no larger than the task needs it, without anything else that the file said."""
    image: Image.Image = Image.open(BytesIO(data), formats=FORMATS)
    if max(image.size) > LONGEST_SIDE:
        raise Refused("sides")
    if image.format == "WEBP" and image.width * image.height > task.most_pixels // 2:
        raise Refused("webp")  # its decoder keeps four copies of the picture
    profile = image.info.get("icc_profile")
    image = _shrunk(image, task)
    image = _in_srgb(ImageOps.exif_transpose(image), profile)
    image.info = {}
    return image


def _shrunk(image: Image.Image, task: Task) -> Image.Image:
    # Everything after this works on a small picture: a large one fits into memory once, not twice.
    upright_width = image.height if image.getexif().get(ORIENTATION, 1) >= 5 else image.width
    scale = max(max(task.widths, default=0) / upright_width, max(task.squares, default=0) / min(image.size))
    size = (max(1, round(image.width * min(scale, 1))), max(1, round(image.height * min(scale, 1))))
    image.draft(None, size)
    if image.mode not in {"L", "LA", "RGB", "RGBA", "CMYK"}:
        image = _with_plain_colours(image)
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)


def _with_plain_colours(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        return image.point(lambda value: value / 257).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    mode = "RGBA" if image.has_transparency_data else "RGB"
    if profile:
        # A profile that cannot be used tells nothing: the colours stay as they are.
        with contextlib.suppress(ImageCms.PyCMSError, OSError):
            source, target = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(image, source, target, outputMode=mode)
            image = converted or image
    return image.convert(mode)


def _widths(width: int, widths: list[int]) -> list[int]:
    """The asked widths below the picture's own, and its own where it is below the largest."""
    if not widths:
        return []
    return [size for size in sorted(widths) if size < width] + ([width] if width <= max(widths) else [])


def _scaled(image: Image.Image, width: int) -> Image.Image:
    height = max(1, round(image.height * width / image.width))
    return image if width == image.width else image.resize((width, height), Image.Resampling.LANCZOS)


def _webp(image: Image.Image) -> bytes:
    file = BytesIO()
    options: dict[str, Any] = {"quality": 80, "method": 4}
    image.save(file, "WEBP", **options)
    return file.getvalue()


if __name__ == "__main__":
    main()
