"""A guest's page that is ready goes out ahead of everything, and is what it would have been by the ordinary way."""

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from io import StringIO

import pytest

from forum.at_once import AtOnceProtocol, short_way_holds
from forum.config import Settings
from forum.metrics import READY_PAGES, REQUESTS
from forum.server import Server, server_config
from tests.waiting import until
from tests.world import World

pytestmark = pytest.mark.anyio

ORDINARY = "Connection: close"
"""Who says so is answered by the ordinary way."""


@pytest.fixture
def kind() -> str:
    """The database makes no difference."""
    return "sqlite"


@dataclass(frozen=True)
class Answer:
    """One answer, as it came over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Guest:
    """A guest's connection to a site that this process serves."""

    server: Server
    world: World
    path: str
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, *headers: str, path: str = "", method: str = "GET") -> Answer:
        """Ask for the article, or for what is at that path."""
        self.writer.write(request(path or self.path, *headers, method=method))
        return await self.answer(has_body=method != "HEAD")

    async def answer(self, *, has_body: bool = True) -> Answer:
        """What comes next."""
        async with asyncio.timeout(10):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode().splitlines()
            headers = dict(line.lower().split(": ", 1) for line in head[1:-1])
            length = int(headers.get("content-length", 0)) if has_body else 0
            return Answer(int(head[0].split()[1]), headers, await self.reader.readexactly(length))

    @property
    def went_at_once(self) -> bool:
        """Whether nothing on this connection has gone the ordinary way yet."""
        port = self.writer.get_extra_info("sockname")[1]
        served = [one for one in self.server.server_state.connections if isinstance(one, AtOnceProtocol)]
        return [one.cycle for one in served if one.client and one.client[1] == port] == [None]


@pytest.fixture
async def guest(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Guest]:
    """Somebody who asks for an article that has been asked for before."""
    monkeypatch.setattr("forum.kept_pages.TRUSTED_SECONDS", 60.0)  # however busy the machine is
    listening = socket.create_server(("127.0.0.1", 0))
    server = Server(server_config(settings))
    running = asyncio.create_task(server._serve([listening]))
    await until(lambda: server.started or running.done(), seconds=30)
    world = World(server.config.loaded_app.state.database)
    slug = await world.article()
    await world.post(slug, "The first comment.")
    connections = [await asyncio.open_connection(*listening.getsockname()) for _ in range(2)]
    before, guest = (Guest(server, world, f"/articles/{slug}", *connection) for connection in connections)
    with closing(before.writer), closing(guest.writer):
        await before.ask()
        await before.ask("Accept-Encoding: br")
        yield guest
    server.should_exit = True
    await running


def request(path: str, *headers: str, method: str = "GET") -> bytes:
    """A request as it stands on the wire."""
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: x", *headers, "", ""]).encode()


async def test_a_head_that_is_too_large_is_refused_here_too(guest: Guest) -> None:
    assert (await guest.ask(f"X-A: {'a' * 40_000}")).status == 400


def test_uvicorns_protocol_is_the_one_that_is_known() -> None:
    assert short_way_holds()


@pytest.mark.parametrize("asked", ["Accept: */*", "Accept-Encoding: br", "If-None-Match: {tag}"])
async def test_it_is_what_the_ordinary_way_would_send(guest: Guest, asked: str) -> None:
    tag = (await guest.ask()).headers["etag"]
    at_once = await guest.ask(asked.format(tag=tag))
    assert guest.went_at_once
    ordinary = await guest.ask(asked.format(tag=tag), ORDINARY)
    assert not guest.went_at_once
    assert (at_once.status, at_once.body) == (ordinary.status, ordinary.body)
    for headers in (at_once.headers, ordinary.headers):
        assert re.match(r"\w{3}, \d\d \w{3} \d{4} ", headers.pop("date"))
    assert ordinary.headers.pop("connection") == "close"
    assert at_once.headers == ordinary.headers
    assert "content-security-policy" in at_once.headers


async def test_it_is_counted_and_logged_like_every_request(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = StringIO()
    monkeypatch.setattr("forum.logs._lines.as_json", lines)
    counters = [READY_PAGES.labels("sent"), REQUESTS.labels("/articles/{slug}", "2xx")]
    before = [counter._value.get() for counter in counters]
    page = await guest.ask()
    assert guest.went_at_once
    assert [counter._value.get() for counter in counters] == [value + 1 for value in before]
    line = json.loads(lines.getvalue())
    said = {"method": "GET", "path": guest.path, "status": 200, "bytes": len(page.body), "account": None}
    assert said.items() <= line.items()
    assert re.fullmatch(r"[0-9a-f]{12}", line["request"])


async def test_a_comment_shows_at_the_next_look(guest: Guest) -> None:
    assert b"News." not in (await guest.ask()).body
    await guest.world.post(guest.path.rpartition("/")[2], "News.")
    assert b"News." in (await guest.ask()).body


async def test_requests_sent_together_are_answered_in_their_order(guest: Guest) -> None:
    alone = {path: (await guest.ask(path=path)).body for path in (guest.path, "/rules", "/healthz")}
    paths = [guest.path, "/rules", guest.path, guest.path, "/healthz", guest.path]
    guest.writer.write(b"".join(request(path) for path in paths))
    assert [(await guest.answer()).body == alone[path] for path in paths] == [True] * len(paths)


async def test_a_slow_answer_is_not_cut_by_the_page_that_went_before_it(guest: Guest) -> None:
    for protocol in guest.server.server_state.connections:
        protocol.timeout_keep_alive = 0  # type: ignore[union-attr]
    guest.writer.write(request(guest.path) + request("/accounts/nora"))
    assert [(await guest.answer()).status for _ in range(2)] == [200, 200]


async def test_what_is_not_plain_goes_the_ordinary_way(guest: Guest) -> None:
    page = await guest.ask()
    head = await guest.ask(method="HEAD")
    assert (head.status, head.headers["content-length"]) == (200, page.headers["content-length"])
    guest.writer.write(request(guest.path, "Content-Length: 3") + b"abc")
    assert (await guest.answer()).body == page.body
    assert (await guest.ask(path=f"{guest.path}?sort=oldest")).status == 200
    assert (await guest.ask(f"X-A: {'a' * 20_000}")).status == 200
    assert (await guest.ask(path="/articles/there-is-none")).status == 404
    assert (await guest.ask(path=f"{guest.path}%00")).status == 404
    token = await guest.world.sign_in("rita")
    assert b'data-viewer="rita"' in (await guest.ask(f"Cookie: forum={token}")).body
    assert b"data-viewer" not in (await guest.ask()).body
