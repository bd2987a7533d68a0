"""Where somebody replies just now is said at the branch, on the pages of others, and nothing moves by it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import WebSocket, expect

from tests.journeys.conftest import Visit
from tests.journeys.stage import Stage
from tests.server import Server, free_port

PLACES = """() => [...document.querySelectorAll(
  "[data-comment], .sorts, [data-actions] > :not(.typing), .replies-toggle"
)].map((element) => {
  const { x, y, width, height } = element.getBoundingClientRect();
  return [x, y, width, height].map(Math.round).join();
})"""


@pytest.fixture(scope="module")
def talking(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same site, served by a process that has it switched on."""
    log = tmp_path_factory.mktemp("talking") / "server.log"
    server = Server(stage.server.settings, free_port(), log, variables={"FORUM_TYPING": "on"})
    server.start()
    yield server.url
    server.stop()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_branch_says_that_someone_is_replying_and_nothing_moves(
    stage: Stage, visit: Visit, talking: str, width: int
) -> None:
    slug = stage.article()
    first, second = stage.fill(slug, 2)
    stage.fill(slug, 2, parent=first, by="omar")
    nora = visit(slug, "nora", site=talking)
    guest = visit(slug, site=talking, viewport={"width": width, "height": 800})
    expect(guest.page.locator("[data-readers]")).to_have_text("2 reading")
    before = guest.page.evaluate(PLACES)
    nora.replies_to(first).press_sequentially("So it is.")
    line = guest.page.locator("[data-typing-line]")
    expect(line).to_have_text("Someone is replying")
    expect(guest.comment(first).locator("> [data-actions] > [data-typing-line]")).to_have_count(1)
    assert guest.page.evaluate(PLACES) == before
    expect(nora.page.locator("[data-typing-line]")).to_have_count(0)
    expect(guest.page.locator("[aria-live]", has_text="replying")).to_have_count(0)
    expect(line).to_have_count(0)
    assert guest.page.evaluate(PLACES) == before
    expect(guest.comment(second)).to_be_visible()


def test_the_discussions_head_says_that_someone_writes_and_nothing_moves(
    stage: Stage, visit: Visit, talking: str
) -> None:
    slug = stage.article()
    stage.fill(slug, 1)
    nora, guest = visit(slug, "nora", site=talking), visit(slug, site=talking)
    expect(guest.page.locator("[data-readers]")).to_have_text("2 reading")
    before = guest.page.evaluate(PLACES)
    nora.page.locator("#body-new").press_sequentially("So it is.")
    expect(guest.page.locator(".discussion-head > [data-typing-line]")).to_have_text("Someone is writing a comment")
    assert guest.page.evaluate(PLACES) == before
    expect(nora.page.locator("[data-typing-line]")).to_have_count(0)


def test_where_it_is_switched_off_a_page_does_not_say_that_it_is_written_on(stage: Stage, visit: Visit) -> None:
    slug = stage.article()
    [first] = stage.fill(slug, 1)
    nora = visit(slug, "nora")
    said: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: said.append(str(frame)))

    nora.page.on("websocket", listen)
    nora.page.reload()
    nora.is_live()
    nora.replies_to(first).press_sequentially("So it is.")
    expect(nora.page.locator(f"#composer-{first} [data-draft-state]")).to_have_text("Draft kept")
    assert said == []
