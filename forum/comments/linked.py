"""A discussion as search engines read it: its comments that everybody may see, nested as the page shows them."""

import re
from collections.abc import Iterable
from datetime import datetime
from html import unescape
from typing import Protocol

from markupsafe import Markup

from forum.comments.tree import Node
from forum.linked_data import CONTEXT, Publisher, Thing, as_json, moment, path_to, with_list
from forum.templating import shorten

MOST_TEXT = 300
"""Characters of a comment: the whole text is on the page already, which has a budget."""
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
    return as_json([_comment(node) for node in nodes])


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


def _comment(node: Node) -> Thing:
    """A comment with its replies. Of one that is not to be seen any more it says just that."""
    comment, replies = node.comment, [_comment(reply) for reply in node.replies]
    said: Thing = {"@type": "Comment", "url": f"/comments/{comment.id}"}
    if comment.author is None:
        said |= {"creativeWorkStatus": "Deleted"}
    else:
        said |= {
            "author": {
                "@type": "Person",
                "name": comment.author.display_name,
                "url": path_to("accounts", comment.author.handle),
            },
            "datePublished": moment(comment.created_at),
            "text": beginning_of(comment.html),
        }
    return said | ({"comment": replies} if replies else {})


def beginning_of(html: str) -> str:
    """The beginning of a comment's text, without its tags."""
    plain = unescape(re.sub(r"<[^>]*>?", " ", html[:ENOUGH_HTML]))
    return shorten(" ".join(plain.split()), MOST_TEXT)
