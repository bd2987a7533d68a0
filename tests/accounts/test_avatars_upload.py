"""Avatars that people upload: taken in, shown, replaced, taken away; lies refused with a sentence."""

from io import BytesIO
from pathlib import Path

import pytest
from httpx2 import Response
from PIL import Image

from tests.accounts.site import JSON, Site, token_of, words

pytestmark = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
LOCATION = "Harbour Street 4"


def picture(colour: str, kind: str = "PNG", size: tuple[int, int] = (300, 200)) -> bytes:
    """A picture of one colour, which says in its metadata where it was taken."""
    file, exif = BytesIO(), Image.Exif()
    exif[0x010E] = LOCATION
    Image.new("RGB", size, colour).save(file, kind, exif=exif)
    return file.getvalue()


def send(site: Site, token: str, data: bytes, name: str = "me.png", **more: object) -> Response:
    """Upload a picture."""
    return site.post("/settings/avatar", {}, token, files={"image": (name, data, "image/png")}, **more)


def avatar_of(site: Site, token: str) -> str:
    """What stands between /avatars/ and the size on one's own page."""
    return site.get("/settings/avatar", token).text.partition('src="/avatars/')[2].partition("-56.webp")[0]


def colour_of(response: Response) -> tuple[int, ...]:
    """The colour in the middle of a served picture."""
    with Image.open(BytesIO(response.content)) as image:
        middle = image.convert("RGB").getpixel((image.width // 2, image.height // 2))
    assert isinstance(middle, tuple)
    return tuple(round(part) for part in middle)


def files_below(folder: Path) -> list[str]:
    """The names of all files in the folder and its folders."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_is_shown_in_three_square_sizes_without_what_it_tells(site: Site, form: str) -> None:
    token = token_of(site.register())
    response = send(site, token, picture("red", form), f"x.{form.lower()}")
    assert response.headers["location"] == "/settings/avatar?saved=1"
    assert "Your picture is saved." in site.get("/settings/avatar?saved=1", token).text
    for size in (56, 112, 224):
        served = site.get(f"/avatars/{avatar_of(site, token)}-{size}.webp")
        assert served.headers["content-type"] == "image/webp"
        assert served.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert served.headers["x-content-type-options"] == "nosniff"
        assert LOCATION.encode() not in served.content
        with Image.open(BytesIO(served.content)) as image:
            assert (image.format, image.size) == ("WEBP", (size, size))


def test_the_picture_stands_in_the_masthead_on_the_profile_and_beside_comments(site: Site) -> None:
    token = token_of(site.register())
    send(site, token, picture("red"))
    slug = site.do(site.world.article)
    comment = site.do(site.world.post, slug, by="imke")
    src = f'src="/avatars/{avatar_of(site, token)}-56.webp"'
    assert src in site.get(f"/articles/{slug}").text
    assert src in site.get(f"/comments/{comment}").text
    assert src in site.get("/accounts/imke").text
    assert site.get("/rules", token).text.count(src) == 1


def test_a_former_pictures_address_answers_with_what_the_account_has_now(site: Site) -> None:
    token = token_of(site.register())
    send(site, token, picture("red"))
    former = f"/avatars/{avatar_of(site, token)}-56.webp"
    assert colour_of(site.get(former))[0] > 200
    send(site, token, picture("blue"))
    answer = site.get(former)
    assert colour_of(answer)[2] > 200
    assert answer.headers["cache-control"] == "public, max-age=60"
    site.post("/settings/avatar", {"remove": "1"}, token)
    answer = site.get(former)
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert ">I</text>" in answer.text


def test_what_is_replaced_or_removed_is_gone_from_the_disk(site: Site) -> None:
    token = token_of(site.register())
    uploads = site.state.settings.uploads
    send(site, token, picture("red"))
    former = files_below(uploads)
    assert len(former) == 3
    send(site, token, picture("red"))
    assert files_below(uploads) == former
    send(site, token, picture("blue"))
    assert len(files_below(uploads)) == 3
    assert not set(files_below(uploads)) & set(former)
    site.post("/settings/avatar", {"remove": "1"}, token)
    assert files_below(uploads) == []
    assert "<svg" in site.get("/accounts/imke").text


def test_removing_ones_picture_leaves_the_same_picture_of_another_alone(site: Site) -> None:
    mine, other = token_of(site.register("imke")), token_of(site.register("nora"))
    for token in (mine, other):
        send(site, token, picture("red"))
    site.post("/settings/avatar", {"remove": "1"}, mine)
    assert colour_of(site.get(f"/avatars/{avatar_of(site, other)}-112.webp"))[0] > 200


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Choose a picture first."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "This is not a picture"),
        (b"<!doctype html><script>alert(1)</script>", "This is not a picture"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "picture"),
        (picture("red", size=(900, 900))[:1000], "This picture is damaged"),
        (picture("red", "BMP"), "This is not a picture"),
        (b"\0" * 5_000_001, "This file has more than 5 MB."),
        (b"\0" * 19_000_000, "This file has more than 5 MB."),
    ],
    ids=["nothing", "svg", "html", "head", "half", "bmp", "large", "larger"],
)
def test_a_lie_is_refused_with_a_sentence_under_the_field(site: Site, data: bytes, sentence: str) -> None:
    token = token_of(site.register())
    response = send(site, token, data)
    assert response.status_code == (413 if len(data) > 5_000_000 else 422)
    error = words(response).partition('id="image-error">')[2].partition("</p>")[0]
    assert sentence in error
    assert files_below(site.state.settings.uploads) == []
    assert site.get("/settings/avatar", token).status_code == 200


def test_a_bomb_is_refused(site: Site) -> None:
    token, file = token_of(site.register()), BytesIO()
    Image.new("1", (20_000, 20_000)).save(file, "PNG")
    assert "megapixels" in words(send(site, token, file.getvalue()))


def test_a_text_in_the_place_of_a_file_and_an_empty_form_are_refused(site: Site) -> None:
    token = token_of(site.register())
    assert site.post("/settings/avatar", {"image": "/etc/passwd"}, token).status_code == 400
    assert site.post("/settings/avatar", {}, token).status_code == 422
    answer = send(site, token, b"nonsense", headers=JSON)
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "image")


@pytest.mark.parametrize(
    "name",
    [
        "1-" + "0" * 32 + "-57.webp",
        "1-" + "0" * 31 + "-56.webp",
        "999999999999999999-" + "0" * 32 + "-56.webp",
        "01-" + "0" * 32 + "-56.webp",
        "%2e%2e%2f%2e%2e%2fforum.sqlite3",
        "..%2f1-" + "0" * 32 + "-56.webp",
    ],
)
def test_what_is_no_avatar_is_not_found(site: Site, name: str) -> None:
    site.register()
    assert site.get(f"/avatars/{name}").status_code == 404
