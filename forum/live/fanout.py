"""One frame, many sockets: a message is encoded once, and every listener gets the same text."""

import json
from collections.abc import Iterable

from forum.live.listener import Listener
from forum.live.messages import Message


def broadcast(listeners: Iterable[Listener], message: Message, version: int) -> None:
    """Hand a message that brings pages to `version` to every listener that is not catching up."""
    frame = encode(message)
    for listener in listeners:
        listener.put(frame, version)


def encode(message: Message) -> str:
    """The text of a frame."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))
