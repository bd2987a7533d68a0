"""The pages on which somebody reads what became of their reports, and what moderators decided about them."""

from starlette.requests import Request
from starlette.responses import Response

from forum.accounts.form_page import form_page
from forum.accounts.sessions import viewer_of
from forum.moderation.outcomes import own_decisions, own_reports
from forum.moderation.whereabouts import number_in


async def show_reports(request: Request) -> Response:
    """What somebody reported, and what became of it."""
    viewer, older = viewer_of(request), number_in(request.query_params, "older")
    reports, more = await request.app.state.database.read(own_reports, viewer.id, older=older)
    return form_page(request, "moderation/own_reports.html", reports=reports, older=more)


async def show_decisions(request: Request) -> Response:
    """What moderators decided about somebody: removals with their reasons, warnings, appeals with the answers."""
    viewer, older = viewer_of(request), number_in(request.query_params, "older")
    decisions = await request.app.state.database.read(own_decisions, viewer, older=older)
    return form_page(request, "moderation/own_decisions.html", decisions=decisions, first=older is None)
