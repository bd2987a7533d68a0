"""What is compared with: the same bytes for every request, from the shortest app there is.

`python -m bench.plain_asgi PORT FILE` serves it.
"""

import sys
from pathlib import Path

import uvicorn
from starlette.types import Receive, Scope, Send

BODY = Path(sys.argv[2]).read_bytes()
HEADERS = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(BODY)).encode())]


async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Answer."""
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), lifespan="off", access_log=False, log_level="warning")
