"""A page without a socket: a line to it that keeps what is written."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from forum.live.fanout import Fanout
from forum.live.frames import WireFrame
from tests.live.page import Page


@dataclass
class Kept:
    """A line that keeps a page by what is written to it."""

    page: Page = field(default_factory=Page)
    frames: list[dict[str, Any]] = field(default_factory=list)
    closed: int | None = None
    cut: str = ""
    on_drain: Callable[[], None] | None = None
    fd: int = -1
    fanout: Fanout | None = None

    def write(self, frame: WireFrame) -> bool:
        if {"type": "reload"} in self.frames:  # a page then lets go of its socket
            return True
        message = json.loads(frame.text)
        self.frames.append(message)
        assert not self.page.apply(message), "a gap"
        return True

    def write_rest(self, data: bytes) -> None:
        raise NotImplementedError

    def end(self, code: int, _reason: str) -> None:
        self.closed = code
