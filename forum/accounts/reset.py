"""Setting a new password by a link, for those who have lost theirs."""

from starlette.requests import Request
from starlette.responses import Response

from forum.accounts.actions import use_reset_link
from forum.accounts.form_page import WrongFields, done, form_page, refused, weaknesses
from forum.accounts.queries import account_of_reset_link
from forum.errors import Refusal
from forum.forms import Form, read_form

TEMPLATE = "accounts/reset.html"


class ResetForm(Form):
    """The new password."""

    password: str


async def show_reset(request: Request) -> Response:
    """The form for a new password, while the link lasts."""
    account = await request.app.state.database.read(account_of_reset_link, request.path_params["token"])
    return form_page(request, TEMPLATE, handle=account.handle)


async def reset(request: Request) -> Response:
    """Set the new password; every session ends, and the link is used up."""
    form, token, state = await read_form(request, ResetForm), request.path_params["token"], request.app.state
    account = await state.database.read(account_of_reset_link, token)
    try:
        if errors := await weaknesses(form.password, account):
            raise WrongFields(errors)
        hashed = await state.passwords.hash(form.password)
        await state.database.write(use_reset_link, token=token, password_hash=hashed)
    except Refusal as refusal:
        return refused(request, refusal, TEMPLATE, handle=account.handle)
    return done(request, "/sign-in?reset=1", {"handle": account.handle})
