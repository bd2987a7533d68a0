"""Texts of one line: headlines, names, captions, links."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from gettext import gettext as _
from gettext import ngettext
from urllib.parse import urlsplit

from forum.errors import Invalid

LONGEST_LINK = 2000
_OVERRIDES = "\u202d\u202e"
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"'\\^`{|}]+", re.IGNORECASE)


def check_line(text: str, field: str, most: int, *, missing: str = "") -> str:
    """The text on one line: NFC, no control characters, each run of white space one space.

    Raises Invalid above `most` code points; where `missing` is the sentence for that, also when nothing can be seen.
    """
    if len(text) > 4 * most:
        raise _too_long(len(text), most, field)
    kept = "".join(char for char in text if char.isspace() or not _is_unfit(char))
    line = unicodedata.normalize("NFC", " ".join(kept.split()))
    if len(line) > most:
        raise _too_long(len(line), most, field)
    if not any(unicodedata.category(char)[0] in "LNPS" for char in line):
        if missing:
            raise Invalid(missing, field)
        return ""
    return line


def check_names(text: str, field: str, *, most: int, length: int, missing: str = "") -> list[str]:
    """Names with commas between them, each once, in their order."""
    names = [check_line(part, field, length) for part in text.split(",")]
    names = list(dict.fromkeys(name for name in names if name))
    for name in names:
        if not any(char.isalnum() for char in name):
            raise Invalid(_("“%(name)s” has no letter or digit. Choose another name.") % {"name": name}, field)
    if len(names) > most:
        sentence = ngettext("Give %(count)d name at most.", "Give %(count)d names at most.", most)
        raise Invalid(sentence % {"count": most}, field)
    if missing and not names:
        raise Invalid(missing, field)
    return names


def check_word(text: str, field: str, words: Sequence[str]) -> str:
    """One of several words that a form knows."""
    if text not in words:
        sentence = _("“%(word)s” is none of: %(words)s.")
        raise Invalid(sentence % {"word": text[:40], "words": ", ".join(words)}, field)
    return text


def check_day(text: str, field: str, days: int = 0) -> datetime:
    """When a day begins, in UTC, or so many days later."""
    try:
        return datetime.combine(date.fromisoformat(text), time(tzinfo=UTC)) + timedelta(days=days)
    except (ValueError, OverflowError):
        raise Invalid(_("Write the day like 2030-01-31."), field) from None


def check_link(text: str, field: str) -> str:
    """An address on the web, http or https; empty stays empty."""
    link = text.strip()
    if link and not is_web_address(link):
        raise Invalid(_("Write a whole web address, beginning with https:// or http://."), field)
    return link


def is_web_address(link: str) -> bool:
    """Whether this leads to a host by http or https, and to nothing that a browser would run."""
    if len(link) > LONGEST_LINK or not link.isprintable() or not _WEB_ADDRESS.fullmatch(link):
        return False
    try:
        parts = urlsplit(link)
        return bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _is_unfit(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs") or char in _OVERRIDES


def _too_long(typed: int, most: int, field: str) -> Invalid:
    sentence = _("Use at most %(most)d characters; these are %(typed)d.")
    return Invalid(sentence % {"most": most, "typed": typed}, field)
