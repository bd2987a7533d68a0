"""What the form of a ban does; lifting a ban."""

from starlette.requests import Request
from starlette.responses import Response

from forum.errors import Invalid
from forum.forms import read_form
from forum.moderation import bans, sweeps
from forum.moderation.answers import NextForm, TermsForm, answer, moderator_of
from forum.moderation.measures import measures_again


class BanForm(TermsForm):
    """The terms of a ban, and which comments go with it."""

    remove: bans.Remove = "none"


async def ban_account(request: Request) -> Response:
    """Ban an account, and remove of its comments what the form says."""
    moderator, form = moderator_of(request), await read_form(request, BanForm)
    database, handle = request.app.state.database, request.path_params["handle"]
    try:
        ban = bans.Ban(form.reason, form.end, form.remove)
        act_id = await database.write(bans.ban_account, moderator=moderator.actor, handle=handle, ban=ban)
    except Invalid as refusal:
        return await measures_again(request, "ban", form, refusal)
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
