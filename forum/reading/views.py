"""What a page asks and tells of its reader's place."""

from gettext import gettext as _

from limits import parse as parse_limit
from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse

from forum.accounts.sessions import viewer_of
from forum.errors import BadRequest, NotFound
from forum.forms import Form, read_form
from forum.reading.actions import Seen, note_seen
from forum.reading.queries import new_in
from forum.reading.ranges import LARGEST, parse
from forum.responses import count_in

NOTES = parse_limit("120/minute")
"""That one account's pages may send: one that is read on sends every few seconds."""
FRESH = {"cache-control": "no-store"}


class SeenForm(Form):
    """All up to version `since`, the comments in `ranges`, and the comment read last; 0 where none was."""

    since: int = Field(ge=0, lt=10**9)
    ranges: str
    last: int = Field(0, ge=0, le=LARGEST)


async def note(request: Request) -> JSONResponse:
    """Keep what was seen; answers with the place as it is stored, which may hold what other pages have told."""
    form, reader = await read_form(request, SeenForm), viewer_of(request)
    too_many = _("You read on very many pages at once. What you have seen is told again later.")
    await request.app.state.limiter.hit(NOTES, "seen", str(reader.id), message=too_many)
    try:
        seen = Seen(form.since, parse(form.ranges), form.last or None)
    except ValueError:
        raise BadRequest(_("These are not ranges of comments. Load the page again."), "ranges") from None
    place = await request.app.state.database.write(
        note_seen, reader=reader.actor, slug=request.path_params["slug"], seen=seen
    )
    return JSONResponse({"since": place.since, "ranges": place.ranges, "last": place.last}, headers=FRESH)


async def show_new(request: Request) -> JSONResponse:
    """The comments that came after a version, each with its branch: so a page knows what is new that is not on it."""
    viewer, since = request.state.viewer, count_in(request.query_params.get("after", "0"))
    found = await request.app.state.database.read(
        new_in, request.path_params["slug"], viewer.id if viewer else None, since=since
    )
    if found is None:
        raise NotFound(_("There is no discussion at this address."))
    told = [[one.id, one.root_id] for one in found.comments]
    return JSONResponse({"new": told, "to": found.to, "more": found.more}, headers=FRESH)
