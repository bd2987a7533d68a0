"""What stands around every request: it is timed, counted and logged, and the event loop is watched beside it."""

import asyncio
from functools import cache
from random import getrandbits
from time import perf_counter

import structlog
from prometheus_client import Counter
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from forum import metrics
from forum.database import Database
from forum.logs import log_request

PAUSE = 0.5
"""Seconds between two looks at the loop and the database."""
ELSEWHERE = "none"
"""The route of an address that leads nowhere."""


class Watched:
    """The outermost layer: one line and some counts for each request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and see what becomes of it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        request_id = new_request_id()
        structlog.contextvars.bind_contextvars(request=request_id)  # what else is logged on the way carries it too
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, size = perf_counter(), 500, 0

        async def send_watched(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                if status >= 400:
                    MutableHeaders(scope=message)["x-request-id"] = request_id
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, send_watched)
        finally:
            note(scope, status, size, perf_counter() - began, request_id)


def new_request_id() -> str:
    """What a request's lines are found by; no secret."""
    return f"{getrandbits(48):012x}"


def note(scope: Scope, status: int, size: int, seconds: float, request_id: str) -> None:
    """Count and log a request that has been answered."""
    _counter(getattr(scope.get("route"), "path", ELSEWHERE), status // 100).inc()
    metrics.REQUEST_SECONDS.observe(seconds)
    viewer = scope.get("state", {}).get("viewer")
    log_request(
        method=scope["method"],
        path=scope["path"],
        status=status,
        seconds=seconds,
        size=size,
        account_id=viewer.id if viewer else None,
        request_id=request_id,
    )


@cache
def _counter(route: str, hundreds: int) -> Counter:
    return metrics.REQUESTS.labels(route, f"{hundreds}xx")


async def watch(database: Database) -> None:
    """Note, again and again, how late the loop is and how busy the database."""
    while True:
        asleep = perf_counter()
        await asyncio.sleep(PAUSE)
        metrics.LOOP_LAG.observe(max(0.0, perf_counter() - asleep - PAUSE))
        load = database.load()
        metrics.WRITES_WAITING.set(load.writes_waiting)
        metrics.CONNECTIONS_BUSY.set(load.busy)
        metrics.CONNECTIONS_LIMIT.set(load.limit)
