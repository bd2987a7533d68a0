"""A comment's text, made ready to be stored: outside the transaction, because rendering takes time."""

from dataclasses import dataclass
from hashlib import sha256

from forum.markup import RENDERER, normalise_body, render_comment


@dataclass(frozen=True, slots=True)
class Body:
    """What was written, and its HTML as made by that version of the renderer."""

    source: str
    html: str
    renderer: int = RENDERER

    def digest(self, *context: object) -> str:
        """A fingerprint of the text in its context, to tell a repeated post from another one."""
        return sha256("\0".join([self.source, *map(str, context)]).encode()).hexdigest()


def make_body(source: str, *, limit: int = 10_000) -> Body:
    """Normalise and render what a person wrote. Raises Invalid where it is empty or too long."""
    text = normalise_body(source, limit=limit)
    return Body(text, render_comment(text))
