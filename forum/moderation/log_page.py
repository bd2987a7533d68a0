"""The log's page, and the button at each entry that undoes it."""

from starlette.requests import Request
from starlette.responses import Response

from forum.forms import read_form
from forum.moderation.answers import NextForm, answer, moderator_of
from forum.moderation.effects import outcome
from forum.moderation.sweeps import finish_act
from forum.moderation.undoing import undo_act


async def undo(request: Request) -> Response:
    """Take back what an act did, and tell a program how many comments it put back and how many stay."""
    moderator, form = moderator_of(request), await read_form(request, NextForm)
    database, act_id = request.app.state.database, request.path_params["id"]
    undone = await database.write(undo_act, moderator=moderator.actor, act_id=act_id)
    if undone.goes_on:
        await finish_act(database, undone.entry_id)
    back, stay = await database.read(outcome, act_id)
    return answer(request, {"id": undone.entry_id, "back": back, "stay": stay}, form.next or "/moderation?queue=log")
