"""Builds the ASGI app: middleware, error table, lifespan. Wiring only."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from gettext import gettext as _
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.exc import OperationalError, TimeoutError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette_compress import CompressMiddleware

from forum.accounts.passwords import Passwords
from forum.config import Settings
from forum.database import busy, open_database
from forum.errors import Busy, Forbidden, NotFound, ReadOnly, Refusal, SignInNeeded
from forum.life import settle_life
from forum.limiter import Limiter
from forum.live.bus import Bus
from forum.live.hub import Hub
from forum.moderation.sweeps import resume_acts
from forum.responses import refusal_as_json, refusal_headers, safe_next, wants_json
from forum.routes import routes
from forum.security import HEADERS, SameOrigin, SecurityHeaders
from forum.site.switches import Switchboard
from forum.sweeping import sweep_for_ever
from forum.templating import page
from forum.visitor import Visitors, read_visit
from forum.watching import Watched, watch

PATIENCE_SECONDS = 5.0
"""For the database, before whoever asks is told to come back."""
SMALL = 1000
"""Bytes; a smaller answer fits into one packet as it is."""


class App(Starlette):
    """Starlette, but sockets go straight to their route.

    What stands around requests does nothing for them, and took 8 kB and a quarter of the time of each page that opens.
    """

    def build_middleware_stack(self) -> ASGIApp:
        """The layers for requests, beside the way for sockets."""
        around_requests = super().build_middleware_stack()

        def by_kind(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
            return (self.router if scope["type"] == "websocket" else around_requests)(scope, receive, send)

        return by_kind


def make_app(settings: Settings | None = None) -> Starlette:
    """The whole application over one database."""
    settings = settings or Settings()
    app = App(
        routes=routes(settings),
        lifespan=_lifespan,
        middleware=[
            Middleware(Watched),
            Middleware(CompressMiddleware, minimum_size=SMALL),
            Middleware(SecurityHeaders, settings=settings),
            # The framework's own stands behind all of these, and would not see what they refuse.
            Middleware(ExceptionMiddleware, handlers=REFUSALS),
            Middleware(SameOrigin),
            Middleware(Visitors),
        ],
        exception_handlers=ERROR_TABLE,
    )
    app.state.settings = settings
    return app


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    """Open the database and the hub; on the way out tell the open pages, and finish what waits."""
    settings: Settings = app.state.settings
    database = open_database(settings, PATIENCE_SECONDS)
    await settle_life(database, settings)
    bus = _open_bus(settings)
    hub = Hub(database, bus)
    await hub.ask()
    switches = Switchboard(database)
    database.guard, database.publish = switches.guard, hub.publish
    app.state.switches = switches
    app.state.database = database
    app.state.hub = hub
    app.state.passwords = Passwords()
    app.state.limiter = Limiter(settings)
    running = (
        hub.run(),
        bus.run(hub.hear),
        resume_acts(database),
        sweep_for_ever(database, settings),
        watch(database),
    )
    tasks = [asyncio.create_task(work) for work in running]
    try:
        yield
    finally:
        await hub.close_all()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        app.state.passwords.close()
        await app.state.limiter.close()
        await database.close()


def _open_bus(settings: Settings) -> Bus:
    """The bus that the settings name; what it takes is only installed where it is used."""
    if not settings.redis_url:
        return Bus()
    from forum.live.redis_bus import RedisBus

    return RedisBus(settings.redis_url)


async def refuse(request: Request, error: Refusal) -> Response:
    """A refusal as JSON for programs, as a page for people; who must sign in first is led there."""
    if wants_json(request):
        return refusal_as_json(error)
    if isinstance(error, SignInNeeded):
        target = _came_from(request) or request.url.path
        return RedirectResponse("/sign-in?" + urlencode({"next": target}), 303)
    return await _error_page(request, error)


async def refuse_http(request: Request, error: HTTPException) -> Response:
    """What the framework refuses: no such address, a method that is not allowed, a form that cannot be read."""
    refusal = Refusal(_("This cannot be done in this way."))
    if error.status_code == 404:
        refusal = NotFound(_("There is no page at this address."))
    elif error.status_code == 405:
        refusal.code = "wrong_method"
    refusal.status = error.status_code
    response = await refuse(request, refusal)
    response.headers.update(error.headers or {})
    return response


async def refuse_busy(request: Request, error: Exception) -> Response:
    """The database has no room now."""
    return await refuse(request, busy(error))


async def refuse_failure(request: Request, _error: Exception) -> Response:
    """A fault of ours."""
    refusal = Refusal(_("Something went wrong on our side. Nothing was stored; try again in a moment."))
    refusal.status, refusal.code = 500, "failure"
    response = await refuse(request, refusal)
    response.headers.update(HEADERS)  # this one is answered outside of all middleware
    return response


async def _error_page(request: Request, refusal: Refusal) -> Response:
    """A page that says it; the sentence alone where the database, which pages need, is busy."""
    if isinstance(refusal, Busy) and not hasattr(request.state, "site"):
        return _sentence(refusal)
    try:
        if not hasattr(request.state, "site"):
            request.state.viewer, request.state.site = await request.app.state.database.read(read_visit, None)
        response: Response = page(
            request,
            "errors/error.html",
            status=refusal.status,
            headline=_headline(refusal),
            sentence=refusal.message,
            way_on=_way_on(request, refusal),
        )
    except (OperationalError, Busy):
        return _sentence(refusal)
    response.headers.update(refusal_headers(refusal))
    return response


def _sentence(refusal: Refusal) -> Response:
    headers = refusal_headers(refusal)
    return Response(refusal.message + "\n", refusal.status, media_type="text/plain", headers=headers)


def _came_from(request: Request) -> str:
    """The page of ours that a form was sent from; empty where it is not known, or none was sent."""
    here = request.headers.get("referer", "") if request.method == "POST" else ""
    return safe_next(here.partition(request.headers.get("host") or "//")[2]) if here else ""


def _way_on(request: Request, refusal: Refusal) -> tuple[str, str]:
    """What may work in a moment is offered again, a form by the page that it is on; else there is the front page."""
    if refusal.status in (429, 503) and request.method == "GET":
        return _("Try again"), safe_next(request.url.path + (f"?{request.url.query}" if request.url.query else ""))
    if refusal.status in (429, 503) and (here := _came_from(request)):
        return _("Go back"), here
    return _("Go to the front page"), "/"


def _headline(refusal: Refusal) -> str:
    if isinstance(refusal, Forbidden):
        return _("This is not allowed")
    if isinstance(refusal, ReadOnly):
        return _("Read-only for now")
    headlines = {
        404: _("Not found"),
        413: _("Too large"),
        429: _("Too soon"),
        500: _("Our mistake"),
        503: _("Busy"),
    }
    return headlines.get(refusal.status, _("This did not work"))


REFUSALS: dict[Any, Any] = {
    Refusal: refuse,
    HTTPException: refuse_http,
    OperationalError: refuse_busy,
    TimeoutError: refuse_busy,
}
ERROR_TABLE = REFUSALS | {Exception: refuse_failure}
