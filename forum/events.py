"""What happened: recorded inside a transaction, published after its commit and nowhere else."""

from dataclasses import dataclass

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class DiscussionChanged:
    """An article's discussion moved to `version`. A hint: the database is the truth."""

    article_id: int
    version: int


@dataclass(frozen=True, slots=True)
class VotesChanged:
    """A comment's score is now `score`. Votes are sampled, not versioned."""

    article_id: int
    comment_id: int
    score: int


@dataclass(frozen=True, slots=True)
class AccountBanned:
    """The account may not act from now on: its sockets close with 4403, telling `message`."""

    account_id: int
    message: str


@dataclass(frozen=True, slots=True)
class AccountShadowed:
    """What the account does is seen by itself alone from now on: what its pages hear is made for them."""

    account_id: int


@dataclass(frozen=True, slots=True)
class SessionsEnded:
    """These sign-ins are over: their sockets close with 4401."""

    session_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ArticleWithdrawn:
    """The article is no longer published: its pages close."""

    article_id: int


@dataclass(frozen=True, slots=True)
class PlaceChanged:
    """An account has seen more of a discussion: its other pages are told of its place as it is now."""

    account_id: int
    article_id: int
    since: int
    ranges: str
    last: int | None


@dataclass(frozen=True, slots=True)
class CheckFailed:
    """A check could not be made, and so a comment is held. Nobody else needs to hear of it: it is counted."""

    check: str


Event = (
    DiscussionChanged
    | VotesChanged
    | AccountBanned
    | AccountShadowed
    | SessionsEnded
    | ArticleWithdrawn
    | PlaceChanged
    | CheckFailed
)
KINDS = (DiscussionChanged, VotesChanged, AccountBanned, AccountShadowed, SessionsEnded, ArticleWithdrawn, PlaceChanged)


def record(db: Session, event: Event) -> None:
    """Note that `event` happened in this transaction; it is published if, and only after, that commits."""
    db.info.setdefault("events", []).append(event)


def recorded(db: Session) -> list[Event]:
    """The events of this transaction, in the order in which they happened."""
    events: list[Event] = db.info.get("events", [])
    return events
