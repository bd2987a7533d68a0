"""Static files, as the process found them when it began, scripts and styles without what is for readers of the source.

The hash of all of them is part of each address: what a file names relative to itself, a module or a font, inherits it,
so that browsers may keep every file for good.
"""

import re
from collections.abc import Callable
from functools import cache
from gettext import gettext as _
from hashlib import sha256
from pathlib import Path, PurePath

from rjsmin import jsmin  # type: ignore[import-untyped]
from starlette.requests import Request
from starlette.responses import Response

from forum.compression import THOROUGH, THOROUGH_NAMES, best_encoding
from forum.errors import NotFound
from forum.resources import STATIC

TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".woff2": "font/woff2",
}
"""What is served, by the end of its name; not left to the machine's own table."""
COMPRESSED = {".css", ".js", ".svg", ".txt"}
_COMMENT_OR_SPACE = re.compile(r"(?:/\*.*?\*/|\s)+", re.DOTALL)
MINIFIED: dict[str, Callable[[str], str]] = {".css": lambda source: _COMMENT_OR_SPACE.sub(" ", source), ".js": jsmin}
"""Comments and space go; every name stays, so what a browser's tools show can still be read.

What minifies style sheets further (rcssmin) takes the space out of `.a :is(b)`, which means something else then.
"""

COMMENT = ("comment-text", "comment-actions", "replies", "comment-states")
TOGETHER = {
    "css/frame.css": ("tokens", "base", "controls", "masthead"),
    "css/reading.css": ("article", "discussion", *COMMENT, "composer"),
    "css/comment.css": COMMENT,
    "css/desk.css": ("desk-frame", "desk-queue", "desk-case", "desk-log", "desk-measures", "desk-widths"),
}
"""Style sheets that are sent as one, for every page, articles', wherever else comments stand, and the desk's: fewer
requests before anything shows."""

FOR_GOOD = "public, max-age=31536000, immutable"


def static(path: str) -> str:
    """The address of a static file."""
    return f"/static/{_build()}/{path}"


def show_static(request: Request) -> Response:
    """A static file. With another build's hash in its address, or none, it is the same file, but not to be kept."""
    path: str = request.path_params["path"]
    build, _slash, name = path.partition("/")
    name = path if path in _files() else name
    if name not in _files():
        raise NotFound(_("There is no page at this address."))
    headers = {
        "cache-control": FOR_GOOD if build == _build() else "no-cache",
        "etag": f'W/"{_build()}"',
        "vary": "accept-encoding",
    }
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    suffix = PurePath(name).suffix
    accepted = request.headers.get("accept-encoding", "") if suffix in COMPRESSED else ""
    encoding = best_encoding(accepted, THOROUGH_NAMES)
    if encoding:
        headers["content-encoding"] = encoding
    return Response(_encoded(name, encoding), headers=headers, media_type=TYPES[suffix])


@cache
def _encoded(name: str, encoding: str) -> bytes:
    return THOROUGH[encoding](_files()[name]) if encoding else _files()[name]


@cache
def _files() -> dict[str, bytes]:
    paths = sorted(path for path in STATIC.rglob("*") if path.suffix in TYPES)
    files = {path.relative_to(STATIC).as_posix(): _sent(path) for path in paths}
    together = {name: b"".join(files[f"css/{part}.css"] for part in parts) for name, parts in TOGETHER.items()}
    return files | together


def _sent(path: Path) -> bytes:
    minify = MINIFIED.get(path.suffix)
    return minify(path.read_text("utf-8")).encode() if minify else path.read_bytes()


@cache
def _build() -> str:
    """A hash of all names and contents."""
    digest = sha256()
    for name, content in _files().items():
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:12]
