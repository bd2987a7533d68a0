"""The tests are tried too: with a bug planted, each of these must turn red."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from forum.comments import projection
from forum.comments.change import count, next_version
from forum.comments.items import Item, items
from forum.comments.models import State
from forum.comments.projection import Audience, Gone, ShownComment
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

    def all_but_one(db: Db, comments: Sequence[ShownComment | Gone], audience: Audience) -> list[Item]:
        return items(db, [one for one in comments if one.id % 5], audience)

    patch.setattr("forum.live.messages.items", all_but_one)


def count_no_replies(patch: pytest.MonkeyPatch) -> None:
    """Reply counters stay as they were."""
    patch.setattr("forum.comments.actions.count_above", lambda *_arguments: None)


def forget_tombstones_of_the_shadow(patch: pytest.MonkeyPatch) -> None:
    """What a reply in the shadow hangs on is not stamped when the reply goes: no counter has moved."""
    nothing = text("SELECT :parent, :stamp")
    patch.setattr("forum.comments.change._STAMP_TOMBSTONES", nothing)


def show_the_shadow(patch: pytest.MonkeyPatch) -> None:
    """What is in the shadow is taken for public."""
    project = projection.project

    def shown(row: Any, audience: Audience) -> ShownComment | Gone | None:
        return project(row, Audience(row.author_id) if row.shadowed else audience)

    for module in ("forum.comments.projection", "forum.live.messages"):
        patch.setattr(f"{module}.project", shown)


def count_the_shadow_for_nobody(patch: pytest.MonkeyPatch) -> None:
    """The pages of who is in the shadow count as everybody's do."""
    patch.setattr("forum.comments.projection._replies", lambda row, _audience: row.reply_count)


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


def find_what_is_hidden(patch: pytest.MonkeyPatch) -> None:
    """What is removed or deleted stays in the index of search."""
    patch.setattr("forum.comments.change.index_comment", lambda *_arguments: None)


def find_nothing_new(patch: pytest.MonkeyPatch) -> None:
    """What somebody posts does not come into the index of search."""
    patch.setattr("forum.comments.actions.index_new", lambda *_arguments: None)


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
        step(discussion.shadow_or_lift, name="omar", release=False)
        parent = step(discussion.post, by="nora", body="c", held=1)
        unseen = step(discussion.reply, by="omar", parent=parent, held=1)
        step(discussion.delete, comment=parent)  # to omar alone a line stands in its place
        step(discussion.delete, comment=unseen)  # and with it goes that line
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
        forget_tombstones_of_the_shadow,
        show_the_shadow,
        count_the_shadow_for_nobody,
        find_what_is_hidden,
        find_nothing_new,
    ],
)
def test_a_planted_bug_is_found(plant: Plant, monkeypatch: pytest.MonkeyPatch, discussion: Discussion) -> None:
    plant(monkeypatch)
    with pytest.raises(AssertionError):
        live_through(discussion)
