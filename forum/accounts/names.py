"""Display names: what a person is called, in any script, without tricks on the reader's eye."""

import re
import unicodedata
from gettext import gettext as _
from gettext import ngettext
from typing import NoReturn

from confusable_homoglyphs.categories import alias as script_of  # type: ignore[import-untyped]

from forum.errors import Invalid

MOST_CHARACTERS = 60  # code points, after NFC
MOST_MARKS = 3  # in a row: Tibetan and pointed Hebrew need three, no living language's names need more
_MOST_TYPED = 1_000  # what is looked at before white space is collapsed

_LINE_BREAKS = re.compile("[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")
_BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
# The flags of England, Scotland and Wales spell their region in tag characters, elsewhere a hiding place.
_TAGGED_FLAG = re.compile("\U0001f3f4\U000e0067\U000e0062[\U000e0061-\U000e007a]{3}\U000e007f")
_NEW_EMOJI = re.compile("[\U0001f000-\U0001faff]")  # may be newer than Python's table of characters
_VARIATION = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_TEXT_BEFORE_VARIATION = {"Lo", "Nd", "Po", "Pd", "Sm", "Sc", "Sk", "So"}
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc\U0001d159")
_ZWNJ, _ZWJ = "\u200c", "\u200d"
_VIRAMA = 9  # the canonical combining class of the signs that join consonants
_CONJOINING = frozenset("\u094d\u09cd\u0acd\u0b4d\u0c4d\u0ccd\u0d4d\u1039\u17d2")  # these draw one cluster
_SCRIPTS_WITHOUT_JOINERS = {
    "ARMENIAN", "BOPOMOFO", "COMMON", "CYRILLIC", "GEORGIAN", "GREEK", "HAN", "HANGUL", "HEBREW", "HIRAGANA",
    "INHERITED", "KATAKANA", "LATIN", "Unknown",
}  # fmt: skip


def check_display_name(text: str) -> str:
    """The display name as it is kept: NFC, trimmed, each run of white space one space.

    Raises Invalid (field "display_name"). Joiners and variation selectors stay where a script or an emoji
    needs them; every other invisible character is refused, since it makes two names look the same.
    """
    if len(text) > _MOST_TYPED:
        _refuse_length()
    name = unicodedata.normalize("NFC", text).strip()
    if _LINE_BREAKS.search(name):
        _refuse(_("Write the name on one line."))
    name = " ".join(name.split())
    if not name:
        _refuse(_("Enter the name that others will see."))
    if len(name) > MOST_CHARACTERS:
        _refuse_length()
    _check_characters(name)
    if has_tower_of_marks(name):
        _refuse(_("Put fewer accents and marks on one letter."))
    if not any(_is_visible(char) for char in name):
        _refuse(_("Use at least one letter, digit or symbol."))
    return name


def initial_of(name: str) -> str:
    """The one grapheme that a generated avatar shows: the first letter or digit, in title case.

    A name of emoji alone gives its first emoji; a text with nothing to show gives "?". Title case and not
    upper case, since some scripts (Georgian) have capitals that never begin a name.
    """
    name = unicodedata.normalize("NFC", name)
    for wanted in (_is_letter_or_digit, _is_visible):
        for index, char in enumerate(name):
            if wanted(char):
                titled = char.title()
                return (titled if len(titled) == 1 else char) + name[index + 1 : _grapheme_end(name, index)]
    return "?"


def has_tower_of_marks(text: str) -> bool:
    """Whether more than MOST_MARKS combining marks pile up on one letter; expects NFC.

    Spacing marks (Mc: vowel signs of Indic scripts) stand beside the letter, so they add nothing to a pile.
    """
    height = 0
    for char in text:
        category = unicodedata.category(char)
        if category in ("Mn", "Me"):
            height += 1
        elif category not in ("Mc", "Cf"):
            height = 0
        if height > MOST_MARKS:
            return True
    return False


def _check_characters(name: str) -> None:
    if _BIDI_CONTROLS.search(name):
        _refuse(_("Leave out the characters that change the direction of text."))
    if unicodedata.category(name[0]).startswith("M"):
        _refuse(_("Begin with a letter: the name begins with an accent or mark."))
    name = _TAGGED_FLAG.sub("\U0001f3f4", name)
    for index, char in enumerate(name):
        if _is_unknown(char):
            _refuse(_("Leave out the characters that most devices cannot show."))
        if _is_invisible(name, index):
            _refuse(_("The name holds an invisible character. Type the name instead of pasting it."))


def _is_unknown(char: str) -> bool:
    """Whether readers would see a box: private, broken or unassigned, but for emoji newer than Python."""
    category = unicodedata.category(char)
    return category in ("Co", "Cs") or char == "\ufffd" or (category == "Cn" and not _NEW_EMOJI.match(char))


def _is_invisible(name: str, index: int) -> bool:
    char = name[index]
    if _VARIATION.match(char):
        return not _is_variation_needed(name, index)
    if unicodedata.category(char) in ("Cc", "Cf"):
        return not _is_joiner_needed(name, index)
    return char in _BLANK


def _is_joiner_needed(name: str, index: int) -> bool:
    """Whether the character is a joiner that shapes its neighbours: in Indic, Arabic and emoji."""
    joiner, after = name[index], name[index + 1 : index + 2]
    if joiner not in (_ZWNJ, _ZWJ) or index == 0:
        return False
    if unicodedata.combining(name[index - 1]) == _VIRAMA:
        return True
    base = _base_before(name, index)
    if _is_symbol(base):
        return joiner == _ZWJ and _is_symbol(after)
    return script_of(base) not in _SCRIPTS_WITHOUT_JOINERS and unicodedata.category(after or " ")[0] in "LM"


def _base_before(name: str, index: int) -> str:
    """The character before `index` that the marks and skin tones between the two stand on."""
    while index > 1 and _is_extender(name[index - 1]):
        index -= 1
    return name[index - 1]


def _is_variation_needed(name: str, index: int) -> bool:
    return index > 0 and unicodedata.category(name[index - 1]) in _TEXT_BEFORE_VARIATION | {"Cn"}


def _grapheme_end(name: str, start: int) -> int:
    """Where the grapheme at `start` ends, with its marks, conjuncts, skin tones, joined emoji, flag pairs."""
    end = start + 1
    while end < len(name):
        before, char = name[end - 1], name[end]
        if _is_extender(char) or (before in _CONJOINING and unicodedata.category(char) == "Lo"):
            end += 1
        elif char == _ZWJ and end + 1 < len(name) and not name[end + 1].isspace():
            end += 2
        elif end == start + 1 and _is_regional(before) and _is_regional(char):
            end += 1
        else:
            break
    return end


def _is_extender(char: str) -> bool:
    is_skin_tone, is_tag = "\U0001f3fb" <= char <= "\U0001f3ff", "\U000e0020" <= char <= "\U000e007f"
    return is_skin_tone or is_tag or unicodedata.category(char).startswith("M")


def _is_regional(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _is_letter_or_digit(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] in "LN" and category != "Lm" and char not in _BLANK


def _is_visible(char: str) -> bool:
    return char not in _BLANK and (unicodedata.category(char)[0] in "LN" or _is_symbol(char))


def _is_symbol(char: str) -> bool:
    return unicodedata.category(char or " ")[0] == "S" or bool(_NEW_EMOJI.match(char))


def _refuse(sentence: str) -> NoReturn:
    raise Invalid(sentence, "display_name")


def _refuse_length() -> NoReturn:
    most = MOST_CHARACTERS
    sentence = ngettext("Use at most %(count)d character.", "Use at most %(count)d characters.", most)
    _refuse(sentence % {"count": most})
