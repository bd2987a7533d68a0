"""The matcher finds what a plain one finds, in random texts with random lists."""

from collections.abc import Callable

from hypothesis import example, given, settings
from hypothesis import strategies as st

from forum.comments.checks.matching import matcher_of
from tests.comments import naive

CHARACTERS = st.sampled_from(naive.ALPHABET)
WORDS = st.text(CHARACTERS, min_size=1, max_size=5)
LISTS = st.lists(WORDS, max_size=6)
BETWEEN = st.sampled_from(["", " ", " ", "  ", ".", ", ", "\n", "'", "!"])
TRICKS: st.SearchStrategy[Callable[[str], str]] = st.sampled_from([
    lambda word: word,
    " ".join,
    ".".join,
    "- ".join,
    lambda word: word.replace("i", "1").replace("a", "@"),
    lambda word: word.replace("a", "а").replace("b", "в"),
    lambda word: "".join(char * 3 for char in word),
    lambda word: "\u200b".join(word) + "\u0301",
])  # fmt: skip


@st.composite
def lists_and_texts(draw: st.DrawFn) -> tuple[str, str]:
    """A list, and a text that is likely to have some of its words, in some dress, among other things."""
    words: list[str] = draw(LISTS)
    pieces: list[str] = []
    for _ in range(draw(st.integers(0, 6))):
        is_listed = bool(words) and draw(st.booleans())
        word = draw(st.sampled_from(words) if is_listed else st.text(CHARACTERS, max_size=6))
        pieces += [draw(TRICKS)(word), draw(BETWEEN)]
    return "\n".join(words), "".join(pieces)


@settings(max_examples=1000)
@given(lists_and_texts())
@example(("cab\na", "c a b a"))
@example(("i,a\n0", "!iii,,,aaa"))
@example(("abकि", "a b कि"))
@example(("ic\nbic", "b i-c, bic"))
def test_it_finds_what_a_plain_matcher_finds(drawn: tuple[str, str]) -> None:
    entries, text = drawn
    assert matcher_of.__wrapped__(entries).find(text) == naive.find(entries, text)


@given(st.text(), st.text())
def test_any_text_is_taken(entries: str, text: str) -> None:
    matches = matcher_of.__wrapped__(entries).find(text)
    ends = [0, *(match.end for match in matches)]
    assert all(end <= match.start < match.end <= len(text) for end, match in zip(ends, matches, strict=False))
