"""A line from the bus that handles messages badly: it loses some, doubles some, and lets others overtake."""

import asyncio
import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

from tests.faults.proxy import Proxy

MESSAGE = (b">3\r\n$7\r\nmessage\r\n", b"*3\r\n$7\r\nmessage\r\n")
"""How a message to subscribers begins, in RESP3 and RESP2. Answers to commands are left alone."""
FAULTS = ("lost", "doubled", "late", "overtaken")
LATEST = 0.15
"""Seconds that a message is late at most: several others overtake it."""


@dataclass
class BadBus(Proxy):
    """Counts in `did` what became of messages, and how many were overtaken."""

    chance: random.Random = field(default_factory=lambda: random.Random(11))
    did: Counter[str] = field(default_factory=Counter)
    _come: int = 0
    _told: int = 0

    async def pass_back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass whole values on, so that nothing is torn."""
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                value = await read_value(reader)
                if value.startswith(MESSAGE):
                    self._mishandle(value, writer)
                else:
                    writer.write(value)
                await writer.drain()

    def _mishandle(self, message: bytes, writer: asyncio.StreamWriter) -> None:
        how, times = self.chance.choice((("lost", 0), ("doubled", 2), ("late", 1), ("passed on", 1)))
        self.did[how] += 1
        self._come += 1
        for _ in range(times):
            late = 0 if how == "passed on" else self.chance.uniform(0, LATEST)
            asyncio.get_running_loop().call_later(late, self._tell, self._come, message, writer)

    def _tell(self, number: int, message: bytes, writer: asyncio.StreamWriter) -> None:
        self.did["overtaken"] += number < self._told
        self._told = max(self._told, number)
        if not writer.is_closing():
            writer.write(message)


async def read_value(reader: asyncio.StreamReader) -> bytes:
    """The next value of the protocol of Redis, as it came."""
    value = await reader.readuntil(b"\r\n")
    kind, length = value[:1], value[1:-2]
    if kind in b"$!=" and length != b"-1":
        value += await reader.readexactly(int(length) + 2)
    elif kind in b"*>~%" and length != b"-1":
        for _ in range(int(length) * (2 if kind == b"%" else 1)):
            value += await read_value(reader)
    return value
