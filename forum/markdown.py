"""Markdown to HTML at a bounded cost: the parsers of comments and of articles.

The HTML is not safe to send yet: markup.py cleans it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from html import escape
from types import SimpleNamespace
from typing import Any

from markdown_it import MarkdownIt, helpers
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock, blockquote, list_block, table
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from forum.addresses import LONGEST, address_at
from forum.highlighting import highlighted

COMMENT_STEPS = 4_000
"""Steps that 10,000 code points of a comment may take, 5 to 10 µs each. Prose takes 400, a dense README 2,800."""
ARTICLE_STEPS = 16_000
"""The same for articles: few people write them, and none of their formatting should be refused."""
DEEPEST = 12
"""Levels of blocks; a quotation is one, a list two. What is deeper stays text."""
CELLS = 1_000
"""Cells of one table; a larger one stays text."""

BlockRule = Callable[[StateBlock, int, int, bool], bool]
Tokens = Sequence[Token]

_COMMENT_LINK = re.compile(r"https?://[^/?#]|mailto:.", re.IGNORECASE)
_ARTICLE_LINK = re.compile(r"https?://[^/?#]|mailto:.|/(?![/\\])", re.IGNORECASE)
_WEIGHTS = {"[": 8, "!": 4, "<": 8, "`": 3, "*": 4, "_": 4, "~": 4}
_RUN = re.compile(r"\*+|_+|~+")
_PLAIN = RendererHTML()


class TooIntricate(Exception):
    """The text takes more steps than it may; show it as it was typed."""


class Renderer(RendererHTML):
    """What differs from the library's HTML everywhere."""

    def s_open(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        """What the writer took back, where the library says <s>."""
        return "<del>"

    def s_close(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        """See s_open."""
        return "</del>"


class ArticleRenderer(Renderer):
    """What differs from plain CommonMark in an article."""

    def fence(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        """Code, with its parts marked when the fence names a language that we know."""
        language, _, _ = tokens[idx].info.strip().partition(" ")
        return f"<pre><code>{highlighted(tokens[idx].content, language, env)}</code></pre>\n"

    def heading_open(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        """h1 is the headline's, and nothing is set smaller than h4."""
        return f"<{_heading(tokens[idx])}>"

    def heading_close(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        """See heading_open."""
        return f"</{_heading(tokens[idx])}>\n"

    def th_open(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        """The alignment as a class, where the library sets a style."""
        style = str(tokens[idx].attrGet("style") or "")
        aligned = f' class="{style.replace("text-align:", "align-")}"' if style else ""
        return f"<{tokens[idx].tag}{aligned}>"

    td_open = th_open


class CommentRenderer(Renderer):
    """A comment has no headings and no rules of its own: they are the page's."""

    def heading_open(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        """A bold line."""
        return "<p><strong>"

    def heading_close(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        """See heading_open."""
        return "</strong></p>\n"

    def hr(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        """A pause, as typed on a typewriter."""
        return "<p>* * *</p>\n"


class Parser(MarkdownIt):
    """A Markdown parser that takes at most `steps` steps for each 10,000 code points begun."""

    def __init__(self, renderer: type[Renderer], link: re.Pattern[str], *, steps: int, breaks: bool) -> None:
        super().__init__("commonmark", {"html": False, "breaks": breaks}, renderer_cls=renderer)
        self.helpers = SimpleNamespace(**vars(helpers) | {"parseLinkDestination": _destination})  # type: ignore[assignment]
        self.link = link
        self.steps = steps
        self.enable("strikethrough").disable(["html_inline", "html_block"])
        self.block.ruler.at(
            "blockquote", _shallow(blockquote), {"alt": ["paragraph", "reference", "blockquote", "list"]}
        )
        self.block.ruler.at("list", _shallow(list_block), {"alt": ["paragraph", "reference", "blockquote"]})
        self.block.ruler.before(
            "table", "steps", _count_block, {"alt": ["paragraph", "reference", "blockquote", "list"]}
        )
        self.inline.ruler.before("text", "steps", _count_inline)
        self.inline.ruler.before("escape", "address", _address)
        self.inline.add_terminator_char(".")
        self.core.ruler.after("inline", "pictures", _pictures_to_links)

    def normalizeLink(self, url: str) -> str:  # noqa: N802 (the library's name)
        """The address, encoded; nothing when it is longer than any address in use."""
        return super().normalizeLink(url) if len(url) <= LONGEST else ""

    def validateLink(self, url: str) -> bool:  # noqa: N802 (the library's name)
        """Whether a link may go there."""
        return self.link.match(url) is not None

    def html(self, source: str) -> str:
        """The HTML of a text. Raises TooIntricate when that would cost too much."""
        begun = 1 + max(len(source) - 1, 0) // 10_000
        html: str = self.render(source, {"steps": self.steps * begun})
        return html


def comment_parser() -> Parser:
    """Comments: line breaks as typed, headings as bold lines."""
    return Parser(CommentRenderer, _COMMENT_LINK, steps=COMMENT_STEPS, breaks=True)


def article_parser() -> Parser:
    """Articles: headings from h2 down, tables, links within the site."""
    parser = Parser(ArticleRenderer, _ARTICLE_LINK, steps=ARTICLE_STEPS, breaks=False)
    parser.block.ruler.at("table", _small_table, {"alt": ["paragraph", "reference"]})
    parser.enable("table")
    return parser


def as_typed(source: str) -> str:
    """The HTML of a text without any markup: paragraphs and line breaks."""
    paragraphs = re.split(r"\n{2,}", escape(source.strip("\n"), quote=False))
    return "".join("<p>" + text.replace("\n", "<br>\n") + "</p>\n" for text in paragraphs)


def _heading(token: Token) -> str:
    return f"h{min(max(int(token.tag[1]), 2), 4)}"


def _spend(env: EnvType, steps: int) -> None:
    env["steps"] -= steps
    if env["steps"] < 0:
        raise TooIntricate


def _count_block(state: StateBlock, *_: object) -> bool:
    _spend(state.env, 3)
    return False


def _count_inline(state: StateInline, *_: object) -> bool:
    run = _RUN.match(state.src, state.pos)
    _spend(state.env, _WEIGHTS.get(state.src[state.pos], 1) * (len(run[0]) if run else 1))
    return False


def _shallow(rule: BlockRule) -> BlockRule:
    # The library's own maxNesting drops what is deeper: nobody's text may get lost.
    def shallow(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return state.level < DEEPEST and rule(state, start, end, silent)

    return shallow


def _destination(text: str, pos: int, end: int) -> Any:
    # Thirty links that are never closed would each be read to the end of the text.
    return helpers.parseLinkDestination(text, pos, min(end, pos + LONGEST))


def _small_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if not table(state, start, end, True):
        return False
    columns = state.src[state.bMarks[start + 1] : state.eMarks[start + 1]].strip(" \t|").count("|") + 1
    most = min(end, start + CELLS // columns + 2)
    rows = next((line for line in range(start, most) if state.isEmpty(line)), most) - start
    _spend(state.env, rows if silent else columns * rows)
    return columns * rows <= CELLS and (silent or table(state, start, end, False))


def _address(state: StateInline, silent: bool) -> bool:
    """The parser's rule for an address in the text: it becomes a link, its emphasis marks stay its own."""
    if state.linkLevel or not (found := address_at(state.src, state.pos, state.posMax)):
        return False
    _spend(state.env, 12)
    start, end = found
    address = state.src[start:end]
    href = state.md.normalizeLink(address if "://" in address[:8] else f"https://{address}")
    if not state.md.validateLink(href):
        return False
    if not silent:
        state.pending = state.pending[: start - state.pos]
        state.push("link_open", "a", 1).attrs = {"href": href}
        state.push("text", "", 0).content = address
        state.push("link_close", "a", -1)
    state.pos = end
    return True


def _pictures_to_links(state: StateCore) -> None:
    """A picture becomes a link to it, named by its description: pages make no request to other sites."""
    for block in state.tokens:
        if block.children and any(token.type == "image" for token in block.children):
            block.children = list(_without_pictures(block.children, state))


def _without_pictures(tokens: Tokens, state: StateCore) -> Iterator[Token]:
    links = 0
    for token in tokens:
        links += token.nesting if token.tag == "a" else 0
        if token.type != "image":
            yield token
            continue
        href = str(token.attrs["src"])
        alt = _PLAIN.renderInlineAsText(token.children, state.md.options, state.env).strip()
        text = Token("text", "", 0, content=alt or href)
        if links:
            yield text
        else:
            yield from (Token("link_open", "a", 1, attrs={"href": href}), text, Token("link_close", "a", -1))
