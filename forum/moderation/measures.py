"""The page of all that can be done about an account: a ban, or one right suspended."""

from gettext import gettext as _
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from forum.errors import Forbidden, Invalid, NotFound
from forum.moderation.answers import NextForm, moderator_of, private
from forum.moderation.record import account_record
from forum.responses import safe_next, wants_json
from forum.templating import page

AT_FIRST = {"until": "7", "remove": "none", "right": "reply"}
"""What the forms offer."""


async def show_measures(request: Request) -> Response:
    """The forms, and what each choice would do."""
    moderator_of(request)
    back = request.query_params.get("next", "")
    return await _measures_page(request, "", AT_FIRST | {"next": safe_next(back) if back else ""})


async def measures_again(request: Request, which: str, form: NextForm, refusal: Invalid) -> Response:
    """The forms again with what was typed into one, and what is wrong with that; programs get the refusal."""
    if wants_json(request):
        raise refusal
    errors = {refusal.field or "": refusal.message}
    return await _measures_page(request, which, AT_FIRST | form.model_dump(), errors, refusal.status)


async def _measures_page(
    request: Request, which: str, values: dict[str, Any], errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    """`which` form the values and errors belong to; the others are as at first."""
    record = await request.app.state.database.read(
        account_record, viewer=moderator_of(request), handle=request.path_params["handle"]
    )
    if record is None:
        raise NotFound(_("There is no account with this handle."))
    if not record.can_ban:
        raise Forbidden(_("Moderators can ban readers; admins can ban moderators and editors too."))
    context = {"record": record, "which": which, "values": values, "at_first": AT_FIRST, "errors": errors or {}}
    return private(page(request, "moderation/ban.html", status=status, **context))
