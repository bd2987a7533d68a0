"""The page on which admins say what the publication is called, looks like, asks for and allows."""

import re

import pytest
from httpx2 import Response

from forum.accounts.actions import promote
from forum.permissions import Role
from forum.site.queries import read_site
from tests.accounts.site import JSON, words
from tests.articles.newspaper import Newspaper, fields_of, picture

SQLITE = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
SITE = {
    "name": "The Post",
    "action_colour": "#0B5A4E",
    "action_colour_dark": "#79cdb9",
    "appeal_text": "Readers pay for this. Help.",
    "appeal_button": "Help",
    "appeal_link": "https://example.org/help",
    "rules": "Be *kind*.",
    "footer_links": "About | https://example.org/about\r\n\r\nA | B | /articles/b",
}


def save(newspaper: Newspaper, token: str | None = None, **fields: str) -> Response:
    """Send the site page, by default as an admin."""
    return newspaper.send("/site", SITE | fields, newspaper.sign_in("ada", Role.ADMIN) if token is None else token)


def revision(newspaper: Newspaper) -> int:
    """The number that goes up when what every page shows changes."""
    return newspaper.site.do(newspaper.site.database.read, read_site).revision


def test_what_an_admin_says_is_on_every_page(newspaper: Newspaper) -> None:
    slug = newspaper.publish()
    before = revision(newspaper)
    assert save(newspaper).headers["location"] == "/site?done"
    assert revision(newspaper) == before + 1
    page = newspaper.get(f"/articles/{slug}").text
    assert "<title>The bridge closes – The Post</title>" in page
    assert "<b>Readers pay for this.</b> Help." in page
    assert '<a class="button" href="https://example.org/help">Help</a>' in page
    assert '<li><a href="https://example.org/about">About</a></li><li><a href="/articles/b">A | B</a></li>' in page
    assert "<em>kind</em>" in newspaper.get("/rules").text
    assert fields_of(newspaper.get("/site", newspaper.sign_in("ada")).text) == SITE | {
        "action_colour": "#0b5a4e",
        "footer_links": "About | https://example.org/about\nA | B | /articles/b",
        "kept_logo": "",
    }


@SQLITE
def test_an_article_can_leave_the_appeal_out(newspaper: Newspaper) -> None:
    save(newspaper)
    assert "Readers pay" in newspaper.get(f"/articles/{newspaper.publish()}").text
    assert "Readers pay" not in newspaper.get(f"/articles/{newspaper.publish(appeal='0')}").text


@SQLITE
def test_the_colours_are_in_a_stylesheet_with_an_address_of_its_own(newspaper: Newspaper) -> None:
    assert newspaper.get("/site.css").status_code == 404
    assert "/site.css" not in newspaper.get("/").text
    save(newspaper)
    [address] = re.findall(r'href="(/site\.css[^"]+)"', newspaper.get("/").text)
    answer = newspaper.get(address)
    assert answer.headers["content-type"].startswith("text/css")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "(prefers-color-scheme: light) { :root { --action: #0b5a4e; } }" in answer.text
    assert "(prefers-color-scheme: dark) { :root { --action: #79cdb9; } }" in answer.text
    assert newspaper.get("/site.css?v=other").headers["cache-control"] == "no-cache"
    save(newspaper, action_colour="", action_colour_dark="#abcdef")
    [later] = re.findall(r'href="(/site\.css[^"]+)"', newspaper.get("/").text)
    assert later != address
    assert "light" not in newspaper.get(later).text
    save(newspaper, action_colour="", action_colour_dark="")
    assert "/site.css" not in newspaper.get("/").text


@SQLITE
def test_every_wrong_field_is_told_at_once_and_all_that_was_typed_is_kept(newspaper: Newspaper) -> None:
    before = revision(newspaper)
    typed = SITE | {
        "name": " ",
        "action_colour": "#e07b39",
        "action_colour_dark": "#333333",
        "appeal_link": "javascript:alert(1)",
        "footer_links": "About | https://example.org\nNo address",
        "rules": "x" * 20_001,
    }
    refused = save(newspaper, **typed)
    assert refused.status_code == 422
    page = words(refused)
    for sentence in (
        "Name the publication.",
        "The contrast of #e07b39 on the page is 2.97:1. At least 4.5:1 is needed: choose a darker one.",
        "The contrast of #333333 on the page is 1.42:1. At least 4.5:1 is needed: choose a lighter one.",
        "Write a whole web address",
        "Write “No address” as: Text | https://example.org",
        "This is 1 character too long.",
    ):
        assert sentence in page
    assert fields_of(refused.text) == typed | {"kept_logo": ""}
    assert revision(newspaper) == before
    assert newspaper.get("/rules").text.count("xxx") == 0


BAD_LINKS = [
    "About | javascript:alert(1)",
    "About | //example.org",
    "About | /\\example.org",
    "About | data:text/html,x",
    'About | https://example.org/" onclick="alert(1)',
    " | https://example.org",
    "https://example.org",
    "x" * 61 + " | https://example.org",
    "\n".join(["About | https://example.org"] * 21),
]


@SQLITE
def test_footer_links_lead_to_web_addresses_and_nowhere_else(newspaper: Newspaper) -> None:
    for links in BAD_LINKS:
        assert save(newspaper, footer_links=links).status_code == 422, links
    assert "About" not in newspaper.get("/").text


@SQLITE
@pytest.mark.parametrize("attack", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_no_word_of_the_site_becomes_markup(newspaper: Newspaper, attack: str) -> None:
    fields = {
        "name": attack,
        "appeal_text": attack,
        "appeal_button": attack,
        "footer_links": f"{attack} | https://example.org",
        "rules": attack,
    }
    assert save(newspaper, **fields).status_code == 303
    slug = newspaper.publish()
    pages = [newspaper.get(path).text for path in ("/", "/rules", f"/articles/{slug}")]
    pages.append(newspaper.get("/site", newspaper.sign_in("ada")).text)
    for page in pages:
        assert page.replace('<script type="application/ld+json">', "").count("<script") == 1
        assert "<img" not in page


@SQLITE
def test_the_colour_field_cannot_smuggle_styles(newspaper: Newspaper) -> None:
    for typed in ("#0b5a4e; } body { display: none", "red", "url(//example.org)", "#0b5a4e\n}"):
        refused = save(newspaper, action_colour=typed)
        assert refused.status_code == 422, typed
    assert newspaper.get("/site.css").status_code == 404


@SQLITE
def test_a_logo_stands_in_the_place_of_the_name_until_it_is_removed(newspaper: Newspaper) -> None:
    admin = newspaper.sign_in("ada", Role.ADMIN)
    newspaper.send("/site", SITE, admin, files={"logo": ("logo.png", picture(900, 100))})
    logo = r'<img class="masthead-logo" src="([^"]+)" alt="The Post" width="288" height="32">'
    [address] = re.findall(logo, newspaper.get("/").text)
    answer = newspaper.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
    kept = fields_of(newspaper.get("/site", admin).text)
    newspaper.send("/site", kept, admin, files={"logo": ("", b"")})
    assert address in newspaper.get("/").text
    refused = newspaper.send("/site", kept, admin, files={"logo": ("logo.png", b"no picture")})
    assert "This is not a picture that can be used here." in words(refused)
    assert address in newspaper.get("/").text
    newspaper.send("/site", kept | {"remove_logo": "1"}, admin)
    assert "masthead-logo" not in newspaper.get("/").text


@SQLITE
def test_a_logo_is_kept_over_a_mistake_and_a_made_up_one_is_none(newspaper: Newspaper) -> None:
    admin = newspaper.sign_in("ada", Role.ADMIN)
    refused = newspaper.send("/site", SITE | {"name": ""}, admin, files={"logo": ("a.png", picture())})
    assert refused.status_code == 422
    newspaper.send("/site", fields_of(refused.text) | {"name": "The Post"}, admin)
    assert "masthead-logo" in newspaper.get("/").text
    for name in ('x" onerror="alert(1)', "../../epoch", "0" * 32 + "-640.webp"):
        save(newspaper, kept_logo=name)
        assert "masthead-logo" not in newspaper.get("/").text


def test_only_admins_can_see_or_change_the_site(newspaper: Newspaper) -> None:
    before = revision(newspaper)
    assert newspaper.get("/site").headers["location"] == "/sign-in?next=%2Fsite"
    assert save(newspaper, "").status_code == 303
    assert newspaper.send("/site", SITE, "", headers=JSON).status_code == 401
    for handle, role in (("reada", Role.READER), ("moda", Role.MODERATOR), ("edda", Role.EDITOR)):
        token = newspaper.sign_in(handle, role)
        assert newspaper.get("/site", token).status_code == 403
        assert save(newspaper, token).status_code == 403
    assert revision(newspaper) == before


@SQLITE
def test_an_admin_who_is_demoted_meanwhile_changes_nothing(newspaper: Newspaper) -> None:
    admin = newspaper.sign_in("ada", Role.ADMIN)
    newspaper.site.do(newspaper.site.database.write, promote, handle_folded="ada", role=Role.EDITOR)
    assert save(newspaper, admin).status_code == 403
    assert "The Post" not in newspaper.get("/").text
