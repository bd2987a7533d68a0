"""Are there words of a list in it?"""

from forum.comments.checks.given import Found, Given
from forum.comments.checks.matching import matcher_of

MOST_NAMED, LONGEST_NAMED = 5, 40


def listed_words(given: Given, name: str) -> Found | None:
    """Find words of the list with this name, however they are disguised, and mark them as they are written.

    What only markup parts in the source (“ba**d**”, “b&#97;d”) is named as readers read it, and not marked.
    """
    matcher = matcher_of(given.lists.get(name, ""))
    matches = matcher.find(given.text)
    marked = {match.entry for match in matches}
    only_read = [match for match in matcher.find(given.read_as) if match.entry not in marked]
    if not matches and not only_read:
        return None
    written = dict.fromkeys(
        text[match.start : match.end][:LONGEST_NAMED]
        for text, found in ((given.text, matches), (given.read_as, only_read))
        for match in found
    )
    return Found(
        {"words": list(written)[:MOST_NAMED]},
        tuple((match.start, match.end) for match in matches),
        frozenset(match.entry for match in (*matches, *only_read)),
    )
