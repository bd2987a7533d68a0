"""The latest changes of a discussion, kept in memory while pages listen to it.

A page that was away for a short time catches up from here, however many come back at once.
"""

from collections.abc import Iterator

from forum.live.frames import WireFrame, encode, frame_of_text
from forum.live.messages import MOST_CHANGES, RELOAD, Changes

PART_BYTES = 96 * 1024
"""A catch-up of more than this goes out in several messages, each of whole versions: what waits for a page that reads
slowly stays small."""


class Recent:
    """What changed from version `since` up to `version`: of each comment its latest state, in order of versions."""

    __slots__ = ("_article_id", "_discussion", "_frames", "_hidden", "_items", "since", "state", "version")

    def __init__(self, article_id: int, after: int, found: Changes) -> None:
        self._article_id = article_id
        self._items: dict[int, tuple[int, str]] = {}
        self._hidden: dict[int, int] = {}
        self._frames: tuple[int, list[WireFrame]] | None = None
        self._discussion = ""
        self.state = ""
        self.since = self.version = after
        self.add(found)

    def add(self, found: Changes) -> None:
        """Take in what changed after `version`, or a little before it; a `reload` forgets all that was."""
        self._frames = None
        self.version = found.version
        if found.reload:
            self.since = found.version
            self._items.clear()
            self._hidden.clear()
            return
        self._discussion = encode(found.message["discussion"])
        self.state = found.message["discussion"]["state"]
        for item in found.message["comments"]:
            self._items.pop(item["id"], None)
            self._items[item["id"]] = (item["version"], encode(item))
        self._hidden |= found.hidden_authors
        self._forget_oldest()

    def covers(self, version: int) -> bool:
        """Whether a page at that version can be brought up to date from here."""
        return self.since <= version <= self.version

    def hides_from_public(self, after: int) -> set[int]:
        """The accounts that wrote something, changed after that version, which others do not see as they do."""
        return {account for account, version in self._hidden.items() if version > after}

    def frames(self, after: int) -> list[WireFrame]:
        """What brings a page from that version up to date: `reload` where that is too long ago, or yet to come.

        Only the latest answer is kept: those for every version together would be hundreds of times what they hold.
        """
        if not self.covers(after):
            return [frame_of_text("reload", encode(RELOAD), after)]
        if self._frames is None or self._frames[0] != after:
            self._frames = after, list(self._parts(after)) if after < self.version else []
        return self._frames[1]

    def _parts(self, after: int) -> Iterator[WireFrame]:
        """Messages that join without a gap, cut between versions."""
        part: list[str] = []
        size, reached = 0, after
        for version, item in self._items.values():
            if version <= after:
                continue
            if size > PART_BYTES and version > reached:
                yield self._frame(after, reached, part)
                after, part, size = reached, [], 0
            part.append(item)
            size += len(item)
            reached = version
        yield self._frame(after, self.version, part)

    def _frame(self, after: int, to: int, items: list[str]) -> WireFrame:
        text = (
            f'{{"type":"changes","article":{self._article_id},"from":{after},"to":{to},'
            f'"discussion":{self._discussion},"comments":[{",".join(items)}]}}'
        )
        return frame_of_text("changes", text, after)

    def _forget_oldest(self) -> None:
        for comment_id in list(self._items)[: max(0, len(self._items) - MOST_CHANGES)]:
            self.since = max(self.since, self._items.pop(comment_id)[0])
        for account in [account for account, version in self._hidden.items() if version <= self.since]:
            del self._hidden[account]
