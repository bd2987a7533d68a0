"""Runs the app under uvicorn, with the limits that belong to the server."""

import typer
import uvicorn

from forum.app import make_app
from forum.config import Settings

DRAIN_SECONDS = 5


def serve_forever(settings: Settings, host: str, port: int) -> None:
    """Serve until a signal ends it."""
    typer.echo(f"Serving on http://{host}:{port}")
    if not settings.limited:
        typer.echo("FORUM_LIMITS=off: rates are not limited. For load tests alone.")
    uvicorn.run(
        make_app(settings),
        host=host,
        port=port,
        ws="websockets-sansio",
        ws_max_size=settings.socket_message_bytes,
        ws_per_message_deflate=False,
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
