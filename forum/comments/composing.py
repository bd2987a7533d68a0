"""Writing: what is posted, previewed, or refused comes back in its composer."""

import asyncio
from dataclasses import replace
from gettext import gettext as _
from urllib.parse import urlencode

from limits import RateLimitItemPerMinute, parse
from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from forum.accounts.sessions import Viewer, viewer_of
from forum.comments import actions
from forum.comments.body import Body, make_body
from forum.comments.draft import Draft, keep_draft, new_draft
from forum.comments.permalink import answered, posted_item
from forum.comments.rates import NO_RATES, Rates
from forum.config import Settings
from forum.errors import Conflict, Refusal, TooSoon, WouldBeHeld
from forum.forms import Form, read_form
from forum.metrics import COMMENTS_POSTED
from forum.responses import refusal_headers, wants_json
from forum.security import client_address
from forum.templating import page

KEPT_PER_HOUR = parse("30/hour")
"""Texts of guests that are kept while they sign in, per address."""
NUDGES = parse("30/10 minutes")
PREVIEWS = parse("60/minute")
"""Per address: an office may look at some at once, a flood does not get through."""


class CommentForm(Form):
    """A text, what it answers, and the key that makes it happen once; `ask` before it is held.

    `acknowledged` is the last warning that its author has read.
    """

    body: str
    parent: str = ""
    key: str = ""
    slug: str = ""
    ask: str = ""
    acknowledged: int = Field(0, ge=0, le=10**18)

    @property
    def parent_id(self) -> int | None:
        """The comment that is answered; 0, which no comment has, where the field is not a number."""
        if not self.parent:
            return None
        return int(self.parent) if self.parent.isascii() and self.parent.isdigit() and len(self.parent) < 19 else 0


async def create_comment(request: Request) -> Response:
    """Post a comment or reply. What cannot be stored comes back in its composer."""
    form, slug = await read_form(request, CommentForm), request.path_params["slug"]
    state = request.app.state
    try:
        author = viewer_of(request)
        await count_text(request, author)
        body = await body_of(request, form.body)
        posted = await state.database.write(
            actions.post_comment,
            author=author.actor,
            slug=slug,
            parent_id=form.parent_id,
            body=body,
            key=form.key or None,
            rates=_rates(state.settings),
            ask=bool(form.ask),
            acknowledged=form.acknowledged,
        )
    except Refusal as refusal:
        return await _refuse(request, slug, form, refusal)
    COMMENTS_POSTED.inc()
    if wants_json(request):
        return JSONResponse(await state.database.read(posted_item, posted.comment_id, author.id), 201)
    return RedirectResponse(f"/articles/{posted.slug}#comment-{posted.comment_id}", 303)


async def preview(request: Request) -> Response:
    """How a text will look; without scripts the composer comes back with it."""
    form = await read_form(request, CommentForm)
    try:
        await _count_preview(request)
        body = await body_of(request, form.body)
    except Refusal as refusal:
        return await _refuse(request, form.slug, form, refusal)
    if wants_json(request):
        return JSONResponse({"html": body.html})
    return await _compose_page(request, form.slug, form, preview=body.html)


async def count_text(request: Request, author: Viewer) -> None:
    """A text is to be made ready and checked, whatever becomes of it: no other rate counts what is refused."""
    state = request.app.state
    if not state.settings.texts_per_minute:
        return
    limit = RateLimitItemPerMinute(state.settings.texts_per_minute)
    too_many = _("You have sent very many texts. Your text is kept; wait a moment.")
    await state.limiter.hit(limit, "text", str(author.id), message=too_many)


async def _count_preview(request: Request) -> None:
    """A preview costs what a comment costs, and anybody may ask for one."""
    state = request.app.state
    too_many = _("You have looked at very many previews. Your text is kept; wait a moment.")
    await state.limiter.hit(PREVIEWS, "preview", client_address(request, state.settings), message=too_many)


async def body_of(request: Request, source: str) -> Body:
    """The text made ready, off the event loop."""
    limit = request.app.state.settings.comment_length
    return await asyncio.to_thread(make_body, source, limit=limit)


async def _refuse(request: Request, slug: str, form: CommentForm, refusal: Refusal) -> Response:
    """Say what is wrong; the text stays with the person."""
    if isinstance(refusal, WouldBeHeld):
        refusal = await count_nudge(request, refusal)
    if wants_json(request):
        raise refusal
    if refusal.status == 401:
        return await _ask_to_sign_in(request, slug, form)
    said = {"nudge" if isinstance(refusal, WouldBeHeld) else "error": refusal.message}
    response = await _compose_page(request, slug, form, status=refusal.status, **said)
    response.headers.update(refusal_headers(refusal))
    return response


async def count_nudge(request: Request, nudge: WouldBeHeld) -> Refusal:
    """The nudge; TooSoon where an account has had very many: who tries out the lists of words learns no more."""
    too_many = _("You have been told very often what would be held. Your text is kept; wait a while.")
    try:
        await request.app.state.limiter.hit(NUDGES, "nudge", str(viewer_of(request).id), message=too_many)
    except TooSoon as too_soon:
        return too_soon
    return nudge


async def _compose_page(
    request: Request,
    slug: str,
    form: CommentForm,
    *,
    error: str | None = None,
    preview: str | None = None,
    nudge: str | None = None,
    status: int = 200,
) -> Response:
    """A page with the composer alone, and above it what is answered."""
    key = form.key if status != Conflict.status else ""  # one that was used for another text will not do again
    draft = Draft(key or new_draft().key, form.body, form.parent_id, error, preview, nudge)
    viewer = request.state.viewer
    context = await request.app.state.database.read(answered, slug, form.parent_id, viewer.id if viewer else None)
    if context["parent"] is None and form.parent_id is not None and status != 200:
        draft = replace(draft, parent_id=None, key=new_draft().key)
    return page(request, "comments/compose.html", status=status, slug=slug, draft=draft, **context)


async def _ask_to_sign_in(request: Request, slug: str, form: CommentForm) -> Response:
    """Send a guest to the sign-in page; the text waits on the server and comes back after it."""
    state = request.app.state
    await state.limiter.hit(
        KEPT_PER_HOUR,
        "draft",
        client_address(request, state.settings),
        message=_("Sign in first, then write."),
    )
    body = form.body[: state.settings.comment_length * 2]
    token = await state.database.write(keep_draft, body=body, parent_id=form.parent_id, key=form.key[:64])
    place = f"/comments/{form.parent_id}" if form.parent_id else f"/articles/{slug}"
    target = f"{place}?{urlencode({'draft': token})}#composer"
    return RedirectResponse("/sign-in?" + urlencode({"next": target}), 303)


def _rates(settings: Settings) -> Rates:
    return Rates(settings.comment_pause, settings.comments_per_ten_minutes) if settings.limited else NO_RATES
