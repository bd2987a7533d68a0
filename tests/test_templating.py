"""What templates do with texts."""

from hypothesis import given
from hypothesis import strategies as st

from forum.templating import shorten


@given(st.text(min_size=0, max_size=80), st.integers(2, 60))
def test_a_shortened_text_fits_and_begins_like_the_whole(text: str, most: int) -> None:
    short = shorten(text, most)
    assert len(short) <= most
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


@given(st.lists(st.text("abcdé", min_size=1, max_size=10), min_size=1, max_size=12), st.integers(12, 60))
def test_no_word_is_cut_where_a_whole_one_fits(words: list[str], most: int) -> None:
    assert set(shorten(" ".join(words), most).rstrip("…").split()) <= set(words)


def test_no_stop_stands_before_the_dots() -> None:
    assert shorten("The bridge is shut, they say. For how long?", 20) == "The bridge is shut…"
