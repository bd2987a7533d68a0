"""Messages as they go over the wire: encoded once, the same bytes for every page."""

import json
from typing import NamedTuple

from websockets.frames import Frame, Opcode

from forum.comments.items import Item

Message = Item


class WireFrame(NamedTuple):
    """One message, ready to be written to any socket.

    A server's frames are not masked, so the same `bytes` serve every page. `after` is the version that a page must
    have reached for it to join without a gap; None where the message has no versions.
    """

    kind: str
    text: str
    bytes: bytes
    after: int | None = None


def frame(message: Message) -> WireFrame:
    """A message without versions, encoded."""
    return frame_of_text(message["type"], encode(message))


def frame_of_text(kind: str, text: str, after: int | None = None) -> WireFrame:
    """An encoded message as a websocket frame (RFC 6455, section 5.2)."""
    return WireFrame(kind, text, Frame(Opcode.TEXT, text.encode()).serialize(mask=False), after)


def encode(message: object) -> str:
    """The text of a message, or of a part of one."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))
