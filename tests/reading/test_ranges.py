"""What was seen is kept as ranges: in whatever order it is told, however often, and never as more than so many."""

from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.reading.ranges import LARGEST, MOST_RANGES, Ranges, all_but, bounded, bridged, contains, encode, parse, union

numbers = st.sets(st.integers(0, 60))
pairs = st.tuples(st.integers(0, LARGEST), st.integers(0, 500)).map(lambda pair: (pair[0], min(sum(pair), LARGEST)))
many = st.lists(pairs, max_size=40).map(union)


def of(*sets: set[int]) -> Ranges:
    """The ranges of single numbers."""
    return union(*([(number, number) for number in one] for one in sets))


def numbers_in(ranges: Ranges) -> set[int]:
    return {number for first, last in ranges for number in range(first, last + 1)}


@given(one=numbers, other=numbers)
def test_a_union_holds_what_is_in_either_and_nothing_else(one: set[int], other: set[int]) -> None:
    ranges = of(one, other)
    assert numbers_in(ranges) == one | other
    assert all(contains(ranges, number) == (number in one | other) for number in range(-1, 62))


@given(parts=st.lists(many, min_size=2, max_size=4))
def test_it_does_not_matter_in_which_order_parts_come_or_how_often(parts: list[Ranges]) -> None:
    whole = union(*parts)
    assert {union(*order) for order in permutations(parts)} == {whole}
    assert union(*parts, *parts) == union(whole, whole) == whole
    assert union(parts[0], union(*parts[1:])) == whole


@given(ranges=many)
def test_two_ranges_never_touch_and_ascend(ranges: Ranges) -> None:
    assert all(first <= last for first, last in ranges)
    assert all(one[1] + 1 < other[0] for one, other in pairwise(ranges))


@given(ranges=many)
def test_a_text_stands_for_its_ranges(ranges: Ranges) -> None:
    assert parse(encode(ranges)) == ranges


@given(numbers=st.sets(st.integers(0, 5000), min_size=1), most=st.integers(1, 20))
def test_of_too_many_ranges_the_oldest_are_joined_and_nothing_is_lost(numbers: set[int], most: int) -> None:
    ranges = of(numbers)
    fewer = bounded(ranges, most)
    assert len(fewer) <= most
    assert numbers <= numbers_in(fewer)
    assert bounded(fewer, most) == fewer
    assert len(ranges) <= most or fewer[1:] == ranges[len(ranges) - most + 1 :]


@given(seen=numbers, missing=numbers)
def test_gaps_close_in_which_nothing_is_missing_and_no_others(seen: set[int], missing: set[int]) -> None:
    ranges = bridged(of(seen), missing - seen)
    assert seen <= numbers_in(ranges)
    assert not numbers_in(ranges) & (missing - seen)
    between = [set(range(one[1] + 1, other[0])) for one, other in pairwise(ranges)]
    assert all(gap & missing for gap in between)


@given(missing=numbers, last=st.integers(0, 70))
def test_all_but_some_is_everything_else(missing: set[int], last: int) -> None:
    assert numbers_in(all_but(missing, last)) == set(range(last + 1)) - missing


@pytest.mark.parametrize(
    "text", ["x", "1,", ",1", "1-", "-1", "1--2", "1,,2", "1 2", "٣", "1\n", "9" * 17, "9" * 16, "1," * 5000 + "1"]
)
def test_what_are_no_ranges_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"ranges|id"):
        parse(text)


@given(text=st.text(st.sampled_from("0123456789-,"), max_size=200))
def test_no_text_makes_more_ranges_than_are_kept(text: str) -> None:
    try:
        ranges = parse(text)
    except ValueError:
        return
    assert len(ranges) <= MOST_RANGES
    assert parse(encode(ranges)) == ranges


def test_they_take_few_bytes() -> None:
    ranges = tuple((first, first) for first in range(10**9, 10**9 + 20 * MOST_RANGES, 20))
    assert len(encode(ranges)) < 1000
