"""What a handle may be, and which handles are too much alike."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.accounts.handles import MOST_CHARACTERS, check_handle, skeleton
from forum.errors import Invalid

LATIN = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=15)
CYRILLIC_FORMS = dict(zip("acehijopsxyABCEHKMOPTX", "асеһіјорѕхуАВСЕНКМОРТХ", strict=True))
GREEK_FORMS = dict(zip("ovABEHIKMNOPTXYZ", "ονΑΒΕΗΙΚΜΝΟΡΤΧΥΖ", strict=True))
DRAWINGS = {"l": "lI1", "I": "lI1", "1": "lI1", "i": "i1", "o": "oO0", "O": "oO0", "0": "oO0"} | {
    "m": ["m", "rn"],
    "w": ["w", "vv"],
}


def refusal_of(text: str) -> str:
    with pytest.raises(Invalid) as refused:
        check_handle(text)
    assert refused.value.field == "handle"
    return refused.value.message


@pytest.mark.parametrize(
    "text",
    ["jane", "Jane_Doe", "x-99", "2cool", "José", "Иван", "ἑλένη", "김철수", "田中さん",
     "Tokyo東京タワー", "علی_رضا", "שלום", "राम_शर्मा", "สมชาย", "မျှော်", "སྒྲོལ_མ", "Nguyễn",
     "oʻlelo", "محمد123"],
)  # fmt: skip
def test_a_handle_may_be_written_in_any_script(text: str) -> None:
    assert check_handle(text).shown == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    "text",
    ["", "ab", "a" * (MOST_CHARACTERS + 1), "a" * 100_000, "jane doe", "jane.doe", "jane!",
     "@jane", "_jane", "-jane", "jane\nx", "jane\x00", "ja\u200dne", "ja\u200bne", "jane\u202e",
     "🦊🦊🦊", "ﬁnn", "x²y", "Ⅷth", "ᅠᅠᅠ", "ˈˈˈ", "\u0301abc", "a\u0301\u0302\u0303\u0304\u0305bc",
     "abc\ud800", "سلام_", "1שלום"],
)  # fmt: skip
def test_what_is_no_handle_is_refused_with_a_sentence(text: str) -> None:
    assert refusal_of(text).endswith(".")


@pytest.mark.parametrize("text", ["pаypal", "рaypal", "Αlpha", "jаne_doe", "abcשלום", "一а二", "abc٣", "राम१2"])
def test_scripts_and_kinds_of_digits_do_not_mix_where_they_could_deceive(text: str) -> None:
    assert "one" in refusal_of(text)


@pytest.mark.parametrize(
    "text",
    ["admin", "ADMIN", "Adm1n", "admIn", "adrnin", "ad-min_", "ádmin", "ａｄｍｉｎ", "m0derat0r",
     "sign-in", "signin", "rnod", "supp0rt", "r00t", "модератор", "管理员"],
)  # fmt: skip
def test_no_handle_passes_for_the_site_or_its_staff(text: str) -> None:
    refusal_of(text)


def test_a_refusal_of_a_reserved_handle_says_so() -> None:
    assert "reserved" in refusal_of("moderator")


def test_the_sites_own_accounts_may_have_reserved_handles() -> None:
    assert check_handle("Editor", reserved=True).folded == "editor"


@pytest.mark.parametrize("name", ["Ali", "Amin", "Ana", "Mohammed", "William", "Hall", "Moritz", "Hannah"])
def test_names_of_people_are_not_reserved(name: str) -> None:
    assert check_handle(name).shown == name


def test_white_space_around_a_handle_is_left_out_and_full_width_letters_are_made_ordinary() -> None:
    assert check_handle(" Ｊａｎｅ\n").shown == "Jane"


@pytest.mark.parametrize(
    ("one", "other"),
    [("STRASSE", "straße"), ("ΟΔΥΣΣΕΥΣ", "οδυσσευς"), ("Jane", "jANE"), ("ИВАН", "иван")],
)
def test_handles_that_differ_in_case_fold_to_one(one: str, other: str) -> None:
    assert check_handle(one).folded == check_handle(other).folded


@pytest.mark.parametrize(
    ("one", "other"),
    [("paypal", "paypa1"), ("paypal", "PaypaI"), ("paypal", "pay-pal"), ("modern", "rnodem"),
     ("wow", "vvovv"), ("bob", "b0b"), ("coxo", "сохо"), ("HATO", "НАТО"), ("jane", "jạne"),
     ("TOM", "ΤΟΜ"), ("ラーメン", "ラ一メン")],
)  # fmt: skip
def test_look_alikes_share_a_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("jane", "jana"), ("нато", "HATO"), ("각가", "가까"), ("राम", "रमा"), ("דויד", "דיויד"),
     ("ボブ", "ポプ"), ("user2", "user3"), ("山田", "田山")],
)  # fmt: skip
def test_what_looks_different_keeps_different_skeletons(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


@given(LATIN, st.data())
def test_a_handle_drawn_with_other_characters_keeps_its_skeleton(text: str, data: st.DataObject) -> None:
    parts = (data.draw(st.sampled_from(DRAWINGS.get(char, [char]))) for char in text)
    joint = data.draw(st.sampled_from(["", "_", "-", "-_"]))
    assert skeleton(joint.join(parts)) == skeleton(text)


@given(LATIN, st.sampled_from([CYRILLIC_FORMS, GREEK_FORMS]))
def test_a_handle_drawn_in_another_script_keeps_its_skeleton(text: str, forms: dict[str, str]) -> None:
    assert skeleton("".join(forms.get(char, char) for char in text)) == skeleton(text)


@given(LATIN)
def test_the_case_of_latin_letters_does_not_change_the_skeleton(text: str) -> None:
    assert skeleton(text.upper()) == skeleton(text.lower())


@given(st.text() | st.text(st.characters(categories=["L", "Nd", "Mn", "Mc"]), min_size=3, max_size=30))
def test_any_text_is_a_handle_that_stays_as_it_is_or_is_refused(text: str) -> None:
    try:
        handle = check_handle(text)
    except Invalid:
        return
    assert check_handle(handle.shown) == handle
    assert handle.skeleton
    assert len(handle.skeleton) <= 12 * MOST_CHARACTERS


@given(st.from_regex(r"[a-zA-Z0-9áéßñ]{3,12}|[а-яА-Я]{3,12}|[α-ωΑ-Ρ]{3,12}", fullmatch=True))
def test_every_case_of_a_handle_folds_to_one(text: str) -> None:
    folded = set()
    for variant in (text, text.upper(), text.lower(), text.swapcase()):
        try:
            folded.add(check_handle(variant).folded)
        except Invalid:
            return
    assert len(folded) == 1


def test_every_character_of_unicode_has_a_skeleton() -> None:
    letters = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code))[0] in "LMN"]
    assert max(len(skeleton(letter)) for letter in letters) <= 16
