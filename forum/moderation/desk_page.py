"""The desk's page: its queues, and the item that is open."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forum.accounts.sessions import Viewer
from forum.comments.reasons import reasons
from forum.errors import Busy
from forum.forms import read_form
from forum.moderation.answers import NextForm, answer, moderator_of, private
from forum.moderation.claims import claim, let_go
from forum.moderation.desk import Desk, read_desk
from forum.moderation.queues import MOST_COUNTED
from forum.moderation.whereabouts import DESK, Whereabouts
from forum.templating import page


class ClaimForm(NextForm):
    """What a moderator has open, such as `comment-12`, or what they have left."""

    item: str = ""
    left: str = ""


async def show_moderation(request: Request) -> Response:
    """A queue with one of its items: `?queue=reports|held|appeals|accounts`; `?queue=log` leads to the log."""
    moderator, database = moderator_of(request), request.app.state.database
    if request.query_params.get("queue") == "log":
        return RedirectResponse("/moderation/log", 303)
    desk = await database.read(read_desk, Whereabouts.of(request.query_params), viewer=moderator)
    if "ahead" not in request.query_params:
        await _claim(request, moderator, desk)
    return private(page(request, "moderation/desk.html", desk=desk, reasons=reasons(), most=MOST_COUNTED))


async def claim_item(request: Request) -> Response:
    """Note that a moderator has an item open still, or has left one."""
    moderator, form = moderator_of(request), await read_form(request, ClaimForm)
    database = request.app.state.database
    if form.item:
        await database.write(claim, moderator=moderator.actor, item=form.item)
    else:
        await database.write(let_go, moderator=moderator.actor, item=form.left)
    return answer(request, {"item": form.item}, form.next or DESK)


async def _claim(request: Request, moderator: Viewer, desk: Desk) -> None:
    """Let the others know who has the shown item open; a page that is fetched ahead is not shown yet."""
    if desk.case is None or desk.case.decided:
        return
    try:
        await request.app.state.database.write(claim, moderator=moderator.actor, item=desk.case.key)
    except Busy:
        return  # a courtesy: the page is worth more
