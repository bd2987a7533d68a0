"""A text that is not for everybody is found by nobody else, in any answer: docs/permissions.md says who reads it."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import product

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from forum.accounts.actions import _set_password, make_reset_link
from forum.config import Settings
from forum.moderation.ban_appeals import make_appeal_link
from forum.moderation.bans import Ban, ban_account
from forum.moderation.queues import Queue
from forum.moderation.removals import remove_comment
from forum.moderation.reports import report_comment
from forum.moderation.shadows import lift_shadow, shadow_account
from forum.permissions import Role
from forum.routes import routes
from forum.site.queries import read_site
from tests.accounts.site import JSON, Site
from tests.permission_table import TABLE

VISIBLE, HELD, REMOVED, DELETED, REPLACED = "visible", "held", "removed", "deleted", "replaced by a later text"
SHADOWED = "in the shadow"
WRITERS = {"nora": "its author", "otto": "its author, banned"}
OTHERS = {"rita": Role.READER, "eddie": Role.EDITOR, "maria": Role.MODERATOR, "anna": Role.ADMIN}
THE_END = "thisistheend"


def readers_of() -> dict[str, dict[str, bool]]:
    """The table of texts in docs/permissions.md: by a comment's state, who may read it."""
    text = TABLE.read_text()
    table = text[text.index("| text of a comment") :].split("\n\n")[0].splitlines()
    head, _line, *rows = [[cell.strip() for cell in line.strip(" |").split("|")] for line in table]
    return {row[0]: dict(zip(head[1:], (cell == "yes" for cell in row[1:]), strict=True)) for row in rows}


@dataclass(slots=True)
class Scene:
    """A discussion with a text in each state by each of two authors, of whom one is banned in the end."""

    site: Site
    slug: str = ""
    tokens: dict[str, str | None] = field(default_factory=lambda: {"guest": None})
    comments: dict[tuple[str, str], int] = field(default_factory=dict)
    replies: list[int] = field(default_factory=list)

    def build(self) -> None:
        """Let it all happen."""
        site, world = self.site, self.site.world
        self.slug = site.do(world.article, "News")
        for person in (*WRITERS, *OTHERS):
            self.tokens[person] = site.do(world.sign_in, person, OTHERS.get(person, Role.READER))
        site.do(world.words, "suspect", *(word(writer, HELD) for writer in WRITERS))
        site.do(world.check, "suspect", "hold")
        for writer, state in product(WRITERS, readers_of()):
            self.comments[writer, state] = self._write(writer, state)
        site.do(site.database.write, ban_account, moderator=None, handle="otto", ban=Ban("Spam."))

    def _write(self, writer: str, state: str) -> int:
        site, world = self.site, self.site.world
        text = f"Canary {word(writer, state)}."
        maria = site.do(world.account, "maria")
        if state == HELD:
            return self._held(writer, text)
        if state == SHADOWED:
            site.do(site.database.write, shadow_account, moderator=maria, handle=writer, reason="Spam.")
        comment = site.do(world.post, self.slug, text, by=writer)
        if state != SHADOWED:
            rita = site.do(world.account, "rita")
            site.do(site.database.write, report_comment, reporter=rita, comment_id=comment, reason="spam", note="")
        if writer == "nora" and state in (REMOVED, DELETED):  # of these a line stands in its place
            self.replies.append(site.do(world.post, self.slug, "A reply.", by="rita", parent=comment))
        if state == REMOVED:
            site.do(site.database.write, remove_comment, moderator=maria, comment_id=comment, reason="spam")
        elif state == DELETED:
            site.do(world.delete, comment, by=writer)
        elif state == REPLACED:
            site.do(world.edit, comment, "Canary, another text.", by=writer)
        elif state == SHADOWED:
            site.do(site.database.write, lift_shadow, moderator=maria, handle=writer)
        return comment

    def _held(self, writer: str, text: str) -> int:
        """A text that a check holds, with what it found: one by posting it, the other by editing what was public."""
        site, world = self.site, self.site.world
        comment = site.do(world.post, self.slug, text if writer == "nora" else "Canary, an early text.", by=writer)
        if writer != "nora":
            site.do(world.edit, comment, text, by=writer)
        assert site.do(world.comment, comment).state == HELD
        return comment

    def addresses(self) -> Iterator[str]:
        """Every GET route with all that it may be asked for. A new kind of place must say here what it names."""
        token = self.site.do(self.site.database.write, make_reset_link, handle_folded="nora")
        otto = self.site.do(self.site.world.account, "otto")
        self.site.do(self.site.database.write, _set_password, account_id=otto.account_id, password_hash="known")
        appeal = make_appeal_link(otto.account_id, "known")
        named = {
            "id": [str(number) for number in (*self.comments.values(), *self.replies)],
            "slug": [self.slug],  # the section's, too
            "handle": [*WRITERS],
            "token": [token, appeal],
            "name": ["none.webp"],
            "path": ["css/base.css"],
        }
        yield "/tags/bridges"
        yield from ("/search?q=canary", "/search?q=canary&sort=best", "/search?author=nora", "/search?author=otto")
        yield from (f"/moderation?queue={queue}&item={id}" for queue in Queue for id in named["id"])
        for route in routes(Settings()):
            if isinstance(route, Route) and "GET" in (route.methods or ()):
                places = sorted(route.param_convertors)
                for values in product(*(named[place] for place in places)):
                    yield route.path_format.format(**dict(zip(places, values, strict=True)))

    def may_read(self, person: str, writer: str, state: str) -> bool:
        """What the table says."""
        row = readers_of()[state]
        return row[WRITERS[writer] if person == writer else "moderator, admin" if is_staff(person) else "anybody else"]

    def find(self, person: str, answer: str) -> set[tuple[str, str]]:
        """The texts in an answer, each one that this person may read."""
        found = {(writer, state) for writer, state in self.comments if word(writer, state) in answer}
        wrong = [f"{state}, by {writer}" for writer, state in found if not self.may_read(person, writer, state)]
        assert not wrong, f"{person} reads what is {wrong} in {answer[:200]}"
        return found


def word(writer: str, state: str) -> str:
    return f"x{writer}x{state[:5]}x"


def is_staff(person: str) -> bool:
    return OTHERS.get(person) in (Role.MODERATOR, Role.ADMIN)


@pytest.fixture
def kind() -> str:
    """Who may read what does not depend on the database."""
    return "sqlite"


@pytest.fixture
def scene(client: TestClient) -> Scene:
    scene = Scene(Site(client))
    scene.build()
    return scene


def test_no_address_tells_a_text_to_those_who_may_not_read_it_and_each_is_told_somewhere(scene: Scene) -> None:
    site = scene.site
    epoch = site.do(site.database.read, read_site).epoch
    whole = f"?after=0&epoch={epoch}&q=canary&queue=log&sort=newest"
    addresses = list(scene.addresses())
    assert {"/articles/news/changes", "/sections/news"} <= set(addresses)
    for person, token in scene.tokens.items():
        found = set[tuple[str, str]]()
        for address in addresses:
            for answer in (site.get(address, token), site.get(address + whole, token, headers=JSON)):
                assert answer.status_code < 500, address
                found |= scene.find(person, answer.text)
        for comment in scene.comments.values():
            form = {"body": "An answer.", "slug": scene.slug, "parent": str(comment)}
            scene.find(person, site.post("/comments/preview", form, token).text)
        assert found == {place for place in scene.comments if scene.may_read(person, *place)}, person


def test_no_socket_tells_a_text_to_those_who_may_not_read_it(scene: Scene) -> None:
    site, world = scene.site, scene.site.world
    maria = site.do(world.account, "maria")
    held, shadowed = scene.comments["nora", HELD], scene.comments["nora", SHADOWED]
    acts: list[Callable[[], object]] = [
        lambda: site.do(world.edit, held, f"Canary {word('nora', HELD)} again.", by="nora"),
        lambda: site.do(world.post, scene.slug, f"Canary {word('nora', HELD)}, a second one.", by="nora", held=True),
        lambda: site.do(site.database.write, remove_comment, moderator=maria, comment_id=held, reason="spam"),
        lambda: site.do(world.edit, shadowed, f"Canary {word('nora', SHADOWED)} again.", by="nora"),
        lambda: site.do(world.post, scene.slug, f"Canary {word('nora', SHADOWED)}.", by="nora", parent=shadowed),
        lambda: [site.do(world.delete, reply, by="rita") for reply in scene.replies],
        lambda: site.do(world.post, scene.slug, THE_END, by="rita"),
    ]
    with ExitStack() as stack:
        sockets = {person: stack.enter_context(_listen(scene, token)) for person, token in scene.tokens.items()}
        for person, socket in sockets.items():
            scene.find(person, socket.receive_text())
        for act in acts:
            act()
        for person, socket in sockets.items():
            found = scene.find(person, "".join(_frames(socket)))
            assert person != "nora" or {("nora", HELD), ("nora", SHADOWED)} <= found


def _listen(scene: Scene, token: str | None) -> WebSocketTestSession:
    site = scene.site
    article, epoch = site.do(site.world.article_id, scene.slug), site.do(site.database.read, read_site).epoch
    cookie = {"cookie": f"forum={token}", "origin": "http://testserver"} if token else {}
    return site.client.websocket_connect(f"/live?article={article}&after=0&epoch={epoch}", headers=cookie)


def _frames(socket: WebSocketTestSession) -> Iterator[str]:
    """What a socket is sent until the last act, or until it is closed."""
    try:
        while True:
            frame = socket.receive_text()
            yield frame
            if THE_END in frame:
                return
            assert json.loads(frame)["type"] != "reload"
    except WebSocketDisconnect:
        return
