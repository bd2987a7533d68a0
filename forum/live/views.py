"""The websocket of an open page, and the same messages by HTTP where sockets are blocked."""

import json
from gettext import gettext as _
from time import monotonic

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from forum.accounts.sessions import Viewer, read_viewer, session_token
from forum.articles.queries import published_id
from forum.comments.projection import PUBLIC, Audience
from forum.config import Settings
from forum.database import Db
from forum.errors import BadRequest, NotFound
from forum.live.desk import DESK, NOT_ALLOWED, desk_state
from forum.live.hub import BUSY, Hub, signed_out
from forum.live.line import line_of
from forum.live.listener import Closing, Listener
from forum.live.messages import Changes, changes
from forum.live.standing import arrived
from forum.logs import log_socket
from forum.metrics import PAGES_CUT
from forum.moderation.answers import moderator_of
from forum.permissions import can_moderate
from forum.security import client_address, is_our_origin

BAD_MESSAGE = Closing(4400, "bad_message")
LEFT = Closing(1001, "left")
EPOCH_LENGTH = 64
MOST_WORDS, WORDS_SECONDS = 20, 10.0
"""A page of ours asks after a gap, and says every three seconds that somebody writes; one that keeps on is not ours."""


async def live(websocket: WebSocket) -> None:
    """`WS /live`: register, re-read the session, catch up; from then on the hub writes, and this only listens."""
    if not is_our_origin(websocket):
        await websocket.close()
        return
    await websocket.accept()
    state = websocket.app.state
    hub: Hub = state.hub
    listener = _listener(websocket)
    token = session_token(websocket)
    viewer = await state.database.read(read_viewer, token) if token and listener else None
    refusal = _refusal(hub, listener, viewer, state.settings)
    if listener is None or refusal:
        closing = refusal or BAD_MESSAGE
        await websocket.close(closing.code, closing.reason)
        return
    if viewer:
        listener.account_id, listener.session_id = viewer.id, viewer.session_id
    hub.join(listener)
    try:
        if viewer:
            # Asked now that the hub would tell: a ban since the first reading must not be missed.
            ended, apart = await state.database.read(arrived, listener.article_id, viewer.session_id, viewer.id)
            listener.apart |= apart
            if ended is not None:
                listener.close(signed_out(ended))
        listener.line.on_drain = lambda: hub.drained(listener)
        await hub.greet(listener)
        await _listen(websocket, hub, listener, takes_typing=viewer is not None and state.settings.typing == "on")
    finally:
        listener.line.on_drain = None
        hub.leave(listener)
        _note_end(listener)


def _note_end(listener: Listener) -> None:
    """Count and log a socket's end: who closed it, or why we did."""
    closing = listener.closing or (Closing(1006, cut) if (cut := listener.line.cut) else LEFT)
    if closing is not LEFT:
        PAGES_CUT.labels(closing.cause).inc()
    log_socket(
        article_id=listener.article_id,
        code=closing.code,
        cause=closing.cause,
        seconds=monotonic() - listener.opened,
        account_id=listener.account_id,
        messages=listener.sent,
    )


def _refusal(hub: Hub, listener: Listener | None, viewer: Viewer | None, settings: Settings) -> Closing | None:
    """Why a page cannot listen, if it cannot: the desk is for moderators alone."""
    if listener is None:
        return BAD_MESSAGE
    if listener.article_id == DESK and not can_moderate(viewer):
        return NOT_ALLOWED if viewer else signed_out()
    return BUSY if _is_full(hub, listener.address, viewer, settings) else None


def _is_full(hub: Hub, address: str, viewer: Viewer | None, settings: Settings) -> bool:
    """Whether so many pages are open, in all, from this address or for this account, that it must poll."""
    from_address, for_account = hub.pages_of(address, viewer.id if viewer else None)
    if not settings.limited:
        return hub.size >= settings.sockets
    return (
        hub.size >= settings.sockets
        or from_address >= settings.sockets_per_address
        or for_account >= settings.sockets_per_account
    )


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


async def desk_counts(request: Request) -> JSONResponse:
    """`GET /moderation/counts`: what a page of the desk asks every four seconds that cannot open a socket."""
    moderator_of(request)
    found = await request.app.state.database.read(desk_state)
    return JSONResponse(found.message, headers={"cache-control": "no-store"})


def _changes_of(db: Db, slug: str, after: int, epoch: str, viewer_id: int | None) -> Changes | None:
    article_id = published_id(db, slug)
    audience = PUBLIC if viewer_id is None else Audience(viewer_id)
    return changes(db, article_id, after=after, epoch=epoch, audience=audience) if article_id else None


def _listener(websocket: WebSocket) -> Listener | None:
    """The page that asks, by its query string; None where that is not of our own page's form."""
    query = websocket.query_params
    article, after, epoch = (query.get(name, "") for name in ("article", "after", "epoch"))
    if query.get("desk") == "1":
        article, after = str(DESK), "0"
    elif _number(article) == DESK:
        return None
    if _number(article) is None or _number(after) is None or len(epoch) > EPOCH_LENGTH:
        return None
    address = client_address(websocket, websocket.app.state.settings)
    since = None if int(article) == DESK else int(after)
    return Listener(int(article), since=since, epoch=epoch, line=line_of(websocket), address=address)


def _number(text: object) -> int | None:
    """A count as our pages write it: up to nine digits."""
    digits = str(text)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else None


async def _listen(websocket: WebSocket, hub: Hub, listener: Listener, *, takes_typing: bool) -> None:
    """The page may ask for what it missed, and say that somebody writes on it, now and then, and nothing else."""
    words_left, until = MOST_WORDS, monotonic() + WORDS_SECONDS  # two numbers: a page costs little that says nothing
    while True:
        try:
            message = json.loads(await websocket.receive_text())
            kind, number = message["type"], _number_said(message)
        except WebSocketDisconnect:
            return
        except (ValueError, KeyError, TypeError, RecursionError):
            kind, number = "", None
        if monotonic() > until:
            words_left, until = MOST_WORDS, monotonic() + WORDS_SECONDS
        words_left -= 1
        is_strange = kind not in ("since", "typing") or (kind == "since" and number is None)
        if is_strange or listener.article_id == DESK:  # where there is nothing to be said
            listener.close(BAD_MESSAGE)
        elif words_left < 0:
            listener.close(BUSY)
        elif kind == "since":
            listener.since = number
            hub.catch_up(listener, "asked")
        elif takes_typing:  # a page that was loaded before it was switched off may say it still
            hub.note_typing(listener, number)


def _number_said(message: dict[str, object]) -> int | None:
    """The version after which a page asks, or the comment that somebody answers on it; None where it says null."""
    said = message["version" if message["type"] == "since" else "parent"]
    if said is None:
        return None
    number = _number(said)
    if number is None:
        raise ValueError("not a number of ours")
    return number
