"""A way to the site that lets no socket through, as some companies' proxies do."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress

from tests.journeys.stage import Stage


@contextmanager
def without_sockets(stage: Stage) -> Iterator[str]:
    """The address under which the site is reached so."""
    relay = stage.run(asyncio.start_server(_relay_to(stage.server.port), "127.0.0.1", 0))
    yield f"http://127.0.0.1:{relay.sockets[0].getsockname()[1]}"
    stage.run(_close(relay))


async def _close(relay: asyncio.Server) -> None:
    relay.close()


def _relay_to(port: int) -> Callable[[StreamReader, StreamWriter], Awaitable[None]]:
    async def relay(reader: StreamReader, writer: StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            head = await reader.readuntil(b"\r\n\r\n")
            if b"upgrade: websocket" not in head.lower():
                answers, requests = await asyncio.open_connection("127.0.0.1", port)
                requests.write(head)
                await asyncio.gather(_pass_on(reader, requests), _pass_on(answers, writer))
        writer.close()

    return relay


async def _pass_on(reader: StreamReader, writer: StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
