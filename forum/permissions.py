"""Who may do what: one predicate each, over plain facts. The table in docs/permissions.md says the same in words."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


class Role(StrEnum):
    """What an account is trusted with; a guest has no account and so no role."""

    READER = "reader"
    MODERATOR = "moderator"
    EDITOR = "editor"
    ADMIN = "admin"


class Right(StrEnum):
    """What an account may do before others' eyes; each can be suspended by itself."""

    REPLY = "reply"
    VOTE = "vote"
    REPORT = "report"
    AVATAR = "avatar"


RANK = {Role.READER: 0, Role.MODERATOR: 1, Role.EDITOR: 1, Role.ADMIN: 2}


class Person(Protocol):
    """The facts about an account that decide what it may do."""

    @property
    def id(self) -> int: ...
    @property
    def role(self) -> Role: ...
    @property
    def banned_at(self) -> datetime | None: ...
    @property
    def banned_until(self) -> datetime | None: ...


class Shadowable(Protocol):
    """The facts about an account that decide whether it writes in the shadow."""

    @property
    def role(self) -> Role: ...
    @property
    def shadowed_at(self) -> datetime | None: ...


class Written(Protocol):
    """The facts about a comment that decide what may be done with it."""

    @property
    def author_id(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def was_public(self) -> bool: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def shadowed(self) -> bool: ...


def is_banned(person: Person, at: datetime) -> bool:
    """Whether a ban is in force at that moment: its end needs no job to be right."""
    return person.banned_at is not None and is_in_force(person.banned_until, at)


def is_in_force(until: datetime | None, at: datetime) -> bool:
    """Whether what has this end, or none, still holds at that moment."""
    return until is None or until > at


def is_shadowed(person: Shadowable) -> bool:
    """Whether what somebody writes is seen by themselves alone; whoever works here would see that, and is not."""
    return person.shadowed_at is not None and person.role == Role.READER


def passes_network_bans(person: Person) -> bool:
    """Sign in and write from a network that is banned: whoever works here, so that no ban shuts a moderator out."""
    return RANK[person.role] > RANK[Role.READER]


def can_moderate(person: Person | None) -> bool:
    """Remove and restore comments, ban readers, see reports and the log."""
    return person is not None and person.role in (Role.MODERATOR, Role.ADMIN)


def can_publish(person: Person | None) -> bool:
    """Write, publish and withdraw articles."""
    return person is not None and person.role in (Role.EDITOR, Role.ADMIN)


def can_administer(person: Person | None) -> bool:
    """Change the site's name, colours, words and rules."""
    return person is not None and person.role == Role.ADMIN


def can_know_of(person: Person | None, comment: Written) -> bool:
    """Know that a comment exists: everybody, once it was public; before that its author and moderators."""
    return comment.was_public or can_moderate(person) or (person is not None and comment.author_id == person.id)


def can_reply(person: Person | None, discussion_state: str) -> bool:
    """Write in a discussion."""
    return person is not None and discussion_state == "open"


def is_slowed(person: Person) -> bool:
    """Whether slow mode holds for somebody: moderators, editors and admins are exempt."""
    return person.role == Role.READER


def can_edit(person: Person | None, comment: Written, at: datetime, within: timedelta) -> bool:
    """Change one's own comment: for a while after posting it, or as long as it is held."""
    mine, waits = (
        person is not None and comment.author_id == person.id,
        comment.state == "held" and not comment.shadowed,
    )
    return mine and (waits or (comment.state in ("visible", "held") and at - comment.created_at <= within))


def can_delete(person: Person | None, comment: Written) -> bool:
    """Take one's own comment away, at any time."""
    return person is not None and comment.author_id == person.id and comment.state in ("visible", "held")


def can_vote(person: Person | None, comment: Written) -> bool:
    """Recommend a comment that is another's."""
    return person is not None and comment.author_id != person.id and comment.state == "visible"


def can_report(person: Person | None, comment: Written) -> bool:
    """Tell the moderators of a comment that is another's."""
    return can_vote(person, comment)


def can_feature(person: Person | None, comment: Written) -> bool:
    """Make a comment one of the editors' picks, or take that back."""
    return (can_moderate(person) or can_publish(person)) and comment.state == "visible"


def can_pin(person: Person | None, comment: Written) -> bool:
    """Pin a branch to the top of its discussion, or take that back; that it is one, its action knows."""
    return can_moderate(person) and comment.state == "visible"


def can_place(person: Person | None) -> bool:
    """Pin an article to the top of a section or of the front page, or take that back."""
    return can_moderate(person) or can_publish(person)


def can_remove(person: Person | None, comment: Written) -> bool:
    """Take a comment away, with a reason."""
    return can_moderate(person) and comment.state in ("visible", "held")


def can_restore(person: Person | None, comment: Written) -> bool:
    """Bring back what a moderator removed or a check held; what its author deleted stays deleted."""
    return can_moderate(person) and comment.state in ("removed", "held")


def can_appeal(person: Person | None, comment: Written) -> bool:
    """Ask the moderators to look at one's own comment again."""
    hidden = comment.state in ("held", "removed") and not comment.shadowed  # the author of that must not notice
    return person is not None and comment.author_id == person.id and hidden


def can_watch(person: Person | None, other: Person) -> bool:
    """Have each comment of an account looked at before it shows, or end that: whom one could also ban."""
    return can_ban(person, other)


def can_warn(person: Person | None, other: Person) -> bool:
    """Say something to an account that it must acknowledge before it posts again."""
    return can_ban(person, other)


def can_ban(person: Person | None, other: Person) -> bool:
    """Shut an account out, or suspend a right of it: not oneself, not one's equal or senior."""
    return can_moderate(person) and person is not None and RANK[other.role] < RANK[person.role]


def can_shadow(person: Person | None, other: Person) -> bool:
    """Put an account into the shadow: a reader, for others would notice."""
    return can_ban(person, other) and other.role == Role.READER
