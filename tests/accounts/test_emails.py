"""Which e-mail addresses are sound, and which are the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.accounts.emails import check_email, fold_email
from forum.errors import Invalid

PLAIN = st.from_regex(r"[a-z0-9][a-z0-9_+-]{0,20}@[a-z][a-z0-9]{0,20}\.(org|com|de)", fullmatch=True)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("jane@example.org", "jane@example.org"), (" Jane.Doe@Example.ORG\n", "Jane.Doe@example.org"),
     ("jane+news@example.org", "jane+news@example.org"),
     ("jane@xn--bcher-kva.de", "jane@bücher.de"), ("jane@BÜCHER.de", "jane@bücher.de"),
     ("ame\u0301lie@example.org", "amélie@example.org")],
)  # fmt: skip
def test_an_address_is_kept_in_one_normal_form(typed: str, kept: str) -> None:
    assert check_email(typed) == kept


@pytest.mark.parametrize(
    "text",
    ["", "jane", "jane@", "@example.org", "jane@localhost", "jane@example",
     "Jane <jane@example.org>", "a b@example.org", '"a b"@example.org', "jane@[127.0.0.1]",
     "jane@example..org", "jane@example.org\nBcc: all@example.org", "jane\x00@example.org",
     "jane\u200b@example.org", "jane\ud800@example.org", "a" * 65 + "@example.org",
     "jane@" + "a." * 200 + "org", "@" * 1_000_000],
)  # fmt: skip
def test_what_is_no_address_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Invalid, match=r"jane@example\.org") as refused:
        check_email(text)
    assert refused.value.field == "email"


@given(PLAIN)
def test_the_case_of_an_address_does_not_make_it_another(address: str) -> None:
    assert fold_email(address.upper()) == fold_email(address) == address


@given(PLAIN, PLAIN)
def test_different_addresses_stay_different(one: str, other: str) -> None:
    assert (fold_email(one) == fold_email(other)) == (one == other)


@given(st.text() | st.emails() | st.builds("{}@{}.org".format, st.text(min_size=1), st.text(min_size=1)))
def test_any_text_is_an_address_that_stays_as_it_is_or_is_refused(text: str) -> None:
    try:
        address = check_email(text)
    except Invalid:
        return
    assert check_email(address) == address
    assert fold_email(address) == fold_email(text)
