"""Slow mode, closing, pins and editors' picks: the forms above a discussion, and on a comment's own page."""

from collections.abc import Callable
from gettext import gettext as _
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import Response

from forum.accounts.sessions import Viewer, viewer_of
from forum.comments.models import Comment
from forum.comments.permalink import place_of
from forum.errors import Forbidden
from forum.forms import read_form
from forum.moderation import branches, discussions, featuring, placing
from forum.moderation.answers import NextForm, answer, moderator_of
from forum.moderation.closing import parse_closing
from forum.permissions import can_place


class PaceForm(NextForm):
    """Seconds between two comments of one account; 0 ends slow mode."""

    seconds: int


class ClosingForm(NextForm):
    """When an article's discussion closes by itself."""

    when: Literal["section", "never", "days", "date"]
    days: str = ""
    date: str = ""


class StateForm(NextForm):
    """Whether replies are taken, and what readers are told of why not."""

    state: Literal["open", "closed"]
    reason: str = ""


class ChoiceForm(NextForm):
    """1 does it, 0 takes it back."""

    value: int


class PinForm(ChoiceForm):
    """The section to the top of which an article is pinned; none is the front page."""

    section: str = ""


async def slow_article(request: Request) -> Response:
    """Set the pace of an article's discussion."""
    moderator, form = moderator_of(request), await read_form(request, PaceForm)
    slug = request.path_params["slug"]
    await request.app.state.database.write(
        discussions.set_pace, moderator=moderator.actor, slug=slug, seconds=form.seconds
    )
    return answer(request, {"seconds": form.seconds}, form.next or f"/articles/{slug}#discussion")


async def close_article_later(request: Request) -> Response:
    """Say when an article's discussion closes by itself."""
    moderator, form = moderator_of(request), await read_form(request, ClosingForm)
    slug, closing = request.path_params["slug"], parse_closing(form.when, form.days.strip(), form.date.strip())
    await request.app.state.database.write(
        discussions.set_closing, moderator=moderator.actor, slug=slug, closing=closing
    )
    done = {"days": closing.days, "date": closing.at.isoformat() if closing.at else None}
    return answer(request, done, form.next or f"/articles/{slug}#discussion")


async def pin_article(request: Request) -> Response:
    """Pin an article to the top of a section or of the front page, or take that back."""
    person, form = newsroom_of(request), await read_form(request, PinForm)
    slug = request.path_params["slug"]
    await request.app.state.database.write(
        placing.pin_article, person=person.actor, slug=slug, section=form.section, value=form.value > 0
    )
    return answer(request, {"section": form.section, "value": int(form.value > 0)}, form.next or f"/articles/{slug}")


async def set_branch(request: Request) -> Response:
    """Close a branch to replies, or open it again."""
    moderator, form = moderator_of(request), await read_form(request, StateForm)
    said = {"closed": form.state == "closed", "reason": form.reason}
    return await _set(request, form, branches.set_branch, moderator=moderator.actor, **said)


async def slow_branch(request: Request) -> Response:
    """Set the pace of a branch."""
    moderator, form = moderator_of(request), await read_form(request, PaceForm)
    return await _set(request, form, branches.set_branch_pace, moderator=moderator.actor, seconds=form.seconds)


async def pin_branch(request: Request) -> Response:
    """Pin a branch to the top of its discussion, or take that back."""
    moderator, form = moderator_of(request), await read_form(request, ChoiceForm)
    return await _set(request, form, branches.pin_branch, moderator=moderator.actor, value=form.value > 0)


async def feature_comment(request: Request) -> Response:
    """Make a comment one of the editors' picks, or take that back."""
    person, form = newsroom_of(request), await read_form(request, ChoiceForm)
    return await _set(request, form, featuring.feature_comment, person=person.actor, value=form.value > 0)


def newsroom_of(request: Request) -> Viewer:
    """The signed-in moderator or editor; raises SignInNeeded for a guest, Forbidden for anybody else."""
    viewer = viewer_of(request)
    if not can_place(viewer):
        raise Forbidden(_("Only moderators and editors can do this."))
    return viewer


async def _set(request: Request, form: NextForm, action: Callable[..., Comment], **values: Any) -> Response:
    """Do that to the comment, and answer with where it is now."""
    database, comment_id = request.app.state.database, request.path_params["id"]
    comment = await database.write(action, comment_id=comment_id, **values)
    target = form.next or await database.read(place_of, comment_id)
    return answer(request, {"id": comment.id, "version": comment.version}, target)
