"""What a moderator has just done, told above the desk's lists, with the way to take it back."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import func, select
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from forum.database import Db
from forum.moderation.log import Entry, entries_where
from forum.moderation.models import Act
from forum.moderation.whereabouts import DESK
from forum.permissions import Person
from forum.responses import safe_next, wants_json
from forum.templating import fragment


async def told(request: Request, act_id: int | None, done: dict[str, Any], target: str, *, stay: int = 0) -> Response:
    """On to `target`, where what was done is told; for a program the same line beside the answer.

    `stay` is how many comments were left out.
    """
    if not wants_json(request):
        return RedirectResponse(_telling(safe_next(target), act_id, stay), 303)
    entry = await request.app.state.database.read(own_act, act_id, request.state.viewer) if act_id else None
    line = fragment("moderation/_done.html", "done_line", entry, safe_next(target), stay) if entry else ""
    return JSONResponse(done | {"act": act_id, "line": line})


def own_act(db: Db, act_id: int, person: Person) -> Entry | None:
    """An entry of the log, if it tells of an act of that moderator."""
    own = (Act.id == act_id) & (Act.by_id == person.id)
    return next(iter(entries_where(db, own, limit=1, viewer=person)), None)


def last_act(db: Db, by_id: int, comment_id: int) -> int | None:
    """The latest entry about a comment that tells of an act of that moderator."""
    own = (Act.by_id == by_id) & (Act.comment_id == comment_id)
    return db.execute(select(func.max(Act.id)).where(own)).scalar_one()


def _telling(target: str, act_id: int | None, stay: int) -> str:
    """An address of the desk with the act that its page is to tell of; any other as it is."""
    path, _mark, rest = target.partition("?")
    if path != DESK or act_id is None:
        return target
    query, sharp, place = rest.partition("#")
    words = dict(parse_qsl(query)) | {"done": str(act_id)} | ({"stay": str(stay)} if stay else {})
    return f"{DESK}?{urlencode(words)}{sharp}{place}"
