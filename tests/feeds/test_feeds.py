"""Feeds: well-formed Atom, what everybody may read and nothing else, the same ids for ever."""

from dataclasses import dataclass
from xml.etree import ElementTree

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from forum.app import make_app
from forum.articles.models import DiscussionState
from forum.config import Settings
from forum.moderation.removals import remove_comment
from forum.moderation.shadows import shadow_account
from forum.permissions import Role
from tests.accounts.site import Site
from tests.articles.newspaper import Newspaper
from tests.executable import executable
from tests.test_scripts_in_texts import ATTACKS, ON_ONE_LINE

ATOM = "{http://www.w3.org/2005/Atom}"


@dataclass(frozen=True, slots=True)
class Read:
    """A feed as a program reads it."""

    tree: ElementTree.Element

    def all(self, name: str) -> list[str]:
        """What each entry says under that name."""
        return [entry.findtext(ATOM + name) or "" for entry in self.tree.findall(ATOM + "entry")]

    def links(self, rel: str = "alternate") -> list[str]:
        """Where the feed and its entries lead."""
        return [link.attrib["href"] for link in self.tree.iter(ATOM + "link") if link.attrib["rel"] == rel]


def read(response: Response) -> Read:
    """A feed, once it is what Atom demands."""
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("application/atom+xml")
    tree = ElementTree.fromstring(response.content)
    assert tree.tag == ATOM + "feed"
    for element in (tree, *tree.findall(ATOM + "entry")):
        for needed in ("id", "title", "updated", "author"):
            assert element.find(ATOM + needed) is not None, needed
    ids = [entry.findtext(ATOM + "id") for entry in tree.findall(ATOM + "entry")]
    assert len(set(ids)) == len(ids)
    return Read(tree)


@pytest.fixture
def newspaper(site: Site) -> Newspaper:
    return Newspaper(site, site.world)


def test_the_site_and_a_section_tell_their_newest_articles(site: Site, newspaper: Newspaper) -> None:
    for number in range(52):
        newspaper.publish(headline=f"Story {number}", sections="News" if number % 2 else "Food")
    newspaper.write(headline="A draft", sections="News")
    feed = read(site.get("/feed"))
    assert feed.all("title") == [f"Story {number}" for number in range(51, 1, -1)]
    assert feed.links()[:2] == ["http://testserver/", "http://testserver/articles/story-51"]
    assert feed.links("self") == ["http://testserver/feed"]
    assert feed.all("content")[0] == "<p>It is <strong>old</strong>.</p>\n"
    section = read(site.get("/sections/news/feed"))
    assert section.all("title") == [f"Story {number}" for number in range(51, 0, -2)]
    assert site.get("/sections/nothing/feed").status_code == 404
    assert '<link rel="alternate" type="application/atom+xml"' in site.get("/sections/news").text


def test_comments_are_told_by_article_branch_and_account_newest_first(site: Site) -> None:
    world = site.world
    slug, other = site.do(world.article), site.do(world.article, "Another")
    top = site.do(world.post, slug, "The top.", by="nora")
    reply = site.do(world.post, slug, "A reply & more.", by="omar", parent=top)
    below = site.do(world.post, slug, "Below.", by="nora", parent=reply)
    elsewhere = site.do(world.post, other, "Elsewhere.", by="nora")
    beside = site.do(world.post, slug, "Beside.", by="vera")
    told = {
        f"/articles/{slug}/feed": [beside, below, reply, top],
        f"/comments/{top}/feed": [below, reply, top],
        f"/comments/{reply}/feed": [below, reply],
        "/accounts/nora/feed": [elsewhere, below, top],
    }
    for path, comments in told.items():
        feed = read(site.get(path))
        assert feed.links()[1:] == [f"http://testserver/comments/{one}" for one in comments], path
    assert read(site.get(f"/comments/{reply}/feed")).all("content")[1] == "<p>A reply &amp; more.</p>\n"
    assert read(site.get(f"/articles/{slug}/feed")).all("title")[0] == "Vera on “The bridge”"
    for page in (f"/articles/{slug}", f"/comments/{top}", "/accounts/nora"):
        assert f'href="{page}/feed"' in site.get(page).text


def test_fifty_comments_are_told_the_newest_of_them(site: Site) -> None:
    slug = site.do(site.world.article)

    async def write() -> list[int]:
        top = await site.world.post(slug)
        return [top, *[await site.world.post(slug, f"Number {n}.", parent=top) for n in range(60)]]

    written = site.do(write)
    for path in (f"/articles/{slug}/feed", f"/comments/{written[0]}/feed", "/accounts/nora/feed"):
        links = read(site.get(path)).links()[1:]
        assert links == [f"http://testserver/comments/{one}" for one in written[:-51:-1]]


def test_what_is_not_public_is_in_no_feed_whoever_asks_and_what_is_gone_goes(site: Site) -> None:
    world = site.world
    slug = site.do(world.article)
    maria, token = site.do(world.account, "maria", Role.MODERATOR), site.do(world.sign_in, "maria", Role.MODERATOR)
    top = site.do(world.post, slug, "Stays.", by="vera")
    deleted = site.do(world.post, slug, "Secret one.", by="nora", parent=top)
    removed = site.do(world.post, slug, "Secret two.", by="nora", parent=top)
    site.do(world.post, slug, "Under it.", by="vera", parent=removed)
    feed = f"/articles/{slug}/feed"
    assert read(site.get(feed)).all("content")[1:3] == ["<p>Secret two.</p>\n", "<p>Secret one.</p>\n"]
    site.do(world.delete, deleted)
    site.do(site.database.write, remove_comment, moderator=maria, comment_id=removed, reason="spam")
    site.do(world.post, slug, "Secret three.", by="nora", parent=top, held=True)
    site.do(site.database.write, shadow_account, moderator=maria, handle="nora", reason="Spam.")
    site.do(world.post, slug, "Secret four.", by="nora", parent=top)
    for who in (None, token, site.do(world.sign_in, "nora")):
        for path in (feed, f"/comments/{top}/feed", f"/comments/{removed}/feed", "/accounts/nora/feed", "/feed"):
            answer = site.get(path, who)
            read(answer)
            assert "Secret" not in answer.text
            assert answer.text == site.get(path).text
    assert read(site.get("/accounts/nora/feed")).all("id") == []


@pytest.mark.parametrize("path", ["/feed", "/articles/the-bridge/feed", "/accounts/nora/feed", "/accounts/vera/feed"])
@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_feed_that_is_there_already_is_not_sent_again(site: Site, path: str) -> None:
    site.do(site.world.post, site.do(site.world.article), by="nora")
    site.do(site.world.account, "vera")  # who has written nothing
    first = site.get(path)
    assert first.headers["cache-control"].startswith("public")
    again = site.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    site.do(site.world.post, "the-bridge", "News.", by="nora")
    site.do(site.world.article, "Another")
    news = site.get(path, headers={"if-none-match": first.headers["etag"]})
    assert news.status_code == (304 if "vera" in path else 200)


def test_ids_stay_when_an_article_moves_and_an_edit_is_the_same_entry(site: Site, newspaper: Newspaper) -> None:
    slug = newspaper.publish()
    comment = site.do(site.world.post, slug)
    before = read(site.get("/feed")).all("id"), read(site.get(f"/articles/{slug}/feed")).all("id")
    site.do(site.world.edit, comment, "Another text.")
    newspaper.change(slug, slug="elsewhere")
    assert (read(site.get("/feed")).all("id"), read(site.get("/articles/elsewhere/feed")).all("id")) == before
    assert site.get(f"/articles/{slug}/feed").headers["location"] == "/articles/elsewhere/feed"


def test_a_discussion_that_is_off_has_no_feed(site: Site) -> None:
    slug = site.do(site.world.article, discussion=DiscussionState.OFF)
    assert site.get(f"/articles/{slug}/feed").status_code == 404
    assert "Comments on" not in site.get(f"/articles/{slug}").text


def test_the_configured_address_stands_in_feeds_whatever_the_request_says(settings: Settings) -> None:
    configured = settings.model_copy(update={"site_url": "https://news.example"})
    with TestClient(make_app(configured), base_url="https://news.example") as client:
        site = Site(client)
        site.do(site.world.article, "Über die Brücke")
        answer = site.get("/feed", headers={"host": "evil.example"})
        assert read(answer).links() == ["https://news.example/", "https://news.example/articles/uber-die-brucke"]
        assert "evil" not in answer.text


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_whatever_people_write_a_feed_is_well_formed_and_what_it_holds_is_harmless(
    site: Site, newspaper: Newspaper
) -> None:
    slug = site.do(site.world.article)
    token = site.do(site.world.sign_in, "nora")
    for start in range(0, len(ATTACKS), 40):
        for attack in ATTACKS[start : start + 40]:
            site.post(f"/articles/{slug}/comments", {"body": attack}, token)
        site.post("/settings/profile", {"display_name": ON_ONE_LINE[start]}, token)
        newspaper.send(
            "/editor",
            {
                "headline": ON_ONE_LINE[start][:150],
                "standfirst": ON_ONE_LINE[start][:500],
                "sections": "News",
                "body": ATTACKS[start],
                "state": "published",
            },
        )
        for path in (f"/articles/{slug}/feed", "/accounts/nora/feed", "/feed"):
            feed = read(site.get(path))
            for html in (*feed.all("content"), *feed.all("summary")):
                assert executable(html) == []
