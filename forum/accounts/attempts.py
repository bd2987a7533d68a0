"""How often somebody may fail to sign in, or register: what makes guessing and flooding slow."""

from collections.abc import Awaitable
from gettext import gettext as _
from hashlib import sha256

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute, parse
from starlette.requests import Request

from forum.accounts.queries import fold_login
from forum.accounts.words import try_again_in
from forum.config import Settings
from forum.errors import TooSoon
from forum.limiter import Limiter
from forum.security import client_address

FORMS_PER_HOUR = parse("60/hour")
"""Registration forms that one address may send, wrong ones too: each answer tells whether a handle is taken."""


async def check_sign_in(request: Request, login: str) -> None:
    """Raise TooSoon where too many sign-ins have failed, from this address or with this login.

    A login and not an account: one that does not exist answers like one that does, and nobody can find out whose
    an e-mail address is by using up the attempts of a handle.
    """
    limiter, limit = _failures(request)
    for who in _whose(request, login):
        await _say_when(limiter.check(limit, *who, message=_("Too many sign-ins have failed.")))


async def count_failure(request: Request, login: str) -> None:
    """Count a failed sign-in. Raises TooSoon where it is one too many, as when several come at once."""
    limiter, limit = _failures(request)
    for who in _whose(request, login):
        await _say_when(limiter.hit(limit, *who, message=_("Too many sign-ins have failed.")))


async def count_form(request: Request) -> None:
    """Count a registration form, whatever is in it."""
    who = ("registration form", client_address(request, request.app.state.settings))
    hit = request.app.state.limiter.hit(FORMS_PER_HOUR, *who, message=_("You have tried to register very often."))
    await _say_when(hit)


async def count_registration(request: Request) -> None:
    """Count a new account of this address."""
    settings: Settings = request.app.state.settings
    limit = RateLimitItemPerHour(settings.registrations_per_hour)
    who = ("registration", client_address(request, settings))
    message = _("Too many accounts have been made from your network.")
    await _say_when(request.app.state.limiter.hit(limit, *who, message=message))


def _failures(request: Request) -> tuple[Limiter, RateLimitItem]:
    settings: Settings = request.app.state.settings
    return request.app.state.limiter, RateLimitItemPerMinute(settings.failed_sign_ins_per_ten_minutes, 10)


def _whose(request: Request, login: str) -> list[tuple[str, str]]:
    digest = sha256(fold_login(login).encode(errors="replace")).hexdigest()
    return [
        ("sign-in from", client_address(request, request.app.state.settings)),
        ("sign-in to", digest),
    ]


async def _say_when(attempt: Awaitable[None]) -> None:
    try:
        await attempt
    except TooSoon as error:
        seconds = error.retry_after or 1
        raise TooSoon(f"{error.message} {try_again_in(seconds)}", error.field, retry_after=seconds) from None
