"""For whoever runs it: is the process alive, may it take traffic, what does it count."""

import asyncio
import shutil
from gettext import gettext as _

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from forum.config import Settings
from forum.database import Database, Db
from forum.errors import Busy, NotFound
from forum.metrics import exposition
from forum.schema import knows, newest
from forum.security import is_operator

PATIENCE = 3
"""Seconds for the database to answer."""
ROOM = 64 * 2**20
"""Bytes; with less, SQLite's log may not take the next writes."""
NEVER_KEPT = {"cache-control": "no-store"}


async def alive(_request: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("alive\n", headers=NEVER_KEPT)


async def ready(request: Request) -> Response:
    """The process may take traffic, or why not."""
    state = request.app.state
    if getattr(state, "stopping", False):
        why = _("Not ready: the process is stopping.")
    else:
        why = await _why_not(state.database) or _no_room(state.settings)
    return PlainTextResponse(f"{why or 'ready'}\n", 503 if why else 200, headers=NEVER_KEPT)


async def show_metrics(request: Request) -> Response:
    """`GET /metrics`, for Prometheus: for this machine and the networks of FORUM_METRICS_NETWORKS alone."""
    if not is_operator(request, request.app.state.settings):
        raise NotFound(_("There is no page at this address."))
    return Response(exposition(), media_type="text/plain; version=0.0.4", headers=NEVER_KEPT)


async def _why_not(database: Database) -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            revision = await database.read(_revision)
    except TimeoutError:
        return _("Not ready: the database has not answered for %(seconds)s seconds.") % {"seconds": PATIENCE}
    except (SQLAlchemyError, Busy) as error:
        why = type(error.__cause__ or error).__name__
        return _("Not ready: the database does not answer (%(error)s).") % {"error": why}
    if revision is None or (revision != newest() and knows(revision)):  # a later version's serves this one too
        return _("Not ready: the database is at %(there)s and not at %(wanted)s. Run `forum migrate`.") % {
            "there": revision or _("no migration"),
            "wanted": newest(),
        }
    return ""


def _no_room(settings: Settings) -> str:
    free = shutil.disk_usage(settings.data_dir).free if settings.on_sqlite else ROOM
    if free >= ROOM:
        return ""
    return _("Not ready: the disk of the data folder is full (%(free)s MB are free).") % {"free": free // 2**20}


def _revision(db: Db) -> str | None:
    revision: str | None = db.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return revision
