"""The form that suspends one right of an account, and the one that gives it back."""

from starlette.requests import Request
from starlette.responses import Response

from forum.errors import Invalid
from forum.forms import read_form
from forum.moderation.answers import NextForm, TermsForm, answer, moderator_of
from forum.moderation.measures import measures_again
from forum.moderation.sanctions import Terms
from forum.moderation.suspensions import give_back_right, suspend_right
from forum.permissions import Right


class SuspendForm(TermsForm):
    """Which right, why and for how long."""

    right: Right


class GiveBackForm(NextForm):
    """Which right."""

    right: Right


async def suspend(request: Request) -> Response:
    """Suspend a right of an account."""
    moderator, form = moderator_of(request), await read_form(request, SuspendForm)
    handle = request.path_params["handle"]
    try:
        terms = Terms(form.reason, form.end)
        concerned = {"handle": handle, "right": form.right}
        await request.app.state.database.write(suspend_right, moderator=moderator.actor, terms=terms, **concerned)
    except Invalid as refusal:
        return await measures_again(request, "suspend", form, refusal)
    done = {"handle": handle, "right": form.right, "until": terms.until.isoformat() if terms.until else None}
    return answer(request, done, form.next or f"/accounts/{handle}/ban")


async def give_back(request: Request) -> Response:
    """Give a right back."""
    moderator, form = moderator_of(request), await read_form(request, GiveBackForm)
    concerned = {"handle": request.path_params["handle"], "right": form.right}
    await request.app.state.database.write(give_back_right, moderator=moderator.actor, **concerned)
    return answer(request, concerned, form.next or f"/accounts/{concerned['handle']}/ban")
