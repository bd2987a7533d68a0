"""Passwords: what makes a good one, and hashing that never holds up the event loop."""

import asyncio
import re
import secrets
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from gettext import gettext as _
from gettext import ngettext
from threading import Lock
from typing import NoReturn, ParamSpec, TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from precis_i18n import get_profile
from zxcvbn import zxcvbn

from forum.errors import Busy, Invalid

FEWEST_CHARACTERS = 10
MOST_CHARACTERS = 1_024
_LEAST_SCORE = 3  # of 4: more than 10^8 guesses
_MOST_JUDGED = 40  # characters: zxcvbn takes 40 ms for as many at worst, and 110 ms for the 72 it accepts
_SHORTEST_OWN_WORD = 3
# One sign for each letter that it stands for. zxcvbn tries every combination of the signs that occur, which
# takes seconds for a text of 72 characters that holds them all; with these there are six.
_PLAIN_SIGNS = str.maketrans("@!|$+{[<", "41157(((")
_RETRY_AFTER = 2  # seconds; 64 waiting take about one

_OPAQUE_STRING = get_profile("OpaqueString")
_judging = Lock()  # zxcvbn keeps the words of the person it judges for in a global

P = ParamSpec("P")
R = TypeVar("R")


class Passwords:
    """Hashes and verifies in `concurrent` threads of its own; at most `waiting` more wait for one of them.

    One for the whole process, closed with the app. `verifications` counts what verify has computed.
    """

    def __init__(self, concurrent: int = 4, waiting: int = 64) -> None:
        self.verifications = 0
        self._room = concurrent + waiting
        self._lock = Lock()
        self._threads = ThreadPoolExecutor(concurrent, thread_name_prefix="passwords")
        # OWASP's lesser set of parameters for argon2id: 19 MiB (in KiB), 2 passes.
        self._hasher = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1, type=Type.ID)
        self._nobodys_hash = self._hasher.hash(secrets.token_hex())

    async def hash(self, password: str) -> str:
        """The hash to keep. Raises Invalid (field "password") for one too long, Busy when too many wait."""
        return await self._compute(self._hasher.hash, _prepared(password))

    async def verify(self, hash: str | None, password: str) -> bool:
        """Whether the password is the one that was hashed. Raises Busy when too many wait.

        Without a hash (no such account, or one that nobody can sign in to), or with a password that nobody
        can have, it computes just as much before it says no: the time taken tells nothing about an account.
        """
        try:
            secret = _prepared(password)
        except Invalid:
            hash, secret = None, ""
        matches = await self._compute(self._verify, hash or self._nobodys_hash, secret)
        return matches and hash is not None

    def needs_rehash(self, hash: str) -> bool:
        """Whether the hash has other parameters than today's: hash anew while the password is at hand."""
        try:
            return self._hasher.check_needs_rehash(hash)
        except InvalidHashError:
            return True

    def close(self) -> None:
        """Ends the threads once they are done; those who wait are cancelled."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _verify(self, hash: str, secret: str) -> bool:
        with self._lock:
            self.verifications += 1
        try:
            return self._hasher.verify(hash, secret)
        except (VerifyMismatchError, InvalidHashError):
            return False

    async def _compute(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        with self._lock:
            if self._room == 0:
                raise Busy(_("Many people are signing in right now. Try again in a moment."), _RETRY_AFTER)
            future = self._threads.submit(function, *args, **kwargs)
            self._room -= 1
        # The place is given back when the work is over, not when the one who asked for it went away.
        future.add_done_callback(self._give_back)
        return await asyncio.wrap_future(future)

    def _give_back(self, _done: Future[R]) -> None:
        with self._lock:
            self._room += 1


def judge(password: str, *, handle: str, display_name: str, email: str) -> None:
    """Raises Invalid (field "password") for a password that is short, long or easy to guess.

    What belongs to the person counts as easy. No rules of composition: they make passwords worse. Takes up to
    40 ms, and may be called in any thread.
    """
    prepared = _prepared(password)
    if len(prepared) < FEWEST_CHARACTERS:
        fewest = FEWEST_CHARACTERS
        sentence = ngettext("Use at least %(count)d character.", "Use at least %(count)d characters.", fewest)
        _refuse(sentence % {"count": fewest})
    own_words = _own_words(handle, display_name, email)
    with _judging:
        score = zxcvbn(_judged(prepared), own_words)["score"]
    if score < _LEAST_SCORE:
        _refuse(
            _(
                "This password is easy to guess. Choose a longer one, such as four words that do not belong "
                "together, without your name or e-mail address."
            )
        )


def _prepared(password: str) -> str:
    """The password by the mappings of PRECIS OpaqueString: NFC, each kind of space a plain space.

    Its list of allowed characters is not applied: it would refuse emoji that are newer than Python.
    """
    if len(password) > MOST_CHARACTERS:
        most = MOST_CHARACTERS
        sentence = ngettext("Use at most %(count)d character.", "Use at most %(count)d characters.", most)
        _refuse(sentence % {"count": most})
    if not password.isascii() and re.search("[\ud800-\udfff]", password):
        _refuse(_("Some of these characters cannot be used in a password. Choose others."))
    return _OPAQUE_STRING.apply_five_rules(password)


def _judged(text: str) -> str:
    return text[:_MOST_JUDGED].translate(_PLAIN_SIGNS)


def _own_words(handle: str, display_name: str, email: str) -> list[str]:
    """What somebody who knows the person would try: each text whole, joined up and by words."""
    texts = [handle, display_name, email]
    for text in tuple(texts):
        words = re.split(r"[\W_]+", text)
        texts += ["".join(words), *words]
    return [_judged(text) for text in texts if len(text) >= _SHORTEST_OWN_WORD]


def _refuse(sentence: str) -> NoReturn:
    raise Invalid(sentence, "password")
