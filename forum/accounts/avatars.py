"""Avatars: sizes of uploaded ones; generated ones are a letter in white on one of eight hues."""

from html import escape

AVATAR_SIZES = (56, 112, 224)
"""Pixels of the square files: 28 px on the page at twice the density, 56 and 112 on profiles."""
HUES = ("#6b4226", "#0b5a8f", "#7a2f6f", "#1f6b3a", "#8a2f2f", "#4a4fa3", "#0b6470", "#6d5a00")
"""White on each of them has a contrast of 6.5 or more."""


def hue_of(account_id: int) -> str:
    """The hue of an account, always the same."""
    return HUES[account_id % len(HUES)]


def generated_svg(initial: str, hue: str) -> str:
    """The generated avatar as a file, where an <img> is needed. Raises ValueError for a foreign hue."""
    if hue not in HUES:
        raise ValueError(f"not a hue of avatars: {hue}")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="112" height="112" viewBox="0 0 40 40">'
        f'<rect width="40" height="40" fill="{hue}"/>'
        '<text x="20" y="27.5" text-anchor="middle" font-family="system-ui, sans-serif" font-size="20" '
        f'font-weight="600" fill="#fff">{escape(initial)}</text></svg>'
    )
