"""What each check does where: the narrowest rule holds, that of the article, its primary section, or the site."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, or_, select

from forum.articles.models import Article
from forum.comments.checks.catalogue import CHECKS, Check
from forum.comments.checks.models import CheckRule, Response
from forum.database import Db, run, table_of


@dataclass(frozen=True, slots=True)
class Rule:
    """What follows from a check's finding, and the check's number; 0 where it has none."""

    response: Response
    amount: int = 0


# What runs at every post, built once.
check_rules, articles = table_of(CheckRule), table_of(Article)
_RULES = select(
    check_rules.c.check,
    check_rules.c.response,
    check_rules.c.amount,
    check_rules.c.section_id,
    check_rules.c.article_id,
).where(
    or_(
        check_rules.c.article_id == bindparam("article_id"),
        check_rules.c.section_id
        == select(articles.c.section_id).where(articles.c.id == bindparam("article_id")).scalar_subquery(),
        check_rules.c.article_id.is_(None) & check_rules.c.section_id.is_(None),
    )
)


def rules_for(db: Db, article_id: int) -> dict[str, Rule]:
    """The rules in force under an article, without those that are off: one small query at every post."""
    return in_force(run(db, _RULES, article_id=article_id))


def in_force(rows: Iterable[Row[Any]]) -> dict[str, Rule]:
    """Of the rules that concern an article, for each check the narrowest one; none where that is off."""
    narrowest = {row.check: row for row in sorted(rows, key=_narrowness)}
    rules = {name: rule_of(check, narrowest.get(name)) for name, check in CHECKS.items()}
    return {name: rule for name, rule in rules.items() if rule.response != Response.OFF}


def _narrowness(row: Row[Any]) -> int:
    return 2 if row.article_id is not None else 1 if row.section_id is not None else 0


def rule_of(check: Check, row: Row[Any] | CheckRule | None) -> Rule:
    """A check's rule as it is set somewhere, or by itself where nothing is."""
    amount = row.amount if row and row.amount is not None else check.amount
    return Rule(row.response if row else check.default, amount or 0)
