"""The page of the sections, for moderators: what is set there for all discussions of each."""

from gettext import gettext as _
from typing import Literal

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from forum.errors import BadRequest
from forum.forms import Form, read_form
from forum.moderation import sections
from forum.moderation.answers import answer, moderator_of, private
from forum.moderation.telling import look
from forum.templating import page


class SectionForm(Form):
    """One thing that is to hold for a section: its state, its pace, or when its discussions close by themselves."""

    state: Literal["open", "closed"] | None = None
    reason: str = ""
    seconds: int | None = None
    days: int | None = None


async def show_sections(request: Request) -> Response:
    """Every section with what is set for the discussions in it."""
    moderator_of(request)
    overview = await request.app.state.database.read(sections.sections_overview)
    return private(page(request, "moderation/sections.html", overview=overview))


async def set_section(request: Request) -> Response:
    """Set one thing for a section. It holds from the commit on; the open pages are told after the answer."""
    moderator, form = moderator_of(request), await read_form(request, SectionForm)
    write, slug = request.app.state.database.write, request.path_params["slug"]
    of = {"moderator": moderator.actor, "slug": slug}
    if form.state is not None:
        await write(sections.set_section, **of, closed=form.state == "closed", reason=form.reason)
    elif form.seconds is not None:
        await write(sections.set_section_pace, **of, seconds=form.seconds)
    elif form.days is not None:
        await write(sections.set_section_closing, **of, days=form.days)
    else:
        raise BadRequest(_("The form says nothing that could be set. Load the page again."), "state")
    response = answer(request, {"slug": slug}, f"/moderation/sections#section-{slug}")
    response.background = BackgroundTask(look, request.app.state.database)
    return response
