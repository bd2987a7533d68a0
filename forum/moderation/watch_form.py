"""The buttons by which moderators begin and end to watch an account."""

from starlette.requests import Request
from starlette.responses import Response

from forum.forms import read_form
from forum.moderation.answers import NextForm, answer, moderator_of
from forum.moderation.watches import set_watch


async def watch_account(request: Request) -> Response:
    """Have each comment of an account looked at before it shows."""
    return await _set(request, watch=True)


async def unwatch_account(request: Request) -> Response:
    """End that."""
    return await _set(request, watch=False)


async def _set(request: Request, *, watch: bool) -> Response:
    moderator, form = moderator_of(request), await read_form(request, NextForm)
    handle = request.path_params["handle"]
    await request.app.state.database.write(set_watch, moderator=moderator.actor, handle=handle, watch=watch)
    return answer(request, {"handle": handle, "watched": watch}, form.next or f"/accounts/{handle}")
