"""What breaks heals: a page that was cut off for a while ends up like one that is loaded afresh."""

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.conftest import Visit
from tests.journeys.relay import without_sockets
from tests.journeys.sameness import same_as_fresh
from tests.journeys.stage import Stage

NO_NETWORK = ["ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE"]
NO_SOCKET = ["WebSocket connection to"]
HEALED = 10
"""Seconds within which a page is live again once nothing is broken any more."""


def much_happens(stage: Stage, slug: str, comments: list[int]) -> None:
    """Posts, replies, an edit, a deletion and a removal; directly, with or without a server."""
    world = stage.world
    stage.run(world.post(slug, "While you were away.", by="omar"))
    reply = stage.run(world.post(slug, "Nobody noticed.", by="omar", parent=comments[0]))
    stage.run(world.post(slug, "I did.", by="pia", parent=reply))
    stage.run(world.edit(comments[1], "It says another thing now."))
    stage.run(world.delete(comments[2]))
    stage.run(world.delete(reply, by="omar"))


def test_a_page_that_was_offline_shows_on_return_all_that_happened(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    comments = stage.fill(slug, 5)
    guest = visit(slug)
    guest.expects += NO_NETWORK + NO_SOCKET
    guest.context.set_offline(True)
    guest.says("Offline", 2)
    much_happens(stage, slug, comments)
    guest.context.set_offline(False)
    guest.is_live(HEALED)
    assert same_as_fresh(guest)["count"] == "6 comments"


def test_what_one_writes_offline_is_kept_and_posted_once_on_return(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    stage.fill(slug, 2)
    nora, guest = visit(slug, "nora"), visit(slug)
    nora.expects += NO_NETWORK + NO_SOCKET
    nora.context.set_offline(True)
    nora.posts("Written in the tunnel.")
    nora.sees("You are offline. Your text is kept. Post it again when you are back.")
    expect(nora.page.locator("#body-new")).to_have_value("Written in the tunnel.")
    nora.context.set_offline(False)
    nora.button("Post comment").click()
    expect(nora.page.locator(".comment-body", has_text="Written in the tunnel.")).to_have_count(1)
    expect(guest.page.locator("[data-pill]")).to_have_text("1 new comment")
    nora.is_live(HEALED)
    same_as_fresh(nora)
    same_as_fresh(guest)


@pytest.mark.parametrize("killed", [True, False], ids=["killed", "stopped"])
def test_pages_come_back_by_themselves_when_the_server_is_there_again(stage: Stage, visit: Visit, killed: bool) -> None:
    slug = stage.article()
    comments = stage.fill(slug, 5)
    nora, guest = visit(slug, "nora"), visit(slug)
    for person in (nora, guest):
        person.expects += NO_NETWORK + NO_SOCKET
    field = nora.replies_to(comments[3])
    field.press_sequentially("Half a")
    with stage.down(killed=killed):
        for person in (nora, guest):
            person.says("Reconnecting", 2)
        much_happens(stage, slug, comments)
        field.press_sequentially(" sentence")
    for person in (nora, guest):
        person.is_live(HEALED)
    field.press_sequentially(" and the rest.")
    nora.button("Post reply").click()
    expect(nora.page.locator(".comment-body", has_text="Half a sentence and the rest.")).to_have_count(1)
    for person in (nora, guest):
        assert same_as_fresh(person)["count"] == "7 comments"


def test_what_is_posted_while_the_server_is_away_is_stored_once_when_it_is_back(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    nora = visit(slug, "nora")
    nora.expects += NO_NETWORK + NO_SOCKET
    with stage.down(killed=True):
        nora.posts("Is anybody there?")
        expect(nora.button("Posting")).to_be_visible()
        nora.says("Reconnecting", 2)
    told = nora.page.get_by_text("No answer came. Your text is kept.")
    posted = nora.page.locator(".comment-body", has_text="Is anybody there?")
    expect(told.or_(posted)).to_be_visible()
    if told.is_visible():
        nora.button("Post comment").click()
    expect(posted).to_have_count(1)
    nora.is_live(HEALED)
    assert same_as_fresh(nora)["count"] == "1 comment"


def test_an_answer_that_is_lost_on_the_way_does_not_double_the_comment(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    nora = visit(slug, "nora")
    nora.expects += ["ERR_FAILED"]
    lost: list[int] = []

    def lose_the_first(route: Route) -> None:
        answer = route.fetch()
        lost.append(answer.status)
        if len(lost) == 1:
            route.abort()
        else:
            route.fulfill(response=answer)

    nora.page.route("**/articles/*/comments", lose_the_first)
    nora.posts("Once is enough.")
    expect(nora.page.locator("#body-new")).to_have_value("")
    assert lost == [201, 201]
    assert same_as_fresh(nora)["count"] == "1 comment"


def test_where_sockets_are_blocked_the_page_asks_by_http_and_is_live(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    comments = stage.fill(slug, 5)
    with without_sockets(stage) as site:
        guest = visit(site=site)
        guest.expects += NO_SOCKET
        guest.reads(slug)
        assert any("WebSocket connection to" in trouble for trouble in guest.troubles)
        much_happens(stage, slug, comments)
        expect(guest.page.locator("[data-pill]")).to_be_visible(timeout=HEALED * 1000)
        same_as_fresh(guest, HEALED)
        stage.discussion(slug, "readonly")
        expect(guest.page.locator("[data-closed]")).to_be_visible(timeout=HEALED * 1000)


def test_a_page_of_a_thousand_changes_ago_fetches_its_window_anew_in_place(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    [first, second] = stage.fill(slug, 2)
    nora = visit(slug, "nora")
    nora.expects += NO_NETWORK + NO_SOCKET
    field = nora.replies_to(first)
    field.fill("Still here.")
    nora.context.set_offline(True)
    nora.says("Offline", 2)
    for _ in range(260):
        stage.run(stage.world.edit(second, "To and fro."))
        stage.run(stage.world.edit(second, "Fro and to."))
    stage.run(stage.world.post(slug, "At last.", by="omar"))
    nora.context.set_offline(False)
    nora.is_live(HEALED)
    expect(nora.comment(second).locator("> article .comment-body")).to_have_text("Fro and to.")
    expect(field).to_have_value("Still here.")
    expect(field).to_be_focused()
    same_as_fresh(nora)


def test_an_article_that_is_taken_back_says_so_on_open_pages(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    stage.fill(slug, 2)
    guest = visit(slug)
    guest.expects = ["404"]  # the page asks what has become of the article
    stage.unpublish(slug)
    guest.sees("This article is no longer published.")


def test_comments_that_are_turned_off_say_so_on_open_pages_and_leave_the_draft(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    first, _second = stage.fill(slug, 2)
    nora, guest, alone = visit(slug, "nora"), visit(slug), visit()
    alone.opens(f"/comments/{first}")
    alone.is_live()
    field = nora.writes("What I was about to say.")
    stage.discussion(slug, "off")
    for person in (nora, guest, alone):
        person.sees("Comments on this article have been turned off.")
    expect(field).to_have_value("What I was about to say.")
    expect(nora.button("Post comment")).to_be_disabled()
    expect(guest.page.locator("[data-composer-guest]")).to_be_hidden()
