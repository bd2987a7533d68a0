"""Runs the app under uvicorn, with the limits that belong to the server, and an orderly end."""

import gc
import os
import socket
import sys
from typing import Any

import structlog
import typer
import uvicorn

from forum.app import make_app
from forum.at_once import AtOnceProtocol, short_way_holds
from forum.config import Settings
from forum.descriptors import raise_limit
from forum.live.hub import Hub
from forum.live.protocol import LineProtocol, seam_holds
from forum.metrics import prepare
from forum.timeouts import TimedProtocol

DRAIN_SECONDS = 5
SWITCH_SECONDS = 0.0005
"""Each write to a socket lets the database's threads go on; by default they may keep the loop ten times as long."""
COLLECTED_AFTER = (50_000, 20, 1000)
"""Objects made before the garbage collector looks for cycles: by default it walks thousands of open pages again and
again while more of them come, which was a third of what opening them costs."""
OTHER_CONNECTIONS = 2000
"""Beside the sockets of open pages: requests, and who only connects."""

log = structlog.get_logger()


class Server(uvicorn.Server):
    """uvicorn's server; on its way out it takes no traffic any more, and sends the open pages away in waves."""

    parent: int | None = None
    """Of a worker, the process that started it."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Say that we are stopping, close the pages' sockets, then end what is left."""
        state = self.config.loaded_app.state
        state.stopping = True
        hub: Hub = state.hub
        await hub.close_all()
        await super().shutdown(sockets)

    async def on_tick(self, counter: int) -> bool:
        """A worker ends when the process that started it has ended."""
        return await super().on_tick(counter) or self.parent not in (None, os.getppid())


def serve_forever(
    settings: Settings, host: str, port: int, listening: int | None = None, parent: int | None = None
) -> None:
    """Serve until a signal ends it, on an address or, for a worker, on a socket that its parent listens on."""
    prepare()
    raise_limit(settings.sockets)
    if listening is None:
        typer.echo(f"Serving on http://{host}:{port}")
        if not settings.limited:
            typer.echo("FORUM_LIMITS=off: rates are not limited. For load tests alone.")
    if not seam_holds():
        log.warning("this uvicorn has another websocket protocol than we know: messages go the slower way")
    if not short_way_holds():
        log.warning("this uvicorn has another HTTP protocol than we know: pages that are ready go the slower way")
    config = server_config(settings, host=host, port=port, fd=listening)
    tune_python()
    server = Server(config)
    server.parent = parent
    server.run(None if listening is None else [socket.socket(fileno=listening)])


def tune_python() -> None:
    """Have Python collect garbage rarely, and let threads take turns often; called when all is loaded."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)
    sys.setswitchinterval(SWITCH_SECONDS)


def server_config(settings: Settings, **where: Any) -> uvicorn.Config:
    """The app, and how uvicorn serves it."""
    app = make_app(settings)
    app.state.stopping = False
    return uvicorn.Config(
        app,
        http=AtOnceProtocol if short_way_holds() else TimedProtocol,
        ws=LineProtocol if seam_holds() else "websockets-sansio",
        ws_max_size=settings.socket_message_bytes,
        ws_per_message_deflate=False,
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        limit_concurrency=settings.sockets + OTHER_CONNECTIONS,
        timeout_graceful_shutdown=DRAIN_SECONDS,
        **where,
    )
