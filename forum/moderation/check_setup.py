"""What the page of the checks shows: what each does here, and what would hold without that."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from forum.articles.models import Article, Publication, Section
from forum.comments.checks.catalogue import CHECKS, Check
from forum.comments.checks.models import CheckRule, Response
from forum.comments.checks.rules import Rule, rule_of
from forum.comments.checks.titles import Title, check_title
from forum.database import Db
from forum.moderation.scopes import Scope


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """A check with what is set here, none where nothing is, and the rule that holds without that."""

    check: Check
    title: Title
    response: Response | None
    amount: int | None
    wider: Rule


@dataclass(frozen=True, slots=True)
class CheckSetup:
    """All checks in one place, and the articles that have rules of their own."""

    scope: Scope
    checks: Sequence[ShownCheck]
    articles: Sequence[Article]


def read_setup(db: Db, scope: Scope) -> CheckSetup:
    """What checks do there."""
    own = {rule.check: rule for rule in db.execute(select(CheckRule).where(scope.owns())).scalars()}
    wider = _wider_rules(db, scope)
    shown = [
        ShownCheck(
            check,
            check_title(name),
            own[name].response if name in own else None,
            own[name].amount if name in own else None,
            rule_of(check, wider.get(name)),
        )
        for name, check in CHECKS.items()
    ]
    with_rules = select(CheckRule.article_id).where(CheckRule.article_id.is_not(None))
    published = select(Article).where(Article.id.in_(with_rules), Article.publication == Publication.PUBLISHED)
    articles = published.order_by(Article.published_at.desc())
    return CheckSetup(scope, shown, db.execute(articles).scalars().all())


def _wider_rules(db: Db, scope: Scope) -> dict[str, CheckRule]:
    """The rules that hold where nothing is set: for an article its section's before the site's."""
    scopes: list[Scope] = []
    if scope.section or scope.article:
        scopes.append(Scope())
    if scope.article:
        scopes.append(Scope(section=db.get_one(Section, scope.article.section_id)))
    rules: dict[str, CheckRule] = {}
    for wider in scopes:
        rules |= {rule.check: rule for rule in db.execute(select(CheckRule).where(wider.owns())).scalars()}
    return rules
