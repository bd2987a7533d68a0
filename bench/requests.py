"""Requests at a given pace, over connections that are kept: the cheapest client that is still plain Python."""

import asyncio
import re
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic_ns
from types import MappingProxyType
from urllib.parse import urlencode

MOST_AT_A_TIME = 50
NOT_MODIFIED = 304
ETAG = re.compile(rb"\r\netag: (.*)\r\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request, and how long it took."""

    status: int
    body: bytes
    milliseconds: float
    etag: str = ""


class Client:
    """A site, asked over as many connections as there are requests at a time."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: deque[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = deque()

    async def get(self, path: str, headers: Mapping[str, str] = MappingProxyType({})) -> Answer:
        """Fetch a page, as a guest unless a header says otherwise."""
        more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return await self._request(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n{more}\r\n".encode())

    async def post(self, path: str, form: Mapping[str, object], cookie: str = "") -> Answer:
        """Send a form as a script does."""
        body = urlencode(form).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nCookie: forum={cookie}\r\n"
            f"Accept: application/json\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return await self._request(head.encode() + body)

    async def _request(self, sent: bytes) -> Answer:
        reader, writer = await self._connection()
        begun = monotonic_ns()
        writer.write(sent)
        said = await reader.readuntil(b"\r\n\r\n")
        head = said.lower()
        status = int(head.split(b" ", 2)[1])
        length = int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0]) if status != NOT_MODIFIED else 0
        body = await reader.readexactly(length)
        answer = Answer(status, body, (monotonic_ns() - begun) / 1e6, etag=_etag_in(said))
        if b"connection: close" in head:
            writer.close()
        else:
            self._idle.append((reader, writer))
        return answer

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._idle:
            reader, writer = self._idle.pop()
            if not reader.at_eof():
                return reader, writer
            writer.close()
        return await asyncio.open_connection("127.0.0.1", self._port)

    def close(self) -> None:
        """Close what is open."""
        for _reader, writer in self._idle:
            writer.close()


def _etag_in(head: bytes) -> str:
    found = ETAG.search(head)
    return found[1].decode() if found else ""


@dataclass(slots=True)
class Pace:
    """What came of work that was begun at a given pace: a late answer does not slow it."""

    answers: list[Answer] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """How many were answered in a second."""
        return len(self.answers) / self.seconds if self.seconds else 0.0

    @property
    def milliseconds(self) -> list[float]:
        """How long each took."""
        return [answer.milliseconds for answer in self.answers]


async def at_pace(work: Callable[[], Awaitable[Answer]], per_second: float, seconds: float) -> Pace:
    """Begin a piece of work every so often, and wait for the last; what finds too many under way is left out."""
    pace = Pace()
    loop = asyncio.get_running_loop()
    begun = loop.time()
    free = [MOST_AT_A_TIME]

    async def one() -> None:
        try:
            answer = await work()
        except (OSError, asyncio.IncompleteReadError) as error:
            pace.failures.append(repr(error))
            return
        finally:
            free[0] += 1
        if answer.status < 400:
            pace.answers.append(answer)
        else:
            pace.failures.append(f"{answer.status} {answer.body[:200]!r}")

    async with asyncio.TaskGroup() as tasks:
        for number in range(max(1, round(per_second * seconds))):
            await asyncio.sleep(begun + number / per_second - loop.time())
            if free[0]:
                free[0] -= 1
                tasks.create_task(one())
    pace.seconds = loop.time() - begun
    return pace
