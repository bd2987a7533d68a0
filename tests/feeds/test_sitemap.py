"""The sitemap names what everybody may read, robots.txt what is not to be crawled; and crawlers reach every comment."""

import re
from html import unescape
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient

from forum.app import make_app
from forum.config import Settings
from tests.accounts.site import Site
from tests.articles.newspaper import Newspaper

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"

NAME = "http://news.example"


def places(site: Site, path: str) -> list[str]:
    """The addresses in a part, or the parts."""
    answer = site.get(path)
    assert answer.headers["content-type"].startswith("application/xml")
    return [loc.text or "" for loc in ElementTree.fromstring(answer.content).iter(MAP + "loc")]


def test_every_published_article_stands_in_the_sitemap_and_no_draft(site: Site) -> None:
    newspaper = Newspaper(site, site.world)
    slugs = [newspaper.publish(headline=headline) for headline in ("One", "Łódź: 日本", "Two & three")]
    newspaper.write(headline="A draft")
    parts = places(site, "/sitemap.xml")
    assert parts == ["http://testserver/sitemaps/lists.xml", "http://testserver/sitemaps/1.xml"]
    named = [place for part in parts for place in places(site, urlsplit(part).path)]
    assert "http://testserver/sections/news" in named
    assert len([place for place in named if "/articles/" in place]) == len(slugs)
    for place in named:
        assert place.isascii()
        assert site.get(place.removeprefix("http://testserver")).status_code == 200, place
    changed = re.findall("<lastmod>([^<]*)</lastmod>", site.get("/sitemaps/1.xml").text)
    assert len(changed) == len(slugs)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment) for moment in changed)
    assert site.get("/sitemaps/2.xml").status_code == 404


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_behind_a_proxy_addresses_are_as_readers_type_them(settings: Settings) -> None:
    configured = settings.model_copy(update={"site_url": "https://news.example"})
    with TestClient(make_app(configured)) as client:
        site = Site(client)
        site.do(site.world.article)
        assert "Sitemap: https://news.example/sitemap.xml" in site.get("/robots.txt").text
        assert places(site, "/sitemap.xml")[0] == "https://news.example/sitemaps/lists.xml"
        assert places(site, "/sitemaps/1.xml") == ["https://news.example/articles/the-bridge"]
        page = site.get("/articles/the-bridge", headers={"host": "evil.example"}).text
        assert '<link rel="canonical" href="https://news.example/articles/the-bridge">' in page


def is_disallowed(site: Site, path: str) -> bool:
    """What a crawler that honours robots.txt leaves alone."""
    for rule in re.findall(r"^Disallow: (.+)$", site.get("/robots.txt").text, re.MULTILINE):
        if re.match(re.escape(rule).replace(r"\*", ".*").replace(r"\$", "$"), path):
            return True
    return False


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_robots_leave_alone_what_is_not_for_readers_and_nothing_else(site: Site) -> None:
    for path in (
        *("/moderation/log", "/editor/x", "/settings/profile", "/site", "/sign-in?next=/", "/register", "/reset/abc"),
        *("/search?q=x", "/articles/x/changes?after=1", "/articles/x/arrivals?after=1", "/comments/1/replies"),
    ):
        assert is_disallowed(site, path), path
    for path in (
        *("/", "/articles/x?sort=oldest&after=3", "/comments/7?after=7", "/sections/news", "/accounts/nora"),
        *("/sitemap.xml", "/sitemaps/1.xml", "/feed", "/static/x/css/base.css", "/pictures/x.webp"),
    ):
        assert not is_disallowed(site, path), path


def crawl(site: Site, start: str) -> dict[str, str]:
    """The pages that plain links lead to from there, as a crawler finds them that honours robots.txt."""
    pages, waiting = dict[str, str](), [start]
    while waiting:
        path = waiting.pop()
        answer = site.get(path)
        if answer.status_code == 200 and answer.headers["content-type"].startswith("text/html"):
            pages[path] = answer.text
            for link in re.findall(r'<a [^>]*?href="([^"#]+)', answer.text):
                found = urljoin(path, unescape(link))
                known = found in pages or found in waiting
                if found.startswith("/") and not known and not is_disallowed(site, found):
                    waiting.append(found)
    return pages


def comments_in(page: str) -> set[int]:
    """The visible comments whose text a page shows."""
    return {int(number) for number in re.findall(r"<p>Number (\d+)\.</p>", page)}


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_plain_links_lead_to_every_comment_and_each_stands_on_a_page_that_is_kept(site: Site) -> None:
    """A discussion of several windows, a long branch, and a chain much deeper than pages indent."""
    give_a_name(site)
    slug = site.do(site.world.article)
    written = list[int]()

    async def write() -> None:
        async def post(parent: int | None = None) -> int:
            written.append(len(written))
            return await site.world.post(slug, f"Number {written[-1]}.", parent=parent)

        tops = [await post() for _ in range(58)]
        for _ in range(70):
            await post(tops[3])
        above = tops[40]
        for _ in range(30):
            above = await post(above)
        for _ in range(3):
            await post(await post(tops[57]))

    site.do(write)
    site.do(site.world.post, slug, "Never seen.", by="hilda", held=True)
    pages = crawl(site, "/")
    assert set().union(*map(comments_in, pages.values())) == set(written)
    kept = {path: page for path, page in pages.items() if 'name="robots" content="noindex' not in page}
    own = {
        path: page
        for path, page in kept.items()
        if f'<link rel="canonical" href="{NAME}{path}">' in page.replace("&amp;", "&")
    }
    assert set().union(*map(comments_in, own.values())) == set(written)
    discussion = [path for path in own if path.startswith(("/articles/", "/comments/"))]
    assert f"/articles/{slug}" in discussion
    assert f"/articles/{slug}?sort=oldest" in discussion
    assert not [path for path in discussion if "best" in path or "newest" in path or "show" in path]
    assert [path for path in discussion if path.startswith("/comments/")] == [
        path for path in discussion if re.fullmatch(r"/comments/\d+\?after=\d+", path)
    ]


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_orders_of_a_small_discussion_are_the_articles_page(site: Site) -> None:
    give_a_name(site)
    slug = site.do(site.world.article)
    comment = site.do(site.world.post, slug)
    for query in ("", "?sort=oldest", "?sort=best", "?show=picks", "?draft=x", "?utm_source=y"):
        page = site.get(f"/articles/{slug}{query}").text
        assert f'<link rel="canonical" href="{NAME}/articles/{slug}">' in page
        assert "noindex" not in page
    assert 'content="noindex, follow"' in site.get(f"/comments/{comment}").text


def give_a_name(site: Site) -> None:
    """Set where the site is reached: pages name their own address then."""
    site.state.settings = site.state.settings.model_copy(update={"site_url": NAME})
