"""Who has no picture gets a letter on a colour of their own."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.accounts.avatars import AVATAR_SIZES, HUES, generated_svg, hue_of

TEXT = "{http://www.w3.org/2000/svg}text"


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("hue", HUES)
def test_white_on_each_hue_can_be_read(hue: str) -> None:
    assert 1.05 / (luminance(hue) + 0.05) >= 6.5


@given(account_id=st.integers(min_value=0))
def test_an_account_keeps_its_hue(account_id: int) -> None:
    assert hue_of(account_id) == hue_of(account_id)
    assert hue_of(account_id) in HUES


def test_eight_accounts_in_a_row_have_eight_hues() -> None:
    assert {hue_of(account_id) for account_id in range(100, 108)} == set(HUES)


@given(initial=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=3))
def test_any_initial_makes_a_whole_svg_that_shows_just_that(initial: str) -> None:
    svg = ET.fromstring(generated_svg(initial, HUES[0]))
    assert [element.tag.rpartition("}")[2] for element in svg.iter()] == ["svg", "rect", "text"]
    assert (svg.findtext(TEXT) or "") == initial


def test_a_hue_of_somebody_else_is_refused() -> None:
    with pytest.raises(ValueError, match="hue"):
        generated_svg("A", '#fff" onload="alert(1)')


def test_the_smallest_uploaded_size_is_sharp_on_dense_screens() -> None:
    assert min(AVATAR_SIZES) == 2 * 28
