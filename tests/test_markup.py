"""What people write becomes HTML that is safe, whole and cheap."""

import re
import time
import tracemalloc
import unicodedata
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.errors import Invalid
from forum.highlighting import CLASSES
from forum.markup import (
    article_cleaner,
    comment_cleaner,
    normalise_body,
    plain_text,
    render_article,
    render_comment,
)

Render = Callable[[str], str]

ATTACKS = [
    line.replace("\\n", "\n")
    for line in (Path(__file__).parent / "corpora" / "xss.txt").read_text().splitlines()
    if not line.startswith("%%")
]
COMMENT_TAGS = {"p", "br", "em", "strong", "del", "blockquote", "ul", "ol", "li", "code", "pre", "a"}
ARTICLE_TAGS = COMMENT_TAGS | {"span", "h2", "h3", "h4", "hr", "table", "thead", "tbody", "tr", "th", "td"}
ALIGNMENTS = {"align-left", "align-center", "align-right"}
RENDERERS = [(render_comment, COMMENT_TAGS), (render_article, ARTICLE_TAGS)]

MARKS = (
    "* ** *** _ __ ~~ ` `` ``` > >> - + 1. 1) # ## [ ] ( ) ![ ]( ][ ]: < > <a> </a> <b <!-- --> <script> & &amp; &lt; "
    '&#106; \\ | |- -|- :-: === --- : . a b word https:// http://a.b www. www.a.b x@y.z javascript: data: mailto: // " '
    "' py é 中 \u200d \u202e \U0001f600"
)
SPACES = [" ", "  ", "    ", "\t", "\n", "\n\n", "\n> ", "\n- ", "\n```\n", "\n|", "```py\n"]
FRAGMENTS = [*MARKS.split(), *SPACES]

texts = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(FRAGMENTS), max_size=80).map("".join))


class Reader(HTMLParser):
    """Reads HTML as strictly as it can: every tag and attribute allowed, every element closed in order."""

    def __init__(self, tags: set[str]) -> None:
        super().__init__()
        self.tags = tags
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in self.tags
        for name, value in attrs:
            assert is_allowed(tag, name, value or ""), (tag, name, value)
        if tag not in {"br", "hr"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)


def is_allowed(tag: str, name: str, value: str) -> bool:
    """Whether this attribute may stand on this tag with this value."""
    match tag, name:
        case "a", "href":
            return bool(re.match(r"https?://|mailto:|/(?![/\\])", value, re.IGNORECASE))
        case "a", "rel":
            return value in {"nofollow ugc noopener", "noopener"}
        case "ol", "start":
            return value.isdecimal()
        case "span", "class":
            return set(value.split()) <= CLASSES
        case (("th" | "td"), "class"):
            return value in ALIGNMENTS
    return False


def assert_safe(html: str, tags: set[str]) -> None:
    reader = Reader(tags)
    reader.feed(html)
    reader.close()
    assert reader.open == []


@pytest.mark.parametrize(("render", "tags"), RENDERERS)
@given(source=texts)
@settings(max_examples=300, deadline=None)
def test_any_text_gives_only_allowed_tags_and_attributes_and_is_well_formed(
    render: Render, tags: set[str], source: str
) -> None:
    assert_safe(render(source), tags)


@given(source=texts)
@settings(max_examples=300, deadline=None)
def test_cleaning_the_html_again_changes_nothing(source: str) -> None:
    comment, article = render_comment(source), render_article(source)
    assert comment_cleaner.clean(comment) == comment
    assert article_cleaner.clean(article) == article


@given(words=st.lists(st.text("abcdefgh", min_size=1, max_size=8), min_size=1), source=texts)
@settings(max_examples=200, deadline=None)
def test_no_word_gets_lost(words: list[str], source: str) -> None:
    assert " ".join(words) in plain_text(render_comment(" ".join(words) + "\n\n" + source))


def test_the_corpus_is_large() -> None:
    assert len(ATTACKS) >= 120


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_gives_anything_executable(attack: str) -> None:
    for render, tags in RENDERERS:
        for source in (attack, f"before {attack} after", f"> {attack}", f"- {attack}", f"**{attack}**"):
            assert_safe(render(source), tags)


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_gets_past_the_cleaners_even_as_html(attack: str) -> None:
    assert_safe(comment_cleaner.clean(attack), COMMENT_TAGS)
    assert_safe(re.sub(r'href="(?!https?:|mailto:|/[^/\\])[^"]*"', "", article_cleaner.clean(attack)), ARTICLE_TAGS)
    assert "javascript" not in re.sub(r">[^<]*<", "><", f">{article_cleaner.clean(attack)}<")


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        ("*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d</code></p>\n"),
        ("# Loud", "<p><strong>Loud</strong></p>\n"),
        ("Loud\n====", "<p><strong>Loud</strong></p>\n"),
        ("***", "<p>* * *</p>\n"),
        ("1986. A good year", '<ol start="1986">\n<li>A good year</li>\n</ol>\n'),
        ("<b>bold</b>", "<p>&lt;b&gt;bold&lt;/b&gt;</p>\n"),
        ("```py\nx < 1\n```", "<pre><code>x &lt; 1\n</code></pre>\n"),
        ("|a|\n|-|\n|b|", "<p>|a|<br>\n|-|<br>\n|b|</p>\n"),
    ],
)
def test_a_comment_reads_as_it_was_meant(source: str, html: str) -> None:
    assert render_comment(source) == html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("# One\n## Two\n### Three\n##### Five", "<h2>One</h2>\n<h2>Two</h2>\n<h3>Three</h3>\n<h4>Five</h4>\n"),
        ("***", "<hr>\n"),
        ("one\ntwo", "<p>one\ntwo</p>\n"),
        ("[home](/)", '<p><a href="/" rel="noopener">home</a></p>\n'),
        ("[away](//evil.example)", "<p>[away](//evil.example)</p>\n"),
        ("```nothing we know\n<b>\n```", "<pre><code>&lt;b&gt;\n</code></pre>\n"),
        ("```json\n1\n```", '<pre><code><span class="mi">1</span>\n</code></pre>\n'),
    ],
)
def test_an_article_reads_as_it_was_meant(source: str, html: str) -> None:
    assert render_article(source) == html


def test_a_table_keeps_its_alignment_as_a_class() -> None:
    html = render_article("|a|b|\n|:-:|-:|\n|1|2|")
    assert '<th class="align-center">a</th>' in html
    assert '<td class="align-right">2</td>' in html


def test_a_table_of_too_many_cells_stays_text() -> None:
    row = "|a|b|c|d|\n"
    assert "<table>" in render_article(row + "|-|-|-|-|\n" + row * 200)
    assert "<table>" not in render_article(row + "|-|-|-|-|\n" + row * 300)


@pytest.mark.parametrize(
    ("source", "address", "shown"),
    [
        ("see https://a.example/x_y_z.", "https://a.example/x_y_z", "https://a.example/x_y_z"),
        ("(see https://a.example/x_(y))", "https://a.example/x_(y)", "https://a.example/x_(y)"),
        ("www.a.example, or", "https://www.a.example", "www.a.example"),
        ("HTTP://A.example", "HTTP://A.example", "HTTP://A.example"),
        ("**https://a.example**", "https://a.example", "https://a.example"),
        ("https://a.example/?q=a&b=c", "https://a.example/?q=a&amp;b=c", "https://a.example/?q=a&amp;b=c"),
        ("https://münchen.example", "https://xn--mnchen-3ya.example", "https://münchen.example"),
        ("<https://a.example>", "https://a.example", "https://a.example"),
        ("<who@a.example>", "mailto:who@a.example", "who@a.example"),
        ("[here](https://a.example 'title')", "https://a.example", "here"),
        ("[see https://b.example](https://a.example)", "https://a.example", "see https://b.example"),
        ("![a *cat*](https://a.example/cat.jpg)", "https://a.example/cat.jpg", "a cat"),
        ("![](https://a.example/cat.jpg)", "https://a.example/cat.jpg", "https://a.example/cat.jpg"),
        ("[![cat](https://b.example/cat.jpg)](https://a.example)", "https://a.example", "cat"),
    ],
)
def test_addresses_links_and_pictures_become_one_plain_link(source: str, address: str, shown: str) -> None:
    html = render_comment(source)
    assert html.count("<a ") == 1
    assert f'<a href="{address}" rel="nofollow ugc noopener">{shown}</a>' in html


@pytest.mark.parametrize(
    "source",
    ["xhttps://a.example", "https://", "www.", "www.a", "a.b.c", "who@a.example", "ftp://a.example", "`https://a.b`"],
)
def test_what_is_no_address_stays_text(source: str) -> None:
    assert "<a " not in render_comment(source)


def test_an_address_of_absurd_length_stays_text() -> None:
    assert "<a " not in render_comment("https://a.example/" + "a" * 3000)
    assert "<a " not in render_comment("[here](https://a.example/" + "a" * 3000 + ")")


def test_deep_quotes_and_lists_stop_nesting_and_keep_their_text() -> None:
    for source in ("> " * 5000 + "end", "- " * 30 + "end", "> - " * 2000 + "end"):
        html = render_comment(source)
        assert plain_text(html).endswith("end")
        assert html.count("<blockquote>") + html.count("<ul>") <= 12


def test_a_text_of_too_many_marks_is_shown_as_it_was_typed() -> None:
    assert render_comment("[a](b)\n" * 1000) == "<p>" + "<br>\n".join(["[a](b)"] * 1000) + "</p>\n"


PATHOLOGICAL = {
    name: source[:10_000]
    for name, source in {
        "brackets": "[" * 10_000,
        "closed brackets": "[" * 5000 + "]" * 5000,
        "picture brackets": "![" * 5000,
        "nested links": "[a](b" * 33 + "é" * 9900,
        "links": "[a](b)" * 1666,
        "links of emphasis": "[*a*](b)" * 1250,
        "references": "[a]: b\n" * 1300 + "[a]" * 300,
        "emphasis": "*a_ " * 2500,
        "emphasis at odds": "*a **b " * 1400,
        "stars": "*" * 5000 + "a" + "*" * 5000,
        "strikes": "~~a~~ " * 1666,
        "quotes": "> " * 5000,
        "lazy quotes": "> " * 12 + "\n" + "a\n" * 5000,
        "quoted paragraphs": "> a\n\n" * 2000,
        "lists": "- " * 5000,
        "items": "- a\n" * 2500,
        "numbered": "1) a\n2. b\n" * 1000,
        "backticks": "`a" * 5000,
        "growing backticks": "".join("`" * n + " " for n in range(1, 140)),
        "fences": "```\n```\n" * 1250,
        "table": "|a" * 50 + "\n" + "|-" * 50 + "\n" + "|\n" * 4900,
        "tables": "-|-\n" * 2500,
        "dotted": "a.b." * 2500,
        "punycode": "xn--a." * 1666,
        "www": "www.a." * 1666,
        "addresses": "http://a.b " * 1000,
        "address of brackets": "http://a.b/((" * 800,
        "address of addresses": "https://" * 1250,
        "angle addresses": "<http://a>" * 1000,
        "mail": "<a@b.c>" * 1500,
        "colons": ":" * 10_000,
        "entities": "&amp;" * 2000,
        "escapes": "\\*" * 5000,
        "headings": "# a\n" * 2500,
        "paragraphs": "a\n\n" * 3333,
        "line ends": "\n" * 10_000,
        "tabs": "\t" * 10_000,
        "cdata": "<![CDATA[" * 1111,
    }.items()
}
PROSE = ("It was said, and not for the first time, that nobody reads to the end. Some do.\n\n" * 130)[:10_000]


def cpu(source: str, *, times: int) -> float:
    """CPU seconds of one rendering, the best of some: other work on the machine only adds."""
    spent = []
    for _ in range(times):
        start = time.process_time()
        render_comment(source)
        spent.append(time.process_time() - start)
    return min(spent)


@pytest.mark.parametrize("source", PATHOLOGICAL.values(), ids=PATHOLOGICAL.keys())
def test_no_ten_thousand_characters_cost_more_than_some_pages_of_prose(source: str) -> None:
    assert cpu(source, times=3) < max(25 * cpu(PROSE, times=5), 0.050)


@pytest.mark.parametrize("source", PATHOLOGICAL.values(), ids=PATHOLOGICAL.keys())
def test_no_ten_thousand_characters_take_more_than_eight_mebibytes(source: str) -> None:
    render_comment("warm")
    tracemalloc.start()
    try:
        render_comment(source)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * 2**20


def test_plain_text_is_one_line_without_tags_and_entities() -> None:
    html = render_comment("# Title\none\ntwo & *three*\n\n- four\n- <b>")
    assert plain_text(html) == "Title one two & three four <b>"


def test_a_body_is_normalised_for_storing() -> None:
    assert normalise_body("e\u0301\r\nb\rc\x00\x07\u202e \n\t ") == "é\nb\nc"


def test_joiners_and_other_alphabets_stay_as_they_are() -> None:
    for text in ("👩\u200d👩\u200d👧", "می\u200cخواهم", "שָׁלוֹם", "Tiếng Việt", "  indented"):
        assert normalise_body(text) == unicodedata.normalize("NFC", text)


@given(source=st.text(max_size=300))
@settings(max_examples=300, deadline=None)
def test_normalising_twice_changes_nothing(source: str) -> None:
    try:
        once = normalise_body(source)
    except Invalid:
        return
    assert normalise_body(once) == once


@pytest.mark.parametrize("source", ["", " \n\t ", "\x00", "\u200b\u2060", "\u0301"])
def test_a_body_without_anything_to_read_is_refused(source: str) -> None:
    with pytest.raises(Invalid, match="Write something first") as refused:
        normalise_body(source)
    assert refused.value.field == "body"


@pytest.mark.parametrize(
    ("length", "said"), [(11, "1 character too long"), (14, "4 characters too long"), (99, "89 char")]
)
def test_a_body_that_is_too_long_is_told_by_how_much(length: int, said: str) -> None:
    assert normalise_body("é" * 10, limit=10) == "é" * 10
    with pytest.raises(Invalid, match=said):
        normalise_body("é" * length, limit=10)


def test_a_body_of_decomposed_letters_is_counted_as_it_is_read() -> None:
    assert normalise_body("o\u0302\u0301" * 10, limit=10) == "ố" * 10


def test_towers_of_accents_are_lowered_and_cost_little() -> None:
    assert len(normalise_body("a" + "\u0316\u0301" * 100)) <= 9
    start = time.process_time()
    normalise_body("a" + "\u0301\u0316" * 19_000)
    assert time.process_time() - start < 0.5
