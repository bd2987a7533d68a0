"""What waits for a moderator on the demo site: some checks, short lists of words, and comments that they hold."""

from collections.abc import Mapping
from datetime import timedelta

from forum.accounts.actor import Actor
from forum.comments.actions import post_comment
from forum.comments.body import make_body
from forum.comments.checks.models import Response
from forum.database import Db, now
from forum.moderation.check_rules import Setting, set_rules
from forum.moderation.word_lists import set_words

RULES = {
    "banned": Setting(Response.REFUSE),
    "suspect": Setting(Response.HOLD),
    "links": Setting(Response.HOLD, 2),
    "repeated": Setting(Response.NOTE),
}
LISTS = {"banned": "casino bonus\nmiracle cure", "suspect": "balderdash\nhornswoggle\nnincompoop\npoppycock"}
HELD = (
    (
        "kilnfield-bridge-closes",
        "rivet",
        50,
        "Closed for “checks”? P o p p y c o c k. Somebody has not painted a bolt since 1994.",
    ),
    (
        "night-tram-returns",
        "bus21",
        20,
        "The timetable: https://example.org/night-tram\n\nThe old one: https://example.org/old-tram\n\n"
        "And what the council said in March: https://example.org/minutes/7",
    ),
)
"""Where, by whom, how many minutes ago, and what."""


def load_waiting(db: Db, *, accounts: Mapping[str, int]) -> None:
    """Set the checks, and let readers post what they hold."""
    admin = Actor(accounts["admin"])
    set_rules(db, admin=admin, settings=RULES)
    for name, entries in LISTS.items():
        set_words(db, admin=admin, name=name, entries=entries)
    for slug, by, minutes, text in HELD:
        at = now() - timedelta(minutes=minutes)
        post_comment(db, author=Actor(accounts[by]), slug=slug, parent_id=None, body=make_body(text), at=at)
