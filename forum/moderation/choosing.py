"""The form of a list by which moderators decide about several comments at once."""

from starlette.requests import Request
from starlette.responses import Response

from forum.errors import Conflict, Invalid
from forum.forms import read_form, read_list
from forum.moderation.answers import NextForm, moderator_of, overtaken
from forum.moderation.deciding import Basis
from forum.moderation.done import told
from forum.moderation.several import MOST, Chosen, Deed, decide_several
from forum.moderation.whereabouts import DESK, broken_link
from forum.responses import safe_next


class SeveralForm(NextForm):
    """What is done; beside it stand the comments that were chosen, as `12.5.7`: id, version, newest report."""

    act: Deed
    reason: str = ""


async def decide_chosen(request: Request) -> Response:
    """Decide about all that were chosen; what others have decided meanwhile stays, and is told."""
    moderator, form = moderator_of(request), await read_form(request, SeveralForm)
    chosen = [_chosen(text) for text in dict.fromkeys(await read_list(request, "chosen", most=MOST + 1))]
    database, back = request.app.state.database, safe_next(form.next or DESK)
    try:
        done = await database.write(
            decide_several, moderator=moderator.actor, deed=form.act, chosen=chosen, reason=form.reason
        )
    except (Conflict, Invalid) as refusal:
        return overtaken(request, refusal, NextForm(), again=back)
    answer = {"comments": done.comments, "stay": done.stay}
    return await told(request, done.act_id, answer, back, stay=done.stay)


def _chosen(text: str) -> Chosen:
    numbers = text.split(".")
    if len(numbers) != 3 or not all(one.isascii() and one.isdigit() and len(one) < 19 for one in numbers):
        raise broken_link("chosen")
    comment_id, version, report = map(int, numbers)
    return Chosen(comment_id, Basis(version, report))
