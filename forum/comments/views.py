"""A comment's own page, and what is done there: edit, delete, vote, more replies."""

from datetime import timedelta
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from forum.accounts.sessions import Viewer, viewer_of
from forum.articles.models import DiscussionState
from forum.articles.queries import published_article
from forum.articles.slugs import current_slug
from forum.comments import actions, voting
from forum.comments.composing import body_of, count_nudge, count_text
from forum.comments.draft import Draft, new_draft, read_draft
from forum.comments.linked import linked_comments, linked_discussion
from forum.comments.models import Comment
from forum.comments.permalink import page_of, place_of, posted_item, replies_page
from forum.comments.queries import MOST_ARRIVALS, audience_of, count_arrivals
from forum.database import Db
from forum.errors import Refusal, WouldBeHeld
from forum.forms import Form, read_form
from forum.linked_data import publisher_of
from forum.moderation.comment_appeals import own_about
from forum.responses import count_in, refusal_headers, wants_json
from forum.security import FRAMED
from forum.templating import page


class EditForm(Form):
    """A new text for the comment as it was at that version; `ask` before it is held."""

    body: str
    version: int
    ask: str = ""


class VoteForm(Form):
    """1 recommends, 0 takes that back."""

    value: int


async def show_comment(request: Request) -> Response:
    """A comment's own page: what it answers, its replies, and all that can be done with it without scripts."""
    kept = request.query_params.get("draft")
    draft = await request.app.state.database.read(read_draft, kept) if kept else None
    return await show_with(request, draft or new_draft(request.path_params["id"]))


async def show_with(
    request: Request,
    draft: Draft,
    *,
    refusal: Refusal | None = None,
    edited: str | None = None,
) -> Response:
    """The comment's page; with the text that was typed into its form, where that was refused."""
    context = await request.app.state.database.read(
        _read_page,
        request.path_params["id"],
        request.state.viewer,
        after=count_in(request.query_params.get("after", "0")),
        edit_within=timedelta(minutes=request.app.state.settings.edit_minutes),
    )
    errors = {"edit": refusal.message} if refusal else {}
    if request.state.viewer is None:
        context["linked"] = [_linked(request, context)]
    context |= {"draft": draft, "errors": errors, "edited": edited, "would_be_held": isinstance(refusal, WouldBeHeld)}
    response = page(request, "comments/permalink.html", status=refusal.status if refusal else 200, **context)
    response.headers["cache-control"] = "private, no-cache"
    return response


def _read_page(db: Db, comment_id: int, viewer: Viewer | None, *, after: int, edit_within: timedelta) -> dict[str, Any]:
    """All that a comment's page shows, in one snapshot."""
    _comment = db.get(Comment, comment_id)  # kept until the end: so it is read once for both
    shown = page_of(db, comment_id, viewer, after=after, edit_within=edit_within)
    appeal, own = own_about(db, comment_id, viewer, [one.comment.id for one in shown["node"]])
    return shown | {"appeal": appeal, "votes": own.votes, "reading": own.place}


def _linked(request: Request, shown: dict[str, Any]) -> Markup:
    """The part of the discussion that a guest's page shows, for search engines."""
    comments = linked_comments([shown["node"]])
    return linked_discussion(shown["article"], shown["discussion"].count, comments, publisher_of(request))


async def more_replies(request: Request) -> Response:
    """The next replies of a branch, in the form of a message's comments."""
    after = count_in(request.query_params.get("after", "0"))
    viewer = request.state.viewer
    found = await request.app.state.database.read(
        replies_page, request.path_params["id"], viewer.id if viewer else None, after=after
    )
    return JSONResponse(found, headers={"cache-control": "no-store"})


async def show_arrivals(request: Request) -> Response:
    """How many comments have come since a version: a small page inside the discussion, for those without scripts."""
    slug = request.path_params["slug"]
    after, viewer = count_in(request.query_params.get("after", "0")), request.state.viewer
    count, version = await request.app.state.database.read(_arrivals, slug, viewer.id if viewer else None, after=after)
    response = page(request, "comments/arrivals.html", slug=slug, count=count, version=version, most=MOST_ARRIVALS)
    response.headers.update(FRAMED | {"cache-control": "no-store"})
    return response


async def edit_comment(request: Request) -> Response:
    """Replace the text of one's own comment."""
    form, comment_id = await read_form(request, EditForm), request.path_params["id"]
    state = request.app.state
    try:
        author = viewer_of(request)
        await count_text(request, author)
        body = await body_of(request, form.body)
        await state.database.write(
            actions.edit_comment,
            author=author.actor,
            comment_id=comment_id,
            body=body,
            version=form.version,
            within=timedelta(minutes=state.settings.edit_minutes),
            ask=bool(form.ask),
        )
    except Refusal as raised:
        refusal = await count_nudge(request, raised) if isinstance(raised, WouldBeHeld) else raised
        if wants_json(request) or refusal.status in (401, 404):
            raise refusal from None
        response = await show_with(request, new_draft(comment_id), refusal=refusal, edited=form.body)
        response.headers.update(refusal_headers(refusal))
        return response
    if wants_json(request):
        return JSONResponse(await state.database.read(posted_item, comment_id, author.id))
    return await back_to_discussion(request, comment_id)


async def delete_comment(request: Request) -> Response:
    """Take one's own comment away."""
    author, comment_id = viewer_of(request), request.path_params["id"]
    comment = await request.app.state.database.write(actions.delete_comment, author=author.actor, comment_id=comment_id)
    if wants_json(request):
        return JSONResponse({"id": comment.id, "version": comment.version, "state": comment.state})
    return await back_to_discussion(request, comment_id)


async def vote(request: Request) -> Response:
    """Recommend a comment, or take that back."""
    form, voter, comment_id = (
        await read_form(request, VoteForm),
        viewer_of(request),
        request.path_params["id"],
    )
    score = await request.app.state.database.write(
        voting.vote, voter=voter.actor, comment_id=comment_id, value=form.value > 0
    )
    if wants_json(request):
        return JSONResponse({"score": score, "value": int(form.value > 0)})
    return await back_to_discussion(request, comment_id)


async def back_to_discussion(request: Request, comment_id: int) -> Response:
    """Back to the comment's place in its discussion, after an act without scripts."""
    return RedirectResponse(await request.app.state.database.read(place_of, comment_id), 303)


def _arrivals(db: Db, slug: str, viewer_id: int | None, *, after: int) -> tuple[int, int]:
    """How many have come, and the version as of now."""
    article = published_article(db, slug) or published_article(db, current_slug(db, slug) or "")
    if article is None or article.discussion == DiscussionState.OFF:
        return 0, after
    audience = audience_of(db, article.id, viewer_id)
    return count_arrivals(db, article.id, after=after, audience=audience), article.version
