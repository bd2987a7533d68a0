"""Of several rules for a check the narrowest holds; where nobody has set anything, nothing is checked."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.comments.checks.catalogue import CHECKS
from forum.comments.checks.models import Response
from forum.comments.checks.rules import Rule, in_force, rules_for
from tests.world import World

BY_ITSELF = {"watched": Rule(Response.HOLD)}
"""What is on though nobody has set anything: it finds nothing until a moderator watches somebody."""


@dataclass(frozen=True)
class Row:
    """A rule as the database has it."""

    check: str
    response: Response
    amount: int | None = None
    section_id: int | None = None
    article_id: int | None = None


responses = st.none() | st.sampled_from(Response)


@given(responses, responses, responses, st.permutations(range(3)))
def test_the_article_comes_before_the_section_before_the_site(
    site: Response | None, section: Response | None, article: Response | None, order: list[int]
) -> None:
    rows = [Row("links", site, 1)] if site else []
    rows += [Row("links", section, 2, section_id=7)] if section else []
    rows += [Row("links", article, 3, article_id=8)] if article else []
    rows = [rows[place] for place in order if place < len(rows)]
    narrowest = article or section or site
    rule = in_force(rows).get("links")  # type: ignore[arg-type]
    if narrowest in (None, Response.OFF):
        assert rule is None
    else:
        amount = 3 if article else 2 if section else 1
        assert rule == Rule(narrowest, amount)


def test_a_check_has_its_own_number_where_none_is_set_and_an_unknown_check_is_passed_over() -> None:
    rows = [Row("links", Response.HOLD), Row("from another version", Response.REFUSE)]
    assert in_force(rows) == {"links": Rule(Response.HOLD, CHECKS["links"].amount or 0)} | BY_ITSELF  # type: ignore[arg-type]
    assert in_force([]) == BY_ITSELF


def test_who_cannot_change_anything_about_it_is_not_refused() -> None:
    for name, check in CHECKS.items():
        assert (Response.REFUSE in check.responses) == (name not in ("newcomer", "watched", "removals"))


@pytest.mark.anyio
async def test_rules_are_those_of_the_article_its_first_section_and_the_site(world: World) -> None:
    one, other = await world.article("One"), await world.article("Two")
    await world.check("links", "note", 1)
    await world.check("links", "hold", section="news")
    await world.check("length", "off", article=one)
    await world.check("length", "refuse", 500)
    found = {slug: await world.database.read(rules_for, await world.article_id(slug)) for slug in (one, other)}
    assert found[one] == {"links": Rule(Response.HOLD, 3)} | BY_ITSELF
    assert found[other] == {"links": Rule(Response.HOLD, 3), "length": Rule(Response.REFUSE, 500)} | BY_ITSELF
