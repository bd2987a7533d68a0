"""Each check by itself: of a text and some facts it finds one thing, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.comments.body import gist_of, make_body
from forum.comments.checks.addresses import host_of, links_in, places_of
from forum.comments.checks.catalogue import CHECKS
from forum.comments.checks.given import Found, Given, as_read
from forum.comments.checks.marking import excerpt
from forum.comments.checks.sentences import finding_sentence


def of(text: str, **facts: object) -> Given:
    """A text with its links, as `gather` has them."""
    return Given(text=text, gist=gist_of(text) or text, links=links_in(make_body(text).html), **facts)  # type: ignore[arg-type]


def found(check: str, given: Given, amount: int = 0) -> Found | None:
    """What a check finds."""
    return CHECKS[check].find(given, amount)


def marked(text: str, found: Found | None) -> list[str]:
    """The places that are meant."""
    return [text[start:end] for start, end in found.marks] if found else []


@given(st.text(min_size=1, max_size=40), st.integers(1, 40))
def test_a_text_is_long_from_one_character_too_many_on_and_those_are_marked(text: str, most: int) -> None:
    long = found("length", Given(text=text), most)
    assert (long is not None) == (len(text) > most)
    assert marked(text, long) == ([text[most:]] if len(text) > most else [])


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("No links. Not example, nor e.g. this.", 0),
        ("https://example.org and http://example.net/a?b=1", 2),
        ("[here](https://example.org) and [there](https://example.org)", 2),
        ("[here][1] and [there][1]\n\n[1]: https://example.org", 2),
        ("<https://example.org>", 1),
        ("`https://example.org` is code", 0),
        ("mail me@example.org", 0),
        ("[here](http&#58;//example.org)", 1),
    ],
)
def test_links_are_counted_as_readers_would_have_them(text: str, links: int) -> None:
    assert len(of(text).links) == links
    assert (found("links", of(text), links)) is None
    if links:
        assert found("links", of(text), links - 1) is not None


def test_links_are_marked_where_they_stand_in_the_source() -> None:
    text = "Look: [here](https://example.org/a) and https://example.net."
    assert marked(text, found("links", of(text), 1)) == ["https://example.org/a", "https://example.net"]


@pytest.mark.parametrize(
    ("link", "is_listed"),
    [
        ("https://spam.example/", True),
        ("http://WWW.Spam.Example:8080/path?x", True),
        ("https://good.example@spam.example/", True),
        ("https://spam.example.", True),
        ("https://notspam.example/", False),
        ("https://spam.example.org/", False),
        ("https://example/spam.example", False),
        ("https://münchen.example/", True),
        ("https://xn--mnchen-3ya.example/", True),
        ("https://%73pam.example/", True),
        ("https://s%EF%BD%90am%2Eexample/", True),
        ("https://sp%C2%ADam.example/", True),
    ],
)
def test_a_listed_site_is_found_with_all_beneath_it_and_nothing_beside_it(link: str, is_listed: bool) -> None:
    text = f"See {link} now"
    listed = Given(text=text, links=(link,), lists={"hosts": "spam.example\nMünchen.example"})
    assert (found("hosts", listed) is not None) == is_listed


@given(st.text(max_size=80), st.text(max_size=20))
def test_places_of_an_address_are_where_it_stands(text: str, rest: str) -> None:
    link = f"https://example.org/{rest}"
    for start, end in places_of(text + link, link):
        assert (text + link)[start:end] in link
    assert host_of(link) in ("example.org", "")


def test_listed_words_are_marked_as_they_are_written_and_named_once() -> None:
    text = "Drat it. DRAT! And poppycock, d r a t."
    found_words = found("suspect", Given(text=text, lists={"suspect": "drat\npoppycock", "banned": "it"}))
    assert found_words is not None
    assert marked(text, found_words) == ["Drat", "DRAT", "poppycock", "d r a t"]
    assert found_words.about == {"drat", "poppycock"}
    assert "“Drat”, “DRAT”, “poppycock”" in finding_sentence("suspect", found_words.facts)
    assert found("suspect", Given(text="Nothing of the kind.", lists={"suspect": "drat"})) is None


@pytest.mark.parametrize(
    "text",
    [
        "dr**at**",
        "d~~r~~at",
        "dr[at](https://example.org)",
        "dr[](https://example.org)at",
        "dr`at`",
        "d&#114;at",
        "dr&shy;at",
        "dr&ZeroWidthSpace;at",
        "dr&#x0061;t",
        "hot&nbsp;air",
        "hot\n\n[1]: https://example.org\n\nair",
    ],
)
def test_listed_words_are_found_as_readers_read_them_whatever_the_source_is(text: str) -> None:
    read = as_read(text, make_body(text).plain)
    found_words = found("suspect", Given(text=text, read_as=read, lists={"suspect": "drat\nhot air"}))
    assert found_words is not None
    assert found_words.about <= {"drat", "hot air"}
    assert found_words.facts["words"] in (["drat"], ["dr\u00adat"], ["dr\u200bat"], ["hot air"])


def test_a_text_without_markup_is_looked_through_once() -> None:
    plain = "Two lines\nand  another.\n\nAnd <this> & that."
    assert as_read(plain, make_body(plain).plain) == ""


@pytest.mark.parametrize(
    ("one", "other", "say_the_same"),
    [
        ("The bridge was never painted.", "the BRIDGE, was never   painted!!!", True),
        ("The bridge was never painted.", "𝐓𝐡𝐞 bridge was never ｐａｉｎｔｅｄ", True),
        ("The bridge was never painted.", "The bridge was always painted.", False),
        ("Thank you", "Thank you", False),
    ],
)
def test_texts_say_the_same_whatever_their_case_space_and_marks(one: str, other: str, say_the_same: bool) -> None:
    assert bool(gist_of(one) and gist_of(one) == gist_of(other)) == say_the_same


@pytest.mark.parametrize(
    ("check", "facts", "amount", "is_found"),
    [
        ("repeated", {"same": 1}, 1, True),
        ("repeated", {"same": 1}, 2, False),
        ("newcomer", {"shown": 2}, 3, True),
        ("newcomer", {"shown": 3}, 3, False),
        ("newcomer", {"shown": 0, "is_staff": True}, 3, False),
        ("watched", {"is_watched": True}, 0, True),
        ("watched", {}, 0, False),
        ("removals", {"removed": 3, "recent": 10}, 30, True),
        ("removals", {"removed": 2, "recent": 10}, 30, False),
        ("removals", {"removed": 3, "recent": 3}, 30, False),
        ("removals", {"removed": 9, "recent": 10, "is_staff": True}, 30, False),
        ("speed", {"in_ten_minutes": 5}, 5, True),
        ("speed", {"in_ten_minutes": 4}, 5, False),
        ("speed", {"in_ten_minutes": 9, "is_edit": True}, 5, False),
        ("speed", {"in_ten_minutes": 9, "is_staff": True}, 5, False),
    ],
)
def test_an_account_is_judged_by_its_facts(check: str, facts: dict[str, int], amount: int, is_found: bool) -> None:
    assert (found(check, of("A text.", **facts), amount) is not None) == is_found


@given(
    st.text(max_size=600),
    st.lists(st.tuples(st.integers(-5, 700), st.integers(-5, 700)), max_size=12),
)
def test_an_excerpt_is_made_of_the_text_and_marks_what_is_meant(text: str, marks: list[tuple[int, int]]) -> None:
    meant = {index for start, end in marks for index in range(max(start, 0), min(end, len(text)))}
    pieces = excerpt(text, marks)
    assert bool(pieces) == bool(meant)
    for piece in pieces:
        assert piece.text
        assert piece.text.strip("…") in text
    assert "".join(piece.text for piece in pieces if piece.marked) == _first_marked(text, marks)


def _first_marked(text: str, marks: list[tuple[int, int]]) -> str:
    """What is marked, of the first eight places the first 200 characters."""
    flags = [any(start <= index < end for start, end in marks) for index in range(len(text))]
    places: list[list[int]] = []
    for index, flag in enumerate(flags):
        inside = index > 0 and flags[index - 1]
        if flag and inside:
            places[-1].append(index)
        elif flag:
            places.append([index])
    return "".join(text[index] for place in places[:8] for index in place[:200])


def test_a_short_text_is_shown_whole() -> None:
    assert [piece.text for piece in excerpt("So drat it.", [[3, 7]])] == ["So ", "drat", " it."]


@pytest.mark.parametrize("check", CHECKS)
def test_every_finding_has_a_sentence_without_a_gap(check: str) -> None:
    for facts in ({"count": 1, "of": 9, "words": ["50 %"]}, {"count": 3, "of": 9, "words": ["%s", "b"]}, {}):
        sentence = finding_sentence(check, facts)
        assert sentence.endswith(".")
        assert "%(" not in sentence
