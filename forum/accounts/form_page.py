"""Pages that are one form: shown empty, shown again with what is wrong, or done."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from forum.errors import Refusal
from forum.findings import errors_of
from forum.responses import refusal_as_json, refusal_headers, wants_json
from forum.templating import page


def form_page(
    request: Request,
    template: str,
    values: Mapping[str, Any] | None = None,
    *,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
    **context: Any,
) -> Response:
    """The page of a form with what was typed into it, which no cache keeps."""
    response = page(request, template, status=status, values=values or {}, errors=errors or {}, **context)
    response.headers["cache-control"] = "no-store"
    return response


def refused(
    request: Request, refusal: Refusal, template: str, values: Mapping[str, Any] | None = None, **context: Any
) -> Response:
    """The form again with what is wrong, or the refusal as programs read it. Who must sign in first is sent there."""
    if refusal.status in (401, 404):
        raise refusal
    if wants_json(request):
        return refusal_as_json(refusal)
    response = form_page(request, template, values, errors=errors_of(refusal), status=refusal.status, **context)
    response.headers.update(refusal_headers(refusal))
    return response


def done(request: Request, target: str, answer: Mapping[str, Any], status: int = 200) -> Response:
    """On to another page; programs get `answer`."""
    if wants_json(request):
        return JSONResponse(dict(answer), status, headers={"cache-control": "no-store"})
    return RedirectResponse(target, 303, headers={"cache-control": "no-store"})
