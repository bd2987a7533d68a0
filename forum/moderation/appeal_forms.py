"""The forms of appeals about comments: an author asks, a moderator answers."""

from typing import Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from forum.accounts.sessions import viewer_of
from forum.errors import Conflict, Invalid
from forum.forms import Form, read_form
from forum.moderation.answers import DecisionForm, moderator_of, overtaken
from forum.moderation.appeal_answers import answer_appeal
from forum.moderation.comment_appeals import appeal_comment
from forum.moderation.done import told
from forum.responses import refusal_headers, wants_json
from forum.templating import page

DECISIONS = "/settings/decisions"


class AppealForm(Form):
    """Why the decision is wrong."""

    text: str = ""


class AnswerForm(DecisionForm):
    """Whether an appeal is granted, and what its author is told."""

    granted: Literal["yes", "no"]
    answer: str = ""


async def appeal(request: Request) -> Response:
    """Ask the moderators to look at one's own comment again; what cannot be taken comes back in the form."""
    author, form = viewer_of(request), await read_form(request, AppealForm)
    comment_id = request.path_params["id"]
    try:
        made = await request.app.state.database.write(
            appeal_comment, author=author.actor, comment_id=comment_id, text=form.text
        )
    except Invalid as refusal:
        if wants_json(request):
            raise
        errors, values = {"text": refusal.message}, {"text": form.text}
        again = page(request, "moderation/appeal_comment.html", status=422, values=values, errors=errors)
        again.headers.update(refusal_headers(refusal))
        return again
    if wants_json(request):
        return JSONResponse({"id": made.id, "comment": comment_id})
    return RedirectResponse(f"{DECISIONS}#comment-{comment_id}", 303)


async def answer(request: Request) -> Response:
    """Grant an appeal, or decline it."""
    moderator, form = moderator_of(request), await read_form(request, AnswerForm)
    appeal_id, database = request.path_params["id"], request.app.state.database
    given = {"granted": form.granted == "yes", "answer": form.answer, "basis": form.basis}
    try:
        act_id = await database.write(answer_appeal, moderator=moderator.actor, appeal_id=appeal_id, **given)
    except Conflict as refusal:
        return overtaken(request, refusal, form, again=f"/moderation?queue=appeals&item={appeal_id}#item")
    return await told(request, act_id, {"id": appeal_id}, form.next or "/moderation?queue=appeals")
