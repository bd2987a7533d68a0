"""Where on the desk a moderator is: the queue, what it is filtered by, the page of it, and the item that is open."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from gettext import gettext as _
from typing import Any, Self
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from forum.errors import BadRequest, NotFound
from forum.moderation.queues import Filters, Place, Queue

DESK = "/moderation"
EVERYTHING = Filters()
LONGEST = 200
"""Characters of a filter; longer ones name nothing."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """An address of the desk. `done` is the act that the line above the lists tells of, `stay` what it left out."""

    queue: Queue = Queue.REPORTS
    filters: Filters = EVERYTHING
    after: Place | None = None
    item: int | None = None
    done: int | None = None
    stay: int = 0

    @classmethod
    def of(cls, query: QueryParams) -> Self:
        """As an address says it. Raises NotFound for a list that there is not, BadRequest for a broken link."""
        name = query.get("queue") or Queue.REPORTS
        if name not in list(Queue):
            raise NotFound(
                _("There is no such list. There are reports, held comments, appeals, new accounts and the log.")
            )
        filters = {key: query.get(key, "").strip()[:LONGEST] for key in ("section", "article", "account", "check")}
        filters["account"] = filters["account"].removeprefix("@")
        item, done, stay = (number_in(query, name) for name in ("item", "done", "stay"))
        return cls(Queue(name), Filters(**filters), _place_in(query), item, done, stay or 0)

    def at(self, **changes: Any) -> str:
        """The address of the same place with some changes; what has just been done is not told again.

        On a phone, where an item stands beneath the list, it leads to the item.
        """
        place = replace(self, **({"done": None, "stay": 0} | changes))
        words = {
            "queue": place.queue.value,
            "section": place.filters.section,
            "article": place.filters.article,
            "account": place.filters.account,
            "check": place.filters.check,
            "after": cursor(place.after) if place.after else "",
            "item": place.item or "",
            "done": place.done or "",
        }
        query = urlencode({name: word for name, word in words.items() if word})
        return f"{DESK}?{query}{'#item' if place.item else ''}"

    def filtered(self, **filters: str) -> str:
        """The address of the same queue with other filters, from its beginning."""
        return self.at(filters=replace(self.filters, **filters), after=None, item=None)

    @property
    def is_filtered(self) -> bool:
        """Whether the list leaves something out."""
        return self.filters != EVERYTHING


def cursor(place: Place) -> str:
    """A place in a queue as it stands in an address."""
    since = place.at - datetime(1970, 1, 1, tzinfo=UTC)
    return f"{since.days * 86_400_000_000 + since.seconds * 1_000_000 + since.microseconds}.{place.id}"


def number_in(query: QueryParams, name: str) -> int | None:
    """An id out of the address, or None where there is none."""
    text = query.get(name, "")
    if text and not _is_number(text):
        raise broken_link(name)
    return int(text) if text else None


def _place_in(query: QueryParams) -> Place | None:
    text = query.get("after", "")
    if not text:
        return None
    micros, _dot, id = text.partition(".")
    if not (_is_number(micros) and _is_number(id) and len(micros) <= 17):
        raise broken_link("after")
    at = datetime.fromtimestamp(int(micros) // 1_000_000, UTC)
    return Place(at.replace(microsecond=int(micros) % 1_000_000), int(id))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def broken_link(name: str) -> BadRequest:
    """What somebody is told whose address or form names what nothing of ours names."""
    return BadRequest(_("This link is broken. Go back to the list."), name)
