"""The log's page, its files, and the button at each entry that undoes it."""

from collections.abc import AsyncIterator, Callable, Sequence
from gettext import gettext as _

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from forum import permissions
from forum.accounts.sessions import viewer_of
from forum.errors import Forbidden, Invalid
from forum.forms import read_form
from forum.moderation.answers import NextForm, moderator_of, private
from forum.moderation.done import told
from forum.moderation.effects import outcome
from forum.moderation.log import Entry, Log, read_log
from forum.moderation.log_export import as_csv, as_json_lines, batches
from forum.moderation.log_search import search_of
from forum.moderation.sweeps import finish_act
from forum.moderation.telling import look
from forum.moderation.undoing import undo_act
from forum.moderation.words import kind_words
from forum.responses import count_in
from forum.templating import page

LOG = "/moderation/log"


async def show_log(request: Request) -> Response:
    """What moderators did, newest first, so far as the address looks for it."""
    viewer = moderator_of(request)
    search, older = search_of(request.query_params), count_in(request.query_params.get("older", ""))
    errors, log = {}, Log([], None)
    try:
        log = await request.app.state.database.read(read_log, search, older=older or None, viewer=viewer)
    except Invalid as refusal:
        errors = {refusal.field or "": refusal.message}
    status = 422 if errors else 200
    context = {"log": log, "search": search, "errors": errors, "kinds": kind_words()}
    return private(page(request, "moderation/log.html", status=status, **context))


async def export_csv(request: Request) -> Response:
    """The same for a spreadsheet."""
    return await _export(request, as_csv, "text/csv", "log.csv")


async def export_json(request: Request) -> Response:
    """The same for a program, an object in each line."""
    return await _export(request, as_json_lines, "application/x-ndjson", "log.jsonl")


async def undo(request: Request) -> Response:
    """Take back what an act did, and tell a program how many comments it put back and how many stay."""
    moderator, form = moderator_of(request), await read_form(request, NextForm)
    database, act_id = request.app.state.database, request.path_params["id"]
    undone = await database.write(undo_act, moderator=moderator.actor, act_id=act_id)
    if undone.goes_on:
        await finish_act(database, undone.entry_id)
    back, stay = await database.read(outcome, act_id)
    done = {"id": undone.entry_id, "back": back, "stay": stay}
    response = await told(request, undone.entry_id, done, form.next or LOG)
    response.background = BackgroundTask(look, database)  # what was set for a section is told to many pages
    return response


async def _export(
    request: Request,
    lines: Callable[[AsyncIterator[Sequence[Entry]]], AsyncIterator[str]],
    kind: str,
    name: str,
) -> Response:
    if not permissions.can_administer(viewer_of(request)):
        raise Forbidden(_("Only admins can take the log with them."))
    database, search = request.app.state.database, search_of(request.query_params)
    await database.read(read_log, search, limit=1)  # what cannot be looked for is refused before anything is sent
    response = StreamingResponse(lines(batches(database, search)), media_type=kind)
    response.headers["content-disposition"] = f'attachment; filename="{name}"'
    return private(response)
