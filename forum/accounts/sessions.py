"""Sign-ins: the cookie's token, and who it stands for."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from gettext import gettext as _
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, exists, select, update
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from forum import permissions
from forum.accounts.actor import Actor
from forum.accounts.avatars import hue_of
from forum.accounts.models import Account, AccountWarning, Session
from forum.accounts.names import initial_of
from forum.accounts.warnings import ShownWarning, open_warnings
from forum.config import Settings
from forum.database import Db, even_read_only, now, run, table_of
from forum.errors import SignInNeeded
from forum.permissions import Role, is_banned

SLIDE = timedelta(days=1)
"""A session's end moves on at most this often: a page view is a read, not a write."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """The signed-in person that a page is made for."""

    id: int
    session_id: int
    handle: str
    display_name: str
    email: str | None
    role: Role
    avatar: str | None
    banned_at: datetime | None
    banned_until: datetime | None
    seen_at: datetime
    address: str = ""
    warnings: Sequence[ShownWarning] = ()
    """What must be acknowledged before the next post."""

    @property
    def actor(self) -> Actor:
        """How this person is named in actions."""
        return Actor(self.id, self.session_id, self.address)

    @property
    def hue(self) -> str:
        """The colour of the generated avatar."""
        return hue_of(self.id)

    @property
    def initial(self) -> str:
        """The letter of the generated avatar."""
        return initial_of(self.display_name)

    @property
    def can_moderate(self) -> bool:
        """Whether pages offer moderation."""
        return permissions.can_moderate(self)

    @property
    def can_edit_articles(self) -> bool:
        """Whether pages offer the editor."""
        return permissions.can_publish(self)

    @property
    def is_admin(self) -> bool:
        """Whether pages offer the site's settings."""
        return permissions.can_administer(self)


accounts, sessions, warnings = table_of(Account), table_of(Session), table_of(AccountWarning)
VIEWER_ROW = (
    select(
        accounts.c.id,
        sessions.c.id.label("session_id"),
        *(accounts.c[name] for name in ("handle", "display_name", "email", "role", "avatar")),
        accounts.c.banned_at,
        accounts.c.banned_until,
        sessions.c.seen_at,
        exists().where(warnings.c.account_id == accounts.c.id, warnings.c.acknowledged_at.is_(None)).label("is_warned"),
    )
    .join(sessions, sessions.c.account_id == accounts.c.id)
    .where(sessions.c.token_hash == bindparam("token_hash"), sessions.c.expires_at > bindparam("at"))
)
"""The fields of a Viewer, and whether there are warnings; run at every request, see `viewer_in`."""
_VIEWER_FIELDS = [column.name for column in VIEWER_ROW.selected_columns if column.name != "is_warned"]


def read_viewer(db: Db, token: str, address: str = "") -> Viewer | None:
    """Who holds this cookie: nobody, where the session has ended or the account is banned.

    `address` is where they ask from.
    """
    db.flush()
    row = run(db, VIEWER_ROW, token_hash=hash_token(token), at=now()).first()
    return viewer_in(db, row._mapping, address) if row else None


def viewer_in(db: Db, row: Mapping[Any, Any], address: str) -> Viewer | None:
    """Who that row of VIEWER_ROW is, unless banned."""
    facts = {name: row[name] for name in _VIEWER_FIELDS}
    said = open_warnings(db, facts["id"]) if row["is_warned"] else ()
    viewer = Viewer(**facts, address=address, warnings=said)
    return None if is_banned(viewer, now()) else viewer


def viewer_of(request: Request) -> Viewer:
    """The signed-in person; raises SignInNeeded for a guest."""
    viewer: Viewer | None = request.state.viewer
    if viewer is None:
        raise SignInNeeded(_("Sign in first."))
    return viewer


@even_read_only
def slide_session(db: Db, *, session_id: int, days: int, address: str = "") -> None:
    """Note that a session is in use: its end moves on. Of the addresses it is used from only the latest is kept."""
    at = now()
    used = {"seen_at": at, "expires_at": at + timedelta(days=days), "address": address}
    db.execute(update(Session).where(Session.id == session_id).values(used))


def new_token() -> str:
    """A token that nobody can guess."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """What is stored of a token."""
    return sha256(token.encode()).hexdigest()


def cookie_name(settings: Settings) -> str:
    """The cookie's name: bound to the host and https where the site is configured to be reached so."""
    return "__Host-forum" if settings.secure else "forum"


def session_token(connection: HTTPConnection) -> str | None:
    """The token in a request's or socket's cookie.

    Read here, for the framework also resolves what is quoted: in Python before 3.11.10 that takes seconds for some kB.
    """
    wanted, found = cookie_name(connection.app.state.settings), None
    for part in "; ".join(connection.headers.getlist("cookie")).split(";"):
        name, _equals, value = part.partition("=")
        if name.strip() == wanted:
            found = value.strip().strip('"')
    return found


def set_session_cookie(response: Response, settings: Settings, token: str) -> None:
    """Sign the browser in."""
    response.set_cookie(
        cookie_name(settings),
        token,
        max_age=settings.session_days * 86400,
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )


def session_cookie(settings: Settings, token: str) -> str:
    """The header that signs the browser in, for an answer that is already under way."""
    carrier = Response()
    set_session_cookie(carrier, settings, token)
    return carrier.headers["set-cookie"]


def clear_session_cookie(response: Response, settings: Settings) -> None:
    """Sign the browser out."""
    response.delete_cookie(cookie_name(settings), path="/", secure=settings.secure, httponly=True, samesite="lax")
