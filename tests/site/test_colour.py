"""A publication's own colour can be read on the page, or is refused with the figure."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.errors import Invalid
from forum.resources import STATIC
from forum.site.colour import PAPER, PAPER_DARK, check_colour, contrast, figure, is_colour, stylesheet

colours = st.tuples(*[st.integers(0, 255)] * 3).map(lambda rgb: "#{:02x}{:02x}{:02x}".format(*rgb))
papers = st.sampled_from([PAPER, PAPER_DARK])
SCREEN = r"@media screen and \(prefers-color-scheme: (light|dark)\) { :root { --action: (#[0-9a-f]{6}); } }"


def test_black_on_white_is_the_most_and_nothing_on_itself_the_least() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#123456", "#123456") == 1


def test_the_figures_of_our_own_colours_are_those_of_the_style_guide() -> None:
    assert round(contrast("#0b5a4e", PAPER), 1) == 8.1
    assert round(contrast("#79cdb9", PAPER_DARK), 1) == 9.6
    assert round(contrast("#767676", PAPER), 2) == 4.54


def test_the_papers_are_those_of_the_pages() -> None:
    tokens = (STATIC / "css/tokens.css").read_text()
    assert re.findall(r"--paper: (#\w+);", tokens) == ["#fff", PAPER_DARK]
    assert PAPER == "#ffffff"


@given(colours, colours)
def test_contrast_is_the_same_either_way_round_and_within_its_bounds(one: str, other: str) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21.0001


@given(colours)
def test_a_darker_channel_never_reads_worse_on_white(colour: str) -> None:
    darker = f"#{int(colour[1:3], 16) // 2:02x}{colour[3:]}"
    assert contrast(darker, PAPER) >= contrast(colour, PAPER)


@given(colours, papers)
def test_a_colour_is_taken_exactly_where_it_reads_well_enough(colour: str, paper: str) -> None:
    if contrast(colour, paper) >= 4.5:
        assert check_colour(colour.upper(), "action_colour", paper=paper) == colour
        return
    with pytest.raises(Invalid) as refused:
        check_colour(colour, "action_colour", paper=paper)
    assert figure(colour, paper) in refused.value.message
    assert float(figure(colour, paper).partition(":")[0]) < 4.5
    assert refused.value.field == "action_colour"


@given(st.text())
def test_whatever_is_typed_nothing_but_a_colour_is_taken(typed: str) -> None:
    try:
        colour = check_colour(typed, "action_colour", paper=PAPER)
    except Invalid:
        return
    assert colour is None or is_colour(colour)


@pytest.mark.parametrize(
    "typed",
    [
        "red",
        "#fff",
        "#00000",
        "#0000000",
        "000000",
        "#00000g",
        "#000000;}body{display:none",
        "#00000\u0660",
        "#000000 x",
    ],
)
def test_other_ways_to_write_a_colour_are_refused(typed: str) -> None:
    with pytest.raises(Invalid, match="six digits or letters"):
        check_colour(typed, "action_colour", paper=PAPER)


@given(st.none() | colours | st.text(), st.none() | colours | st.text())
def test_the_stylesheet_holds_colours_and_nothing_else(light: str | None, dark: str | None) -> None:
    lines = stylesheet(light, dark).splitlines()
    assert (lines[0], lines[-1]) == ("@layer tokens {", "}")
    assert all(re.fullmatch(SCREEN, line) for line in lines[1:-1])
    assert len(lines[1:-1]) == sum(1 for one in (light, dark) if one and is_colour(one))


def test_a_light_colour_alone_leaves_the_dark_pages_as_they_are() -> None:
    assert "dark" not in stylesheet("#0b5a4e", None)
    assert "light" not in stylesheet(None, "#79cdb9")
