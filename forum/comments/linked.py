"""A discussion as search engines read it: its comments that everybody may see, nested as the page shows them."""

import re
from collections.abc import Iterable
from datetime import datetime
from html import unescape
from itertools import islice
from typing import Protocol

from markupsafe import Markup

from forum.comments.projection import ShownComment
from forum.comments.tree import Node
from forum.linked_data import CONTEXT, Publisher, Thing, as_json, moment, path_to, with_list
from forum.templating import shorten

MOST_BENEATH = 1
"""Comments beneath each at the top, and in MOST_TEXT characters of each: all is on the page already, which has a
budget (tests/test_page_weight.py)."""
MOST_TEXT = 120
ENOUGH_HTML = 4 * MOST_TEXT
"""Of so much of its HTML that much text can be made."""


class Discussed(Protocol):
    """What is said of the article that a discussion is about."""

    @property
    def slug(self) -> str: ...
    @property
    def headline(self) -> str: ...
    @property
    def standfirst(self) -> str: ...
    @property
    def byline(self) -> str: ...
    @property
    def published_at(self) -> datetime | None: ...


def linked_comments(nodes: Iterable[Node]) -> Markup:
    """Comments as JSON-LD. Their addresses are paths: they are kept for whoever asks, by whichever name of the site."""
    return as_json([_branch(node) for node in nodes])


def linked_discussion(about: Discussed, count: int, comments: Markup, publisher: Publisher) -> Markup:
    """The discussion of an article with those of its comments that the page shows."""
    article = publisher.origin + path_to("articles", about.slug)
    posting: Thing = {
        "@context": CONTEXT,
        "@type": "DiscussionForumPosting",
        "@id": f"{article}#discussion",
        "url": f"{article}#discussion",
        "headline": about.headline,
        "text": about.standfirst or about.headline,
        "author": publisher.or_person(about.byline),
        "datePublished": moment(about.published_at),
        "isPartOf": {"@id": article},
        "commentCount": count,
    }
    return with_list(posting, "comment", comments)


def _branch(top: Node) -> Thing:
    """A comment with the first ones beneath it, in the order of the page: what is answered comes before its replies."""
    things = dict[int | None, Thing]()
    for node in islice(top, 1 + MOST_BENEATH):
        thing = things[node.comment.id] = _comment(node.comment)
        if node is not top:
            things[node.comment.shown_under_id].setdefault("comment", []).append(thing)
    return things[top.comment.id]


def _comment(comment: ShownComment) -> Thing:
    """A comment by itself. Of one that is not to be seen any more it says just that."""
    said: Thing = {"@type": "Comment", "url": f"/comments/{comment.id}"}
    if comment.author is None:
        return said | {"creativeWorkStatus": "Deleted"}
    name, path = comment.author.display_name, path_to("accounts", comment.author.handle)
    return said | {
        "author": {"@type": "Person", "name": name, "url": path},
        "datePublished": moment(comment.created_at),
        "text": beginning_of(comment.html),
    }


def beginning_of(html: str) -> str:
    """The beginning of a comment's text, without its tags."""
    plain = unescape(re.sub(r"<[^>]*>?", " ", html[:ENOUGH_HTML]))
    return shorten(" ".join(plain.split()), MOST_TEXT)
