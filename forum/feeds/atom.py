"""A feed as Atom."""

import re
from datetime import datetime
from urllib.parse import urlsplit

from feedgenerator import Atom1Feed  # type: ignore[import-untyped]
from markupsafe import escape

from forum.feeds.queries import Entry, Feed
from forum.templating import LOCALE

MEDIA_TYPE = "application/atom+xml"
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
YEAR = 2026
"""Tag URIs name a year in which the domain was its owner's; any will do, as long as it stays."""


class _Atom(Atom1Feed):  # type: ignore[misc]
    """The library's feed; an empty one was not updated just now, but when what it is about began."""

    def latest_post_date(self) -> datetime:
        """When anything in it last changed."""
        moments = [item["updateddate"] for item in self.items]
        latest: datetime = max(moments, default=self.feed["since"])
        return latest


def as_atom(feed: Feed, *, origin: str, site_name: str) -> bytes:
    """The feed as XML, its addresses whole. What it names is known by the same id for ever, wherever it moves."""
    atom = _Atom(
        title=_clean(feed.title if feed.path == "/" else f"{feed.title} – {site_name}"),
        link=origin + feed.path,
        description=None,
        language=LOCALE,
        feed_url=f"{origin}{feed.path.rstrip('/')}/feed",
        feed_guid=_tag(origin, feed.lasting),
        author_name=_clean(site_name),
        since=feed.since,
    )
    for entry in feed.entries:
        _add(atom, entry, origin, site_name)
    text: str = atom.writeString("utf-8")
    return text.encode()


def _add(atom: _Atom, entry: Entry, origin: str, site_name: str) -> None:
    atom.add_item(
        title=_clean(entry.title),
        link=origin + entry.path,
        description=escape(_clean(entry.summary)) if entry.summary else None,
        content=_clean(entry.html),
        unique_id=_tag(origin, entry.lasting),
        author_name=_clean(entry.author or site_name),
        author_link=origin + entry.author_path if entry.author_path else None,
        pubdate=entry.published,
        updateddate=entry.updated,
        categories=[_clean(name) for name in entry.categories],
    )


def _tag(origin: str, lasting: str) -> str:
    """A tag URI."""
    return f"tag:{urlsplit(origin).hostname},{YEAR}:{lasting}"


def _clean(text: str) -> str:
    """Without what XML cannot say at all."""
    return _NOT_IN_XML.sub("", text)
