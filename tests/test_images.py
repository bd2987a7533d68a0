"""Uploaded pictures are made small, upright and anonymous, or refused with a sentence."""

import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from forum.accounts.avatars import AVATAR_SIZES
from forum.errors import Busy, Invalid, TooLarge
from forum.images import Encoded, EncodedFile, path_of, reencode, store
from forum.reencoding import Refused, Task, encode_all

WIDTHS = (480, 960, 1440, 1920)
RED, BLUE = (220, 20, 20), (20, 20, 220)


def half_and_half(width: int = 1200, height: int = 800, mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), RED)
    ImageDraw.Draw(image).rectangle((width // 2, 0, width, height), fill=BLUE)
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def opened(file: EncodedFile) -> Image.Image:
    image = Image.open(BytesIO(file.data))
    assert image.format == "WEBP"
    assert image.size == (file.width, file.height)
    return image


def is_about(image: Image.Image, at: tuple[float, float], colour: tuple[int, ...]) -> bool:
    """Whether the pixel at that share of width and height has about that colour."""
    pixel = image.convert("RGB").getpixel((int(at[0] * (image.width - 1)), int(at[1] * (image.height - 1))))
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 60 for one, other in zip(pixel, colour, strict=True))


def with_transparent_palette() -> bytes:
    image = half_and_half().quantize(2)
    return saved(image, "PNG", transparency=image.getpixel((0, 0)))


def animated() -> bytes:
    return saved(half_and_half(), "GIF", save_all=True, append_images=[Image.new("RGB", (1200, 800), "white")] * 3)


PICTURES: dict[str, Callable[[], bytes]] = {
    "JPEG": lambda: saved(half_and_half(), "JPEG"),
    "progressive JPEG": lambda: saved(half_and_half(), "JPEG", progressive=True),
    "grey JPEG": lambda: saved(half_and_half(mode="L"), "JPEG"),
    "CMYK JPEG": lambda: saved(half_and_half(mode="CMYK"), "JPEG"),
    "JPEG of a telephone, with a second picture": lambda: saved(
        half_and_half(), "MPO", save_all=True, append_images=[half_and_half(300, 200)]
    ),
    "PNG": lambda: saved(half_and_half(), "PNG"),
    "PNG with transparency": lambda: saved(half_and_half(mode="RGBA"), "PNG"),
    "PNG with a palette": lambda: saved(half_and_half(mode="P"), "PNG"),
    "PNG with a transparent palette": with_transparent_palette,
    "PNG of black and white": lambda: saved(half_and_half(mode="1"), "PNG"),
    "PNG of 16 bits": lambda: saved(Image.new("I;16", (1200, 800), 30_000), "PNG"),
    "grey PNG with transparency": lambda: saved(half_and_half(mode="LA"), "PNG"),
    "WebP": lambda: saved(half_and_half(), "WEBP"),
    "lossless WebP with transparency": lambda: saved(half_and_half(mode="RGBA"), "WEBP", lossless=True),
    "GIF": lambda: saved(half_and_half(), "GIF"),
    "animated GIF": animated,
}


@pytest.mark.parametrize("make", PICTURES.values(), ids=PICTURES.keys())
def test_every_kind_of_picture_comes_in_every_size(make: Callable[[], bytes]) -> None:
    made = encode_all(make(), task(squares=[56], widths=list(WIDTHS)))
    assert [file[:3] for file in made] == [(56, 56, 56), (480, 480, 320), (960, 960, 640), (1200, 1200, 800)]
    for _, width, height, data in made:
        image = opened(EncodedFile(width, width, height, data))
        assert getattr(image, "n_frames", 1) == 1


async def test_the_size_of_a_picture_is_that_of_its_largest_file() -> None:
    encoded = await reencode(PICTURES["animated GIF"](), widths=WIDTHS)
    assert [(file.size, file.width, file.height) for file in encoded.files] == [
        (480, 480, 320),
        (960, 960, 640),
        (1200, 1200, 800),
    ]
    assert (encoded.width, encoded.height) == (1200, 800)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
async def test_colours_stay_what_they_are(kind: str) -> None:
    encoded = await reencode(saved(half_and_half(), kind), widths=(480,))
    image = opened(encoded.files[0])
    assert is_about(image, (0.2, 0.5), RED)
    assert is_about(image, (0.8, 0.5), BLUE)


async def test_of_an_animation_the_first_picture_is_kept() -> None:
    encoded = await reencode(animated(), widths=(480,))
    assert is_about(opened(encoded.files[0]), (0.2, 0.5), RED)


async def test_transparency_stays() -> None:
    encoded = await reencode(with_transparent_palette(), squares=(56,))
    alpha = opened(encoded.files[0]).convert("RGBA").getchannel("A")
    assert alpha.getpixel((5, 28)) == 0
    assert alpha.getpixel((50, 28)) == 255


async def test_an_avatar_is_cut_from_the_middle() -> None:
    image = Image.new("RGB", (900, 300), RED)
    ImageDraw.Draw(image).rectangle((300, 0, 599, 299), fill=BLUE)
    encoded = await reencode(saved(image, "PNG"), squares=AVATAR_SIZES)
    assert [(file.size, file.width, file.height) for file in encoded.files] == [(n, n, n) for n in AVATAR_SIZES]
    for file in encoded.files:
        for corner in ((0.1, 0.1), (0.9, 0.1), (0.1, 0.9), (0.9, 0.9)):
            assert is_about(opened(file), corner, BLUE)


async def test_one_pixel_is_a_picture_too() -> None:
    dot = saved(Image.new("RGB", (1, 1), RED), "PNG")
    assert [file.width for file in (await reencode(dot, squares=AVATAR_SIZES)).files] == [56, 112, 224]
    assert [(file.size, file.height) for file in (await reencode(dot, widths=WIDTHS)).files] == [(1, 1)]


async def test_a_large_picture_comes_in_the_asked_widths() -> None:
    encoded = await reencode(saved(half_and_half(3000, 2000), "JPEG"), widths=WIDTHS)
    assert [(file.width, file.height) for file in encoded.files] == [(480, 320), (960, 640), (1440, 960), (1920, 1280)]


async def test_a_picture_of_just_an_asked_width_comes_once_in_it() -> None:
    encoded = await reencode(saved(half_and_half(960, 640), "JPEG"), widths=WIDTHS)
    assert [file.size for file in encoded.files] == [480, 960]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_taken_with_the_camera_turned_stands_upright(orientation: int) -> None:
    turned: dict[int, list[Image.Transpose]] = {
        1: [],
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.TRANSPOSE],
        6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_270],
    }
    image = half_and_half(600, 400)
    ImageDraw.Draw(image).rectangle((0, 0, 600, 100), fill="white")
    for turn in turned[orientation]:
        image = image.transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    ((_, width, height, data),) = encode_all(saved(image, "JPEG", exif=exif), task(widths=[300]))
    upright = Image.open(BytesIO(data))
    assert (width, height) == (300, 200)
    assert is_about(upright, (0.5, 0.05), (255, 255, 255))
    assert is_about(upright, (0.1, 0.9), RED)
    assert is_about(upright, (0.9, 0.9), BLUE)


async def test_nothing_that_the_file_said_of_itself_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010F] = "secret-camera"
    exif.get_ifd(0x8825)[1] = "N"
    for kind in ("JPEG", "WEBP", "PNG"):
        data = saved(half_and_half(), kind, exif=exif, xmp=b"<x>secret-place</x>", comment=b"secret-comment")
        assert b"secret" in data
        for file in (await reencode(data, widths=(480,), squares=(56,))).files:
            assert b"secret" not in file.data
            assert not {"exif", "xmp", "icc_profile", "comment"} & set(opened(file).info)


async def test_a_damaged_colour_profile_does_no_harm() -> None:
    encoded = await reencode(saved(half_and_half(), "PNG", icc_profile=b"not a profile"), widths=(480,))
    assert is_about(opened(encoded.files[0]), (0.2, 0.5), RED)


def endless_jpeg() -> bytes:
    """A small progressive JPEG that asks for its last scan to be read again and again."""
    data = saved(Image.new("RGB", (5000, 4900), RED), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * (4_000_000 // (len(data) - last)) + b"\xff\xd9"


def claiming_to_be(width: int, height: int) -> bytes:
    """A small GIF whose header tells another size."""
    data = saved(Image.new("P", (10, 10)), "GIF")
    return data[:6] + width.to_bytes(2, "little") + height.to_bytes(2, "little") + data[10:]


def script_as_gif() -> bytes:
    return b"GIF89a/*" + b"\x00" * 20 + b"*/=1;alert(1)//"


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "Choose a picture"),
    "text named as JPEG": (lambda: b"This is a text.\n" * 100, "not a picture"),
    "a web page": (lambda: b"<!doctype html><script>alert(1)</script>", "not a picture"),
    "SVG": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "not a picture"),
    "BMP": (lambda: saved(half_and_half(), "BMP"), "not a picture"),
    "TIFF": (lambda: saved(half_and_half(), "TIFF"), "not a picture"),
    "PDF": (lambda: saved(half_and_half(), "PDF"), "not a picture"),
    "PostScript": (lambda: saved(half_and_half(99, 99), "EPS"), "not a picture"),
    "icon": (lambda: saved(half_and_half(64, 64), "ICO"), "not a picture"),
    "signature alone": (lambda: b"\x89PNG\r\n\x1a\n", "not a picture|damaged"),
    "half a JPEG": (lambda: saved(half_and_half(), "JPEG")[:4000], "damaged"),
    "half a PNG": (lambda: PICTURES["PNG"]()[:2000], "damaged"),
    "half a WebP": (lambda: PICTURES["WebP"]()[:1000], "not a picture|damaged"),
    "half a GIF": (lambda: PICTURES["GIF"]()[:2000], "damaged"),
    "script that begins like GIF": (script_as_gif, "not a picture|damaged"),
    "PNG of 30 megapixels": (lambda: saved(Image.new("1", (6000, 5000)), "PNG"), "24 megapixels"),
    "GIF of 900 megapixels": (lambda: claiming_to_be(30_000, 30_000), "24 megapixels"),
    "GIF of 30 megapixels": (lambda: saved(Image.new("P", (6000, 5000)), "GIF"), "24 megapixels"),
    "WebP of 30 megapixels": (lambda: saved(Image.new("RGB", (6000, 5000)), "WEBP", method=0), "24 megapixels"),
    "WebP of 20 megapixels": (lambda: saved(Image.new("RGB", (5000, 4000)), "WEBP", method=0), "12 megapixels"),
    "a thread": (lambda: saved(Image.new("1", (20_000, 1)), "PNG"), "long and narrow"),
    "JPEG that takes for ever": (endless_jpeg, "too much work"),
}


@pytest.mark.parametrize(("make", "sentence"), REFUSED.values(), ids=REFUSED.keys())
async def test_what_cannot_be_used_is_refused_with_a_sentence_and_soon(
    make: Callable[[], bytes], sentence: str
) -> None:
    data = make()
    assert len(data) < 5_000_000
    start = time.monotonic()
    with pytest.raises(Invalid, match=sentence) as refused:
        await reencode(data, widths=WIDTHS)
    assert time.monotonic() - start < 12
    assert refused.value.field == "image"
    assert refused.value.message.endswith(".")


def test_a_picture_that_needs_more_memory_than_there_is_is_refused() -> None:
    limits = {"most_pixels": 24 * 2**20, "memory": 80 * 2**20, "seconds": 3}
    command = [sys.executable, "-m", "forum.reencoding", json.dumps({"squares": [56], "widths": []} | limits)]
    data = saved(Image.new("RGBA", (4000, 4000)), "PNG")
    answer = subprocess.run(command, input=data, capture_output=True, check=True, cwd=Path(__file__).parents[1])
    assert json.loads(answer.stdout) == {"refused": "cost"}


async def test_a_file_over_five_megabytes_is_refused_unread() -> None:
    with pytest.raises(TooLarge, match="5 MB"):
        await reencode(b"\xff" * 5_000_001, widths=WIDTHS)


async def test_a_script_hidden_behind_a_picture_does_not_come_through() -> None:
    for data in (
        saved(half_and_half(), "GIF", comment=b"*/alert(1)//"),
        PICTURES["GIF"]() + b"<script>alert(1)</script>",
    ):
        for file in (await reencode(data, squares=AVATAR_SIZES)).files:
            assert b"alert(1)" not in file.data
            assert file.data[8:12] == b"WEBP"


async def test_the_event_loop_goes_on_meanwhile() -> None:
    work = asyncio.create_task(reencode(PICTURES["PNG"](), widths=WIDTHS))
    turns = 0
    while not work.done():
        await asyncio.sleep(0.001)
        turns += 1
    await work
    assert turns > 20


async def test_when_too_many_come_at_once_the_last_are_asked_to_wait() -> None:
    dot = saved(Image.new("RGB", (1, 1)), "PNG")
    answers = await asyncio.gather(*(reencode(dot, squares=(56,)) for _ in range(14)), return_exceptions=True)
    done = [answer for answer in answers if isinstance(answer, Encoded)]
    busy = [answer for answer in answers if isinstance(answer, Busy)]
    assert len(done) + len(busy) == 14
    assert len(done) >= 10
    assert busy
    assert all(answer.retry_after for answer in busy)
    assert (await reencode(dot, squares=(56,))).files


def task(squares: list[int] | None = None, widths: list[int] | None = None) -> Task:
    return Task(squares or [], widths or [], most_pixels=24 * 2**20, memory=0, seconds=0)


@given(
    name=st.sampled_from(["JPEG", "PNG", "PNG with a palette", "WebP", "GIF"]),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=8),
    cut=st.floats(0.02, 1),
)
@settings(max_examples=150, deadline=None)
def test_a_damaged_file_is_a_picture_or_is_refused(name: str, changes: list[tuple[float, int]], cut: float) -> None:
    data = bytearray(SMALL[name])
    for at, value in changes:
        data[int(at * len(data))] = value
    try:
        made = encode_all(bytes(data[: int(cut * len(data))]), task(squares=[56], widths=[16]))
    except Refused:
        return
    assert all(Image.open(BytesIO(file)).format == "WEBP" for *_, file in made)


SMALL = {
    name: saved(half_and_half(48, 32, "P" if "palette" in name else "RGB"), name.split(maxsplit=1)[0])
    for name in ("JPEG", "PNG", "PNG with a palette", "WebP", "GIF")
}


async def test_stored_files_are_found_by_key_and_size(tmp_path: Path) -> None:
    encoded = await reencode(PICTURES["JPEG"](), widths=WIDTHS)
    key = store(tmp_path / "uploads", encoded)
    assert re.fullmatch("[0-9a-f]{32}", key)
    for file in encoded.files:
        path = path_of(tmp_path / "uploads", key, file.size)
        assert path is not None
        assert path.read_bytes() == file.data
    assert path_of(tmp_path / "uploads", key, 77) is None
    assert len(list((tmp_path / "uploads").iterdir())) == len(encoded.files)


def test_the_same_picture_has_the_same_key_and_another_one_another(tmp_path: Path) -> None:
    one = Encoded((EncodedFile(56, 56, 56, b"one"),))
    other = Encoded((EncodedFile(56, 56, 56, b"other"),))
    assert store(tmp_path, one) == store(tmp_path, one) != store(tmp_path, other)


@pytest.mark.parametrize(
    "key",
    ["", "..", "../../etc/passwd", "a" * 31, "a" * 33, "A" * 32, "g" * 32, "a" * 31 + "/", "a" * 32 + "\n", "٣" * 32],
)
def test_what_is_not_a_key_leads_nowhere(tmp_path: Path, key: str) -> None:
    assert path_of(tmp_path, key, 56) is None
