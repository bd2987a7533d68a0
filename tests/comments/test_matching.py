"""Words of a list are found however they are dressed, and not where they are only part of something else."""

import pytest

from forum.comments.checks.matching import Match, matcher_of
from forum.folding import Folded


def found(entries: str, text: str) -> list[str]:
    """The places that are found, as the text has them."""
    return [text[match.start : match.end] for match in matcher_of(entries).find(text)]


@pytest.mark.parametrize(
    ("entry", "text", "place"),
    [
        ("badword", "What a badword!", "badword"),
        ("BadWord", "what a BADWORD.", "BADWORD"),
        ("badword", "“badword”", "badword"),
        ("café", "Das CAFE", "CAFE"),
        ("cafe", "un café, s’il vous plaît", "café"),
        ("naïve", "nai\u0308ve", "nai\u0308ve"),
        ("scheiße", "SCHEISSE", "SCHEISSE"),
        ("strasse", "die Straße", "Straße"),
        ("øl", "OL", "OL"),
        ("łajno", "LAJNO", "LAJNO"),
        ("ışık", "IŞIK, işik", "IŞIK"),
        ("istanbul", "İSTANBUL", "İSTANBUL"),
        ("дурак", "Ты ДУРАК?", "ДУРАК"),
        ("ёлка", "елка", "елка"),
        ("μαλάκας", "ΜΑΛΑΚΑΣ!", "ΜΑΛΑΚΑΣ"),
        ("كلب", "يا كَلْب", "كَلْب"),
        ("كلب", "كلـــب", "كلـــب"),
        ("احمق", "أحمق", "أحمق"),
        ("טיפש", "אתה טִיפֵּשׁ", "טִיפֵּשׁ"),
        ("कुत्ता", "वह कुत्ता है", "कुत्ता"),
        ("바보", "이 바보!", "바보"),
        ("傻逼", "你是傻逼吗", "傻逼"),
        ("傻逼", "你是傻 逼吗", "傻 逼"),
        ("ばか", "おばかさん", "ばか"),
        ("バカ", "ﾊﾞｶ", "ﾊﾞｶ"),
        ("ควาย", "ไอ้ควายเอ๊ย", "ควาย"),
        ("av女優", "あのAV女優は", "AV女優"),
        ("🖕", "you🖕🏽!", "🖕🏽"),
        ("foo bar", "a foo  bar", "foo  bar"),
        ("foo bar", "Foo-bar", "Foo-bar"),
        ("foo bar", "foo\nbar", "foo\nbar"),
        ("don't", "DON’T", "DON’T"),
        ("1488", "1488!", "1488"),
    ],
)
def test_a_word_is_found_in_any_case_script_and_form(entry: str, text: str, place: str) -> None:
    assert found(entry, text)[:1] == [place]


@pytest.mark.parametrize(
    "disguised",
    [
        "b a d w o r d", "b.a.d.w.o.r.d", "b-a-d w o r d", "b_a_d_w_o_r_d", "b * a * d * w * o * r * d",
        "b\na\nd\nw\no\nr\nd", "B  A  D  W  O  R  D", "b @ d w o r d", "b 4 d w 0 r d",
        "b4dw0rd", "b@dword", "84DWORD", "bаdwоrd", "bаdwогd", "ВАDword", "ｂａｄｗｏｒｄ", "𝖇𝖆𝖉𝖜𝖔𝖗𝖉", "ʙᴀᴅᴡᴏʀᴅ",
        "baaaadword", "baaaaadwooord", "b4444dword", "b\u200ba\u200bdword", "bad\u00adword", "b\u0336a\u0336dword",
        "bádwörd", "Ⓑⓐⓓⓦⓞⓡⓓ", "🅱🅰🅳🆆🅾🆁🅳",
    ],
)  # fmt: skip
@pytest.mark.parametrize("around", ["{}", "you are a {}", "I, {}, and you", "you are {} I’m sure", "don't {}."])
def test_tricks_are_seen_through(disguised: str, around: str) -> None:
    assert found("badword", around.format(disguised)) == [disguised]


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("ass", "a$$"), ("ass", "@ss"), ("ass", "4ss"), ("sex", "5ex"), ("shit", "sh!t!!!"), ("shit", "$h1t"),
        ("kill", "k1ll"), ("kill", "ki11"), ("bitch", "8itch"), ("idiot", "|diot"), ("fuck off", "fuuuuck 0ff"),
        ("kill yourself", "k1ll your$elf"), ("хуй", "xyй"), ("порно", "п0рно"), ("сука", "cукa"), ("pace", "расе"),
        ("a$$", "ass"), ("сука", "с.у.к.а"), ("कमल", "क म ल"), ("fuck you", "f u c k  y o u"),
        ("fuck", "y o u  f u c k  m e"), ("usa", "U. S. A."),
    ],
)  # fmt: skip
def test_more_tricks_are_seen_through(entry: str, text: str) -> None:
    assert len(found(entry, text)) == 1


@pytest.mark.parametrize(
    ("entries", "text"),
    [
        ("ass", "class passage Assam bass assess ass1stant's"),
        ("cunt", "Scunthorpe, s c u n t h o r p e"),
        ("ass", "c l a s s, p.a.s.s.a.g.e"),
        ("cock", "peacock cocktail Hitchcock"),
        ("sex", "Essex, Sussex and sextant"),
        ("tit", "title, 717, 7:17"),
        ("ass", "the A55 road, a Galaxy A55, 455"),
        ("sos", "in the 50s and 505"),
        ("ssm", "$5m or €5m"),
        ("bible\nboo\nsio", "8.1813, 800, $10, 5,10 €"),
        ("boot\nioo", "on 2007-10-08 at 10:00"),
        ("foo bar", "foobar, foo or bar"),
        ("foobar", "foo bar"),
        ("abc", "a b c d, and x, a, b"),
        ("us", "U. S. and u s"),
        ("ab", "A. B. Miller"),
        ("badword", "bad word"),
        ("bad", "baad"),
        ("to", "too"),
        ("ass", "as, aass, aaas"),
        ("10", "1000 10000"),
        ("pot\ncop\nbop\nhoc", "Рот, сок, вор и нос"),
        ("дура", "дурацкий, дурак"),
        ("كلب", "كلبة مكلب"),
        ("כלב", "כלבלב"),
        ("का", "की के काम"),
        ("माँ", "मा"),
        ("ばか", "ばが"),
        ("か", "が"),
        ("傻逼", "他很傻，逼我走"),
        ("กา", "ก่า"),
        ("바보", "바보들"),
        ("a", "a b"),
        ("...", "Well..."),
    ],
)
def test_what_only_looks_like_it_is_left_alone(entries: str, text: str) -> None:
    assert found(entries, text) == []


def test_entries_are_words_and_never_patterns() -> None:
    assert found("b.*d", "bad bd b d") == ["b d"]
    assert found("(a+)+$\n[a-z]+\n\\w+", "aaaaaaaaaaaaaaaaaaaaaaaa! word") == []


def test_blank_lines_repeated_and_empty_entries_count_for_nothing() -> None:
    assert matcher_of("\n one two \n\n  \nthree\nthree\n!\nx\n").size == 2
    assert matcher_of("").find("anything at all") == []
    assert matcher_of("") is matcher_of("")


def test_places_are_those_of_the_original_text() -> None:
    text = "\u200bÉ ﬃ 𝐛𝐚\u0301\u0301𝐝\u0301! ß"
    assert matcher_of("Bad").find(text) == [Match(text.index("𝐛"), text.index("!"), "Bad")]


def test_the_longest_at_the_first_place_is_given_as_the_list_has_it() -> None:
    list_of_words = "Foo\nfoo BAR\nbar baz\nbaz"
    assert [match.entry for match in matcher_of(list_of_words).find("foo bar baz")] == ["foo BAR", "baz"]


def test_each_place_is_found() -> None:
    assert found("bad\nworse", "bad, b a d and w0rse; 坏 bad坏") == ["bad", "b a d", "w0rse", "bad"]


def test_folding_does_not_blow_up_a_text() -> None:
    assert len(Folded("\ufdfa" * 1000).text) == 1000


def test_a_long_line_in_the_list_is_no_burden() -> None:
    line = "word" * 25_000
    assert found(line, f"a {line}") == [line]
    assert found(line, " ".join(line)) == []
