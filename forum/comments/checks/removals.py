"""Was much of what the author wrote lately removed?"""

from forum.comments.checks.given import Found, Given

FEWEST = 4
"""Of fewer comments nothing can be said."""


def many_removals(given: Given, percent: int) -> Found | None:
    """Find a comment of somebody of whose last comments moderators removed at least `percent` of a hundred."""
    if given.is_staff or given.recent < FEWEST or given.removed * 100 < percent * given.recent:
        return None
    return Found({"count": given.removed, "of": given.recent}, about=frozenset([given.gist]))
