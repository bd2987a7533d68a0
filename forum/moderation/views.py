"""The forms by which readers report, and by which moderators decide about comments and close discussions."""

from collections.abc import Callable
from gettext import gettext as _

from limits import parse
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from forum.accounts.sessions import Viewer, viewer_of
from forum.articles.models import DiscussionState
from forum.comments.models import Comment
from forum.comments.permalink import place_of
from forum.comments.reasons import reasons
from forum.errors import Conflict, Invalid, NetworkBanned, Refusal, Suspended, TooSoon
from forum.forms import Form, read_form
from forum.moderation import discussions, removals, reports
from forum.moderation.answers import DecisionForm, NextForm, answer, moderator_of, overtaken
from forum.moderation.done import last_act, told
from forum.moderation.whereabouts import DESK
from forum.responses import refusal_headers, wants_json
from forum.templating import page

REPORTS_PER_HOUR = parse("20/hour")


class ReportForm(Form):
    """What is wrong with a comment, and what else a moderator should know."""

    reason: str = ""
    note: str = ""


class RemoveForm(DecisionForm):
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


async def remove_comment(request: Request) -> Response:
    """Take a comment away, with a reason."""
    moderator, form = moderator_of(request), await read_form(request, RemoveForm)
    return await _decide(request, moderator, form, removals.remove_comment, reason=form.reason)


async def restore_comment(request: Request) -> Response:
    """Bring a comment back, or let one be seen that is held."""
    moderator, form = moderator_of(request), await read_form(request, DecisionForm)
    return await _decide(request, moderator, form, removals.restore_comment)


async def dismiss_reports(request: Request) -> Response:
    """Leave a comment as it is: its reports are settled."""
    moderator, form = moderator_of(request), await read_form(request, DecisionForm)
    to_the_desk = form.model_copy(update={"next": form.next or DESK})
    return await _decide(request, moderator, to_the_desk, reports.dismiss_reports)


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


async def _decide(
    request: Request, moderator: Viewer, form: DecisionForm, action: Callable[..., Comment], **fields: str
) -> Response:
    """Decide about a comment, unless somebody else has since the form was made: that is told, with the way on."""
    comment_id, database = request.path_params["id"], request.app.state.database
    try:
        comment = await database.write(
            action, moderator=moderator.actor, comment_id=comment_id, basis=form.basis, **fields
        )
    except Conflict as refusal:
        return overtaken(request, refusal, form, again=f"/comments/{comment_id}")
    done = {"id": comment_id, "version": comment.version, "state": comment.state}
    act_id = await database.read(last_act, moderator.id, comment_id)
    return await told(request, act_id, done, form.next or await database.read(place_of, comment_id))
