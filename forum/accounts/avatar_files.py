"""The files of uploaded avatars, and `/avatars/…`, where they are served.

An avatar is named `{account id}-{hash of its content}`; its files lie in the account's own folder, so that nobody
else needs them when they go.
"""

import re
from gettext import gettext as _
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from forum.accounts.avatars import AVATAR_SIZES, generated_svg, hue_of
from forum.accounts.models import Account
from forum.accounts.names import initial_of
from forum.config import Settings
from forum.database import Db
from forum.errors import NotFound
from forum.images import Encoded, path_of, store

FOR_GOOD = "public, max-age=31536000, immutable"
FOR_A_MINUTE = "public, max-age=60"

_NAME = re.compile(r"([1-9][0-9]{0,17})-([0-9a-f]{32})-([0-9]{2,3})\.webp")


def store_avatar(settings: Settings, account_id: int, encoded: Encoded) -> str:
    """Write the files; gives the avatar's name."""
    return f"{account_id}-{store(_folder(settings, account_id), encoded)}"


def delete_avatar(settings: Settings, avatar: str) -> None:
    """Take an avatar's files away. Doing it twice does nothing."""
    account_id, _dash, key = avatar.partition("-")
    for size in AVATAR_SIZES:
        if path := path_of(_folder(settings, int(account_id)), key, size):
            path.unlink(missing_ok=True)


async def show_avatar(request: Request) -> Response:
    """`GET /avatars/{avatar}-{size}.webp`. A former avatar's address answers with what the account has now.

    The files may still be there: of a picture that a moderator took off, to be put back.
    """
    name = _NAME.fullmatch(request.path_params["name"])
    if name is None or int(name[3]) not in AVATAR_SIZES:
        raise NotFound(_("There is no picture at this address."))
    settings, account_id, key, size = request.app.state.settings, int(name[1]), name[2], int(name[3])
    account = await request.app.state.database.read(_account, account_id)
    if account is None:
        raise NotFound(_("There is no picture at this address."))
    if account.avatar == f"{account_id}-{key}" and (path := path_of(_folder(settings, account_id), key, size)):
        return FileResponse(path, media_type="image/webp", headers={"cache-control": FOR_GOOD})
    return _current(settings, account, size)


def _current(settings: Settings, account: Account, size: int) -> Response:
    headers = {"cache-control": FOR_A_MINUTE}
    key = (account.avatar or "").partition("-")[2]
    if path := path_of(_folder(settings, account.id), key, size):
        return FileResponse(path, media_type="image/webp", headers=headers)
    drawn = generated_svg(initial_of(account.display_name), hue_of(account.id))
    return Response(drawn, media_type="image/svg+xml", headers=headers)


def _folder(settings: Settings, account_id: int) -> Path:
    return settings.uploads / "avatars" / str(account_id)


def _account(db: Db, account_id: int) -> Account | None:
    return db.get(Account, account_id)
