"""What the moderators' views have in common: who asks, and the answer once it is done."""

from datetime import datetime
from gettext import gettext as _
from typing import Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from forum import permissions
from forum.accounts.sessions import Viewer, viewer_of
from forum.errors import Forbidden, Refusal
from forum.forms import Form
from forum.moderation.deciding import Basis
from forum.moderation.sanctions import parse_until
from forum.responses import refusal_headers, safe_next, wants_json
from forum.templating import page

LARGEST = 10**18
"""What both databases can hold as an id, and a little less."""


class NextForm(Form):
    """Where to go afterwards."""

    next: str = ""


class TermsForm(NextForm):
    """Why and for how long; a `day` that is named wins over `until`, a number of days, a date, or nothing: for good."""

    reason: str = ""
    until: str = ""
    day: str = ""

    @property
    def end(self) -> datetime | None:
        """When it ends; None is never. Raises Invalid."""
        return parse_until(self.day or self.until)


class DecisionForm(NextForm):
    """What a decision about a comment was based on: its version, and the newest report that was open then."""

    version: int | None = None
    report: int = Field(0, ge=0, le=LARGEST)

    @property
    def basis(self) -> Basis | None:
        """None where the form does not say."""
        return Basis(self.version, self.report) if self.version is not None else None


def moderator_of(request: Request) -> Viewer:
    """The signed-in moderator; raises SignInNeeded for a guest, Forbidden for anybody else."""
    viewer = viewer_of(request)
    if not permissions.can_moderate(viewer):
        raise Forbidden(_("Only moderators can do this."))
    return viewer


def answer(request: Request, done: dict[str, Any], target: str) -> Response:
    """What was done, for a program; for a person the way on."""
    return JSONResponse(done) if wants_json(request) else RedirectResponse(safe_next(target), 303)


def overtaken(request: Request, refusal: Refusal, form: NextForm, *, again: str) -> Response:
    """Somebody else was faster, or the text is another: what happened, the way on, and the way to look `again`."""
    if wants_json(request):
        raise refusal
    on = safe_next(form.next) if form.next else ""
    response = page(
        request, "moderation/overtaken.html", status=refusal.status, sentence=refusal.message, again=again, on=on
    )
    response.headers.update(refusal_headers(refusal))
    return response


def private(response: Response) -> Response:
    """The page of one person, not to be kept by anything between."""
    response.headers["cache-control"] = "private, no-cache"
    return response
