"""What is compared with: every open page gets the same message by `await websocket.send_text(...)`, in a loop.

`python -m bench.starlette_loop PORT` serves it. `GET /send?count=&pause=&size=` sends that many messages of `size`
bytes, one every `pause` microseconds, and answers with when it began each.
"""

import asyncio
import sys
from contextlib import suppress
from time import monotonic_ns

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

OPEN: set[WebSocket] = set()
SENT = [0]


async def live(websocket: WebSocket) -> None:
    """An open page."""
    await websocket.accept()
    OPEN.add(websocket)
    with suppress(WebSocketDisconnect):
        await websocket.receive_text()
    OPEN.discard(websocket)


async def send(request: Request) -> JSONResponse:
    """Send messages to all."""
    count, pause, size = (int(request.query_params[name]) for name in ("count", "pause", "size"))
    at = []
    due = monotonic_ns()
    for _ in range(count):
        await asyncio.sleep((due - monotonic_ns()) / 1e9)
        at.append(monotonic_ns())
        head = f'{{"type":"changes","article":1,"from":{SENT[0]},"to":{SENT[0] + 1}}}'
        SENT[0] += 1
        text = head.ljust(size)
        for page in list(OPEN):
            await page.send_text(text)
        due += pause * 1000
    return JSONResponse({"at": at})


async def alive(_request: Request) -> PlainTextResponse:
    """Whether it serves."""
    return PlainTextResponse("alive")


app = Starlette(routes=[WebSocketRoute("/live", live), Route("/send", send), Route("/healthz", alive)])

if __name__ == "__main__":
    uvicorn.run(
        app,
        port=int(sys.argv[1]),
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        access_log=False,
        log_level="warning",
    )
