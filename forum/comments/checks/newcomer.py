"""Has the author been read here before?"""

from forum.comments.checks.given import Found, Given


def first_comments(given: Given, first: int) -> Found | None:
    """Find a comment of somebody of whom fewer than `first` comments are visible; staff are known."""
    if given.is_staff or given.shown >= first:
        return None
    return Found({"count": first}, about=frozenset([given.gist]))
