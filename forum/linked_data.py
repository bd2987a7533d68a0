"""What a page is about, as search engines read it: JSON-LD, made from the same data as the page."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from markupsafe import Markup
from starlette.requests import Request

Thing = dict[str, Any]
CONTEXT = "https://schema.org"
_HARMLESS = [(char, f"\\u{ord(char):04x}") for char in "<>&\u2028\u2029"]
"""In JSON these stand only inside strings, where this is the same character; so nothing can end the <script>."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """The publication, and what its addresses begin with: nothing where FORUM_SITE_URL does not say it."""

    name: str
    logo: str | None
    origin: str

    def as_thing(self) -> Thing:
        """What is said of it."""
        logo = {"@type": "ImageObject", "url": f"{self.origin}/logo/{self.logo}"} if self.logo else None
        said = {"@type": "Organization", "name": self.name, "url": f"{self.origin}/", "logo": logo}
        return _without_empty(said)

    def or_person(self, byline: str) -> Thing:
        """Who wrote something: a person where one is named, else the publication."""
        return {"@type": "Person", "name": byline} if byline else self.as_thing()


def publisher_of(request: Request) -> Publisher:
    """Who publishes the page that is asked for."""
    site, settings = request.state.site, request.app.state.settings
    return Publisher(site.name, site.logo, settings.site_url)


def as_json(data: Thing | Sequence[Thing]) -> Markup:
    """Data as JSON that can stand in a page's <script type="application/ld+json">. What is empty is left out."""
    kept = _without_empty(data) if isinstance(data, dict) else [_without_empty(one) for one in data]
    text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    for char, escaped in _HARMLESS:
        text = text.replace(char, escaped)
    return Markup(text)  # noqa: S704 (escaped for where it stands)


def with_list(data: Thing, name: str, ready: Markup) -> Markup:
    """Data as JSON, and in it under that name a list that is JSON already."""
    return Markup('%s,"%s":%s}') % (as_json(data)[:-1], Markup(name), ready)  # noqa: S704 (a name of ours)


def breadcrumbs(publisher: Publisher, *places: tuple[str, str]) -> Thing:
    """The way to a page from the front: what each place is called, and its path."""
    steps = [
        {"@type": "ListItem", "position": position, "name": name, "item": publisher.origin + path}
        for position, (name, path) in enumerate([(publisher.name, "/"), *places], 1)
    ]
    return {"@context": CONTEXT, "@type": "BreadcrumbList", "itemListElement": steps}


def moment(at: datetime | None) -> str:
    """A moment as it stands in data; empty where there is none."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else ""


def path_to(kind: str, name: str) -> str:
    """The path of an article, a section, a tag or an account by its name, as an address holds it."""
    return f"/{kind}/{quote(name)}"


def _without_empty(data: Thing) -> Thing:
    return {name: value for name, value in data.items() if value not in (None, "", [])}
