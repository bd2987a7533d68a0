"""Has it been said before, by whomever?"""

from forum.comments.checks.given import Found, Given


def said_before(given: Given, times: int) -> Found | None:
    """Find a text that has been posted `times` before within a month: by the same account, or by several."""
    return Found({"count": given.same}, about=frozenset([given.gist])) if given.same >= times else None
