"""What people write, as HTML that is safe to send and to store."""

import re
import unicodedata
from functools import cache
from gettext import gettext as _
from gettext import ngettext
from html import unescape

import nh3

from forum.errors import Invalid
from forum.highlighting import CLASSES
from forum.markdown import Parser, TooIntricate, article_parser, as_typed, comment_parser

RENDERER = 1
"""Stored beside stored HTML. Add one whenever the same text would give other HTML."""
MARKS = 8
"""Accents on one letter: more than any living language stacks, too few to reach the next line."""

_COMMENT_TAGS = {"p", "br", "em", "strong", "del", "blockquote", "ul", "ol", "li", "code", "pre", "a"}
_ARTICLE_TAGS = _COMMENT_TAGS | {"span", "h2", "h3", "h4", "hr", "table", "thead", "tbody", "tr", "th", "td"}
_ALIGNMENTS = {"align-left", "align-center", "align-right"}

comment_cleaner = nh3.Cleaner(
    tags=_COMMENT_TAGS,
    attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel="nofollow ugc noopener",
)
article_cleaner = nh3.Cleaner(
    tags=_ARTICLE_TAGS,
    attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
    allowed_classes={"span": CLASSES, "th": _ALIGNMENTS, "td": _ALIGNMENTS},
    url_schemes={"http", "https", "mailto"},
    url_relative="pass_through",
    link_rel="noopener",
)

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff\ufeff]")
_BLOCK_EDGES = re.compile(r"</?(?:p|br|li|blockquote|pre|h[2-4]|t[rhd])\b")


def render_comment(source: str) -> str:
    """A comment's text (normalised) as HTML: at most 50 ms of CPU and 8 MiB for 10,000 code points."""
    return comment_cleaner.clean(_html(_comment_parser(), source))


def render_article(source: str) -> str:
    """An article's text as HTML. The cost grows with the length: render long ones off the event loop."""
    return article_cleaner.clean(_html(_article_parser(), source))


def plain_text(html: str) -> str:
    """The text of HTML on one line, for excerpts."""
    spaced = _BLOCK_EDGES.sub(lambda edge: " " + edge[0], html)
    return " ".join(unescape(nh3.clean(spaced, tags=set())).split())


def normalise_body(source: str, *, limit: int = 10_000) -> str:
    """A body as it is stored: NFC, lines ended by \\n, without control characters and space at the end.

    Raises Invalid when nothing is left, or more than `limit` code points.
    """
    if len(source) > 4 * limit:
        raise _too_long(len(source) - limit)
    text = _CONTROLS.sub("", source.replace("\r\n", "\n").replace("\r", "\n"))
    text = unicodedata.normalize("NFC", _fewer_marks(text)).rstrip()
    if not any(unicodedata.category(character)[0] in "LNPS" for character in text):
        raise Invalid(_("Write something first."), field="body")
    if len(text) > limit:
        raise _too_long(len(text) - limit)
    return text


def _too_long(excess: int) -> Invalid:
    message = ngettext(
        "This is {excess} character too long. Shorten it, or post it in parts.",
        "This is {excess} characters too long. Shorten it, or post it in parts.",
        excess,
    )
    return Invalid(message.format(excess=excess), field="body")


def _fewer_marks(text: str) -> str:
    # Sorting a long row of marks into NFC takes time with its square: six seconds for 80,000.
    if text.isascii():
        return text
    kept, row = [], 0
    for character in text:
        row = row + 1 if unicodedata.combining(character) else 0
        if row <= MARKS:
            kept.append(character)
    return "".join(kept)


def _html(parser: Parser, source: str) -> str:
    try:
        return parser.html(source)
    except TooIntricate:
        return as_typed(source)


@cache
def _comment_parser() -> Parser:
    return comment_parser()


@cache
def _article_parser() -> Parser:
    return article_parser()
