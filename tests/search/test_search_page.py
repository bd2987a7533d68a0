"""The page of search, as a browser gets it."""

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from forum.app import make_app
from forum.config import Settings
from forum.permissions import Role
from tests.accounts.site import Site
from tests.articles.newspaper import Newspaper


@pytest.fixture
def kind() -> str:
    """What a page shows does not depend on the database."""
    return "sqlite"


@pytest.fixture
def site(client: TestClient) -> Site:
    """A site with an article."""
    site = Site(client)
    assert site.do(site.world.article, "The <b>bridge</b> & the ferry") == SLUG
    return site


@pytest.fixture
def newspaper(client: TestClient) -> Newspaper:
    """A site whose editors write."""
    site = Site(client)
    return Newspaper(site, site.world)


SLUG = "the-b-bridge-b-the-ferry"


def test_marks_stand_around_the_words_and_all_else_is_escaped_once(site: Site) -> None:
    site.do(site.world.post, SLUG, "I said <i>bridge</i> & `<script>` **Ferry**, “bridge”.")
    page = site.get("/search?q=bridge+FERRY").text
    assert "&lt;b&gt;<mark>bridge</mark>&lt;/b&gt; &amp; the <mark>ferry</mark>" in page
    assert (
        "I said &lt;i&gt;<mark>bridge</mark>&lt;/i&gt; &amp; &lt;script&gt; <mark>Ferry</mark>, “<mark>bridge</mark>”."
        in page
    )
    assert "&amp;amp;" not in page
    assert "&amp;lt;" not in page


def test_a_long_text_is_shown_around_its_first_mark(site: Site) -> None:
    site.do(site.world.post, SLUG, "word " * 200 + "canary " + "words " * 200)
    site.do(site.world.post, SLUG, "東" * 200 + "京都" + "東" * 300)
    for words, mark in (("canary", "canary"), ("京都", "京都")):
        page = site.get(f"/search?q={words}").text
        text = re.findall(r'<p class="found-text" dir="auto">(.*?)</p>', page)[-1]
        assert f"<mark>{mark}</mark>" in text
        assert text.startswith("…")
        assert text.endswith("…")
        assert 150 < len(text) < 300


def test_the_form_keeps_what_was_looked_for_and_every_link_goes_on_with_it(site: Site) -> None:
    for number in range(21):
        site.do(site.world.post, SLUG, f"Bridge {number}.")
    page = site.get('/search?q="bridge"&author=nora&section=news&from=2020-01-01&sort=best&show=comments').text
    assert 'value="&#34;bridge&#34;"' in page
    assert '<option value="news" selected>' in page
    assert '<input type="hidden" name="sort" value="best">' in page
    links = [unescape(link) for link in re.findall(r'href="(/search[^"]*)"', page)]
    assert len(links) == 6
    for link in links:
        assert "q=%22bridge%22&author=nora&section=news&from=2020-01-01" in link
        assert site.get(link).status_code == 200
    assert "Bridge" not in site.get(links[-1]).text.partition("<main")[2].partition("mark>")[0]


def test_what_was_written_last_comes_first_unless_the_best_match_is_asked_for(site: Site) -> None:
    best = site.do(site.world.post, SLUG, "Canary, canary!")
    last = site.do(site.world.post, SLUG, "Among many other words there was a canary, too.")

    def found(sort: str) -> list[int]:
        links = re.findall(r'href="/comments/(\d+)#', site.get(f"/search?q=canary{sort}").text)
        return [int(one) for one in dict.fromkeys(links)]

    assert found("") == found("&sort=newest") == found("&sort=nonsense") == [last, best]
    assert found("&sort=best") == [best, last]


def test_it_says_when_nothing_is_found_and_when_there_is_no_more(site: Site) -> None:
    assert "Nothing was found" in site.get("/search?q=nowhere").text
    assert "There is no more" in site.get("/search?q=bridge&show=comments&after=0.1").text
    assert "found" not in site.get("/search").text.partition("<main")[2]


@pytest.mark.parametrize("cursor", ["1", "a.b", "1.", "-1.5", "1.1.1", "9" * 19 + ".1", "१.२"])
def test_a_broken_cursor_is_refused(site: Site, cursor: str) -> None:
    assert site.get("/search", params={"q": "bridge", "after": cursor}).status_code == 400


def test_what_is_wrong_stands_at_its_field(site: Site) -> None:
    page = site.get("/search?q=bridge&from=soon")
    assert page.status_code == 422
    assert 'id="from-error">Write the day like 2030-01-31.' in page.text
    assert 'value="soon"' in page.text
    assert site.get("/search", params={"q": "x" * 201}).status_code == 422
    page = site.get("/search?q=bridge&from=2030-01-02&to=2030-01-01")
    assert page.status_code == 422
    assert 'id="to-error">This day is before the first one.' in page.text
    assert site.get("/search?q=bridge&from=2030-01-02&to=2030-01-02").status_code == 200


def test_search_engines_are_asked_to_leave_it_out_and_other_pages_have_the_box(site: Site) -> None:
    assert '<meta name="robots" content="noindex">' in site.get("/search?q=bridge").text
    assert site.get("/search").text.count('role="search"') == 1
    assert '<form class="masthead-search" action="/search" role="search">' in site.get("/").text


def test_an_article_is_found_as_it_is_now(newspaper: Newspaper) -> None:
    slug = newspaper.publish(headline="Canary sings", body="At dawn.")

    def is_found(words: str) -> bool:
        return f'<h3 dir="auto"><a href="/articles/{slug}">' in newspaper.get(f"/search?q={words}").text

    assert is_found("canary dawn")
    newspaper.change(slug, headline="Parrot sings", published_at="2020-05-01T10:00")
    assert not is_found("canary")
    assert is_found("parrot&to=2020-05-01")
    newspaper.change(slug, state="draft")
    assert not is_found("parrot")
    newspaper.change(slug, state="published")
    assert is_found("parrot")


def test_somebody_who_searches_again_and_again_is_told_to_wait(settings: Settings) -> None:
    with TestClient(make_app(settings.model_copy(update={"limits": "on"})), follow_redirects=False) as client:
        site = Site(client)
        assert [site.get("/search?q=a").status_code for _ in range(31)] == [200] * 30 + [429]
        assert site.get("/search").status_code == 200
        token = site.do(site.world.sign_in, "nora", Role.READER)
        assert site.get("/search?q=a", token).status_code == 200
