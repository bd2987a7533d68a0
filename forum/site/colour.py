"""A publication's own colour: that it can be read on the page, and the stylesheet that sets it.

Contrast as in WCAG 2.2: relative luminance of sRGB, from 1 (none) to 21 (black on white).
"""

import re
from gettext import gettext as _
from math import floor

from forum.errors import Invalid

PAPER, PAPER_DARK = "#ffffff", "#14171a"
"""The grounds of both schemes, as in tokens.css."""
LEAST_CONTRAST = 4.5
_COLOUR = re.compile("#[0-9a-f]{6}")


def is_colour(text: str) -> bool:
    """Whether this is a colour as it is stored: #rrggbb in small letters."""
    return _COLOUR.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """How well one colour stands out on the other, either way round: 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def figure(one: str, other: str) -> str:
    """A contrast in words, never rounded up: what is too little must not read as enough."""
    return f"{floor(contrast(one, other) * 100) / 100:.2f}:1"


def check_colour(text: str, field: str, *, paper: str) -> str | None:
    """The colour as it is stored, None for an empty text. Raises Invalid, with the figure, where it reads badly."""
    colour = text.strip().lower()
    if not colour:
        return None
    if not is_colour(colour):
        raise Invalid(_("Write the colour as # and six digits or letters from a to f, such as #0b5a4e."), field)
    if contrast(colour, paper) < LEAST_CONTRAST:
        sentence = _("The contrast of %(colour)s on the page is %(figure)s. At least 4.5:1 is needed: %(way)s.")
        way = _("choose a darker one") if paper == PAPER else _("choose a lighter one")
        raise Invalid(sentence % {"colour": colour, "figure": figure(colour, paper), "way": way}, field)
    return colour


def stylesheet(light: str | None, dark: str | None) -> str:
    """The rules that put a publication's colours in the place of ours. On paper (print) everything stays black."""
    schemes = {"light": light, "dark": dark}
    rules = [
        f"@media screen and (prefers-color-scheme: {scheme}) {{ :root {{ --action: {colour}; }} }}"
        for scheme, colour in schemes.items()
        if colour and is_colour(colour)
    ]
    return "\n".join(["@layer tokens {", *rules, "}", ""])


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
