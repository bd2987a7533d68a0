"""Some of a text around what was looked for: nothing is lost or shown twice, and the marks are where they belong."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.search.snippets import DOTS, LENGTH, OF_ONE, Snippet, Snippets, looked_for, marked

LETTERS = st.text(alphabet="aAbéß 東京,.'", max_size=40)


def shown(text: str, *parts: str) -> str:
    """A text with its marks in brackets."""
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in marked(text, looked_for(parts)))


def snippet(text: str, *parts: str) -> Snippet:
    """The only snippet of a page."""
    return Snippets(looked_for(parts)).of(text)


@pytest.mark.parametrize(
    ("text", "parts", "expected"),
    [
        ("A bridge, a Bridge.", ["bridge"], "A [bridge], a [Bridge]."),
        ("Bridges are no bridge", ["bridge"], "Bridges are no [bridge]"),
        ("Die Größe! Der GRÖSSE", ["grosse"], "Die [Größe]! Der [GRÖSSE]"),
        ("one two three two", ["two three"], "one [two three] two"),
        ("one, two; three", ["one two"], "[one, two]; three"),
        ("one two three", ["one", "two", "one two three"], "[one][ two three]"),
        ("one two three", ["two", "one two three"], "[one two three]"),
        ("東京都庁", ["京都"], "東[京都]庁"),
        ("cafe\u0301 noir", ["cafe"], "[cafe\u0301] noir"),
        ("nothing of it", ["else"], "nothing of it"),
    ],
)
def test_what_was_looked_for_is_marked(text: str, parts: list[str], expected: str) -> None:
    assert shown(text, *parts) == expected


@given(LETTERS, st.lists(LETTERS, max_size=4))
def test_the_pieces_of_a_text_are_the_text(text: str, parts: list[str]) -> None:
    assert "".join(piece.text for piece in marked(text, looked_for(parts))) == text


@given(st.lists(LETTERS, min_size=5, max_size=60).map(" ".join), st.lists(LETTERS, max_size=3))
def test_a_snippet_is_some_of_the_text_and_no_more_than_a_few_lines(text: str, parts: list[str]) -> None:
    whole = "".join(piece.text for piece in snippet(text, *parts))
    assert whole.removeprefix(DOTS).removesuffix(DOTS) in text
    assert len(whole) <= LENGTH + 2


def test_the_first_mark_of_a_long_text_is_shown() -> None:
    text = "word " * 300 + "canary" + " word" * 300
    pieces = snippet(text, "canary")
    assert [piece.text for piece in pieces if piece.marked] == ["canary"]
    assert pieces[0].text == pieces[-1].text == DOTS


@pytest.mark.parametrize(("said", "asked"), [("a ", "a " * 39), ("中", "中" * 39), ("b a ", "b a " * 20)])
def test_a_page_of_the_longest_texts_made_to_take_long_costs_little(said: str, asked: str) -> None:
    snippets, text = Snippets(looked_for([asked + "end"])), said * (10_000 // len(said))
    began = time.process_time()
    for _number in range(25):
        snippets.of(text)
    assert time.process_time() - began < 0.2  # some 30 ms


def test_when_much_has_been_looked_through_texts_are_shown_from_their_beginning() -> None:
    snippets, text = Snippets(looked_for(["canary"])), "word " * 1000 + "canary"
    assert any(piece.marked for piece in snippets.of(text))
    for _number in range(5):
        snippets.of("x" * OF_ONE)
    assert [piece.text[:4] for piece in snippets.of(text)] == ["word", DOTS]
    assert [piece.text for piece in snippets.of("A canary.") if piece.marked] == ["canary"]
