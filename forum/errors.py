"""What may go wrong on purpose: each class is one answer of the table in docs/errors.md."""

from collections.abc import Mapping
from typing import Any


class Refusal(Exception):
    """A request that is refused with a sentence for the person: nothing was stored.

    `field` names the form field that the sentence is about; `retry_after` is in seconds; `facts` are what a program
    needs beside the sentence.
    """

    status = 400
    code = "bad_request"

    def __init__(
        self,
        message: str,
        field: str | None = None,
        *,
        retry_after: int | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.retry_after = retry_after
        self.facts = facts or {}


class BadRequest(Refusal):
    """The form itself is broken: a field is missing or of the wrong kind."""


class SignInNeeded(Refusal):
    """The act needs an account: people are sent to the sign-in page, programs get 401."""

    status = 401
    code = "sign_in_needed"


class Forbidden(Refusal):
    """The person may not do this."""

    status = 403
    code = "forbidden"


class Banned(Forbidden):
    """The account is banned: the sentence says why and until when."""

    code = "banned"


class Suspended(Forbidden):
    """The account may do everything but this: the sentence says why and until when."""

    code = "suspended"


class NetworkBanned(Forbidden):
    """Nobody may write from this network: the sentence says why and until when."""

    code = "network_banned"


class Warned(Forbidden):
    """A warning must be acknowledged first: `facts` say which, with its words."""

    code = "warned"


class NotFound(Refusal):
    """There is nothing here, or nothing that this viewer may see."""

    status = 404
    code = "not_found"


class Conflict(Refusal):
    """It was changed meanwhile, or the key was used with another text."""

    status = 409
    code = "conflict"


class TooLarge(Refusal):
    """The upload or form is over its limit."""

    status = 413
    code = "too_large"


class Invalid(Refusal):
    """One field is wrong; the sentence says what to do."""

    status = 422
    code = "invalid"


class WouldBeHeld(Invalid):
    """The text would wait for a moderator: whoever asked may change it, or post it all the same."""

    code = "would_be_held"


class TooSoon(Refusal):
    """A rate is exceeded; `retry_after` says when it may be tried again."""

    status = 429
    code = "too_soon"


class ReadOnly(Refusal):
    """The site can only be read for now: an admin has switched writing off."""

    status = 503
    code = "read_only"

    def __init__(self, message: str) -> None:
        super().__init__(message, retry_after=60)


class Busy(Refusal):
    """The server has no room for this now; nothing is wrong with the request."""

    status = 503
    code = "busy"

    def __init__(self, message: str, retry_after: int = 2) -> None:
        super().__init__(message, retry_after=retry_after)
