"""Answers that every view may give: as JSON for programs, as pages for people."""

from starlette.requests import Request
from starlette.responses import JSONResponse

from forum.errors import Refusal
from forum.metrics import REFUSALS


def wants_json(request: Request) -> bool:
    """Whether a program asks: our own scripts, or another's."""
    return "application/json" in request.headers.get("accept", "")


def refusal_headers(refusal: Refusal) -> dict[str, str]:
    """When it may be tried again, where that is known; and nobody keeps a refusal. Counts it: each answer asks once."""
    REFUSALS.labels(refusal.code).inc()
    headers = {"cache-control": "no-store"}
    return headers | ({"retry-after": str(refusal.retry_after)} if refusal.retry_after is not None else {})


def refusal_as_json(refusal: Refusal) -> JSONResponse:
    """A refusal as programs read it."""
    error = {"code": refusal.code, "message": refusal.message, "field": refusal.field, **refusal.facts}
    return JSONResponse({"error": error}, refusal.status, refusal_headers(refusal))


def count_in(text: str) -> int:
    """The count that an address holds, such as an ordinal or a version; 0 where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def safe_next(target: str) -> str:
    """Where to go after signing in: a path of this site and nothing else."""
    plain = target.startswith("/") and not target.startswith(("//", "/\\")) and "\\" not in target
    return target if plain and target.isprintable() else "/"
