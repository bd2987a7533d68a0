"""The form of a ban, and what it does; lifting a ban."""

from gettext import gettext as _
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from forum.errors import Forbidden, Invalid, NotFound
from forum.forms import read_form
from forum.moderation import bans, sweeps
from forum.moderation.answers import NextForm, answer, moderator_of, private
from forum.moderation.record import account_record
from forum.moderation.sanctions import parse_until
from forum.responses import safe_next, wants_json
from forum.templating import page


class BanForm(NextForm):
    """The terms of a ban; a `day` that is named wins over `until`, a number of days, a date, or nothing: for good."""

    reason: str = ""
    until: str = ""
    day: str = ""
    remove: bans.Remove = "none"


async def show_ban(request: Request) -> Response:
    """The form of a ban: what will be done, and how many comments each choice hides."""
    moderator_of(request)
    back = request.query_params.get("next", "")
    return await _ban_page(request, {"until": "7", "remove": "none", "next": safe_next(back) if back else ""})


async def ban_account(request: Request) -> Response:
    """Ban an account, and remove of its comments what the form says."""
    moderator, form = moderator_of(request), await read_form(request, BanForm)
    database, handle = request.app.state.database, request.path_params["handle"]
    try:
        ban = bans.Ban(form.reason, parse_until(form.day or form.until), form.remove)
        act_id = await database.write(bans.ban_account, moderator=moderator.actor, handle=handle, ban=ban)
    except Invalid as refusal:
        if wants_json(request):
            raise
        errors = {refusal.field or "": refusal.message}
        return await _ban_page(request, form.model_dump(), errors=errors, status=refusal.status)
    if act_id is not None:
        await sweeps.finish_act(database, act_id)
    until = ban.until.isoformat() if ban.until else None
    return answer(request, {"handle": handle, "until": until}, form.next or f"/accounts/{handle}")


async def lift_ban(request: Request) -> Response:
    """Let an account in again."""
    moderator, form = moderator_of(request), await read_form(request, NextForm)
    handle = request.path_params["handle"]
    await request.app.state.database.write(bans.lift_ban, moderator=moderator.actor, handle=handle)
    return answer(request, {"handle": handle}, form.next or f"/accounts/{handle}")


async def _ban_page(
    request: Request, values: dict[str, Any], *, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    record = await request.app.state.database.read(
        account_record, viewer=moderator_of(request), handle=request.path_params["handle"]
    )
    if record is None:
        raise NotFound(_("There is no account with this handle."))
    if not record.can_ban:
        raise Forbidden(_("Moderators can ban readers; admins can ban moderators and editors too."))
    context = {"record": record, "values": values, "errors": errors or {}}
    return private(page(request, "moderation/ban.html", status=status, **context))
