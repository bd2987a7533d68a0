"""The error table: how each refusal and failure is answered, to programs as JSON, to people as a page."""

from gettext import gettext as _
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.exc import OperationalError, TimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forum.database import busy
from forum.errors import Busy, Forbidden, NotFound, ReadOnly, Refusal, SignInNeeded
from forum.responses import refusal_as_json, refusal_headers, safe_next, wants_json
from forum.security import HEADERS
from forum.templating import page
from forum.visitor import read_visit


async def refuse(request: Request, error: Refusal) -> Response:
    """A refusal as JSON for programs, as a page for people; who must sign in first is led there."""
    if wants_json(request):
        return refusal_as_json(error)
    if isinstance(error, SignInNeeded):
        target = _came_from(request) or request.url.path
        return RedirectResponse("/sign-in?" + urlencode({"next": target}), 303)
    return await _error_page(request, error)


async def refuse_http(request: Request, error: HTTPException) -> Response:
    """What the framework refuses: no such address, a method that is not allowed, a form that cannot be read."""
    refusal = Refusal(_("This cannot be done in this way."))
    if error.status_code == 404:
        refusal = NotFound(_("There is no page at this address."))
    elif error.status_code == 405:
        refusal.code = "wrong_method"
    refusal.status = error.status_code
    response = await refuse(request, refusal)
    response.headers.update(error.headers or {})
    return response


async def refuse_busy(request: Request, error: Exception) -> Response:
    """The database has no room now."""
    return await refuse(request, busy(error))


async def refuse_failure(request: Request, _error: Exception) -> Response:
    """A fault of ours."""
    refusal = Refusal(_("Something went wrong on our side. Nothing was stored; try again in a moment."))
    refusal.status, refusal.code = 500, "failure"
    response = await refuse(request, refusal)
    response.headers.update(HEADERS)  # this one is answered outside of all middleware
    return response


async def _error_page(request: Request, refusal: Refusal) -> Response:
    """A page that says it; the sentence alone where the database, which pages need, is busy."""
    if isinstance(refusal, Busy) and not hasattr(request.state, "site"):
        return _sentence(refusal)
    try:
        if not hasattr(request.state, "site"):
            request.state.viewer, request.state.site = await request.app.state.database.read(read_visit, None)
        response: Response = page(
            request,
            "errors/error.html",
            status=refusal.status,
            headline=_headline(refusal),
            sentence=refusal.message,
            way_on=_way_on(request, refusal),
        )
    except (OperationalError, Busy):
        return _sentence(refusal)
    response.headers.update(refusal_headers(refusal))
    return response


def _sentence(refusal: Refusal) -> Response:
    headers = refusal_headers(refusal)
    return Response(refusal.message + "\n", refusal.status, media_type="text/plain", headers=headers)


def _came_from(request: Request) -> str:
    """The page of ours that a form was sent from; empty where it is not known, or none was sent."""
    here = request.headers.get("referer", "") if request.method == "POST" else ""
    return safe_next(here.partition(request.headers.get("host") or "//")[2]) if here else ""


def _way_on(request: Request, refusal: Refusal) -> tuple[str, str]:
    """What may work in a moment is offered again, a form by the page that it is on; else there is the front page."""
    if refusal.status in (429, 503) and request.method == "GET":
        return _("Try again"), safe_next(request.url.path + (f"?{request.url.query}" if request.url.query else ""))
    if refusal.status in (429, 503) and (here := _came_from(request)):
        return _("Go back"), here
    return _("Go to the front page"), "/"


def _headline(refusal: Refusal) -> str:
    if isinstance(refusal, Forbidden):
        return _("This is not allowed")
    if isinstance(refusal, ReadOnly):
        return _("Read-only for now")
    headlines = {
        404: _("Not found"),
        413: _("Too large"),
        429: _("Too soon"),
        500: _("Our mistake"),
        503: _("Busy"),
    }
    return headlines.get(refusal.status, _("This did not work"))


REFUSALS: dict[Any, Any] = {
    Refusal: refuse,
    HTTPException: refuse_http,
    OperationalError: refuse_busy,
    TimeoutError: refuse_busy,
}
ERROR_TABLE = REFUSALS | {Exception: refuse_failure}
