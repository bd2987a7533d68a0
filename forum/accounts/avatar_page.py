"""Choosing one's avatar: an uploaded picture, or none."""

import asyncio
from gettext import gettext as _

from pydantic import ConfigDict
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from forum.accounts.actions import change_avatar
from forum.accounts.avatar_files import delete_avatar, store_avatar
from forum.accounts.avatars import AVATAR_SIZES
from forum.accounts.form_page import done, form_page, refused
from forum.accounts.sessions import Viewer, viewer_of
from forum.errors import Invalid, Refusal
from forum.forms import Form, read_form
from forum.images import reencode

TEMPLATE = "accounts/settings_avatar.html"


class AvatarForm(Form):
    """A picture, or the wish to have none."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    image: UploadFile | None = None
    remove: str = ""


async def show_avatar_form(request: Request) -> Response:
    """The picture so far, and the form for another."""
    viewer_of(request)
    saved = _("Your picture is saved.") if "saved" in request.query_params else None
    return form_page(request, TEMPLATE, saved=saved)


async def choose_avatar(request: Request) -> Response:
    """Take another picture, or none; the files of the one before go once nothing names them."""
    viewer, state = viewer_of(request), request.app.state
    form = await read_form(request, AvatarForm)
    try:
        avatar = None if form.remove else await _taken(request, viewer, form.image)
        before = await state.database.write(change_avatar, actor=viewer.actor, avatar=avatar)
    except Refusal as refusal:
        return refused(request, refusal, TEMPLATE)
    finally:
        await request.close()
    if before and before != avatar:
        await asyncio.to_thread(delete_avatar, state.settings, before)
    return done(request, "/settings/avatar?saved=1", {"avatar": avatar})


async def _taken(request: Request, viewer: Viewer, image: UploadFile | None) -> str:
    """The name of the stored picture. Raises Invalid, TooLarge or Busy, with a sentence for the field."""
    settings = request.app.state.settings
    if image is None or not image.size:
        raise Invalid(_("Choose a picture first."), "image")
    try:
        encoded = await reencode(await image.read(), squares=AVATAR_SIZES, most_bytes=settings.image_bytes)
    except Refusal as refusal:
        refusal.field = "image"
        raise
    return await asyncio.to_thread(store_avatar, settings, viewer.id, encoded)
