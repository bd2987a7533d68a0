"""Handles: the unique, lasting name of an account, and what keeps one from passing for another."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from gettext import gettext as _
from gettext import ngettext
from typing import NoReturn

from confusable_homoglyphs.categories import unique_aliases as scripts_of  # type: ignore[import-untyped]
from confusable_homoglyphs.utils import load as load_confusables  # type: ignore[import-untyped]
from precis_i18n import get_profile

from forum.accounts.names import has_tower_of_marks
from forum.errors import Invalid

FEWEST_CHARACTERS = 3
MOST_CHARACTERS = 30  # code points, after NFC
_MOST_TYPED = 200  # what is looked at before NFC, which may shorten a text

_SHOWN = get_profile("UsernameCasePreserved")
# Case folding and not lower-casing: only folding makes one handle of "STRASSE" and "straße".
_FOLDED = get_profile("UsernameCaseMapped:CaseFold")

_SCRIPTS_USED_TOGETHER = (
    {"LATIN", "HAN", "HIRAGANA", "KATAKANA"},
    {"LATIN", "HAN", "BOPOMOFO"},
    {"LATIN", "HAN", "HANGUL"},
)
_SCRIPTS_WITH_OPTIONAL_MARKS = {"LATIN", "GREEK", "CYRILLIC"}
_DRAWN_ALIKE = {"i": "l", "w": "vv"}  # beyond Unicode's list, which has m = rn, 0 = O, 1 = I = l

_LRM = "\u200e"  # the list wraps right-to-left characters in these
# What a reader would take for the site itself or for its staff, and words that addresses and programs use.
_RESERVED_NAMES = """
    about abuse account accounts admin administrator administrators admins anonymous api article
    articles author avatar ban banned billing bot comment comments contact deleted desk editor
    editorial editors everybody everyone feed forum guest guests healthz help here home host
    hostmaster info legal live login logout mail me media metrics mod moderation moderator
    moderators mods myself news newsroom nobody none noreply null official operator owner postmaster
    press privacy profile publisher readyz register removed root rules search section sections
    security service settings sign-in sign-out sign-up site staff static superuser support sysadmin
    system tag tags team test unknown undefined user users verified webmaster websocket you yourself
    administrador administrateur administratör amministratore beheerder moderador moderateur moderatore
    redacción rédaction redakcja redaktion redaktör redazione redactie yönetici ylläpitäjä διαχειριστής
    админ администратор модератор редактор редакция מנהל مدير مشرف प्रशासक 管理员 管理員 管理者 版主 編集部
    编辑部 관리자 운영자
"""


@dataclass(frozen=True)
class Handle:
    """A checked handle: to show, to look up by (`folded`) and to keep unlike all others (`skeleton`)."""

    shown: str
    folded: str
    skeleton: str


def check_handle(text: str, *, reserved: bool = False) -> Handle:
    """The handle that a person asks for, ready for its unique columns.

    Shown as typed, in NFC and with full-width forms made ordinary (PRECIS UsernameCasePreserved). With
    `reserved`, the names that are kept for the site pass: for its own accounts, and for looking any account
    up. Raises Invalid (field "handle").
    """
    typed = text.strip()
    if len(typed) > _MOST_TYPED:
        _refuse_long()
    shown = unicodedata.normalize("NFC", _SHOWN.width_mapping_rule(typed))
    _check_length(shown)
    _check_characters(shown)
    _check_scripts(shown)
    handle = Handle(shown, _folded(shown), skeleton(shown))
    if not handle.skeleton:
        _refuse(_("Use at least one letter or digit."))
    if handle.skeleton in _RESERVED and not reserved:
        _refuse(_("This handle is reserved, or looks like one that is. Choose another."))
    return handle


def skeleton(text: str) -> str:
    """What is left of a text when look-alikes are one: "paypa1", "PaypaI" and "pay-pal" give "paypal".

    Case, hyphens and underscores go, and so do the accents of Latin, Greek and Cyrillic letters (a dot below
    is easily missed). Made from the text as it is shown, since a Cyrillic capital may look like a Latin one
    whose small letter it does not look like. Not for showing, and up to six times as long as the text.
    """
    plain = _without_optional_marks(_decomposed(text))
    return unicodedata.normalize("NFC", "".join(_drawn_alike(char) for char in plain))


def _check_length(shown: str) -> None:
    if len(shown) < FEWEST_CHARACTERS:
        fewest = FEWEST_CHARACTERS
        sentence = ngettext("Use at least %(count)d character.", "Use at least %(count)d characters.", fewest)
        _refuse(sentence % {"count": fewest})
    if len(shown) > MOST_CHARACTERS:
        _refuse_long()


def _check_characters(shown: str) -> None:
    if not all(char in "_-" or unicodedata.category(char)[0] in "LM" or char.isdecimal() for char in shown):
        _refuse(_("Use only letters, digits, underscores and hyphens."))
    if not shown[0].isalnum():
        _refuse(_("Begin with a letter or a digit."))
    if has_tower_of_marks(shown):
        _refuse(_("Put fewer accents and marks on one letter."))


def _check_scripts(shown: str) -> None:
    scripts = scripts_of(shown) - {"COMMON", "INHERITED"}
    if len(scripts) > 1 and not any(scripts <= together for together in _SCRIPTS_USED_TOGETHER):
        _refuse(_("Use letters of one alphabet only: letters of different alphabets can look the same."))
    zeros = {ord(char) - unicodedata.decimal(char) for char in shown if char.isdecimal()}
    if len(zeros) > 1:
        _refuse(_("Use digits of one kind only."))


def _folded(shown: str) -> str:
    """The folded form; PRECIS judges by the way what a username may hold, and says no by UnicodeError."""
    try:
        return _FOLDED.enforce(_SHOWN.enforce(shown))
    except UnicodeError as refusal:
        if "bidi" in str(refusal):
            _refuse(_("Begin with a letter, write in one direction, and end with a letter or a digit."))
        _refuse(_("Some of these characters cannot be used in a handle. Choose others."))


def _decomposed(text: str) -> str:
    """NFD, but for Hangul: its letters stand in blocks, and blocks of the same letters do not look alike."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(char if "가" <= char <= "힣" else unicodedata.normalize("NFD", char) for char in composed)


def _without_optional_marks(decomposed: str) -> str:
    kept, bare = [], False
    for char in decomposed:
        if not unicodedata.category(char).startswith("M"):
            bare = not _SCRIPTS_WITH_OPTIONAL_MARKS.isdisjoint(scripts_of(char))
            kept.append(char)
        elif not bare:
            kept.append(char)
    return "".join(kept)


@lru_cache(maxsize=4096)
def _drawn_alike(char: str) -> str:
    """What one character looks like, followed to the end; nothing for those that do not count."""
    if char in "_-":
        return ""
    drawn = _DRAWN_ALIKE.get(char, _LOOK_ALIKES.get(char, char.casefold()))
    return char if drawn == char else skeleton(drawn)


def _read_look_alikes() -> dict[str, str]:
    """Each character of Unicode's list of confusables with the text that it is drawn like.

    The library gives the pairs without their direction. In the list every character points at one prototype
    and prototypes point at nothing, so whichever of a pair has other partners is the prototype; of two that
    have only each other it is the longer text, else the lower code point.
    """
    partners: dict[str, set[str]] = {}
    for text, pairs in load_confusables("confusables.json").items():
        partners.setdefault(text.strip(_LRM), set()).update(pair["c"].strip(_LRM) for pair in pairs)
    look_alikes = {}
    for char, others in partners.items():
        if len(char) > 1 or len(others) > 1:
            continue
        (other,) = others
        if _decomposed(other.casefold()) == _decomposed(char):
            continue
        if len(partners[other]) > 1 or len(other) > 1 or other < char:
            look_alikes[char] = _letters_drawn(char, other)
    return look_alikes


def _letters_drawn(char: str, drawn: str) -> str:
    """What counts of a drawing, its letters and digits; a letter drawn like punctuation counts itself."""
    kept = "".join(c for c in drawn if unicodedata.category(c)[0] in "LMN")
    if any(unicodedata.category(c)[0] in "LN" for c in kept) or unicodedata.category(char) == "Lm":
        return kept
    return char.casefold()


def _refuse(sentence: str) -> NoReturn:
    raise Invalid(sentence, "handle")


def _refuse_long() -> NoReturn:
    most = MOST_CHARACTERS
    sentence = ngettext("Use at most %(count)d character.", "Use at most %(count)d characters.", most)
    _refuse(sentence % {"count": most})


_LOOK_ALIKES = _read_look_alikes()  # some 6,000; 60 ms, once
_RESERVED = frozenset(skeleton(name) for name in _RESERVED_NAMES.split())
