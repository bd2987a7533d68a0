"""Pages that are one form: shown empty, shown again with what is wrong, or done."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, Protocol, TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from forum.accounts.passwords import judge
from forum.errors import Invalid, Refusal
from forum.responses import refusal_as_json, refusal_headers, wants_json
from forum.templating import page

P = ParamSpec("P")
T = TypeVar("T")


class Named(Protocol):
    """Whose password it is: it should hold none of these."""

    @property
    def handle(self) -> str: ...
    @property
    def display_name(self) -> str: ...
    @property
    def email(self) -> str | None: ...


class WrongFields(Invalid):
    """Several fields are wrong: `errors` has a sentence for each. Programs are told the first."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        field, sentence = next(iter(errors.items()))
        super().__init__(sentence, field or None)
        self.errors = dict(errors)


def noted(errors: dict[str, str], check: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """What the check gives; where it raises Invalid, None, and the sentence goes into `errors` under its field."""
    try:
        return check(*args, **kwargs)
    except Invalid as refusal:
        errors[refusal.field or ""] = refusal.message
        return None


async def weaknesses(password: str, person: Named) -> dict[str, str]:
    """What is wrong with a new password of that person, as a form's errors; judged off the event loop."""
    errors: dict[str, str] = {}
    whose = {"handle": person.handle, "display_name": person.display_name, "email": person.email or ""}
    await asyncio.to_thread(lambda: noted(errors, judge, password, **whose))
    return errors


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
    errors = refusal.errors if isinstance(refusal, WrongFields) else {refusal.field or "": refusal.message}
    response = form_page(request, template, values, errors=errors, status=refusal.status, **context)
    response.headers.update(refusal_headers(refusal))
    return response


def done(request: Request, target: str, answer: Mapping[str, Any], status: int = 200) -> Response:
    """On to another page; programs get `answer`."""
    if wants_json(request):
        return JSONResponse(dict(answer), status, headers={"cache-control": "no-store"})
    return RedirectResponse(target, 303, headers={"cache-control": "no-store"})
