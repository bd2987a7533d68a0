"""The websocket of an open page, and the same messages by HTTP where sockets are blocked."""

import asyncio
import json
from gettext import gettext as _

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from forum.accounts.sessions import Viewer, read_viewer, session_token
from forum.articles.queries import published_id
from forum.comments.projection import PUBLIC, Audience
from forum.database import Db
from forum.errors import BadRequest, NotFound
from forum.live.fanout import encode
from forum.live.hub import Hub, signed_out
from forum.live.listener import Closing, Listener
from forum.live.messages import Changes, changes
from forum.live.standing import ended_sessions
from forum.security import is_our_origin

BAD_MESSAGE = Closing(4400)
BUSY = Closing(1013, wait=10)
GONE = Closing(0)
"""The page went away by itself."""
EPOCH_LENGTH = 64


async def live(websocket: WebSocket) -> None:
    """`WS /live`: register, re-read the session, catch up, then pass on what the hub hands over."""
    if not is_our_origin(websocket):
        await websocket.close()
        return
    await websocket.accept()
    state = websocket.app.state
    hub: Hub = state.hub
    listener = _listener(websocket)
    if listener is None:
        await websocket.close(BAD_MESSAGE.code, BAD_MESSAGE.reason)
        return
    if hub.size >= state.settings.sockets:
        await websocket.close(BUSY.code, BUSY.reason)
        return
    token = session_token(websocket)
    viewer = await state.database.read(read_viewer, token) if token else None
    if viewer:
        listener.account_id, listener.session_id = viewer.id, viewer.session_id
    hub.join(listener)
    try:
        if viewer:
            # Asked now that the hub would tell: a ban since the first reading must not be missed.
            ended = await state.database.read(ended_sessions, {viewer.session_id: viewer.id})
            for ban_sentence in ended.values():
                listener.close(signed_out(ban_sentence))
        await _serve(websocket, hub, listener)
    finally:
        hub.leave(listener)


async def article_changes(request: Request) -> JSONResponse:
    """`GET /articles/{slug}/changes`: what a page that cannot open a socket asks every four seconds."""
    after = _number(request.query_params.get("after", ""))
    if after is None:
        raise BadRequest(_("The field “after” must be a version."), "after")
    epoch = request.query_params.get("epoch", "")
    viewer: Viewer | None = request.state.viewer
    found = await request.app.state.database.read(
        _changes_of, request.path_params["slug"], after, epoch, viewer.id if viewer else None
    )
    if found is None:
        raise NotFound(_("There is no discussion at this address."))
    return JSONResponse(found.message, headers={"cache-control": "no-store"})


def _changes_of(db: Db, slug: str, after: int, epoch: str, viewer_id: int | None) -> Changes | None:
    article_id = published_id(db, slug)
    audience = PUBLIC if viewer_id is None else Audience(viewer_id)
    return changes(db, article_id, after=after, epoch=epoch, audience=audience) if article_id else None


def _listener(websocket: WebSocket) -> Listener | None:
    """The page that asks, by its query string; None where that is not of our own page's form."""
    query = websocket.query_params
    article, after, epoch = (query.get(name, "") for name in ("article", "after", "epoch"))
    if _number(article) is None or _number(after) is None or len(epoch) > EPOCH_LENGTH:
        return None
    return Listener(int(article), since=int(after), epoch=epoch)


def _number(text: object) -> int | None:
    """A count as our pages write it: up to nine digits."""
    digits = str(text)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else None


async def _serve(websocket: WebSocket, hub: Hub, listener: Listener) -> None:
    """Send and receive until either side ends."""
    receiving = asyncio.create_task(_receive(websocket, listener))
    try:
        await _send(websocket, hub, listener)
    except WebSocketDisconnect:
        pass
    finally:
        receiving.cancel()


async def _send(websocket: WebSocket, hub: Hub, listener: Listener) -> None:
    while not listener.closing:
        if listener.since is not None:
            await hub.catch_up(listener)
        while listener.outbox and not listener.closing:
            frame, version = listener.outbox.popleft()
            await websocket.send_text(frame)
            listener.version = version
        if listener.closing or (listener.since is None and not listener.outbox):
            if not listener.closing:
                await listener.wake.wait()
            listener.wake.clear()
    await _close(websocket, listener.closing)


async def _close(websocket: WebSocket, closing: Closing) -> None:
    if closing is GONE:
        return
    if closing.message:
        await websocket.send_text(encode({"type": "banned", "message": closing.message}))
    await websocket.close(closing.code, closing.reason)


async def _receive(websocket: WebSocket, listener: Listener) -> None:
    """The page may ask for what it missed, and nothing else."""
    while True:
        try:
            message = json.loads(await websocket.receive_text())
            asked = _number(message["version"]) if message["type"] == "since" else None
        except WebSocketDisconnect:
            listener.close(GONE)
            return
        except (ValueError, KeyError, TypeError, RecursionError):
            asked = None
        if asked is None:
            listener.close(BAD_MESSAGE)
            return
        listener.catch_up(asked)
