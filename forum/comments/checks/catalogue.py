"""All checks by name, in the order in which they are shown."""

from dataclasses import dataclass

from forum.comments.checks.given import Find
from forum.comments.checks.hosts import listed_hosts
from forum.comments.checks.length import long_text
from forum.comments.checks.links import many_links
from forum.comments.checks.models import Response
from forum.comments.checks.newcomer import first_comments
from forum.comments.checks.removals import many_removals
from forum.comments.checks.repeated import said_before
from forum.comments.checks.speed import fast_writing
from forum.comments.checks.watched import watched_account
from forum.comments.checks.words import listed_words

ABOUT_TEXTS = (Response.OFF, Response.NOTE, Response.HOLD, Response.REFUSE)
ABOUT_ACCOUNTS = (Response.OFF, Response.NOTE, Response.HOLD)
"""Nothing that its author could change would help: who is not to write here is banned, and told so."""


@dataclass(frozen=True, slots=True)
class Check:
    """A check: what finds, what may follow from it, and its number with the range for that; None where it has none.

    `default` is what follows where nobody has set anything. `by_history`: it judges by what was written before.
    """

    name: str
    find: Find
    responses: tuple[Response, ...] = ABOUT_TEXTS
    amount: int | None = None
    least: int = 1
    most: int = 100
    default: Response = Response.OFF
    by_history: bool = False


CHECKS = {
    check.name: check
    for check in (
        Check("banned", lambda given, _amount: listed_words(given, "banned")),
        Check("suspect", lambda given, _amount: listed_words(given, "suspect")),
        Check("links", many_links, amount=3, least=0),
        Check("hosts", listed_hosts),
        Check("repeated", said_before, amount=1, by_history=True),
        Check("length", long_text, amount=3000, most=10_000),
        Check("speed", fast_writing, amount=5, by_history=True),
        Check("newcomer", first_comments, ABOUT_ACCOUNTS, amount=3, by_history=True),
        # On by itself: it finds nothing until a moderator watches somebody, and then that is what is meant.
        Check("watched", watched_account, ABOUT_ACCOUNTS, default=Response.HOLD),
        Check("removals", many_removals, ABOUT_ACCOUNTS, amount=30, by_history=True),
    )
}
