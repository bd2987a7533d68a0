"""Windows are kept while they hold, and no more of them than there is room for."""

import tracemalloc

import pytest
from markupsafe import Markup

from forum.comments.kept import MOST_SECONDS, Asked, KeptWindows, Rendered, State

ASKED = Asked("epoch", 1, "newest", None, None)
STATE = State(version=7, revision=2, vote_changes=3)


class Clock:
    """Says what time it is."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that the test moves on."""
    clock = Clock()
    monkeypatch.setattr("forum.comments.kept.monotonic", clock)
    return clock


def rendered(html: str = "<li>") -> Rendered:
    """A window."""
    return Rendered(Markup(html), frozenset({1}), None, extended=False)


def test_a_window_is_found_in_the_state_of_which_it_was_made_and_in_no_other(clock: Clock) -> None:
    windows, made = KeptWindows(), rendered()
    windows.keep(ASKED, STATE, made)
    assert windows.find(ASKED, STATE) is made
    for other in (STATE._replace(version=8), STATE._replace(version=6), STATE._replace(vote_changes=4)):
        assert windows.find(ASKED, other) is None
    for asked in (ASKED._replace(sort="best"), ASKED._replace(after="9"), ASKED._replace(epoch="another")):
        assert windows.find(asked, STATE) is None


def test_a_new_name_shows_after_a_minute_though_nothing_else_changes(clock: Clock) -> None:
    windows = KeptWindows()
    windows.keep(ASKED, STATE, rendered())
    clock.now += MOST_SECONDS
    assert windows.find(ASKED, STATE) is None


def test_what_was_made_of_an_older_state_does_not_take_the_place_of_a_newer_one(clock: Clock) -> None:
    windows, newer = KeptWindows(), rendered("<li>newer")
    windows.keep(ASKED, STATE, newer)
    windows.keep(ASKED, STATE._replace(version=6), rendered("<li>older"))
    assert windows.find(ASKED, STATE) is newer


def test_what_was_not_asked_for_longest_goes_where_there_is_no_room(clock: Clock) -> None:
    window = rendered("x" * 1000)
    windows = KeptWindows(most_bytes=int(2.5 * window.size))
    first, second, third = (ASKED._replace(article_id=number) for number in (1, 2, 3))
    for asked in (first, second):
        windows.keep(asked, STATE, window)
    assert windows.find(first, STATE)
    windows.keep(third, STATE, window)
    assert [bool(windows.find(asked, STATE)) for asked in (first, second, third)] == [True, False, True]
    windows.keep(first, STATE._replace(version=8), rendered("x" * 9000))
    assert not any(windows.find(asked, STATE) for asked in (first, second, third))


@pytest.mark.parametrize("html", ["", "x" * 300, "😀" * 300])
def test_windows_take_no_more_memory_than_there_is_room_for_however_small_they_are(html: str) -> None:
    most = 2_000_000
    windows = KeptWindows(most)
    tracemalloc.start()
    for number in range(10_000):
        asked, texts = ASKED._replace(after=f"{number:018}"), (Markup(html + "<"), Markup(f"[{number}]"))
        windows.keep(asked, STATE._replace(version=number), Rendered(*texts[:1], frozenset(), None, False, texts[1]))
    used = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert used < 1.1 * most
