"""Does it lead to many places?"""

from forum.comments.checks.addresses import places_of
from forum.comments.checks.given import Found, Given


def many_links(given: Given, most: int) -> Found | None:
    """Find a text with more than `most` links."""
    count = len(given.links)
    if count <= most:
        return None
    marks = tuple(place for link in dict.fromkeys(given.links) for place in places_of(given.text, link))
    return Found({"count": count, "most": most}, marks, frozenset(given.links))
