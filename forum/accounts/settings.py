"""What one changes of one's own account: name, password, sign-ins."""

from dataclasses import dataclass
from datetime import datetime
from gettext import gettext as _

from starlette.requests import Request
from starlette.responses import Response

from forum.accounts import actions
from forum.accounts.attempts import check_sign_in, count_failure
from forum.accounts.checks import check_password
from forum.accounts.devices import device_of
from forum.accounts.form_page import done, form_page, refused
from forum.accounts.names import check_display_name
from forum.accounts.queries import password_hash_of, sessions_of
from forum.accounts.sessions import Viewer, viewer_of
from forum.errors import Invalid, Refusal
from forum.findings import Findings
from forum.forms import Form, read_form

PROFILE = "accounts/settings_profile.html"
PASSWORD = "accounts/settings_password.html"  # noqa: S105 - a template
SESSIONS = "accounts/settings_sessions.html"


class ProfileForm(Form):
    """The name that others see."""

    display_name: str


class PasswordForm(Form):
    """The password so far, and another."""

    current: str
    password: str


class SessionsForm(Form):
    """Which sign-in to end: its id, or `others` for every one but this."""

    end: str


@dataclass(frozen=True, slots=True)
class ShownSession:
    """A sign-in as the list tells it, with the address that it was used from on the day `seen_at`."""

    id: int
    device: str
    address: str
    seen_at: datetime


async def show_profile(request: Request) -> Response:
    """The name that others see."""
    name = viewer_of(request).display_name
    return form_page(request, PROFILE, {"display_name": name}, saved=_saved(request, _("Your name is saved.")))


async def change_profile(request: Request) -> Response:
    """Take another display name."""
    form, viewer = await read_form(request, ProfileForm), viewer_of(request)
    try:
        name = check_display_name(form.display_name)
        await request.app.state.database.write(actions.change_display_name, actor=viewer.actor, display_name=name)
    except Refusal as refusal:
        return refused(request, refusal, PROFILE, {"display_name": form.display_name})
    return done(request, "/settings/profile?saved=1", {"display_name": name})


async def show_password(request: Request) -> Response:
    """The form for another password."""
    viewer_of(request)
    saved = _("Your new password is set. You are signed out everywhere else.")
    return form_page(request, PASSWORD, saved=_saved(request, saved))


async def change_password(request: Request) -> Response:
    """Set another password, which signs out everywhere else."""
    form, viewer, state = await read_form(request, PasswordForm), viewer_of(request), request.app.state
    try:
        await _check_passwords(request, viewer, form)
        hashed = await state.passwords.hash(form.password)
        await state.database.write(actions.change_password, actor=viewer.actor, password_hash=hashed)
    except Refusal as refusal:
        return refused(request, refusal, PASSWORD)
    return done(request, "/settings/password?saved=1", {})


async def show_sessions(request: Request) -> Response:
    """The browsers that are signed in."""
    sessions = await _sessions(request, viewer_of(request))
    return form_page(request, SESSIONS, sessions=sessions, saved=_saved(request, _("Signed out there.")))


async def end_sessions(request: Request) -> Response:
    """Sign another browser out, or all others."""
    form, viewer, database = await read_form(request, SessionsForm), viewer_of(request), request.app.state.database
    if form.end == "others":
        await database.write(actions.end_other_sessions, actor=viewer.actor)
    elif form.end.isascii() and form.end.isdigit() and len(form.end) < 19:
        await database.write(actions.end_session, actor=viewer.actor, session_id=int(form.end))
    return done(request, "/settings/sessions?saved=1", {})


async def _check_passwords(request: Request, viewer: Viewer, form: PasswordForm) -> None:
    """Raise Wrong for both fields at once. A wrong current password counts as a failed sign-in."""
    state, findings = request.app.state, Findings()
    await check_sign_in(request, viewer.handle)
    stored = await state.database.read(password_hash_of, viewer.id)
    if not await state.passwords.verify(stored, form.current):
        await count_failure(request, viewer.handle)
        findings.note(Invalid(_("This is not your current password."), "current"))
    await check_password(findings, form.password, viewer)
    findings.raise_all()


async def _sessions(request: Request, viewer: Viewer) -> list[ShownSession]:
    return [
        ShownSession(session.id, device_of(session.user_agent), session.address, session.seen_at)
        for session in await request.app.state.database.read(sessions_of, viewer.id)
    ]


def _saved(request: Request, sentence: str) -> str | None:
    return sentence if "saved" in request.query_params else None
