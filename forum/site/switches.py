"""Switches that act on a running site within seconds: read-only, no sockets, no new accounts."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from gettext import gettext as _
from time import monotonic
from typing import Any, Self

from sqlalchemy import update

from forum.accounts.actor import Actor, standing
from forum.database import Database, Db, even_read_only, is_even_read_only
from forum.errors import Forbidden, ReadOnly
from forum.permissions import can_administer
from forum.site.actions import site_changed
from forum.site.models import Site
from forum.site.queries import read_site

FRESH = 2
"""Seconds for which what was read of the switches is believed."""


class Switch(StrEnum):
    """What can be switched on; each is a column of Site."""

    READ_ONLY = "read-only"
    SOCKETS_OFF = "sockets-off"
    REGISTRATION_CLOSED = "registration-closed"

    @property
    def column(self) -> str:
        """Its name in the database and in forms."""
        return self.value.replace("-", "_")


@dataclass(frozen=True, slots=True)
class Switches:
    """Which switches are on."""

    read_only: bool = False
    sockets_off: bool = False
    registration_closed: bool = False

    @classmethod
    def of(cls, site: Site) -> Self:
        """As the site's row has them."""
        return cls(site.read_only, site.sockets_off, site.registration_closed)


@even_read_only
def set_switches(db: Db, *, admin: Actor | None, positions: Mapping[Switch, bool]) -> None:
    """Set some switches. Raises Forbidden for whoever is no admin; None is whoever runs the command."""
    if admin is not None and not can_administer(standing(db, admin)):
        raise Forbidden(_("Only admins can change the site."))
    if positions:
        db.execute(update(Site).values({switch.column: on for switch, on in positions.items()}))
        site_changed(db)


class Switchboard:
    """The switches as they were at most two seconds ago, for whatever is not told with the request's own site."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known = Switches()
        self._known_at = float("-inf")
        self._asking = asyncio.Lock()

    def note(self, site: Site) -> None:
        """Remember what has just been read anyway."""
        self._known, self._known_at = Switches.of(site), monotonic()

    async def now(self) -> Switches:
        """Which are on. However many ask, the database is asked once in two seconds."""
        async with self._asking:
            if monotonic() - self._known_at > FRESH:
                self.note(await self._database.read(read_site))
        return self._known

    async def guard(self, action: Any) -> None:
        """Refuse a write while the site is read-only, but for what people need to come, to go and to switch it back."""
        if not is_even_read_only(action) and (await self.now()).read_only:
            raise ReadOnly(
                _("The site can only be read for now. Nothing was stored; your text stays in its form. Try later.")
            )
