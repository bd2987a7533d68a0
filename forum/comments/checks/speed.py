"""Does the author write very fast?"""

from forum.comments.checks.given import Found, Given


def fast_writing(given: Given, most: int) -> Found | None:
    """Find a comment of somebody who has posted `most` others within ten minutes; an edit is none, and staff may."""
    if given.is_edit or given.is_staff or given.in_ten_minutes < most:
        return None
    return Found({"count": given.in_ten_minutes})
