"""Signing in and out. Whoever is banned is told how to appeal, or what became of their appeal."""

from gettext import gettext as _
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forum.accounts import actions
from forum.accounts.attempts import check_sign_in, count_failure
from forum.accounts.form_page import done, form_page, refused
from forum.accounts.models import Account
from forum.accounts.queries import account_by_login
from forum.accounts.registration import browser_of
from forum.accounts.sessions import clear_session_cookie, session_token, set_session_cookie
from forum.errors import Banned, Invalid, Refusal
from forum.forms import Form, read_form
from forum.moderation.ban_appeals import make_appeal_link, read_ban
from forum.responses import safe_next, wants_json

TEMPLATE = "accounts/sign_in.html"


class SignInForm(Form):
    """A handle or e-mail address, its password, and where to go then."""

    login: str
    password: str
    next: str = ""


async def show_sign_in(request: Request) -> Response:
    """The form; who is signed in goes straight on."""
    target = safe_next(request.query_params.get("next", ""))
    if request.state.viewer:
        return RedirectResponse(target, 303)
    return form_page(request, TEMPLATE, {"next": target}, next=target, saved=_saved(request))


async def sign_in(request: Request) -> Response:
    """Sign in. A wrong password, and a login that does not exist, get the same answer after the same work."""
    form = await read_form(request, SignInForm)
    target, settings, viewer = safe_next(form.next), request.app.state.settings, request.state.viewer
    told: dict[str, Any] = {}
    try:
        account, password_hash = await _verified(request, form)
        try:
            token = await request.app.state.database.write(
                actions.start_session,
                account_id=account.id,
                password_hash=password_hash,
                browser=browser_of(request),
                days=settings.session_days,
                replacing=viewer.session_id if viewer else None,
            )
        except Banned:
            told = await _what_banned_are_told(request, account.id, password_hash)
            raise
    except Refusal as refusal:
        return refused(request, refusal, TEMPLATE, {"login": form.login, "next": target}, next=target, **told)
    response = done(request, target, {"handle": account.handle})
    set_session_cookie(response, settings, token)
    return response


async def sign_out(request: Request) -> Response:
    """End this browser's session, whatever has become of it."""
    token = session_token(request)
    if token:
        await request.app.state.database.write(actions.sign_out, token=token)
    response = done(request, "/", {})
    clear_session_cookie(response, request.app.state.settings)
    return response


async def _verified(request: Request, form: SignInForm) -> tuple[Account, str | None]:
    """The account whose password was given, and the hash to be found there when the session starts."""
    state = request.app.state
    await check_sign_in(request, form.login)
    account: Account | None = await state.database.read(account_by_login, form.login)
    password_hash = account.password_hash if account else None
    if not await state.passwords.verify(password_hash, form.password) or account is None:
        await count_failure(request, form.login)
        raise Invalid(_("This login and this password do not belong together. Check both."))
    # Many may have been tried at once while this one was verified: the last of them must not get through.
    await check_sign_in(request, form.login)
    return account, await _renewed(request, account, form.password)


async def _what_banned_are_told(request: Request, account_id: int, password_hash: str | None) -> dict[str, Any]:
    """A link to the page of the ban, and what became of an appeal; nothing for programs."""
    if wants_json(request) or not password_hash:
        return {}
    link = make_appeal_link(account_id, password_hash)
    return {"link": f"/appeal/{link}", "ban": await request.app.state.database.read(read_ban, link)}


async def _renewed(request: Request, account: Account, password: str) -> str | None:
    """The account's hash, made anew where it has other parameters than today's."""
    state, verified = request.app.state, account.password_hash
    if verified is None or not state.passwords.needs_rehash(verified):
        return verified
    rehashed: str = await state.passwords.hash(password)
    await state.database.write(actions.rehash_password, account_id=account.id, verified=verified, rehashed=rehashed)
    return rehashed


def _saved(request: Request) -> str | None:
    return _("Your new password is set. Sign in with it.") if "reset" in request.query_params else None
