"""A comment's text, made ready to be stored: outside the transaction, because rendering takes time."""

import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256

from forum.markup import RENDERER, normalise_body, plain_text, render_comment
from forum.terms import terms_of

LEAST_GIST = 20
"""Letters and digits of a text that says something of its own: everybody writes “Thank you” now and then."""
_NEITHER_LETTER_NOR_DIGIT = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Body:
    """What was written, its HTML as made by that version of the renderer, its gist, and what it is found by.

    `plain` is the text as readers read it, without its markup.
    """

    source: str
    html: str
    plain: str
    renderer: int = RENDERER
    gist: str = ""
    terms: tuple[str, ...] = ()

    def digest(self, *context: object) -> str:
        """A fingerprint of the text in its context, to tell a repeated post from another one."""
        return sha256("\0".join([self.source, *map(str, context)]).encode()).hexdigest()


def make_body(source: str, *, limit: int = 10_000) -> Body:
    """Normalise and render what a person wrote. Raises Invalid where it is empty or too long."""
    text = normalise_body(source, limit=limit)
    html = render_comment(text)
    plain = plain_text(html)
    return Body(text, html, plain, gist=gist_of(text), terms=tuple(terms_of(plain)))


def gist_of(text: str) -> str:
    """The same for texts that differ in case, space, marks and styles of letters alone; empty for short ones."""
    plain = _NEITHER_LETTER_NOR_DIGIT.sub("", unicodedata.normalize("NFKC", text).casefold())
    return sha256(plain.encode()).hexdigest()[:32] if len(plain) >= LEAST_GIST else ""
