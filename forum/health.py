"""For whoever runs it: is the process alive, may it take traffic."""

from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from forum.database import Db


async def alive(_request: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("alive\n")


async def ready(request: Request) -> Response:
    """The process may take traffic, or why not."""
    try:
        await request.app.state.database.read(_answers)
    except Exception as error:  # noqa: BLE001 - the answer names it
        return PlainTextResponse(f"the database does not answer: {type(error).__name__}\n", 503)
    return PlainTextResponse("ready\n")


def _answers(db: Db) -> None:
    db.execute(text("SELECT 1"))
