"""Making an account."""

from dataclasses import replace
from gettext import gettext as _

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forum.accounts.actions import Browser, register
from forum.accounts.attempts import count_form, count_registration
from forum.accounts.checks import check_new_account
from forum.accounts.form_page import done, form_page, refused
from forum.accounts.sessions import set_session_cookie
from forum.errors import Forbidden, Refusal
from forum.forms import Form, read_form
from forum.responses import safe_next
from forum.security import client_address

TEMPLATE = "accounts/register.html"


class RegisterForm(Form):
    """What a new account is made of. The e-mail address may stay empty; the role cannot be asked for."""

    handle: str
    display_name: str
    password: str
    email: str = ""
    next: str = ""


async def show_register(request: Request) -> Response:
    """The form for a new account; who is signed in has no use for it."""
    target = safe_next(request.query_params.get("next", ""))
    if request.state.viewer:
        return RedirectResponse(target, 303)
    return form_page(request, TEMPLATE, {"next": target}, next=target)


async def create_account(request: Request) -> Response:
    """Make an account and sign it in at once."""
    form = await read_form(request, RegisterForm)
    target, state = safe_next(form.next), request.app.state
    try:
        if request.state.site.registration_closed:
            raise Forbidden(_("No new accounts can be made for now. Who has one can sign in."))
        await count_form(request)
        new = await check_new_account(state.database, form, form.password)
        await count_registration(request)
        token = await state.database.write(
            register,
            new=replace(new, password_hash=await state.passwords.hash(form.password)),
            browser=browser_of(request),
            days=state.settings.session_days,
        )
    except Refusal as refusal:
        typed = form.model_dump(exclude={"password"}) | {"next": target}
        return refused(request, refusal, TEMPLATE, typed, next=target)
    response = done(request, target, {"handle": new.handle.shown}, 201)
    set_session_cookie(response, state.settings, token)
    return response


def browser_of(request: Request) -> Browser:
    """Where the request comes from, as the list of sign-ins tells it."""
    address = client_address(request, request.app.state.settings)
    return Browser(request.headers.get("user-agent", ""), address)
