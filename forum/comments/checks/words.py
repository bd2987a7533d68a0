"""Are there words of a list in it?"""

from forum.comments.checks.given import Found, Given
from forum.comments.checks.matching import matcher_of

MOST_NAMED, LONGEST_NAMED = 5, 40


def listed_words(given: Given, name: str) -> Found | None:
    """Find words of the list with this name, however they are disguised, and mark them as they are written."""
    matches = matcher_of(given.lists.get(name, "")).find(given.text)
    if not matches:
        return None
    written = dict.fromkeys(given.text[match.start : match.end][:LONGEST_NAMED] for match in matches)
    return Found(
        {"words": list(written)[:MOST_NAMED]},
        tuple((match.start, match.end) for match in matches),
        frozenset(match.entry for match in matches),
    )
