"""Do moderators watch this account?"""

from forum.comments.checks.given import Found, Given


def watched_account(given: Given, _amount: int) -> Found | None:
    """Find whatever an account under watch writes."""
    return Found(about=frozenset([given.gist])) if given.is_watched else None
