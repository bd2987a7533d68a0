"""The page of a banned person: why, until when, what became of the appeal, and the form for one."""

from gettext import gettext as _

from limits import parse
from starlette.requests import Request
from starlette.responses import Response

from forum.accounts.form_page import done, form_page, refused
from forum.errors import NotFound, Refusal
from forum.forms import Form, read_form
from forum.moderation.ban_appeals import appeal_ban, read_ban
from forum.security import client_address

TEMPLATE = "moderation/appeal.html"
APPEALS = parse("10/hour")
"""Forms from one address, wrong ones too."""


class AppealForm(Form):
    """Why the ban is wrong."""

    text: str = ""


async def show_appeal(request: Request) -> Response:
    """The ban, and the form or what became of it."""
    ban = await request.app.state.database.read(read_ban, request.path_params["token"])
    return form_page(request, TEMPLATE, ban=ban)


async def appeal(request: Request) -> Response:
    """Ask the moderators to look again; what cannot be taken comes back in the form."""
    form, token, state = await read_form(request, AppealForm), request.path_params["token"], request.app.state
    try:
        too_many = _("You have sent this form very often. Your text is kept; try again in an hour.")
        await state.limiter.hit(APPEALS, "appeal", client_address(request, state.settings), message=too_many)
        await state.database.write(appeal_ban, token=token, text=form.text)
    except Refusal as refusal:
        if isinstance(refusal, NotFound):
            raise
        ban = await state.database.read(read_ban, token)
        return refused(request, refusal, TEMPLATE, {"text": form.text}, ban=ban)
    return done(request, f"/appeal/{token}", {"appealed": True})
