"""What a text is found by, whatever script it is written in."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.terms import BOUNDARY, LONGEST, MOST, phrase_of, terms_of


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Hello, World", ["hello", "world"]),
        ("don't e-mail snake_case", ["don", "t", "e", "mail", "snake", "case"]),
        ("Größe STRASSE Straße", ["grosse", "strasse", "strasse"]),
        ("L'été à Škoda, łódź", ["l", "ete", "a", "skoda", "lodz"]),
        ("İstanbul ISTANBUL ıstanbul", ["istanbul", "istanbul", "istanbul"]),
        ("Ёлка ἀρχή", ["елка", "αρχη"]),
        ("العَرَبِيَّة", ["العربية"]),
        ("שָׁלוֹם", ["שלום"]),
        ("हिन्दी", ["हिन्दी"]),
        ("北京", ["北京", BOUNDARY, "京", "北"]),
        ("猫", ["猫"]),
        ("iPhone15を買う", ["iphone15", "を買", "買う", BOUNDARY, "う", "を", "買"]),
        ("ที่นี่", ["ที่นี่", BOUNDARY, "ที่", "นี่"]),
        ("한국어를", ["한국", "국어", "어를", BOUNDARY, "국", "를", "어", "한"]),
        ("ｶﾞｰﾄﾞ", ["ガー", "ード", BOUNDARY, "ガ", "ド", "ー"]),
        ("… 😀 ?!", []),
    ],
)
def test_a_text_is_found_by_its_folded_words_and_by_pairs_of_characters(text: str, terms: list[str]) -> None:
    assert [unicodedata.normalize("NFC", term) for term in terms_of(text)] == terms


@given(st.text())
def test_terms_are_short_and_hold_nothing_that_a_database_could_take_for_a_sign(text: str) -> None:
    terms = terms_of(text)
    assert len(terms) <= MOST
    for term in terms:
        assert len(term) <= LONGEST
        assert term == BOUNDARY or not re.search(r"[\s\"'\\@:*()&|!<>^-]|\0", term)


@given(st.text(alphabet="ab cé東京水ที่-", max_size=30))
def test_a_text_has_each_phrase_of_its_own_side_by_side(text: str) -> None:
    terms, phrase = terms_of(text), list(phrase_of(text))
    assert terms[: len(phrase)] == phrase
    assert all(term == BOUNDARY or any(term in pair for pair in phrase) for term in terms[len(phrase) :])
