"""Which display names are sound, and what stands for a name in a generated avatar."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.accounts.names import MOST_CHARACTERS, check_display_name, initial_of
from forum.errors import Invalid

# Characters that are written in several code points, held together by marks, joiners and selectors.
FARSI_WITH_JOINER = "می\u200cخواهم"
SINHALA_WITH_JOINER = "ශ්\u200dරී"
MALAYALAM_WITH_JOINER_AT_THE_END = "അവന്\u200d"
KANJI_WITH_SELECTOR = "葛\U000e0100城"
FAMILY, HEART_ON_FIRE, WAVE = "👩\u200d👩\u200d👧", "❤\ufe0f\u200d🔥", "👋🏽"
DEVELOPER, KEYCAP = "👩🏽\u200d💻", "1\ufe0f\u20e3"
SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
NEWER_THAN_PYTHON = "\U0001fae9"

ODD_CHARACTERS = (
    "a\u0301\u0302ßA9_! \t\n\u00a0\u3164\u034f\u202e\u200d\u200c\ufe0f\u20e3🦊👩क्षीน\u0e49ا\u064e葛\U000e0100"
)
ODD = st.text(st.sampled_from(ODD_CHARACTERS))


def refusal_of(text: str) -> str:
    with pytest.raises(Invalid) as refused:
        check_display_name(text)
    assert refused.value.field == "display_name"
    return refused.value.message


@pytest.mark.parametrize(
    "name",
    ["Jane Doe", "J", "O'Brien-Smith, Jr.", "Nguyễn Văn Ánh", "毛利 元就", "김철수",
     "محمد بن سلمان", "עִבְרִית", "שָׁלוֹם", "สมชาย ที่รัก", "မျှော်လင့်", "སྒྲོལ་མ", "ஸ்ரீ", "Jane 🦊", "🦊",
     "∑", "Ọ́lá", "42", "3 > 2", FARSI_WITH_JOINER, SINHALA_WITH_JOINER,
     MALAYALAM_WITH_JOINER_AT_THE_END, KANJI_WITH_SELECTOR, FAMILY, HEART_ON_FIRE, WAVE, DEVELOPER,
     SCOTLAND, KEYCAP, "\U0001f1fa\U0001f1e6", NEWER_THAN_PYTHON, "x" * MOST_CHARACTERS],
)  # fmt: skip
def test_a_name_may_be_written_in_any_script_and_with_emoji(name: str) -> None:
    assert check_display_name(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  Jane   Doe\n", "Jane Doe"), ("Jane\u00a0\u3000\tDoe", "Jane Doe"),
     ("Ame\u0301lie", "Amélie"), ("Vie\u0323\u0302t", "Việt"),
     (" " * 500 + "x" * MOST_CHARACTERS, "x" * MOST_CHARACTERS)],
)  # fmt: skip
def test_white_space_is_tidied_and_letters_are_composed(typed: str, kept: str) -> None:
    assert check_display_name(typed) == kept


@pytest.mark.parametrize("text", ["", " ", "\n", "\u3000"])
def test_a_name_is_needed(text: str) -> None:
    assert "Enter" in refusal_of(text)


@pytest.mark.parametrize("text", ["x" * (MOST_CHARACTERS + 1), "x" * 1_000_000, "🦊" * 61])
def test_a_name_over_sixty_characters_is_refused(text: str) -> None:
    assert "60" in refusal_of(text)


@pytest.mark.parametrize("text", ["Jane\nDoe", "Jane\r\nDoe", "Jane\u2028Doe", "Jane\x85Doe", "Jane\vDoe"])
def test_a_name_stands_on_one_line(text: str) -> None:
    assert "line" in refusal_of(text)


@pytest.mark.parametrize("control", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_a_name_does_not_turn_the_direction_of_the_text_around_it(control: str) -> None:
    assert "direction" in refusal_of(f"Jane{control}Doe")


@pytest.mark.parametrize(
    "text",
    ["Ja\u200bne", "Ja\u200dne", "Ja\u200cne", "Jane\u200d", "\u200dJane", "Ja\ufe0fne",
     "Ja\u00adne", "\ufeffJane", "Jane\u200f", "\u3164", "Jane\u115f", "\u2800", "Ja\u034fne",
     "Ja\x00ne", "Ja\x1bne", "🦊\u200dJane", "Jane\U000e0061", "क्\u200c\u200dष",
     "葛\U000e0100\U000e0100"],
)  # fmt: skip
def test_invisible_characters_are_refused_where_no_script_needs_them(text: str) -> None:
    assert "invisible" in refusal_of(text)


@pytest.mark.parametrize("char", ["\ue000", "\U0010ffff", chr(0xD83D), "\ufffd", "\u0378"])
def test_characters_that_show_as_a_box_are_refused(char: str) -> None:
    assert "cannot show" in refusal_of("Jane" + char)


@pytest.mark.parametrize(
    "text", ["Z" + "\u0335\u0321\u0322\u0327\u0336", "ก" + "\u0e49" * 5, "x\u0301\u0302\u0303\u0304y"]
)
def test_towers_of_marks_are_refused(text: str) -> None:
    assert "marks" in refusal_of(text)


@pytest.mark.parametrize("text", ["...", "!?", "- -", "_"])
def test_a_name_has_something_to_call_a_person_by(text: str) -> None:
    assert "at least one letter" in refusal_of(text)


def test_a_name_does_not_begin_with_a_mark() -> None:
    assert "Begin" in refusal_of("\u0301Jane")


@given(st.text() | ODD)
def test_any_text_is_a_name_that_stays_as_it_is_or_is_refused(text: str) -> None:
    try:
        name = check_display_name(text)
    except Invalid:
        return
    assert check_display_name(name) == name
    assert 1 <= len(name) <= MOST_CHARACTERS
    assert initial_of(name) != "?" or "?" in name


@pytest.mark.parametrize(
    ("name", "initial"),
    [("jane doe", "J"), ("élan", "É"), ("e\u0301lan", "É"), ("ß", "ß"), ("ǆ", "ǅ"), ("иван", "И"),
     ("ანა", "ა"), ("김철수", "김"), ("毛利", "毛"), ("محمد", "م"), ("שָׁלוֹם", "שָׁ"),
     ("क्षितिज", "क्षि"), ("ကျော်စွာ", "ကျော်"), ("42", "4"), ("(ann)", "A"), ("'bo", "B"),
     ("🦊 fox", "F"), ("ʻokina", "O"), ("ọ́lá", "Ọ́"), (SINHALA_WITH_JOINER, "ශ්\u200dරී"),
     (FARSI_WITH_JOINER, "م"), (KANJI_WITH_SELECTOR, "葛\U000e0100")],
)  # fmt: skip
def test_the_initial_is_the_first_letter_or_digit_with_its_marks(name: str, initial: str) -> None:
    assert initial_of(name) == unicodedata.normalize("NFC", initial)


@pytest.mark.parametrize(
    ("name", "initial"),
    [("🦊🐻", "🦊"), (FAMILY + "🐻", FAMILY), (WAVE + WAVE, WAVE), (DEVELOPER, DEVELOPER),
     (SCOTLAND, SCOTLAND), (HEART_ON_FIRE, HEART_ON_FIRE),
     ("\U0001f1fa\U0001f1e6\U0001f1eb\U0001f1f7", "\U0001f1fa\U0001f1e6"), (KEYCAP, KEYCAP),
     (NEWER_THAN_PYTHON + "🦊", NEWER_THAN_PYTHON)],
)  # fmt: skip
def test_a_name_of_emoji_gives_its_first_whole_emoji(name: str, initial: str) -> None:
    assert initial_of(name) == initial


def test_a_text_with_nothing_to_show_gives_a_question_mark() -> None:
    assert initial_of("") == initial_of("...") == "?"


@given(st.text() | ODD)
def test_any_text_has_an_initial(text: str) -> None:
    assert initial_of(text)
