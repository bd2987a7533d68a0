"""Withdrawing an article takes it away everywhere, its discussion too; publishing it again brings all back."""

from html import escape
from typing import Any, NoReturn

import pytest
from starlette.testclient import WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from forum.articles.models import Article
from forum.articles.queries import any_article
from forum.database import Db
from forum.permissions import Role
from tests.articles.newspaper import Newspaper


def head_of(db: Db, slug: str) -> tuple[int, int]:
    """Id and version of an article."""
    article = any_article(db, slug)
    assert isinstance(article, Article)
    return article.id, article.version


def head(newspaper: Newspaper, slug: str) -> tuple[int, int]:
    """Id and version of an article, as they are now."""
    return newspaper.site.do(newspaper.site.database.read, head_of, slug)


def test_open_pages_are_closed_with_4404_and_none_can_be_opened_after(newspaper: Newspaper) -> None:
    slug = newspaper.publish()
    article, version = head(newspaper, slug)
    address = f"/live?article={article}&after={version}&epoch=x"
    with newspaper.site.client.websocket_connect(address) as page:
        assert page.receive_json() == {"type": "reload"}
        newspaper.change(slug, state="draft")
        _expect_closed(page, 4404)
    with newspaper.site.client.websocket_connect(address) as late:
        _expect_closed(late, 4404)
    assert newspaper.get(f"/articles/{slug}/changes?after=0&epoch=x").status_code == 404


def test_its_comments_are_gone_from_every_list_and_come_back(newspaper: Newspaper) -> None:
    slug = newspaper.publish()
    comment = newspaper.site.do(newspaper.world.post, slug, "A word.")
    assert "A word." in newspaper.get("/accounts/nora").text
    newspaper.change(slug, state="draft")
    reader = newspaper.site.do(newspaper.world.sign_in, "nora")
    assert "A word." not in newspaper.get("/accounts/nora").text
    assert newspaper.get(f"/comments/{comment}").status_code == 404
    assert newspaper.get(f"/comments/{comment}", reader).status_code == 404
    assert newspaper.get(f"/comments/{comment}/replies").status_code == 404
    assert newspaper.send(f"/articles/{slug}/comments", {"body": "More."}, reader).status_code == 404
    assert newspaper.send(f"/comments/{comment}/delete", {}, reader).status_code == 404
    newspaper.change(slug, state="published")
    assert "A word." in newspaper.get("/accounts/nora").text
    assert "A word." in newspaper.get(f"/articles/{slug}").text


def test_neighbours_sections_and_tags_forget_it(newspaper: Newspaper) -> None:
    first, second, third = (
        newspaper.publish(headline=name, published_at=f"2024-03-0{day}T07:40")
        for day, name in enumerate(("First", "Second", "Third"), start=1)
    )
    assert f"/articles/{second}" in newspaper.get(f"/articles/{first}").text
    newspaper.change(second, state="draft")
    page = newspaper.get(f"/articles/{first}").text
    assert f"/articles/{second}" not in page
    assert f"/articles/{third}" in page
    for path in ("/", "/sections/news", "/sections/culture", "/tags/bridges"):
        assert f"/articles/{second}" not in newspaper.get(path).text


def test_withdrawing_and_publishing_are_no_versions_of_the_discussion(newspaper: Newspaper) -> None:
    slug = newspaper.publish()
    _, version = head(newspaper, slug)
    for state in ("draft", "published"):
        newspaper.change(slug, state=state)
    assert head(newspaper, slug)[1] == version


@pytest.mark.parametrize("path", [["readonly", "open"], ["off", "open"], ["readonly", "off", "readonly"]])
def test_each_change_of_the_discussions_state_is_exactly_one_version(newspaper: Newspaper, path: list[str]) -> None:
    slug = newspaper.publish()
    _, version = head(newspaper, slug)
    for step, state in enumerate(path, start=1):
        newspaper.change(slug, comments=state, body=f"Text {step}.")
        newspaper.change(slug, comments=state, headline="Only words changed")
        assert head(newspaper, slug)[1] == version + step


def test_a_change_together_with_a_withdrawal_is_one_version_too(newspaper: Newspaper) -> None:
    slug = newspaper.publish()
    _, version = head(newspaper, slug)
    newspaper.change(slug, comments="readonly", state="draft")
    newspaper.change(slug, comments="off")
    newspaper.change(slug, comments="open", state="published")
    assert head(newspaper, slug)[1] == version + 3


def test_open_pages_hear_that_comments_are_closed_and_opened(newspaper: Newspaper) -> None:
    slug = newspaper.publish()
    article, version = head(newspaper, slug)
    with newspaper.site.client.websocket_connect(f"/live?article={article}&after={version}&epoch=x") as page:
        page.receive_json()
        newspaper.change(slug, comments="readonly")
        assert _next_changes(page)["discussion"]["state"] == "readonly"
        newspaper.change(slug, comments="readonly", comments_reason="All is said, <b>twice</b>!")
        closed = _next_changes(page)["discussion"]["closed"]
        assert ": All is said, <b>twice</b>! You" in closed
        shown = newspaper.get(f"/articles/{slug}").text
        assert f"data-closed>{escape(closed)}</p>" in shown
        newspaper.change(slug, comments="open")
        message = _next_changes(page)
        assert (message["from"], message["to"]) == (version + 2, version + 3)
        assert message["discussion"] == {"state": "open", "count": 0}
        newspaper.change(slug, comments="off")
        _expect_closed(page, 4404)


def test_without_comments_a_page_has_no_discussion_and_with_them_again_all_of_it(newspaper: Newspaper) -> None:
    slug = newspaper.publish()
    newspaper.site.do(newspaper.world.post, slug, "A word.")
    newspaper.change(slug, comments="off")
    page = newspaper.get(f"/articles/{slug}").text
    assert "A word." not in page
    assert "data-article" not in page
    newspaper.change(slug, comments="readonly")
    page = newspaper.get(f"/articles/{slug}").text
    assert "A word." in page
    writer = newspaper.sign_in("writer", Role.READER)
    assert newspaper.send(f"/articles/{slug}/comments", {"body": "More."}, writer).status_code == 403


def _next_changes(page: WebSocketTestSession) -> dict[str, Any]:
    while True:
        message: dict[str, Any] = page.receive_json()
        if message["type"] == "changes":
            return message


def test_what_stood_under_it_is_not_shown_above_an_answer_to_another(newspaper: Newspaper) -> None:
    site = newspaper.site
    gone, there = newspaper.publish(), newspaper.publish()
    comment = site.do(site.world.post, gone, "Withdrawn words.")
    form = {"body": "An answer.", "parent": str(comment)}
    assert "Withdrawn words." in site.post("/comments/preview", form | {"slug": gone}).text
    newspaper.change(gone, state="draft")
    answer = site.post("/comments/preview", form | {"slug": there})
    assert answer.status_code == 200
    assert "Withdrawn words." not in answer.text


def test_where_the_discussion_is_off_a_composer_does_not_show_what_it_answers(newspaper: Newspaper) -> None:
    slug = newspaper.publish()
    comment = newspaper.site.do(newspaper.site.world.post, slug, "Put away.")
    newspaper.change(slug, comments="off")
    form = {"body": "An answer.", "parent": str(comment), "slug": slug}
    assert "Put away." not in newspaper.site.post("/comments/preview", form).text


def _expect_closed(page: WebSocketTestSession, code: int) -> None:
    with pytest.raises(WebSocketDisconnect) as closed:
        _receive_on(page)
    assert closed.value.code == code


def _receive_on(page: WebSocketTestSession) -> NoReturn:
    while True:
        page.receive_json()
