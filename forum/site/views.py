"""The publication's rules and colours, and the page on which admins set them."""

import asyncio
from dataclasses import asdict
from gettext import gettext as _

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forum.accounts.sessions import Viewer, viewer_of
from forum.errors import Forbidden, Invalid, NotFound, Refusal, TooLarge
from forum.findings import Findings, errors_of
from forum.forms import Form, read_form
from forum.permissions import can_administer
from forum.responses import refusal_headers, wants_json
from forum.site import actions, switches
from forum.site.colour import PAPER, PAPER_DARK, figure, stylesheet
from forum.site.queries import read_site
from forum.site.switches import Switch
from forum.site.wording import SiteForm, SiteWords, check_site
from forum.templating import page
from forum.uploads import find_picture, sent_file, take_picture, takes_files

LOGO_WIDTHS = (640,)

log = structlog.get_logger()


class SwitchForm(Form):
    """The switches as they were ticked."""

    read_only: str = ""
    sockets_off: str = ""
    registration_closed: str = ""


async def show_rules(request: Request) -> Response:
    """What the publication allows."""
    return page(request, "site/rules.html", rules_html=request.state.site.rules_html)


async def show_stylesheet(request: Request) -> Response:
    """The publication's own colours; its address changes with them."""
    site = request.state.site
    if not (site.action_colour or site.action_colour_dark):
        raise NotFound(_("This site has no colours of its own."))
    current = request.query_params.get("v") == colours_in_address(site.action_colour, site.action_colour_dark)
    cached = "public, max-age=31536000, immutable" if current else "no-cache"
    css = stylesheet(site.action_colour, site.action_colour_dark)
    return Response(css, media_type="text/css", headers={"cache-control": cached})


async def show_site(request: Request) -> Response:
    """The form of all that is said of the publication."""
    admin_of(request)
    form = SiteForm.of(await request.app.state.database.read(read_site))
    return _show(request, form, done="done" in request.query_params)


@takes_files
async def save_site(request: Request) -> Response:
    """Store what was changed, or say all that is wrong with it."""
    admin, sent = admin_of(request), await read_form(request, SiteForm)
    database = request.app.state.database
    form = sent.on_top_of(SiteForm.of(await database.read(read_site)))
    findings = Findings()
    try:
        form = await _take_logo(request, form, findings)
        words = await _words_of(request, form, findings)
        await database.write(actions.change_site, admin=admin.actor, words=words)
    except Refusal as refusal:
        return _show(request, form, refusal=refusal)
    return RedirectResponse("/site?done", 303)


async def set_switches(request: Request) -> Response:
    """Set the switches: those that are not ticked are off."""
    admin, form = admin_of(request), await read_form(request, SwitchForm)
    positions = {switch: bool(getattr(form, switch.column)) for switch in Switch}
    await request.app.state.database.write(switches.set_switches, admin=admin.actor, positions=positions)
    log.warning("switches set", account=admin.id, on=[switch.value for switch in Switch if positions[switch]])
    return RedirectResponse("/site?done", 303)


def admin_of(request: Request) -> Viewer:
    """The admin who asks. Raises SignInNeeded, or Forbidden for everybody else."""
    viewer = viewer_of(request)
    if not can_administer(viewer):
        raise Forbidden(_("Only admins can change the site."))
    return viewer


def colours_in_address(light: str | None, dark: str | None) -> str:
    """What stands in the address of the stylesheet."""
    return f"{light or ''}-{dark or ''}".replace("#", "")


async def _take_logo(request: Request, form: SiteForm, findings: Findings) -> SiteForm:
    """The form with the name of the logo that was sent, or without one that goes."""
    try:
        file = sent_file(form.logo, "logo")
        if file is not None:
            taken = await take_picture(file, request.app.state.settings, widths=LOGO_WIDTHS, field="logo")
            return form.model_copy(update={"kept_logo": taken.name})
    except (Invalid, TooLarge) as wrong:
        findings.note(wrong)
    return form.model_copy(update={"kept_logo": ""}) if form.remove_logo else form


async def _words_of(request: Request, form: SiteForm, findings: Findings) -> SiteWords:
    found = await asyncio.to_thread(find_picture, request.app.state.settings.uploads, form.kept_logo)
    return await asyncio.to_thread(check_site, form, findings, logo=found.name if found else None)


def _show(request: Request, form: SiteForm, *, refusal: Refusal | None = None, done: bool = False) -> Response:
    if refusal and wants_json(request):
        raise refusal
    response = page(
        request,
        "site/site.html",
        status=refusal.status if refusal else 200,
        values=form.model_dump(exclude={"logo"}),
        errors=errors_of(refusal) if refusal else {},
        switches=asdict(switches.Switches.of(request.state.site.row)),
        figures=_figures(request.state.site.action_colour, request.state.site.action_colour_dark),
        done=done,
    )
    response.headers.update(refusal_headers(refusal) if refusal else {"cache-control": "private, no-cache"})
    return response


def _figures(light: str | None, dark: str | None) -> dict[str, str]:
    """The contrast of the colours that are set."""
    return {
        name: figure(colour, paper)
        for name, colour, paper in (("light", light, PAPER), ("dark", dark, PAPER_DARK))
        if colour
    }
