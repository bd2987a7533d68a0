"""What pages say to other sites and to search engines: whole, true, bounded, and never a way to run anything."""

import json
import re
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from forum.app import make_app
from forum.config import Settings
from forum.linked_data import as_json
from forum.permissions import Role
from tests.accounts.site import Site
from tests.articles.newspaper import picture
from tests.test_scripts_in_texts import ATTACKS


@pytest.fixture
def kind() -> str:
    """What a page says does not depend on the database."""
    return "sqlite"


def linked(page: str) -> dict[str, Any]:
    """The data of a page by its type."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return {data["@type"]: data for data in map(json.loads, found)}


def said(page: str) -> dict[str, str]:
    """What the head of a page says, by name."""
    tags = re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', page.partition("</head>")[0])
    return {name: unescape(text) for name, text in tags}


def all_comments(thing: dict[str, Any]) -> list[dict[str, Any]]:
    """The comments in it, at any level."""
    return [one for comment in thing.get("comment", []) for one in (comment, *all_comments(comment))]


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(min_size=1), inner)))
def test_data_survives_and_holds_nothing_that_could_end_its_element(thing: Any) -> None:
    text = str(as_json({"a": thing}))
    assert not re.search("[<>&\u2028\u2029]", text)
    assert json.loads(text) == ({} if thing in (None, "", []) else {"a": thing})


def test_an_article_says_what_it_is_to_other_sites(settings: Settings) -> None:
    configured = settings.model_copy(update={"site_url": "https://news.example"})
    with TestClient(make_app(configured), base_url="https://news.example", follow_redirects=False) as client:
        site = Site(client)
        editor = site.do(site.world.sign_in, "eddie", Role.EDITOR)
        form = {"headline": 'A "bridge" & more', "standfirst": "For <two> years.", "sections": "News, Culture"}
        form |= {
            "tags": "Bridges, Roads",
            "byline": "Ada Quill",
            "body": "Old.",
            "alt": "A bridge",
            "state": "published",
        }
        cookie = {"cookie": f"__Host-forum={editor}", "origin": "https://news.example"}
        sent = client.post("/editor", data=form, files={"image": ("a.png", picture(1600, 900))}, headers=cookie)
        assert sent.status_code == 303, sent.text
        client.cookies.clear()
        page = client.get("/articles/a-bridge-more").text
    head = said(page)
    address = "https://news.example/articles/a-bridge-more"
    assert f'<link rel="canonical" href="{address}">' in page
    assert head["og:title"] == form["headline"]
    assert head["description"] == head["og:description"] == form["standfirst"]
    assert (head["og:type"], head["og:url"], head["og:site_name"]) == ("article", address, "Forum")
    assert re.fullmatch(r"https://news\.example/pictures/[0-9a-f]{32}-1440\.webp", head["og:image"])
    assert (head["og:image:width"], head["og:image:height"], head["og:image:alt"]) == ("1440", "810", "A bridge")
    assert head["twitter:card"] == "summary_large_image"
    assert (head["article:section"], head["article:tag"]) == ("News", "Roads")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", head["article:published_time"])
    article = linked(page)["NewsArticle"]
    assert (article["headline"], article["description"]) == (form["headline"], form["standfirst"])
    assert article["image"]["url"] == head["og:image"]
    assert article["author"] == {"@type": "Person", "name": "Ada Quill"}
    assert article["publisher"]["name"] == "Forum"
    assert article["articleSection"] == ["News", "Culture"]
    assert article["keywords"] == ["Bridges", "Roads"]
    assert article["datePublished"] == head["article:published_time"]
    steps = linked(page)["BreadcrumbList"]["itemListElement"]
    assert [step["item"] for step in steps] == [
        "https://news.example/",
        "https://news.example/sections/news",
        address,
    ]


def test_comments_are_nested_as_on_the_page_and_only_what_everybody_sees(site: Site) -> None:
    world = site.world
    slug = site.do(world.article)
    top = site.do(world.post, slug, "The *top* & more.", by="nora")
    middle = site.do(world.post, slug, "The middle.", by="omar", parent=top)
    site.do(world.post, slug, "The end.", by="nora", parent=middle)
    site.do(world.delete, middle, by="omar")
    site.do(world.post, slug, "Held for now.", by="hilda", held=True)
    page = site.get(f"/articles/{slug}").text
    discussion = linked(page)["DiscussionForumPosting"]
    assert discussion["commentCount"] == linked(page)["NewsArticle"]["commentCount"] == 2
    [first] = discussion["comment"]
    assert (first["text"], first["author"]["name"]) == ("The top & more.", "Nora")
    [gone] = first["comment"]
    assert gone == {"@type": "Comment", "url": f"/comments/{middle}", "creativeWorkStatus": "Deleted"}
    assert "Held for now" not in page
    branch = linked(site.get(f"/comments/{middle}").text)["DiscussionForumPosting"]
    assert [one.get("text") for one in all_comments(branch)] == [None, "The end."]
    for who in ("nora", "hilda"):
        assert "ld+json" not in site.get(f"/articles/{slug}", site.do(world.sign_in, who)).text


def test_whatever_people_write_the_data_stays_data(site: Site) -> None:
    slug, token = site.do(site.world.article), site.do(site.world.sign_in, "nora")
    for attack in [*ATTACKS[::5], "</script><!--", "a\u2028b", "x" * 5000, "[" * 300]:
        posted = site.post(f"/articles/{slug}/comments", {"body": attack}, token)
        assert posted.status_code in (303, 422)
        page = site.get(f"/articles/{slug}").text
        comments = all_comments(linked(page)["DiscussionForumPosting"])
        assert all(len(comment["text"]) <= 120 for comment in comments)


def test_of_a_long_branch_the_beginning_is_told(site: Site) -> None:
    slug = site.do(site.world.article)
    top = site.do(site.world.post, slug, "The top.")
    replies = [site.do(site.world.post, slug, f"Reply {number}.", parent=top) for number in range(6)]
    told = all_comments(linked(site.get(f"/articles/{slug}").text)["DiscussionForumPosting"])
    assert [one["url"] for one in told] == [f"/comments/{one}" for one in (top, replies[0])]


@pytest.mark.parametrize("path", ["/", "/sections/news", "/rules", "/accounts/nora", "/sign-in"])
def test_other_public_pages_say_their_address_and_title(site: Site, path: str) -> None:
    site.do(site.world.post, site.do(site.world.article))
    page = site.get(f"{path}?utm_source=x").text
    assert "canonical" not in page
    assert "og:url" not in said(page)
    site.state.settings = site.state.settings.model_copy(update={"site_url": "http://news.example"})
    page = site.get(f"{path}?utm_source=x").text
    assert f'<link rel="canonical" href="http://news.example{path}">' in page
    assert said(page)["og:url"] == f"http://news.example{path}"
    assert said(page)["og:title"]
