"""Setting a new password by a link, for those who have lost theirs."""

from starlette.requests import Request
from starlette.responses import Response

from forum.accounts.actions import use_reset_link
from forum.accounts.checks import check_password
from forum.accounts.form_page import done, form_page, refused
from forum.accounts.queries import account_of_reset_link
from forum.errors import Refusal
from forum.findings import Findings
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
    account, findings = await state.database.read(account_of_reset_link, token), Findings()
    try:
        await check_password(findings, form.password, account)
        findings.raise_all()
        hashed = await state.passwords.hash(form.password)
        await state.database.write(use_reset_link, token=token, password_hash=hashed)
    except Refusal as refusal:
        return refused(request, refusal, TEMPLATE, handle=account.handle)
    return done(request, "/sign-in?reset=1", {"handle": account.handle})
