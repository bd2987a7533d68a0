"""The desk as moderators have it open in this process: how much waits in each queue, and who has what open.

Nothing is sent because something happened: while a desk is open the database is asked once a second, with the hub's
own question, and pages are told what differs. So every process tells the same, and nobody pays for a desk that is shut.
"""

from collections.abc import Collection
from dataclasses import dataclass
from time import monotonic

from sqlalchemy import select

from forum.accounts.models import Account
from forum.database import Database, Db
from forum.live.frames import Message, WireFrame, frame
from forum.live.listener import Closing, Listener
from forum.moderation.claims import claims
from forum.moderation.queues import counts
from forum.permissions import Role

DESK = 0
"""What a page of the desk listens to in place of an article."""
NOT_ALLOWED = Closing(4403, "not_allowed")
AGAIN_SECONDS = 20.0
"""After so long the same is said again: a page that hears nothing takes its connection for lost."""


@dataclass(frozen=True, slots=True)
class DeskState:
    """What pages of the desk are told, and which of the accounts that listen may still be told."""

    message: Message
    moderators: frozenset[int]


def desk_state(db: Db, accounts: Collection[int] = ()) -> DeskState:
    """The desk as it is now."""
    held = {
        item: [{"handle": holder.handle, "name": holder.display_name} for holder in holders]
        for item, holders in claims(db).items()
    }
    allowed = select(Account.id).where(Account.id.in_(accounts), Account.role.in_([Role.MODERATOR, Role.ADMIN]))
    found = frozenset(db.execute(allowed).scalars()) if accounts else frozenset()
    return DeskState({"type": "desk", "counts": counts(db), "claims": held}, found)


class Desk:
    """The pages of the desk that are open in this process."""

    def __init__(self, database: Database) -> None:
        self.listeners: set[Listener] = set()
        self._database = database
        self._said: WireFrame | None = None
        self._said_at = 0.0

    async def ask(self) -> None:
        """Tell all what differs from what they were told, and close the pages of those who moderate no more."""
        if not self.listeners:
            self._said = None
            return
        said = frame((await self._look()).message)
        if said != self._said or monotonic() - self._said_at > AGAIN_SECONDS:
            self._said, self._said_at = said, monotonic()
            for listener in list(self.listeners):
                listener.write(said)

    async def greet(self, listener: Listener) -> None:
        """Tell a page that has just come how things are."""
        listener.write(frame((await self._look()).message))

    def drained(self, listener: Listener) -> None:
        """A page that read too slowly has read all that waited for it: it gets the latest alone."""
        if self._said and listener in self.listeners:
            listener.write(self._said)

    def close(self, closing: Closing) -> None:
        """Close every page."""
        for listener in list(self.listeners):
            listener.close(closing)

    async def _look(self) -> DeskState:
        asked = list(self.listeners)  # whoever comes while the database answers was not asked about
        state = await self._database.read(desk_state, {one.account_id for one in asked if one.account_id})
        for listener in asked:
            if listener.account_id not in state.moderators:
                listener.close(NOT_ALLOWED)
        return state
