"""The front page, sections and tags: in order, paged, nothing twice and nothing left out."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from forum.accounts.actor import Actor
from forum.articles.actions import ArticleText, create_article
from forum.articles.lists import CARDS
from forum.articles.models import Publication
from forum.database import Db
from forum.permissions import Role
from tests.articles.newspaper import Newspaper

MANY = 60
START = datetime(2024, 3, 1, 7, 40, tzinfo=UTC)


def print_many(db: Db, editor: Actor) -> list[str]:
    """Sixty articles, two in each minute, the newest last; every third in Culture first, every second about Bees."""
    slugs = []
    for number in range(MANY):
        text = ArticleText(
            headline=f"Story {number:02}",
            standfirst="",
            body="Text.",
            html="<p>Text.</p>",
            sections=["Culture", "News"] if number % 3 == 0 else ["News"],
            tags=["Bees"] if number % 2 == 0 else [],
            publication=Publication.PUBLISHED,
            published_at=START + timedelta(minutes=number // 2),
        )
        slugs.append(create_article(db, editor=editor, text=text))
    return slugs


@pytest.fixture
def stories(newspaper: Newspaper) -> list[str]:
    """The slugs of sixty articles, the newest first."""
    editor = newspaper.site.do(newspaper.world.account, "eddie", Role.EDITOR)
    slugs = newspaper.site.do(newspaper.site.database.write, print_many, editor)
    return slugs[::-1]


EVERY = {"/": 1, "/sections/news": 1, "/sections/culture": 3, "/tags/bees": 2}


def test_paging_on_shows_every_article_once_the_newest_first(newspaper: Newspaper, stories: list[str]) -> None:
    for path, every in EVERY.items():
        assert read_all(newspaper, path) == [slug for slug in stories if int(slug.removeprefix("story-")) % every == 0]


def read_all(newspaper: Newspaper, path: str) -> list[str]:
    """Every article from this page on, as a reader comes upon them."""
    seen: list[str] = []
    address: str | None = path
    while address:
        page = newspaper.get(address).text
        shown = re.findall(r'<h2><a href="/articles/([^"]+)"', page)
        assert len(shown) <= CARDS
        seen += shown
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following[1] if following else None
    return seen


def test_a_page_goes_on_where_it_ended_though_others_come_and_its_last_is_withdrawn(
    newspaper: Newspaper, stories: list[str]
) -> None:
    last = stories[CARDS - 1]
    newspaper.sign_in()
    newspaper.publish(headline="Fresh")
    newspaper.change(last, state="draft")
    page = newspaper.get(f"/?older={last}").text
    assert re.findall(r'<h2><a href="/articles/([^"]+)"', page)[0] == stories[CARDS]


def test_previous_and_next_are_those_of_the_primary_section(newspaper: Newspaper, stories: list[str]) -> None:
    page = newspaper.get("/articles/story-30").text
    assert re.findall(r'rel="(?:prev|next)" href="([^"]+)"', page) == ["/articles/story-27", "/articles/story-33"]
    assert "Previous in Culture" in page
    assert 'rel="prev"' not in newspaper.get("/articles/story-00").text
    assert 'rel="next"' not in newspaper.get("/articles/story-57").text


def test_articles_of_the_same_minute_have_an_order_of_their_own(newspaper: Newspaper, stories: list[str]) -> None:
    page = newspaper.get("/articles/story-04").text
    assert re.findall(r'rel="(?:prev|next)" href="([^"]+)"', page) == ["/articles/story-02", "/articles/story-05"]


def test_a_drafts_name_as_the_place_to_go_on_from_tells_nothing(newspaper: Newspaper, stories: list[str]) -> None:
    newspaper.sign_in()
    draft = newspaper.write(headline="Not yet told")
    assert newspaper.get(f"/?older={draft}").text.count("<h2>") == newspaper.get("/?older=nothing").text.count("<h2>")


def test_an_empty_front_and_an_empty_section_say_so(newspaper: Newspaper) -> None:
    assert "Nothing has been published here yet." in newspaper.get("/").text
    slug = newspaper.publish(sections="Science", tags="Bees")
    newspaper.change(slug, state="draft")
    for path in ("/sections/science", "/tags/bees"):
        assert "Nothing has been published here yet." in newspaper.get(path).text
    for path in ("/sections/none", "/tags/none"):
        assert newspaper.get(path).status_code == 404


def test_a_section_or_tag_that_only_drafts_name_is_not_there(newspaper: Newspaper) -> None:
    draft = newspaper.write(sections="Whispers", tags="Resignation")
    hidden = ("/sections/whispers", "/sections/whispers/feed", "/tags/resignation")
    for path in hidden:
        assert newspaper.get(path).status_code == 404
    newspaper.change(draft, state="published")
    assert [newspaper.get(path).status_code for path in hidden] == [200, 200, 200]
