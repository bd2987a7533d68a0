"""An article whose address changes is found by the one it had, and nobody else gets that."""

import pytest

from forum.permissions import Role
from tests.articles.newspaper import Newspaper, slug_of


@pytest.fixture
def slug(newspaper: Newspaper) -> str:
    """An article that moved twice: from first to second to third."""
    newspaper.publish(slug="first")
    assert slug_of(newspaper.change("first", slug="second")) == "second"
    assert slug_of(newspaper.change("second", slug="third")) == "third"
    return "third"


def test_every_former_address_leads_to_the_one_of_now_with_what_was_asked(newspaper: Newspaper, slug: str) -> None:
    for former in ("first", "second"):
        for tail in ("", "?sort=oldest&after=3", "/feed", "/changes?after=0&epoch=x"):
            answer = newspaper.get(f"/articles/{former}{tail}")
            assert (answer.status_code, answer.headers["location"]) == (301, f"/articles/{slug}{tail}")
            assert answer.headers["cache-control"] == "no-cache"
    assert newspaper.get(f"/articles/{slug}").status_code == 200
    assert newspaper.get("/articles/nothing").status_code == 404


def test_a_page_that_is_open_under_a_former_address_hears_of_new_comments(newspaper: Newspaper, slug: str) -> None:
    newspaper.site.do(newspaper.world.post, slug)
    assert "1 new since you loaded this" in newspaper.get("/articles/first/arrivals?after=0").text


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_page_that_is_open_under_a_former_address_posts_and_keeps_its_readers_place(
    newspaper: Newspaper, slug: str, accept: str
) -> None:
    nora = newspaper.sign_in("nora", Role.READER)
    forms = {"comments": {"body": "From an open page.", "key": "k"}, "seen": {"since": "0", "ranges": ""}}
    for path, form in forms.items():
        sent = newspaper.send(f"/articles/first/{path}", form, nora, headers={"accept": accept})
        assert (sent.status_code, sent.headers["location"]) == (308, f"/articles/{slug}/{path}")
        again = newspaper.send(sent.headers["location"], form, nora, headers={"accept": accept})
        assert again.status_code in (200, 201, 303)
        nowhere = newspaper.send(f"/articles/nothing/{path}", form | {"key": ""}, nora, headers={"accept": accept})
        assert nowhere.status_code == 404
    assert "From an open page." in newspaper.get(f"/articles/{slug}").text


def test_a_former_address_is_its_articles_for_good(newspaper: Newspaper, slug: str) -> None:
    refused = newspaper.send("/editor", {"headline": "Another", "sections": "News", "slug": "First"})
    assert refused.status_code == 422
    assert "Another article has this address, or had it before" in refused.text
    other = newspaper.publish(headline="First")  # made of a headline, it becomes another
    assert other == "first-2"
    assert newspaper.change(other, slug=slug).status_code == 422
    assert newspaper.change(other, slug="new").status_code == 422
    assert newspaper.change(other, slug="!!!").status_code == 422
    assert newspaper.form_of(other)["slug"] == "first-2"
    assert newspaper.get("/articles/first").headers["location"] == "/articles/third"


def test_an_article_goes_back_to_an_address_that_it_had(newspaper: Newspaper, slug: str) -> None:
    assert slug_of(newspaper.change(slug, slug="first")) == "first"
    assert newspaper.get("/articles/first").status_code == 200
    for former in ("second", "third"):
        assert newspaper.get(f"/articles/{former}").headers["location"] == "/articles/first"


def test_of_an_article_that_is_withdrawn_its_former_address_tells_nothing(newspaper: Newspaper, slug: str) -> None:
    newspaper.change(slug, state="draft")
    assert newspaper.get("/articles/first").status_code == 404
    newspaper.change(slug, state="published")
    assert newspaper.get("/articles/first").status_code == 301


def test_a_page_kept_ready_under_the_former_address_is_gone_at_once(newspaper: Newspaper) -> None:
    newspaper.publish(slug="first")
    assert newspaper.get("/articles/first").status_code == 200
    newspaper.change("first", slug="second")
    assert newspaper.get("/articles/first").status_code == 301
    assert "The bridge closes" in newspaper.get("/articles/second").text


def test_a_list_goes_on_from_an_article_that_has_moved(newspaper: Newspaper, slug: str) -> None:
    newspaper.publish(headline="Above")
    assert "Above" in newspaper.get("/?older=never-there").text
    assert "Above" not in newspaper.get("/?older=first").text


def test_letters_of_other_scripts_are_led_on_too(newspaper: Newspaper) -> None:
    newspaper.publish(slug="日本")
    newspaper.change("日本", slug="京都")
    assert newspaper.get("/articles/日本?x=1").headers["location"] == "/articles/%E4%BA%AC%E9%83%BD?x=1"
