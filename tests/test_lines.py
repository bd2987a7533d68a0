"""Texts of one line, names with commas, and addresses on the web."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.errors import Invalid
from forum.lines import check_line, check_link, check_names, check_word, is_web_address


@given(st.text())
def test_whatever_is_typed_becomes_one_line_that_stays_as_it_is_when_checked_again(typed: str) -> None:
    try:
        line = check_line(typed, "headline", 100)
    except Invalid:
        return
    assert len(line.splitlines()) <= 1
    assert line == line.strip()
    assert check_line(line, "headline", 100) == line


def test_white_space_control_characters_and_turned_text_go() -> None:
    assert check_line("  a\r\n\tb\x00\x1b c\u202ed ", "headline", 20) == "a b cd"


@pytest.mark.parametrize("typed", ["", " ", "\u200b", "\n", "\u0301"])
def test_where_a_text_is_needed_nothing_that_can_be_seen_is_none(typed: str) -> None:
    assert check_line(typed, "headline", 20) == ""
    with pytest.raises(Invalid, match="Write a headline"):
        check_line(typed, "headline", 20, missing="Write a headline.")


def test_a_line_may_have_its_most_characters_and_not_one_more() -> None:
    assert check_line("x" * 20, "headline", 20) == "x" * 20
    with pytest.raises(Invalid, match="Use at most 20 characters; these are 21"):
        check_line("x" * 21, "headline", 20)


def test_names_come_once_each_in_their_order() -> None:
    assert check_names(" News,, Arts &  Books ,News", "sections", most=5, length=40) == ["News", "Arts & Books"]


@pytest.mark.parametrize("typed", ["a,b,c,d", "…", "x" * 41])
def test_too_many_names_too_long_ones_and_mere_signs_are_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_names(typed, "tags", most=3, length=40)
    assert refused.value.field == "tags"


def test_a_word_is_one_of_those_that_a_form_knows() -> None:
    assert check_word("open", "comments", ["open", "off"]) == "open"
    with pytest.raises(Invalid):
        check_word("OPEN", "comments", ["open", "off"])


@pytest.mark.parametrize(
    "address",
    ["https://example.org", "http://localhost:8000/a?b=c#d", "HTTPS://EXAMPLE.org/ä", "https://xn--mller-kva.example/"],
)
def test_addresses_on_the_web_are_taken_as_they_are(address: str) -> None:
    assert check_link(f" {address} ", "appeal_link") == address


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "//example.org",
        "example.org",
        "https://",
        "https:example.org",
        "https://a b",
        'https://example.org/"onclick="x',
        "https://[::1",
        "https://example.org:99999/",
        "ftp://example.org",
        "https://" + "a" * 2000,
    ],
)
def test_everything_else_is_refused(address: str) -> None:
    assert not is_web_address(address)
    with pytest.raises(Invalid):
        check_link(address, "appeal_link")
