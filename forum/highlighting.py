"""Code in articles: its parts marked with classes, in the languages that we know, up to a size."""

from collections.abc import MutableMapping
from functools import cache
from html import escape
from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES

LENGTH = 4_000
"""Code points marked in one article, all fences together; the rest stays plain.

Some lexers take time with the square of the length (4,000 line ends of C: 0.7 s), so comments are not highlighted.
"""
LANGUAGES = frozenset(
    [
        "bash",
        "c",
        "c++",
        "cpp",
        "css",
        "diff",
        "go",
        "html",
        "java",
        "javascript",
        "js",
        "json",
        "python",
        "py",
        "rust",
        "sql",
        "toml",
        "typescript",
        "ts",
        "xml",
        "yaml",
    ]
)
CLASSES = frozenset(STANDARD_TYPES.values()) - {""}
"""Every class that a part of code may have."""

_FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True)


def highlighted(code: str, language: str, env: MutableMapping[str, Any]) -> str:
    """Code as HTML, its parts in <span class>. `env` counts what was marked in this article so far."""
    marked = env.get("marked", 0) + len(code)
    if language.lower() not in LANGUAGES or marked > LENGTH:
        return escape(code, quote=False)
    env["marked"] = marked
    html: str = highlight(code, _lexer(language.lower()), _FORMATTER)
    return html


@cache
def _lexer(language: str) -> Lexer:
    return get_lexer_by_name(language, stripnl=False, ensurenl=False)
