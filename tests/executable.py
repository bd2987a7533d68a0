"""What of a page could be run, read by Python's parser: nothing but our own module may be there, and data."""

import json
import re
from html.parser import HTMLParser

ADDRESSES = {
    "action",
    "background",
    "cite",
    "data",
    "formaction",
    "href",
    "longdesc",
    "manifest",
    "ping",
    "poster",
    "src",
    "srcset",
    "xlink:href",
}
LOADED = {"src", "srcset", "data", "poster", "background", "manifest", "action", "formaction", "ping"}
"""What a browser loads, or sends a form to: only ever ours."""
DATA = {"type": "application/ld+json"}
"""The attributes of a <script> that browsers do not run."""
NEVER = {"applet", "base", "embed", "frame", "frameset", "math", "object", "portal", "style", "template", "video"}


def executable(html: str) -> list[str]:
    """Every tag of a page that could run something, load something foreign or change what the page means."""
    finder = _Finder()
    finder.feed(html)
    finder.close()
    return finder.found


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._in_data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in NEVER or _is_foreign(tag, values) or any(_runs(name, value) for name, value in values.items()):
            self.found.append(self.get_starttag_text() or tag)
        self._in_data = values == DATA

    def handle_data(self, data: str) -> None:
        if self._in_data and not _is_harmless_json(data):
            self.found.append(data)

    def handle_endtag(self, _tag: str) -> None:
        self._in_data = False

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)


def _is_harmless_json(data: str) -> bool:
    """Whether data is data, and nothing in it means anything to a parser of HTML, or to an old one of scripts."""
    try:
        json.loads(data)
    except ValueError:
        return False
    return not re.search("[<>&\u2028\u2029]", data)


def _is_foreign(tag: str, values: dict[str, str]) -> bool:
    """Whether a tag that we use ourselves is not used as we do."""
    match tag:
        case "script":
            return values != DATA and not re.fullmatch(r"/static/[0-9a-f]{12}/js/[\w-]+\.js", values.get("src", ""))
        case "iframe":
            return not re.fullmatch(r"/articles/[^/?#]+/arrivals\?after=\d+", values.get("src", ""))
        case "link":
            return not values.get("href", "").startswith("/")
        case "use":
            return not re.fullmatch(r"/static/[0-9a-f]{12}/icons\.svg#[\w-]+", values.get("href", ""))
        case "meta":
            return "http-equiv" in values and not re.fullmatch(r"\d+", values.get("content", ""))
    return False


def _runs(name: str, value: str) -> bool:
    if name.startswith("on") or name in ("style", "srcdoc"):
        return True
    if name not in ADDRESSES:
        return False
    plain = re.sub(r"[\x00-\x20\x7f-\x9f\u200b-\u200f]", "", value).lower()
    scheme = re.match(r"[^/?#]*?:", plain)
    if scheme and scheme[0] not in ("http:", "https:", "mailto:"):
        return True
    return name in LOADED and (bool(scheme) or plain.startswith("//"))
