"""The page on which admins set what is checked before a comment shows; moderators look at it."""

import asyncio
from collections.abc import Callable
from functools import partial
from gettext import gettext as _
from typing import Any

from limits import parse
from pydantic import ConfigDict
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from forum.database import Db
from forum.errors import Refusal
from forum.findings import errors_of
from forum.forms import Form, read_form
from forum.moderation.answers import answer, moderator_of, private
from forum.moderation.check_rules import check_settings, need_admin, set_rules
from forum.moderation.check_setup import CheckSetup, read_setup
from forum.moderation.report_rule import ReportRule, read_report_rule, set_report_rule
from forum.moderation.scopes import scope_of
from forum.moderation.trying import Plan, Tried, as_json, plan_rules, plan_words, try_out
from forum.moderation.word_lists import MOST_LINES, check_entries, count_lines, read_lists, set_words
from forum.responses import refusal_headers, wants_json
from forum.templating import page

TRIALS_PER_HOUR = parse("30/hour")


class ChecksForm(Form):
    """What follows from each check, and its number, as `links` and `links_amount`."""

    model_config = ConfigDict(extra="allow")

    @property
    def typed(self) -> dict[str, str]:
        """The fields that are texts."""
        return {name: value for name, value in (self.model_extra or {}).items() if isinstance(value, str)}


class WordsForm(Form):
    """A list by its name, and its lines; to be tried before they are set."""

    list: str
    entries: str
    trial: bool = False


class ReportsForm(Form):
    """How many reports hold a comment, and what each must weigh in hundredths."""

    reports: str
    weight: str


async def show_checks(request: Request) -> Response:
    """What is checked on the whole site, in a section or under an article, and the lists of words."""
    moderator_of(request)
    return await _show(request)


async def save_checks(request: Request) -> Response:
    """Set what checks do there, or say all that is wrong with that."""
    admin, form = moderator_of(request), await read_form(request, ChecksForm)
    place = _place(request)
    try:
        settings = check_settings(form.typed)
        if form.typed.get("trial"):
            return await _try(
                request,
                partial(plan_rules, settings=settings, section=place["section"], article=place["article"]),
                typed=form.typed,
            )
        await request.app.state.database.write(set_rules, admin=admin.actor, settings=settings, **place)
    except Refusal as refusal:
        return await _show(request, typed=form.typed, refusal=refusal)
    return answer(request, {}, _done(request))


async def save_words(request: Request) -> Response:
    """Put other lines in the place of a list, or say which are wrong."""
    admin, form = moderator_of(request), await read_form(request, WordsForm)
    try:
        entries = await asyncio.to_thread(check_entries, form.list, form.entries)
        if form.trial:
            plan = partial(plan_words, name=form.list, entries=entries)
            return await _try(request, plan, lists={form.list: form.entries})
        await request.app.state.database.write(set_words, admin=admin.actor, name=form.list, entries=entries)
    except Refusal as refusal:
        return await _show(request, lists={form.list: form.entries}, refusal=refusal)
    return answer(request, {"list": form.list, "lines": count_lines(entries)}, "/moderation/checks?done")


async def save_report_rule(request: Request) -> Response:
    """Set how many reports hold a comment, or say what is wrong with that."""
    admin, form = moderator_of(request), await read_form(request, ReportsForm)
    try:
        rule = {"reports": _number(form.reports), "weight": _number(form.weight)}
        await request.app.state.database.write(set_report_rule, admin=admin.actor, **rule)
    except Refusal as refusal:
        return await _show(request, typed=form.model_dump(), refusal=refusal)
    return answer(request, rule, "/moderation/checks?done")


async def _show(
    request: Request,
    *,
    typed: dict[str, str] | None = None,
    lists: dict[str, str] | None = None,
    refusal: Refusal | None = None,
    tried: Tried | None = None,
) -> Response:
    if refusal and (wants_json(request) or refusal.status != 422):
        raise refusal
    setup, stored, rule = await request.app.state.database.read(_read, **_place(request))
    context: dict[str, Any] = {
        "setup": setup,
        "values": _values(setup) | {"reports": str(rule.reports), "weight": str(rule.weight)} | (typed or {}),
        "lists": stored | (lists or {}),
        "shown_list": next(iter(lists), "") if lists else "",
        "tried": tried,
        "most_lines": MOST_LINES,
        "errors": errors_of(refusal) if refusal else {},
        "done": "done" in request.query_params,
    }
    response = private(page(request, "moderation/checks.html", status=refusal.status if refusal else 200, **context))
    response.headers.update(refusal_headers(refusal) if refusal else {})
    return response


async def _try(
    request: Request,
    plan: Callable[[Db], Plan],
    *,
    typed: dict[str, str] | None = None,
    lists: dict[str, str] | None = None,
) -> Response:
    """Nothing is set: the page as it was typed, with what that would have found."""
    admin, state = moderator_of(request), request.app.state
    need_admin(admin)
    too_many = _("You have tried rules 30 times within an hour. Go on later.")
    await state.limiter.hit(TRIALS_PER_HOUR, "trial", str(admin.id), message=too_many)
    tried = await try_out(state.database, await state.database.read(plan))
    if wants_json(request):
        return JSONResponse(as_json(tried))
    return await _show(request, typed=typed, lists=lists, tried=tried)


def _read(db: Db, *, section: str, article: str) -> tuple[CheckSetup, dict[str, str], ReportRule]:
    return read_setup(db, scope_of(db, section=section, article=article)), read_lists(db), read_report_rule(db)


def _number(typed: str) -> int:
    """What was typed as a number; -1, which no rule takes, for anything else."""
    plain = typed.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 9 else -1


def _values(setup: CheckSetup) -> dict[str, str]:
    """The form as it is stored."""
    values = {}
    for shown in setup.checks:
        response = shown.response or ("" if setup.scope.address else shown.wider.response)
        values[shown.check.name] = str(response)
        values[f"{shown.check.name}_amount"] = "" if shown.amount is None else str(shown.amount)
    return values


def _place(request: Request) -> dict[str, str]:
    return {name: request.query_params.get(name, "") for name in ("section", "article")}


def _done(request: Request) -> str:
    place = "&".join(f"{name}={slug}" for name, slug in _place(request).items() if slug)
    return f"/moderation/checks?{place}{'&' if place else ''}done"
