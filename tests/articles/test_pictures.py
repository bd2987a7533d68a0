"""Lead pictures: stored in several widths, kept over mistakes, served and nothing else."""

import re

import pytest

from forum.permissions import Role
from tests.accounts.site import words
from tests.articles.newspaper import STORY, Newspaper, fields_of, picture, slug_of

pytestmark = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)


def image_of(page: str) -> dict[str, str]:
    """The attributes of the lead picture."""
    [tag] = re.findall(r'<figure class="lead-image">\s*<img ([^>]*)>', page)
    return dict(re.findall(r'([a-z]+)="([^"]*)"', tag))


def test_a_picture_is_offered_in_the_widths_that_there_are_with_its_true_size(newspaper: Newspaper) -> None:
    files = {"image": ("bridge.png", picture(1000, 600), "image/png")}
    slug = slug_of(newspaper.send("/editor", STORY | {"state": "published", "alt": "A bridge"}, files=files))
    image = image_of(newspaper.get(f"/articles/{slug}").text)
    assert (image["width"], image["height"], image["alt"]) == ("1000", "600", "A bridge")
    widths = re.findall(r"(\S+) (\d+)w", image["srcset"])
    assert [int(width) for _, width in widths] == [480, 960, 1000]
    for address in (image["src"], *(address for address, _ in widths)):
        answer = newspaper.get(address)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "image/webp"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_pictures_are_never_enlarged_and_never_wider_than_they_are_shown(newspaper: Newspaper) -> None:
    for width, widths in {300: [300], 480: [480], 2600: [480, 960, 1440, 1920]}.items():
        files = {"image": ("bridge.jpg", picture(width, 200, "JPEG"), "image/jpeg")}
        slug = slug_of(newspaper.send("/editor", STORY | {"state": "published"}, files=files))
        image = image_of(newspaper.get(f"/articles/{slug}").text)
        assert [int(one) for one in re.findall(r" (\d+)w", image["srcset"])] == widths
        assert int(image["width"]) == widths[-1]
        assert all(newspaper.get(one).status_code == 200 for one in re.findall(r"/pictures/\S+", image["srcset"]))


def test_a_picture_stays_until_another_is_sent_or_it_is_removed(newspaper: Newspaper) -> None:
    slug = slug_of(newspaper.send("/editor", STORY | {"state": "published"}, files={"image": ("a.png", picture())}))
    first = image_of(newspaper.get(f"/articles/{slug}").text)["src"]
    newspaper.send(f"/editor/{slug}", newspaper.form_of(slug), files={"image": ("", b"")})
    assert image_of(newspaper.get(f"/articles/{slug}").text)["src"] == first
    newspaper.send(f"/editor/{slug}", newspaper.form_of(slug), files={"image": ("b.png", picture(700, 700))})
    assert image_of(newspaper.get(f"/articles/{slug}").text)["width"] == "700"
    newspaper.change(slug, remove_picture="1")
    assert "lead-image" not in newspaper.get(f"/articles/{slug}").text


def test_a_picture_is_kept_over_a_mistake_and_a_preview(newspaper: Newspaper) -> None:
    refused = newspaper.send("/editor", STORY | {"headline": ""}, files={"image": ("a.png", picture())})
    assert refused.status_code == 422
    kept = fields_of(refused.text) | {"headline": "Now with one", "state": "published"}
    previewed = newspaper.send("/editor/preview", kept)
    assert image_of(previewed.text)["width"] == "1000"
    slug = slug_of(newspaper.send("/editor", fields_of(previewed.text) | {"state": "published"}))
    assert image_of(newspaper.get(f"/articles/{slug}").text)["width"] == "1000"


def test_what_is_no_picture_is_refused_beside_the_other_mistakes(newspaper: Newspaper) -> None:
    files = {"image": ("page.png", b"<script>alert(1)</script>", "image/png")}
    refused = newspaper.send("/editor", STORY | {"headline": ""}, files=files)
    assert refused.status_code == 422
    page = words(refused)
    assert "This is not a picture that can be used here." in page
    assert "Write a headline." in page
    assert newspaper.send("/editor", STORY | {"image": "picture.png"}).status_code == 422


def test_a_file_that_is_too_large_is_a_sentence_at_its_field(newspaper: Newspaper) -> None:
    refused = newspaper.send("/editor", STORY, files={"image": ("a.png", b"x" * 12_000_000)})
    assert refused.status_code == 422
    assert "This file has more than 5 MB." in refused.text
    assert STORY["body"] in refused.text


def test_a_made_up_name_of_a_stored_picture_is_no_picture(newspaper: Newspaper) -> None:
    for name in ("../../forum.sqlite3", "0" * 32 + "-480.webp", "a", "%2e%2e/epoch", "<b>"):
        slug = newspaper.publish(picture=name)
        page = newspaper.get(f"/articles/{slug}").text
        assert "lead-image" not in page
        assert "/pictures/" not in page


def test_readers_cannot_have_pictures_stored(newspaper: Newspaper) -> None:
    reader = newspaper.sign_in("reada", Role.READER)
    uploads = newspaper.site.state.settings.uploads
    for token in (reader, ""):
        newspaper.send("/editor", STORY, token, files={"image": ("a.png", picture())})
        newspaper.send("/site", {"name": "Mine"}, token, files={"logo": ("a.png", picture())})
    assert not uploads.exists()


NOT_PICTURES = [
    "",
    "..%2fforum.sqlite3",
    "%2e%2e%2fforum.sqlite3",
    "..%5cforum.sqlite3",
    "%2fetc%2fpasswd",
    "avatars",
    "avatars%2f1%2f" + "0" * 32 + "-56.webp",
    "0" * 32 + "-480.webp",
    "0" * 32 + "-480.webp%00.png",
    "0" * 32 + "-480.webp%0a",
    "0" * 32 + "-0480.webp",
    "secret.webp",
]


def test_nothing_but_stored_pictures_can_be_fetched(newspaper: Newspaper) -> None:
    uploads = newspaper.site.state.settings.uploads
    uploads.mkdir()
    (uploads / "secret.webp").write_text("secret")
    for folder in ("pictures", "logo"):
        for name in NOT_PICTURES:
            assert newspaper.get(f"/{folder}/{name}").status_code == 404, name
