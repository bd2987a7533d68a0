"""Who looks, and at which site: read once for every request, before its view."""

from dataclasses import dataclass
from datetime import UTC, datetime
from gettext import gettext as _

from sqlalchemy import select, true
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from forum.accounts.sessions import (
    SLIDE,
    VIEWER_ROW,
    Viewer,
    hash_token,
    session_cookie,
    session_token,
    slide_session,
    viewer_in,
)
from forum.articles.models import Section
from forum.articles.queries import sections
from forum.database import Db, now, run, table_of
from forum.errors import Busy, NotFound
from forum.security import client_address
from forum.site.models import Site
from forum.site.queries import read_site

UNSEEN = ("/static/", "/avatars/", "/pictures/", "/logo/", "/healthz", "/readyz", "/metrics")
"""Paths that do not depend on who looks."""
FOR_ALL = "public, max-age=0, s-maxage=5, stale-while-revalidate=60"
FOR_ONE = "private, no-cache"
_site = table_of(Site)
_REVISION = select(_site.c.epoch, _site.c.revision)
_VISIT = VIEWER_ROW.add_columns(_site.c.epoch, _site.c.revision).join(_site, true())


@dataclass(frozen=True, slots=True)
class SiteView:
    """The publication as templates see it."""

    row: Site
    sections: list[Section]

    def __getattr__(self, name: str) -> object:
        return getattr(self.row, name)


_views: dict[tuple[str, int], SiteView] = {}
"""The view of the latest revision; an epoch is one database's alone."""


class Visitors:
    """Puts `viewer` and `site` into the request's state, and moves a used session's end on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read both in one snapshot and pass the request on."""
        if scope["type"] == "http" and _has_nul(scope):
            raise NotFound(_("There is no page at this address."))
        if scope["type"] == "http" and not scope["path"].startswith(UNSEEN):
            request = Request(scope)
            database = request.app.state.database
            token = session_token(request)
            address = client_address(request, request.app.state.settings) if token else ""
            viewer, site = await database.read(read_visit, token, address)
            request.state.viewer, request.state.site = viewer, site
            request.app.state.switches.note(site.row)
            send = _for_caches(viewer, request.method, send)
            if viewer and datetime.now(UTC) - viewer.seen_at > SLIDE:
                send = await _move_on(request, viewer, send)
        await self._app(scope, receive, send)


def _has_nul(scope: Scope) -> bool:
    """Whether the address holds the one character that PostgreSQL cannot even look for."""
    query: bytes = scope["query_string"]
    return "\0" in scope["path"] or b"%00" in query or b"\0" in query


def _for_caches(viewer: Viewer | None, method: str, send: Send) -> Send:
    """Say who may keep an answer that does not say so itself: a page for guests is everybody's."""
    everybodys = viewer is None and method in ("GET", "HEAD")

    async def send_with_policy(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if "cache-control" not in headers:
                headers["cache-control"] = FOR_ALL if everybodys and message["status"] == 200 else FOR_ONE
                headers.add_vary_header("Cookie")
        await send(message)

    return send_with_policy


async def _move_on(request: Request, viewer: Viewer, send: Send) -> Send:
    """Move the session's end on; the answer does the same with the cookie's, unless the view sets that itself."""
    settings, token = request.app.state.settings, session_token(request)
    try:
        await request.app.state.database.write(
            slide_session,
            session_id=viewer.session_id,
            days=settings.session_days,
            address=viewer.address,
        )
    except Busy:  # it can still be read; the next request tries again
        return send

    async def send_with_cookie(message: Message) -> None:
        if message["type"] == "http.response.start" and token:
            headers = MutableHeaders(scope=message)
            if "public" not in headers.get("cache-control", ""):  # what others are given too must not carry it
                headers.setdefault("set-cookie", session_cookie(settings, token))
        await send(message)

    return send_with_cookie


def read_visit(db: Db, token: str | None, address: str = "") -> tuple[Viewer | None, SiteView]:
    """Who holds this cookie and asks from that address, and the site."""
    row = run(db, _VISIT, token_hash=hash_token(token), at=now()).first() if token else None
    if row is None:
        return None, site_view(db)
    return viewer_in(db, row._mapping, address), _view_of(db, row.epoch, row.revision)


def site_view(db: Db) -> SiteView:
    """The site as it is now."""
    row = run(db, _REVISION).one()
    return _view_of(db, row.epoch, row.revision)


def _view_of(db: Db, epoch: str, revision: int) -> SiteView:
    """The site as of that revision, read anew only where it is another one: every request asks."""
    view = _views.get((epoch, revision))
    if view is None:
        view = SiteView(read_site(db), list(sections(db)))
        _views.clear()
        _views[epoch, revision] = view
    return view
