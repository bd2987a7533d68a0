"""Is it long?"""

from forum.comments.checks.given import Found, Given


def long_text(given: Given, most: int) -> Found | None:
    """Find a text of more than `most` code points; what is too much is marked."""
    count = len(given.text)
    return Found({"count": count, "most": most}, ((most, count),)) if count > most else None
