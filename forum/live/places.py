"""What readers have seen on one page is told to their other pages of the same article: once a second at most."""

from collections.abc import Collection, Mapping

from forum.events import Event, PlaceChanged
from forum.live.frames import frame
from forum.live.listener import Listener


class Places:
    """The places that pages are yet to be told of, each as it is now: what is told twice, or late, does no harm."""

    def __init__(self) -> None:
        self._changed: dict[tuple[int, int], PlaceChanged] = {}

    def note(self, event: Event) -> None:
        """Something happened, here or in another process; perhaps an account has got further."""
        if isinstance(event, PlaceChanged):
            self._changed[event.account_id, event.article_id] = event

    def tell(self, accounts: Mapping[int, Collection[Listener]]) -> None:
        """Tell the account's own pages of that article, and nobody else."""
        for place in self._changed.values():
            told = frame({"type": "seen", "since": place.since, "ranges": place.ranges, "last": place.last})
            for listener in accounts.get(place.account_id, ()):
                if listener.article_id == place.article_id:
                    listener.write(told)
        self._changed.clear()
