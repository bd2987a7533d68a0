"""Addresses in running text: https://example.org/a, www.example.org."""

import re

LONGEST = 2_000
"""Code points of an address; a longer one stays text."""

_AFTER_PREFIX = re.compile(
    r"[^\W_][\w.-]{0,252}(?![\w.-])"  # the host: 253 is the most that a name may have
    r"(?:[:/?#][^\s<>\"\[\]\\`|{}^]{0,1990})?"
)
_CLOSING = frozenset("?!.,:;*_~'\"”’»…。，、")


def address_at(text: str, pos: int, end: int) -> tuple[int, int] | None:
    """Start and end of the address that has its `://`, or the dot after `www`, at `pos`; else None.

    Looks at each character once; linkify-it-py, the known library, takes over a minute for 5,000 of `xn--a.xn--a.…`.
    """
    marker, prefixes = ("://", ("https", "http")) if text.startswith("://", pos) else (".", ("www",))
    before = text[max(0, pos - 6) : pos]
    prefix = next((prefix for prefix in prefixes if before.lower().endswith(prefix)), "")
    if not prefix or before[: -len(prefix)][-1:].isalnum():
        return None
    rest = _AFTER_PREFIX.match(text, pos + len(marker), end)
    if not rest or len(rest[0]) >= LONGEST - 8:
        return None
    address = _without_closing(rest[0])
    if prefix == "www" and "." not in address:
        return None
    return pos - len(prefix), rest.start() + len(address)


def _without_closing(address: str) -> str:
    """The address without the punctuation of the sentence around it."""
    unmatched = address.count(")") - address.count("(")
    end = len(address)
    while address[end - 1] in _CLOSING or (address[end - 1] == ")" and unmatched > 0):
        unmatched -= address[end - 1] == ")"
        end -= 1
    return address[:end]
