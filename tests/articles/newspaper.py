"""A site with editors: what they send, and what readers then see."""

import re
from dataclasses import dataclass, field
from html import unescape
from io import BytesIO
from typing import Any
from urllib.parse import unquote

from httpx2 import Response
from PIL import Image

from forum.permissions import Role
from tests.accounts.site import Site
from tests.world import World

STORY = {
    "headline": "The bridge closes",
    "standfirst": "For two years.",
    "body": "It is **old**.",
    "sections": "News, Culture",
    "tags": "Bridges, Roads",
}


@dataclass(slots=True)
class Newspaper:
    """The running app with its people, and short words for what editors do."""

    site: Site
    world: World
    tokens: dict[str, str] = field(default_factory=dict)

    def sign_in(self, handle: str = "eddie", role: Role = Role.EDITOR) -> str:
        """The cookie of an account, made when it is first asked for."""
        if handle not in self.tokens:
            self.tokens[handle] = self.site.do(self.world.sign_in, handle, role)
        return self.tokens[handle]

    def get(self, path: str, token: str | None = None) -> Response:
        """A page as a guest sees it, or the one with that cookie."""
        return self.site.get(path, token)

    def send(self, path: str, fields: dict[str, str], token: str | None = None, **more: Any) -> Response:
        """Send a form as an editor."""
        return self.site.post(path, fields, self.sign_in() if token is None else token, **more)

    def publish(self, **fields: str) -> str:
        """Publish a new article; gives its slug."""
        return self.write(**{"state": "published"} | fields)

    def write(self, **fields: str) -> str:
        """Write a new article; gives its slug."""
        return slug_of(self.send("/editor", STORY | fields))

    def change(self, slug: str, /, **fields: str) -> Response:
        """Change some fields of an article; the others are sent as its form shows them."""
        return self.send(f"/editor/{slug}", self.form_of(slug) | fields)

    def form_of(self, slug: str) -> dict[str, str]:
        """What a browser would send if an editor pressed Save at once."""
        return fields_of(self.get(f"/editor/{slug}", self.sign_in()).text)


def slug_of(response: Response) -> str:
    """The article that a saved form leads to."""
    assert response.status_code == 303, response.text
    return unquote(response.headers["location"]).removeprefix("/editor/").partition("?")[0]


def fields_of(html: str) -> dict[str, str]:
    """The values of a page's form of an article, as a browser sends them."""
    form = html[html.index('<form class="form') :]
    fields: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        attributes = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        kind = attributes.get("type", "text")
        if kind == "file" or (kind == "checkbox" and not re.search(r"\schecked", tag)):
            continue
        fields[attributes["name"]] = unescape(attributes.get("value", ""))
    for name, text in re.findall(r'<textarea[^>]* name="([a-z_]+)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL):
        fields[name] = unescape(text)
    for name, options in re.findall(r'<select[^>]* name="([a-z_]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        assert chosen, name
        fields[name] = chosen[1]
    return fields


def picture(width: int = 1000, height: int = 600, form: str = "PNG") -> bytes:
    """A picture file."""
    file = BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(file, form)
    return file.getvalue()
