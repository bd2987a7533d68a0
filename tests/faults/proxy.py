"""A line between two programs that a test may cut, hold up or slow down."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Proxy:
    """Passes bytes on between whoever connects to its port and the program behind it."""

    port: int = 0
    delay: float = 0.0
    refuses: bool = False
    passing: asyncio.Event = field(default_factory=asyncio.Event)
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    def cut(self) -> None:
        """Drop every connection."""
        for writer in self._writers:
            writer.transport.abort()

    async def serve(self, behind: Callable[[], Awaitable[Ends]], ends: Ends) -> None:
        """Connect whoever came with the program behind."""
        reader, writer = ends
        if self.refuses:
            writer.transport.abort()
            return
        far_reader, far_writer = await behind()
        self._writers |= {writer, far_writer}
        both = [
            asyncio.create_task(self._pass(reader, far_writer)),
            asyncio.create_task(self.pass_back(far_reader, writer)),
        ]
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in both:
                task.cancel()
            self._writers -= {writer, far_writer}
            for one in (writer, far_writer):
                one.transport.abort()

    async def pass_back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on what the program behind says."""
        await self._pass(reader, writer)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                if self.delay:
                    await asyncio.sleep(self.delay)
                await self.passing.wait()
                writer.write(data)
                await writer.drain()


@asynccontextmanager
async def proxy(behind: Callable[[], Awaitable[Ends]], line: Proxy | None = None) -> AsyncIterator[Proxy]:
    """A proxy on a free port of this machine."""
    line = line or Proxy()
    line.passing.set()
    serving: set[asyncio.Task[None]] = set()

    async def come(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        serving.add(task)
        with suppress(OSError, asyncio.CancelledError):
            await line.serve(behind, (reader, writer))
        serving.discard(task)

    server = await asyncio.start_server(come, "127.0.0.1", 0)
    line.port = server.sockets[0].getsockname()[1]
    yield line
    server.close()
    line.passing.set()
    line.cut()
    for task in list(serving):
        task.cancel()
    await asyncio.gather(*serving, return_exceptions=True)
