"""The tests are tried too: with a bug planted, each of these must turn red."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from forum.comments.change import count, next_version
from forum.comments.items import Item, items
from forum.comments.models import State
from forum.comments.projection import Gone, ShownComment
from forum.database import Db
from forum.live.messages import changes
from tests.comments.test_discussion_machine import on_sqlite
from tests.machine import Discussion

Plant = Callable[[pytest.MonkeyPatch], None]


def leak_held_comments(patch: pytest.MonkeyPatch) -> None:
    """Whoever looks is taken for the author."""
    patch.setattr("forum.comments.projection._may_read_hidden", lambda row, _audience: row.state == State.HELD)


def forget_tombstones(patch: pytest.MonkeyPatch) -> None:
    """Counters move, but a tombstone that goes or returns is not stamped with the version."""

    def without_stamp(db: Db, article_id: int, parent_id: int | None, step: int, _version: int) -> None:
        count(db, article_id, parent_id, step, 0)

    patch.setattr("forum.comments.change.count", without_stamp)


def drop_a_push(patch: pytest.MonkeyPatch) -> None:
    """A message says that it covers a version, and leaves one of its comments out."""

    def all_but_one(db: Db, comments: Sequence[ShownComment | Gone]) -> list[Item]:
        return items(db, [one for one in comments if one.id % 5])

    patch.setattr("forum.live.messages.items", all_but_one)


def count_no_replies(patch: pytest.MonkeyPatch) -> None:
    """Reply counters stay as they were."""
    patch.setattr("forum.comments.actions.count", lambda *_arguments: None)


def push_what_is_not_committed(patch: pytest.MonkeyPatch) -> None:
    """A message claims a version that the database does not have yet."""

    def ahead(*arguments: Any, **named: Any) -> Any:
        found = changes(*arguments, **named)
        if found is not None and not found.reload:
            found.message["to"] += 1
        return found

    patch.setattr("tests.machine.changes", ahead)


def pick_without_a_stamp(patch: pytest.MonkeyPatch) -> None:
    """A comment becomes a pick at a version, and is stamped with the one before."""
    patch.setattr("forum.moderation.featuring.next_version", lambda db, article_id: next_version(db, article_id) - 1)


def live_through(discussion: Discussion) -> None:
    """A life with something of everything, every check made after each step."""

    def step(do: Callable[..., Any], **arguments: Any) -> Any:
        done = do(**arguments)
        discussion.it_is_whole()
        discussion.compare()
        return done

    discussion.begin()
    try:
        first = step(discussion.post, by="nora", body="a", held=1)
        answer = step(discussion.reply, by="omar", parent=first, held=1)
        step(discussion.post, by="nora", body="b", held=0)
        step(discussion.control, comment=answer, mark="featured", value=True)
        step(discussion.moderate, comment=first, act="remove")
        step(discussion.delete, comment=answer)  # and with it goes the tombstone above
        for number in range(5):
            step(discussion.post, by="omar", body=f"{number}", held=1)
        for kept in discussion.kept:
            for sent in discussion.sent:
                discussion.hand_over(kept, sent)
        discussion.compare()
    finally:
        discussion.teardown()


@pytest.fixture
def discussion(migrated_file: Path) -> Iterator[Discussion]:
    with ExitStack() as stack:
        yield on_sqlite(Discussion, migrated_file, stack)()


def test_without_a_bug_nothing_is_found(discussion: Discussion) -> None:
    live_through(discussion)


@pytest.mark.parametrize(
    "plant",
    [
        leak_held_comments,
        forget_tombstones,
        drop_a_push,
        count_no_replies,
        push_what_is_not_committed,
        pick_without_a_stamp,
    ],
)
def test_a_planted_bug_is_found(plant: Plant, monkeypatch: pytest.MonkeyPatch, discussion: Discussion) -> None:
    plant(monkeypatch)
    with pytest.raises(AssertionError):
        live_through(discussion)
