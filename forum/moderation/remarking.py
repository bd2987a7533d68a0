"""The forms by which moderators warn an account, note something about it, and are done with a new one."""

from collections.abc import Callable

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from forum.accounts.sessions import Viewer
from forum.errors import Invalid
from forum.forms import read_form
from forum.moderation import remarks
from forum.moderation.answers import LARGEST, NextForm, moderator_of
from forum.moderation.done import told
from forum.responses import refusal_headers, wants_json
from forum.templating import page


class TextForm(NextForm):
    """What is said."""

    text: str = ""


class WarningForm(TextForm):
    """What is said to an account, and about which comment."""

    comment: int | None = Field(None, ge=1, le=LARGEST)


async def warn_account(request: Request) -> Response:
    """Say something to an account that it must acknowledge before it posts again."""
    moderator, form = moderator_of(request), await read_form(request, WarningForm)
    return await _say(request, moderator, form, remarks.warn_account, comment_id=form.comment)


async def note_account(request: Request) -> Response:
    """Leave a note about an account for colleagues."""
    moderator, form = moderator_of(request), await read_form(request, TextForm)
    return await _say(request, moderator, form, remarks.note_account)


async def look_at_account(request: Request) -> Response:
    """Be done with a new account, with which nothing is wrong."""
    moderator, form = moderator_of(request), await read_form(request, NextForm)
    database, handle = request.app.state.database, request.path_params["handle"]
    act_id = await database.write(remarks.look_at_account, moderator=moderator.actor, handle=handle)
    return await told(request, act_id, {"handle": handle}, form.next or "/moderation?queue=accounts")


async def _say(
    request: Request, moderator: Viewer, form: TextForm, action: Callable[..., int], **fields: int | None
) -> Response:
    """Say it; what cannot be taken comes back with the text."""
    handle, database = request.path_params["handle"], request.app.state.database
    try:
        act_id = await database.write(action, moderator=moderator.actor, handle=handle, text=form.text, **fields)
    except Invalid as refusal:
        if wants_json(request):
            raise
        errors = {refusal.field or "": refusal.message}
        values = form.model_dump()
        again = page(request, "moderation/say.html", status=422, handle=handle, values=values, errors=errors)
        again.headers.update(refusal_headers(refusal))
        return again
    return await told(request, act_id, {"handle": handle}, form.next or f"/accounts/{handle}")
