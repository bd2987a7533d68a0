"""Guests' pages that are ready: as they are, and as they go out in each compression, with all their headers."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple

from forum.articles.queries import Shown
from forum.compression import QUICK, QUICK_NAMES, best_encoding
from forum.metrics import READY_PAGES

TRUSTED_SECONDS = 0.1
"""For so long the answer to “has anything changed?” holds: ten questions a second at most for each page."""
MOST_SECONDS = 60.0
"""Names and pictures of people may change without a change of the discussion: they show after this at the latest."""
BESIDE = 3072
"""Bytes that a page takes up beside its body, and each way in which it goes out."""

_COUNTERS = {200: READY_PAGES.labels("sent"), 304: READY_PAGES.labels("not_modified")}

Address = tuple[str, str]
"""The slug, and the query in its one spelling."""
Headers = list[tuple[bytes, bytes]]


class Answer(NamedTuple):
    """What goes out: `head` is the headers as they stand on the wire."""

    status: int
    headers: Headers
    head: bytes
    body: bytes

    def note_sent(self) -> None:
        """It goes out."""
        _COUNTERS[self.status].inc()


def _answer(status: int, headers: Headers, body: bytes) -> Answer:
    return Answer(status, headers, b"".join(b"%b: %b\r\n" % header for header in headers), body)


@dataclass(slots=True)
class Kept:
    """A page that is ready."""

    shown: Shown
    body: bytes
    headers: Headers
    route: Any
    made_at: float
    took: float
    trusted_at: float
    encoded: dict[str, Answer] = field(default_factory=dict)
    etag: bytes = field(init=False)
    """What a browser says that has this page."""
    not_modified: Answer = field(init=False)
    size: int = field(init=False)
    """Bytes that it takes up."""
    is_kept: bool = True

    def __post_init__(self) -> None:
        self.etag = f'W/"{sha256(self.body).hexdigest()[:20]}"'.encode()
        self.headers += [(b"etag", self.etag), (b"vary", b"Accept-Encoding, Cookie")]
        self.not_modified = _answer(304, self.headers, b"")
        self.size = BESIDE + len(self.body)

    def is_as_shown(self, shown: Shown, at: float) -> bool:
        """Whether it still is what would be made now."""
        return self.shown == shown and at - self.made_at < MOST_SECONDS

    def answer(self, asked: Mapping[bytes, bytes]) -> Answer | None:
        """What goes out to who sends these headers; None before it is compressed so."""
        if self.etag in asked.get(b"if-none-match", b""):
            return self.not_modified
        return self.encoded.get(_encoding(asked))


class KeptPages:
    """All that are kept, of so many bytes at most, and those that are being made anew."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.committed_at = 0.0
        """When this process last committed anything."""
        self.making: dict[Address, asyncio.Task[Kept | None]] = {}
        self._kept: OrderedDict[Address, Kept] = OrderedDict()
        self._bytes = 0

    def get(self, address: Address) -> Kept | None:
        """The page of that address, as it was made last."""
        return self._kept.get(address)

    def at_once(self, slug: str, asked: Mapping[bytes, bytes], now: float) -> tuple[Answer, Any] | None:
        """What goes out to a guest who asks for an article's page, and its route, where nothing need be waited for."""
        kept = self._kept.get((slug, ""))
        answer = kept.answer(asked) if kept and self.holds((slug, ""), kept, now) else None
        return (answer, kept.route) if kept and answer else None

    def holds(self, address: Address, kept: Kept, now: float) -> bool:
        """Whether it may go out without a question: it was just asked, or another is being made."""
        return address in self.making or kept.trusted_at > max(now - TRUSTED_SECONDS, self.committed_at)

    def trust(self, address: Address, kept: Kept, at: float) -> None:
        """It still is as it would be made at that moment."""
        kept.trusted_at = at
        self._kept.move_to_end(address)

    def put(self, address: Address, made: Kept | None) -> None:
        """Keep a page in place of the one before; those that were not asked for longest go where there is no room."""
        self._forget(address)
        if made is None:
            return
        self._kept[address] = made
        self._bytes += made.size
        while self._bytes > self.most_bytes:
            self._forget(next(iter(self._kept)))

    async def encode(self, kept: Kept, asked: Mapping[bytes, bytes]) -> Answer:
        """Compress a page for who sends these headers, and keep that too, unless the page has gone meanwhile."""
        encoding = _encoding(asked)
        body = await asyncio.to_thread(QUICK[encoding], kept.body) if encoding else kept.body
        if encoding not in kept.encoded:
            headers = [*kept.headers, (b"content-length", str(len(body)).encode())]
            if encoding:
                headers.append((b"content-encoding", encoding.encode()))
            kept.encoded[encoding] = _answer(200, headers, body)
            if kept.is_kept:
                added = BESIDE + (len(body) if encoding else 0)
                kept.size += added
                self._bytes += added
        return kept.encoded[encoding]

    def _forget(self, address: Address) -> None:
        if kept := self._kept.pop(address, None):
            kept.is_kept = False
            self._bytes -= kept.size


def _encoding(asked: Mapping[bytes, bytes]) -> str:
    return best_encoding(asked.get(b"accept-encoding", b"").decode("latin-1"), QUICK_NAMES)
