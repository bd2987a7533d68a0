"""Builds the ASGI app: middleware, lifespan. Wiring only."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette_compress import CompressMiddleware

from forum.accounts.passwords import Passwords
from forum.comments.kept import KeptWindows
from forum.config import Settings
from forum.database import Publish, open_database
from forum.events import Event
from forum.kept_pages import KeptPages
from forum.life import settle_life
from forum.limiter import Limiter
from forum.live.bus import Bus
from forum.live.hub import Hub
from forum.moderation.sweeps import resume_acts
from forum.moderation.telling import tell_for_ever
from forum.ready_pages import ReadyPages
from forum.refusing import ERROR_TABLE, REFUSALS
from forum.routes import routes
from forum.search.filling import fill_when_needed
from forum.security import SameOrigin, SecurityHeaders
from forum.site.switches import Switchboard
from forum.sweeping import sweep_for_ever
from forum.visitor import Visitors
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
    ready = KeptPages(settings.ready_pages_bytes)
    app = App(
        routes=routes(settings),
        lifespan=_lifespan,
        middleware=[
            Middleware(Watched),
            Middleware(ReadyPages, pages=ready),
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
    app.state.ready_pages = ready
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
    database.guard, database.publish = switches.guard, _publish_to(app, hub)
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
        tell_for_ever(database),
        fill_when_needed(database),
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


def _publish_to(app: Starlette, hub: Hub) -> Publish:
    """Tell the hub what a commit recorded, and the pages that are kept ready when it was."""
    app.state.windows = KeptWindows()

    def publish(events: Sequence[Event]) -> None:
        app.state.ready_pages.committed_at = asyncio.get_running_loop().time()
        hub.publish(events)

    return publish


def _open_bus(settings: Settings) -> Bus:
    """The bus that the settings name; what it takes is only installed where it is used."""
    if not settings.redis_url:
        return Bus()
    from forum.live.redis_bus import RedisBus

    return RedisBus(settings.redis_url)
