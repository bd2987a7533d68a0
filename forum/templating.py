"""Templates become pages and fragments; what every template may use is named here."""

import gettext
from collections.abc import Callable
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, Protocol

from babel.dates import format_date
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from forum.resources import TEMPLATES
from forum.static import static
from forum.uploads import picture_of_name


class Html(Protocol):
    """What is HTML already."""

    def __html__(self) -> str: ...


LOCALE = "en"
SAID_AGAIN = 8192
"""Days and figures whose words are remembered: the same comments are shown again and again."""


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    # Looked up once: gettext.gettext searches the disk at each call.
    words = gettext.translation("forum", fallback=True)
    environment.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.filters |= {"time": time, "date": date, "number": number, "shorten": shorten}
    environment.globals |= {"static": static}
    return environment


def time(moment: datetime | Html) -> Markup:
    """A moment in UTC as a `<time>`, which the browser makes relative; what is HTML already stays."""
    if not isinstance(moment, datetime):
        return Markup(moment)  # noqa: S704 (it says so of itself)
    exactly = moment.isoformat()[: len("2026-01-31T12:59:59")]  # strftime takes three times as long
    words = escape(f"{date(moment)}, {exactly[11:16]}")
    return Markup(f'<time datetime="{exactly}Z" title="{words} UTC" data-time>{words}</time>')  # noqa: S704 (escaped)


def date(moment: datetime) -> str:
    """A day in words."""
    return _day(moment.toordinal())


@lru_cache(SAID_AGAIN)
def _day(ordinal: int) -> str:
    # Of a whole moment Babel takes ten times as long, and no two comments have the same.
    return format_date(datetime.fromordinal(ordinal), "d MMMM yyyy", locale=LOCALE)


def shorten(text: str, most: int) -> str:
    """A text of at most so many characters, the dots included, cut at a word's end; what is one long word, anywhere."""
    if len(text) <= most:
        return text
    start = text[: most - 1]
    whole = start if text[most - 1].isspace() else start.rpartition(" ")[0]
    return (whole or start).rstrip(" ,;:.–—-") + "…"


@lru_cache(SAID_AGAIN)
def number(value: int) -> str:
    """A figure with its thousands apart."""
    return format_decimal(value, locale=LOCALE)


_templates = _environment()


def render(template: str, **context: Any) -> str:
    """A template as text."""
    return _templates.get_template(template).render(context)


@cache
def _macro(template: str, name: str) -> Callable[..., Markup]:
    macro: Callable[..., Markup] = getattr(_templates.get_template(template).module, name)
    return macro


def fragment(template: str, name: str, *given: Any) -> Markup:
    """A part of a page: what the template's macro of that name makes of what it is given."""
    return _macro(template, name)(*given)


def page(request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """A whole page for this viewer: `request.state` knows who looks, and at which site."""
    site = request.state.site
    context = {
        "viewer": request.state.viewer,
        "site": site,
        "origin": request.app.state.settings.site_url,
        "logo": picture_of_name(request.app.state.settings.uploads, site.logo) if site.logo else None,
        "typing": request.app.state.settings.typing,
        "path": request.url.path,
        "next": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
    } | context
    return HTMLResponse(render(template, **context), status_code=status)
