"""Clients that do not do as they should: silent, slow, greedy. Each costs little, and nobody else anything."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode
from websockets.server import ServerProtocol

from forum.config import Settings
from forum.live.hub import Hub
from forum.live.protocol import LineProtocol
from forum.metrics import PAGES_CUT
from forum.server import Server, server_config
from forum.site.queries import read_site
from tests.live.page import Listening, Page
from tests.waiting import until
from tests.world import World

pytestmark = pytest.mark.anyio
LONG = "A long comment. " * 600


@pytest.fixture
def kind() -> str:
    """Clients do not know the database."""
    return "sqlite"


@dataclass
class Served:
    """A site served by this process, so that a test sees the server's own end of each connection."""

    server: Server
    world: World
    port: int

    @property
    def hub(self) -> Hub:
        found: Hub = self.server.config.loaded_app.state.hub
        return found

    @property
    def sockets(self) -> list[LineProtocol]:
        return [one for one in self.server.server_state.connections if isinstance(one, LineProtocol)]

    async def address(self, slug: str, after: int = 0) -> str:
        epoch = (await self.world.database.read(read_site)).epoch
        article = await self.world.article_id(slug)
        return f"ws://127.0.0.1:{self.port}/live?article={article}&after={after}&epoch={epoch}"


@pytest.fixture
async def served(settings: Settings) -> AsyncIterator[Served]:
    listening = socket.create_server(("127.0.0.1", 0))
    server = Server(server_config(settings))
    running = asyncio.create_task(server._serve([listening]))
    await until(lambda: server.started or running.done(), seconds=30)
    world = World(server.config.loaded_app.state.database)
    yield Served(server, world, listening.getsockname()[1])
    server.should_exit = True
    await running


@asynccontextmanager
async def narrow(served: Served, slug: str) -> AsyncIterator[ClientConnection]:
    """A page with little room for what it does not read."""
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.connect(("127.0.0.1", served.port))
    async with connect(await served.address(slug), sock=raw, max_queue=1, close_timeout=0.1) as page:
        yield page


async def test_a_page_that_stops_reading_is_skipped_and_caught_up_once_it_reads_again(served: Served) -> None:
    slug = await served.world.article()
    async with narrow(served, slug) as slow, connect(await served.address(slug)) as quick:
        reader = Listening(quick, Page())
        for number in range(60):
            await served.world.post(slug, f"{number} {LONG}")
        await reader.until(lambda page: page.page.version == 60)
        waiting = max(one.transport.get_write_buffer_size() for one in served.sockets)
        assert 0 < waiting <= 128 * 1024
        late = Listening(slow, Page())
        await late.until(lambda page: page.page.version == 60, seconds=10)
        assert late.page.looks() == reader.page.looks()


async def test_a_page_that_never_reads_again_is_cut(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forum.live.protocol.DRAIN_SECONDS", 0.5)
    slug = await served.world.article()
    async with narrow(served, slug):
        await until(lambda: served.hub.size == 1)
        for number in range(60):
            await served.world.post(slug, f"{number} {LONG}")
        await until(lambda: served.hub.size == 0)
        assert served.sockets == []


async def test_who_asks_for_answers_and_reads_none_is_cut(served: Served) -> None:
    slug = await served.world.article()
    async with narrow(served, slug) as greedy:
        await until(lambda: served.hub.size == 1)
        greedy.transport.pause_reading()
        greedy.transport.write(Frame(Opcode.PING, b"x" * 120).serialize(mask=True) * 50_000)
        await until(lambda: served.hub.size == 0)


@pytest.mark.parametrize("opcode", [Opcode.TEXT, Opcode.CONT, Opcode.PING, Opcode.PONG])
async def test_a_flood_of_the_smallest_frames_is_cut_at_its_beginning(
    served: Served, monkeypatch: pytest.MonkeyPatch, opcode: Opcode
) -> None:
    parsed, before = 0, PAGES_CUT.labels("flood")._value.get()
    parse = ServerProtocol.recv_frame

    def counted(connection: ServerProtocol, frame: Frame) -> None:
        nonlocal parsed
        parsed += 1
        parse(connection, frame)

    slug = await served.world.article()
    async with connect(await served.address(slug), close_timeout=0.1) as flooding:
        await until(lambda: served.hub.size == 1)
        monkeypatch.setattr(ServerProtocol, "recv_frame", counted)
        begun = Frame(Opcode.TEXT, b"", fin=False).serialize(mask=True) if opcode is Opcode.CONT else b""
        one = Frame(opcode, b"", fin=opcode is not Opcode.CONT).serialize(mask=True)
        flooding.transport.write(begun + one * 40_000)
        await until(lambda: served.hub.size == 0)
        assert served.sockets == []
        assert parsed < 200
    assert PAGES_CUT.labels("flood")._value.get() == before + 1


async def test_a_page_that_keeps_asking_is_told_to_come_back_later(served: Served) -> None:
    slug = await served.world.article()
    async with connect(await served.address(slug)) as page:
        for _ in range(30):
            await page.send(json.dumps({"type": "since", "version": 0}))
        with pytest.raises(ConnectionClosed) as closed:
            await Listening(page, Page()).until(lambda _page: False)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1013


@pytest.mark.parametrize(
    ("sent", "limit"),
    [
        (b"", "HEAD_SECONDS"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-Sl", "HEAD_SECONDS"),
        (b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nlogin=", "BODY_SECONDS"),
        (b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HT", "HEAD_SECONDS"),
    ],
    ids=["silent", "half a head", "half a body", "half a second request"],
)
async def test_a_request_that_does_not_come_is_not_waited_for(
    served: Served, monkeypatch: pytest.MonkeyPatch, sent: bytes, limit: str
) -> None:
    monkeypatch.setattr(f"forum.timeouts.{limit}", 0.3)
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
    writer.write(sent)
    with suppress(ConnectionResetError):
        async with asyncio.timeout(3):
            await reader.read()
    writer.close()
    await until(lambda: not served.server.server_state.connections)


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\nCookie: " + b"a" * 40_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-A: a\r\n" * 10_000 + b"\r\n",
        b"GET /?" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 4_000_000,
    ],
    ids=["one header", "many headers", "address", "header without an end"],
)
async def test_a_head_that_is_too_large_is_refused_before_it_is_all_there(served: Served, sent: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
    with suppress(ConnectionResetError, BrokenPipeError):
        async with asyncio.timeout(3):
            writer.write(sent)
            assert b"200 OK" not in await reader.read()
    writer.close()
    await until(lambda: not served.server.server_state.connections)


async def test_a_form_with_headers_of_an_ordinary_size_is_read_however_large_it_is(served: Served) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
    head = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 8_000 + b"\r\nConnection: close\r\n"
    body = b"login=nobody&password=" + b"a" * 100_000
    writer.write(head + b"Content-Type: application/x-www-form-urlencoded\r\n")
    writer.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
    async with asyncio.timeout(10):
        assert b"Invalid HTTP request" not in await reader.read()
    writer.close()


async def test_a_socket_is_not_opened_behind_an_answer_that_nobody_has_read(served: Served) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
    path = (await served.address(await served.world.article())).partition(str(served.port))[2]
    upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    page = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    writer.write(f"{page}GET {path} HTTP/1.1\r\nHost: x\r\n{upgrade}{key}\r\n".encode())
    with suppress(ConnectionResetError):
        async with asyncio.timeout(3):
            assert b"101 Switching" not in await reader.read()
    writer.close()
    await until(lambda: not served.server.server_state.connections)


async def test_a_page_that_is_gone_without_a_word_is_noticed(served: Served) -> None:
    served.server.config.ws_ping_interval = served.server.config.ws_ping_timeout = 0.3
    slug = await served.world.article()
    async with narrow(served, slug) as gone:
        await until(lambda: served.hub.size == 1)
        gone.transport.pause_reading()
        await until(lambda: served.hub.size == 0)


async def test_a_page_whose_connection_is_reset_is_forgotten(served: Served) -> None:
    async with narrow(served, await served.world.article()) as reset:
        await until(lambda: served.hub.size == 1)
        reset.transport.abort()
        await until(lambda: served.hub.size == 0)


async def test_one_address_and_one_account_open_so_many_pages_and_no_more(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = served.server.config.loaded_app
    few = app.state.settings.model_copy(update={"limits": "on", "sockets_per_address": 2})
    monkeypatch.setattr(app.state, "settings", few)
    address = await served.address(await served.world.article())
    async with connect(address), connect(address), connect(address) as third:
        with pytest.raises(ConnectionClosed) as closed:
            await third.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1013
    await until(lambda: served.hub.size == 0)
    async with connect(address):
        await until(lambda: served.hub.size == 1)
