"""A person's profile."""

from dataclasses import dataclass
from gettext import gettext as _

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forum.accounts.sessions import Viewer
from forum.comments.projection import Audience
from forum.database import Db
from forum.errors import BadRequest, NotFound
from forum.moderation.record import AccountRecord, account_record
from forum.profiles.queries import Profile, Written, read_profile, written_by
from forum.templating import page


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """All that a profile shows, read in one snapshot; `record` is for moderators."""

    account: Profile
    comments: list[Written]
    older: int | None
    record: AccountRecord | None


async def show_profile(request: Request) -> Response:
    """`GET /accounts/{handle}`: who somebody is, and their newest comments in context."""
    handle, viewer = request.path_params["handle"], request.state.viewer
    found = await request.app.state.database.read(read_profile_page, handle, viewer, older=_cursor(request))
    if found.account.handle != handle:
        return RedirectResponse(f"/accounts/{found.account.handle}", 301)
    return page(
        request,
        "profiles/profile.html",
        account=found.account,
        comments=found.comments,
        older=str(found.older) if found.older else None,
        this_page=_cursor(request),
        record=found.record,
    )


def read_profile_page(db: Db, handle: str, viewer: Viewer | None, *, older: int | None) -> ProfilePage:
    """Read a profile in one snapshot. Raises NotFound, or BadRequest for a cursor that was not ours."""
    viewer_id, moderates = viewer.id if viewer else None, viewer is not None and viewer.can_moderate
    account = read_profile(db, handle, viewer_id)
    if account is None:
        raise NotFound(_("There is no account with this handle."))
    audience = Audience(viewer_id, moderators=moderates)
    comments, following = written_by(db, account.id, audience, older=older)
    record = account_record(db, viewer=viewer, handle=account.handle) if viewer and moderates else None
    return ProfilePage(account, list(comments), following, record)


def _cursor(request: Request) -> int | None:
    older = request.query_params.get("older")
    if older is None:
        return None
    if not (older.isascii() and older.isdigit() and len(older) < 19):
        raise BadRequest(_("This link to older comments is broken. Load the profile again."), "older")
    return int(older)
