"""The page of banned networks and domains: what is banned, what a ban would do, the ban itself, and its end."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from forum.errors import Invalid
from forum.forms import Form, read_form
from forum.moderation.answers import TermsForm, answer, moderator_of, private
from forum.moderation.ban_list import read_bans
from forum.moderation.domain_bans import ban_domain, lift_domain_ban, preview_domain
from forum.moderation.network_bans import ban_network, lift_network_ban, preview_network
from forum.moderation.sanctions import Terms
from forum.responses import wants_json
from forum.templating import page

HERE = "/moderation/bans"


class PlaceForm(Form):
    """A network, or else a domain."""

    network: str = ""
    domain: str = ""


class PlaceBanForm(PlaceForm, TermsForm):
    """What is banned, why and for how long."""


async def show_bans(request: Request) -> Response:
    """What is banned; with `?network=` or `?domain=`, what a ban there would do, and its form."""
    moderator_of(request)
    asked = PlaceForm(**{name: request.query_params.get(name, "") for name in ("network", "domain")})
    return await _bans_page(request, asked, {"until": "7"})


async def ban(request: Request) -> Response:
    """Ban a network or a domain."""
    moderator, form, write = (
        moderator_of(request),
        await read_form(request, PlaceBanForm),
        request.app.state.database.write,
    )
    try:
        terms = Terms(form.reason, form.end)
        if form.domain and not form.network:
            done = {"domain": await write(ban_domain, moderator=moderator.actor, domain=form.domain, terms=terms)}
        else:
            proxies = request.app.state.settings.trusted_proxies
            network = {"network": form.network, "terms": terms, "proxies": proxies}
            done = {"network": await write(ban_network, moderator=moderator.actor, **network)}
    except Invalid as refusal:
        if wants_json(request):
            raise
        return await _bans_page(request, form, form.model_dump(), refusal)
    until = terms.until.isoformat() if terms.until else None
    return answer(request, done | {"until": until}, HERE)


async def lift(request: Request) -> Response:
    """Lift the ban on a network or a domain."""
    moderator, form, write = (
        moderator_of(request),
        await read_form(request, PlaceForm),
        request.app.state.database.write,
    )
    if form.domain and not form.network:
        await write(lift_domain_ban, moderator=moderator.actor, domain=form.domain)
    else:
        await write(lift_network_ban, moderator=moderator.actor, network=form.network)
    return answer(request, form.model_dump(exclude_defaults=True), HERE)


async def _bans_page(
    request: Request, asked: PlaceForm, values: dict[str, Any], refusal: Invalid | None = None
) -> Response:
    database, context = request.app.state.database, dict[str, Any]()
    try:
        if asked.domain and not asked.network:
            context["domain"] = await database.read(preview_domain, domain=asked.domain)
        elif asked.network or refusal:
            address = moderator_of(request).address
            context["network"] = await database.read(preview_network, network=asked.network, address=address)
    except Invalid as unsound:
        refusal = unsound
    errors = {refusal.field or "": refusal.message} if refusal else {}
    context |= {"bans": await database.read(read_bans), "values": values | asked.model_dump(), "errors": errors}
    return private(page(request, "moderation/bans.html", status=refusal.status if refusal else 200, **context))
