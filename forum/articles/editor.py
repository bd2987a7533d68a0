"""The editor: lists of articles, and the form in which one is written, previewed, published and withdrawn."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from forum.accounts.sessions import Viewer, viewer_of
from forum.articles import actions
from forum.articles.actions import ArticleText, StoredImage
from forum.articles.models import Publication
from forum.articles.newsroom import NOTHING, Opened, author_named, newsroom, open_article, preview_article
from forum.articles.pictures import WIDTHS, Picture
from forum.articles.queries import ShownArticle
from forum.articles.writing import EditorForm, check_article, labels
from forum.config import Settings
from forum.errors import Conflict, Forbidden, Invalid, Refusal, TooLarge
from forum.findings import Findings, errors_of
from forum.forms import read_form
from forum.permissions import can_publish
from forum.responses import refusal_headers, wants_json
from forum.templating import page
from forum.uploads import find_picture, sent_file, take_picture, takes_files


@dataclass(slots=True)
class Desk:
    """An editor at work: the article as it is stored, and the form as it was typed."""

    editor: Viewer
    slug: str | None
    opened: Opened
    form: EditorForm


async def show_editor(request: Request) -> Response:
    """Drafts and published articles."""
    editor_of(request)
    cursors = {name: request.query_params.get(name) for name in ("older_drafts", "older")}
    lists = await request.app.state.database.read(newsroom, **cursors)
    response = page(request, "articles/editor_list.html", lists=lists, cursors=cursors)
    response.headers["cache-control"] = "private, no-cache"
    return response


async def show_new(request: Request) -> Response:
    """The form of a new article."""
    desk = await _open_desk(request, EditorForm())
    return await _show(request, desk.opened, desk.form)


async def show_form(request: Request) -> Response:
    """The form of an article."""
    desk = await _open_desk(request, EditorForm())
    return await _show(request, desk.opened, desk.form, done=request.query_params.get("done", ""))


@takes_files
async def save(request: Request) -> Response:
    """Store an article as a draft or published: a new one, or the one that the path names."""
    sent = await read_form(request, EditorForm)
    try:
        desk = await _open_desk(request, sent)
    except Refusal as refusal:
        return await _give_back(request, sent, refusal)
    try:
        text = await _text_of(request, desk)
        slug = await _store(request, desk, text)
    except Conflict as conflict:
        return await _show_conflict(request, desk, conflict)
    except Refusal as refusal:
        return await _show(request, desk.opened, desk.form, refusal=refusal)
    if wants_json(request):
        return JSONResponse({"slug": slug, "state": text.publication}, 200 if desk.slug else 201)
    return RedirectResponse(f"/editor/{slug}?done={_done(desk.opened, text)}", 303)


@takes_files
async def preview(request: Request) -> Response:
    """How the article will look, above the form that keeps its text."""
    sent = await read_form(request, EditorForm)
    try:
        desk = await _open_desk(request, sent)
    except Refusal as refusal:
        return await _give_back(request, sent, refusal)
    try:
        text = await _text_of(request, desk)
    except Refusal as refusal:
        return await _show(request, desk.opened, desk.form, refusal=refusal)
    article = await request.app.state.database.read(preview_article, text, desk.opened.article)
    return await _show(request, desk.opened, desk.form, article=article)


def is_editor(viewer: Viewer | None) -> bool:
    """Whether somebody, or a guest, is signed in as one who edits articles."""
    return viewer is not None and can_publish(viewer)


def editor_of(request: Request) -> Viewer:
    """The editor who asks. Raises SignInNeeded, or Forbidden for everybody else."""
    viewer = viewer_of(request)
    if not is_editor(viewer):
        raise Forbidden(_("Only editors can write and publish articles."))
    return viewer


async def _open_desk(request: Request, sent: EditorForm) -> Desk:
    """The article, and what was typed on top of it. Raises SignInNeeded, Forbidden, NotFound."""
    editor, slug = editor_of(request), request.path_params.get("slug")
    opened: Opened = await request.app.state.database.read(open_article, slug)
    stored = EditorForm.of(opened) if opened.article else EditorForm(author=editor.handle)
    return Desk(editor, slug, opened, sent.on_top_of(stored))


async def _text_of(request: Request, desk: Desk) -> ArticleText:
    """What was typed, checked and rendered off the loop. A picture is stored at once: it is not to be sent again."""
    findings, settings = Findings(), request.app.state.settings
    try:
        await _take_picture(settings, desk)
    except (Invalid, TooLarge) as wrong:
        findings.note(wrong)
    author_id = None
    try:
        author_id = await request.app.state.database.read(author_named, desk.form.author.strip().removeprefix("@"))
    except Invalid as wrong:
        findings.note(wrong)
    image = await asyncio.to_thread(_image, settings.uploads, desk.form.picture)
    return await asyncio.to_thread(check_article, desk.form, desk.opened, findings, image=image, author_id=author_id)


async def _take_picture(settings: Settings, desk: Desk) -> None:
    """Note in the form the picture that was sent, or that it goes."""
    file, form = sent_file(desk.form.image, "image"), desk.form
    if file is not None:
        taken = await take_picture(file, settings, widths=WIDTHS, field="image")
        desk.form = form.model_copy(update={"picture": taken.name, "remove_picture": ""})
    elif form.remove_picture:
        desk.form = form.model_copy(update={"picture": "", "remove_picture": ""})


def _image(uploads: Path, name: str) -> StoredImage | None:
    """The picture with this name; none where it is not in the folder."""
    found = find_picture(uploads, name)
    return StoredImage(found.key, found.width, found.height) if found else None


async def _store(request: Request, desk: Desk, text: ArticleText) -> str:
    write, actor, form = request.app.state.database.write, desk.editor.actor, desk.form
    slug: str
    if desk.slug is None:
        slug = await write(actions.create_article, editor=actor, text=text, slug=form.slug)
    else:
        slug = await write(
            actions.update_article,
            editor=actor,
            slug=desk.slug,
            text=text,
            edition=form.edition,
            new_slug=form.slug,
        )
    return slug


async def _show_conflict(request: Request, desk: Desk, conflict: Conflict) -> Response:
    """Both versions at hand: what was typed in the form, the other one a link away. Saving again replaces that."""
    typed = desk.form
    desk = await _open_desk(request, typed)
    stored = EditorForm.of(desk.opened)
    form = typed.model_copy(update={"edition": stored.edition})
    return await _show(request, desk.opened, form, refusal=conflict, differing=typed.differing(stored))


async def _give_back(request: Request, sent: EditorForm, refusal: Refusal) -> Response:
    """Somebody who may not write (any more) gets what they typed, and nothing of what is stored."""
    if not sent.has_text:
        raise refusal
    return await _show(request, NOTHING, sent, refusal=refusal, given_back=True)


async def _show(
    request: Request,
    opened: Opened,
    form: EditorForm,
    *,
    refusal: Refusal | None = None,
    article: ShownArticle | None = None,
    differing: Sequence[str] = (),
    done: str = "",
    given_back: bool = False,
) -> Response:
    """The page with the form: what is wrong with it, how it will look, or what was done."""
    if refusal and wants_json(request):
        raise refusal
    slug = request.path_params.get("slug")
    found = await asyncio.to_thread(find_picture, request.app.state.settings.uploads, form.picture)
    response = page(
        request,
        "articles/editor.html",
        status=refusal.status if refusal else 200,
        address=f"/editor/{slug}" if slug and not (refusal and refusal.status == 404) else "/editor",
        slug=slug,
        opened=opened,
        values=form.model_dump(exclude={"image"}),
        errors=errors_of(refusal) if refusal else {},
        labels=labels(),
        picture=Picture(found.key, found.width, found.height, "") if found else None,
        article=article,
        discussion=None,
        differing=[labels()[name] for name in differing],
        done=done,
        given_back=given_back,
    )
    response.headers.update(refusal_headers(refusal) if refusal else {"cache-control": "private, no-cache"})
    return response


def _done(opened: Opened, text: ArticleText) -> str:
    """What was done, in one word."""
    if opened.is_published == (text.publication == Publication.PUBLISHED):
        return "saved"
    return "published" if text.publication == Publication.PUBLISHED else "withdrawn"
