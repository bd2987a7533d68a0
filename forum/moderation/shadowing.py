"""The form that puts an account into the shadow, and the one that takes it out."""

from starlette.requests import Request
from starlette.responses import Response

from forum.errors import Invalid
from forum.forms import read_form
from forum.moderation.answers import NextForm, answer, moderator_of
from forum.moderation.measures import measures_again
from forum.moderation.shadows import lift_shadow, shadow_account
from forum.moderation.sweeps import finish_act


class ShadowForm(NextForm):
    """Why: for the log alone."""

    reason: str = ""


class LiftForm(NextForm):
    """Whether what the account has in the shadow is shown, too."""

    release: str = ""


async def shadow(request: Request) -> Response:
    """Put an account into the shadow."""
    moderator, form = moderator_of(request), await read_form(request, ShadowForm)
    handle = request.path_params["handle"]
    try:
        await request.app.state.database.write(
            shadow_account, moderator=moderator.actor, handle=handle, reason=form.reason
        )
    except Invalid as refusal:
        return await measures_again(request, "shadow", form, refusal)
    return answer(request, {"handle": handle, "shadowed": True}, form.next or f"/accounts/{handle}/ban")


async def lift(request: Request) -> Response:
    """Take an account out of the shadow, and what it wrote there where the form says so."""
    moderator, form = moderator_of(request), await read_form(request, LiftForm)
    database, handle = request.app.state.database, request.path_params["handle"]
    release = bool(form.release)
    act_id = await database.write(lift_shadow, moderator=moderator.actor, handle=handle, release=release)
    if act_id is not None:
        await finish_act(database, act_id)
    return answer(request, {"handle": handle, "shadowed": False}, form.next or f"/accounts/{handle}/ban")
