"""Reports and the moderators' desk: its lists, and the forms by which comments are removed and discussions closed."""

from gettext import gettext as _

from limits import parse
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from forum.accounts.sessions import viewer_of
from forum.articles.models import DiscussionState
from forum.comments.permalink import place_of
from forum.comments.reasons import reasons
from forum.errors import BadRequest, Invalid, NetworkBanned, NotFound, Refusal, Suspended, TooSoon
from forum.forms import Form, read_form
from forum.moderation import discussions, removals, reports
from forum.moderation.answers import NextForm, answer, moderator_of, private
from forum.moderation.queues import open_reports
from forum.responses import refusal_headers, wants_json
from forum.templating import page

REPORTS_PER_HOUR = parse("20/hour")


class ReportForm(Form):
    """What is wrong with a comment, and what else a moderator should know."""

    reason: str = ""
    note: str = ""


class RemoveForm(NextForm):
    """Why a comment is removed: a code of the site's list."""

    reason: str = ""


class DiscussionForm(NextForm):
    """The state that a discussion is to have, and what readers are told of why it is closed."""

    state: DiscussionState
    reason: str = ""


async def report_comment(request: Request) -> Response:
    """Tell the moderators of a comment; what cannot be taken comes back in the form."""
    reporter, comment_id = viewer_of(request), request.path_params["id"]
    form, state = await read_form(request, ReportForm), request.app.state
    try:
        too_many = _("You have reported 20 comments within an hour. Go on later; the moderators have those.")
        await state.limiter.hit(REPORTS_PER_HOUR, "report", str(reporter.id), message=too_many)
        told = {"comment_id": comment_id, "reason": form.reason, "note": form.note}
        await state.database.write(reports.report_comment, reporter=reporter.actor, **told)
    except (Invalid, TooSoon, Suspended, NetworkBanned) as refusal:
        return _report_again(request, form, refusal)
    if wants_json(request):
        return JSONResponse({"id": comment_id, "reported": True})
    return page(request, "moderation/thanks.html", back=await state.database.read(place_of, comment_id))


async def show_moderation(request: Request) -> Response:
    """Open reports; `?queue=log` leads to the log."""
    moderator_of(request)
    queue = request.query_params.get("queue", "reports")
    if queue == "log":
        return RedirectResponse("/moderation/log", 303)
    if queue != "reports":
        raise NotFound(_("There is no such list. There are reports, and the log."))
    reports = await request.app.state.database.read(open_reports, after=_cursor(request, "after") or 0)
    return private(page(request, "moderation/desk.html", reports=reports, reasons=reasons()))


async def remove_comment(request: Request) -> Response:
    """Take a comment away, with a reason."""
    moderator, form = moderator_of(request), await read_form(request, RemoveForm)
    comment = await request.app.state.database.write(
        removals.remove_comment,
        moderator=moderator.actor,
        comment_id=request.path_params["id"],
        reason=form.reason,
    )
    return await _comment_answer(request, form, comment.version, comment.state)


async def restore_comment(request: Request) -> Response:
    """Bring a comment back."""
    moderator, form = moderator_of(request), await read_form(request, NextForm)
    comment = await request.app.state.database.write(
        removals.restore_comment, moderator=moderator.actor, comment_id=request.path_params["id"]
    )
    return await _comment_answer(request, form, comment.version, comment.state)


async def dismiss_reports(request: Request) -> Response:
    """Leave a comment as it is: its reports are settled."""
    moderator, form = moderator_of(request), await read_form(request, NextForm)
    comment_id = request.path_params["id"]
    await request.app.state.database.write(reports.dismiss_reports, moderator=moderator.actor, comment_id=comment_id)
    return answer(request, {"id": comment_id}, form.next or "/moderation")


async def set_discussion(request: Request) -> Response:
    """Open, close or switch off an article's discussion."""
    moderator, form = moderator_of(request), await read_form(request, DiscussionForm)
    slug = request.path_params["slug"]
    await request.app.state.database.write(
        discussions.set_discussion, moderator=moderator.actor, slug=slug, state=form.state, reason=form.reason
    )
    return answer(request, {"state": form.state}, form.next or f"/articles/{slug}")


def _report_again(request: Request, form: ReportForm, refusal: Refusal) -> Response:
    """The form with what was typed, and what is wrong with it."""
    if wants_json(request):
        raise refusal
    context = {"comment_id": request.path_params["id"], "values": form.model_dump(), "reasons": reasons()}
    errors = {refusal.field or "": refusal.message}
    response = page(request, "moderation/report.html", status=refusal.status, errors=errors, **context)
    response.headers.update(refusal_headers(refusal))
    return response


async def _comment_answer(request: Request, form: NextForm, version: int, state: str) -> Response:
    comment_id = request.path_params["id"]
    target = form.next or await request.app.state.database.read(place_of, comment_id)
    return answer(request, {"id": comment_id, "version": version, "state": state}, target)


def _cursor(request: Request, name: str) -> int | None:
    """An id out of the address, or None where there is none."""
    text = request.query_params.get(name, "")
    if text and not (text.isascii() and text.isdigit() and len(text) < 19):
        raise BadRequest(_("This link is broken. Go back to the list."), name)
    return int(text) if text else None
