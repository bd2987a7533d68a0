"""Addresses that a text leads to: as its HTML has them, and where they stand in its source."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote, urlsplit

_LINK = re.compile(r'<a href="(https?://[^"]*)"', re.IGNORECASE)


def links_in(html: str) -> tuple[str, ...]:
    """Every link to the web of a comment's HTML, as often as it is there."""
    return tuple(unescape(link) for link in _LINK.findall(html))


def host_of(link: str) -> str:
    """The host of an address in the one form that lists have too, as browsers read it; empty where it has none."""
    try:
        return plain_host(unquote(urlsplit(link).hostname or ""))
    except ValueError:
        return ""


def plain_host(host: str) -> str:
    """A host in small letters and in ASCII, as the network knows it."""
    host = host.strip().rstrip(".").lower()
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host


def places_of(text: str, link: str) -> list[tuple[int, int]]:
    """Where an address stands in a source, as it was most likely typed; nowhere if it was written in another way."""
    bare = link.partition("://")[2]
    for typed in (link, link.rstrip("/"), bare, bare.rstrip("/"), bare.partition("/")[0]):
        if typed and (places := list(_occurrences(text, typed))):
            return places
    return []


def _occurrences(text: str, part: str) -> Iterator[tuple[int, int]]:
    start = text.find(part)
    while start >= 0:
        yield start, start + len(part)
        start = text.find(part, start + len(part))
