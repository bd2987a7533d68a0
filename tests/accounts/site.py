"""The whole app as several browsers use it: each request says with which cookie it comes."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from html import unescape
from types import MappingProxyType
from typing import Any, ParamSpec, TypeVar

from httpx2 import Response
from starlette.applications import Starlette
from starlette.testclient import TestClient

from forum.database import Database
from tests.world import World

P = ParamSpec("P")
T = TypeVar("T")
PASSWORD = "gravel lantern quiet ostrich"
OTHER_PASSWORD = "seven marbles under a kettle"
JSON = {"accept": "application/json"}


@dataclass(slots=True)
class Site:
    """A running app, and short words for what browsers ask of it."""

    client: TestClient

    @property
    def database(self) -> Database:
        """The app's own database."""
        database: Database = self.state.database
        return database

    @property
    def world(self) -> World:
        """The people, to be used through `do`."""
        return World(self.database)

    @property
    def app(self) -> Starlette:
        """The app itself."""
        assert isinstance(self.client.app, Starlette)
        return self.client.app

    @property
    def state(self) -> Any:
        """What the app carries: settings, passwords, limiter, hub."""
        return self.app.state

    def do(self, work: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run something asynchronous where the app runs."""
        assert self.client.portal is not None
        result: T = self.client.portal.call(partial(work, *args, **kwargs))
        return result

    def get(self, path: str, token: str | None = None, **more: Any) -> Response:
        """Look at a page."""
        return self._ask("GET", path, token, more)

    def post(self, path: str, form: Mapping[str, Any], token: str | None = None, **more: Any) -> Response:
        """Send a form."""
        return self._ask("POST", path, token, {"data": form} | more)

    def register(
        self, handle: str = "imke", *, headers: Mapping[str, str] = MappingProxyType({}), **fields: str
    ) -> Response:
        """Send the form for a new account."""
        form = {"handle": handle, "display_name": handle.capitalize(), "password": PASSWORD} | fields
        return self.post("/register", form, headers=headers)

    def sign_in(self, login: str = "imke", password: str = PASSWORD, **more: Any) -> Response:
        """Send the sign-in form."""
        return self.post("/sign-in", {"login": login, "password": password}, **more)

    def _ask(self, method: str, path: str, token: str | None, more: dict[str, Any]) -> Response:
        headers = dict(more.pop("headers", {})) | ({"cookie": f"forum={token}"} if token else {})
        response = self.client.request(method, path, headers=headers, **more)
        self.client.cookies.clear()
        return response


def token_of(response: Response) -> str:
    """The cookie that a response sets; empty where it takes it away."""
    assert "forum" in response.cookies or "forum=" in response.headers.get("set-cookie", ""), response.text
    return str(response.cookies.get("forum", ""))


def words(response: Response) -> str:
    """A page's source with its entities resolved."""
    return unescape(response.text)
