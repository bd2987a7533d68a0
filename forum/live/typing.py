"""Where in a discussion somebody writes just now: told in the sampled message, never stored, and never by whom."""

from time import monotonic

LAPSES_SECONDS = 5.0
"""After the last word of it; a page that goes on writing says so every three seconds."""
MOST_PLACES = 20
"""That pages are told of: the message stays small, whatever a page says."""

Place = int | None
"""The comment that is answered; None for the discussion itself."""


class Typing:
    """The places of one article at which somebody writes."""

    __slots__ = ("_new", "_told", "_until")

    def __init__(self) -> None:
        self._until: dict[Place, float] = {}
        self._new: set[Place] = set()
        self._told: list[Place] = []

    def note(self, place: Place, *, here: bool) -> None:
        """Somebody writes there, at a page of this process (`here`) or of another."""
        self._until[place] = monotonic() + LAPSES_SECONDS
        if here:
            self._new.add(place)

    def take_new(self) -> list[Place]:
        """What other processes do not know of yet."""
        new, self._new = list(self._new), set()
        return new

    def places(self) -> list[Place]:
        """Where somebody writes now."""
        now = monotonic()
        self._until = {place: until for place, until in self._until.items() if until > now}
        return list(self._until)[:MOST_PLACES]

    def changes(self, places: list[Place]) -> bool:
        """Whether pages were last told of other places; from now on they are told of these."""
        told, self._told = self._told, places
        return set(told) != set(places)
