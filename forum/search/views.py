"""The page of search."""

from gettext import gettext as _

from limits import parse
from starlette.requests import Request
from starlette.responses import Response

from forum.errors import Invalid
from forum.responses import wants_json
from forum.search.asked import cursor_of, search_of
from forum.search.queries import RANKED, Found, find
from forum.security import client_address
from forum.templating import page

SEARCHES = parse("30/minute")


async def show_search(request: Request) -> Response:
    """`GET /search`: what the viewer may read of what the address looks for."""
    viewer, search, after = request.state.viewer, search_of(request.query_params), cursor_of(request.query_params)
    found, errors = Found(), {}
    if search.is_asked:
        await _count_search(request)
        try:
            found = await request.app.state.database.read(find, search, after, viewer_id=viewer and viewer.id)
        except Invalid as refusal:
            if wants_json(request):
                raise
            errors = {refusal.field or "": refusal.message}
    context = {"search": search, "found": found, "errors": errors, "after": after, "ranked": RANKED}
    return page(request, "search/search.html", status=422 if errors else 200, **context)


async def _count_search(request: Request) -> None:
    """Each search costs the database some work, and anybody may ask."""
    state, viewer = request.app.state, request.state.viewer
    who = str(viewer.id) if viewer else client_address(request, state.settings)
    await state.limiter.hit(SEARCHES, "search", who, message=_("You have searched very often. Wait a moment."))
