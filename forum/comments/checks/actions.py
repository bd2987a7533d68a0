"""Checking a text inside the transaction that stores it, and keeping what was found."""

from sqlalchemy import delete, insert, select

from forum.accounts.actor import Standing
from forum.comments.body import Body
from forum.comments.checks.facts import gather
from forum.comments.checks.models import Finding, Response
from forum.comments.checks.rules import rules_for
from forum.comments.checks.sentences import FAILED
from forum.comments.checks.verdict import Verdict, judge
from forum.database import Db, table_of
from forum.events import CheckFailed, record

findings = table_of(Finding)
_INSERT = insert(findings)


def check_text(db: Db, body: Body, *, article_id: int, author: Standing, comment_id: int | None = None) -> Verdict:
    """What all checks that are on under this article find in a text; `comment_id` is the comment that it changes."""
    rules = rules_for(db, article_id)
    if author.watched_at is None:
        rules.pop("watched", None)
    if not rules:
        return Verdict()
    return judge(gather(db, body, author, comment_id=comment_id), rules)


def keep_findings(db: Db, comment_id: int, verdict: Verdict) -> None:
    """Store what was found in a comment."""
    for one in verdict.findings:
        if one.found.facts.get(FAILED):
            record(db, CheckFailed(one.check))
    rows = [
        {
            "comment_id": comment_id,
            "check": one.check,
            "response": one.response,
            "facts": {**one.found.facts, "about": sorted(one.found.about)},
            "marks": [list(mark) for mark in one.found.marks],
        }
        for one in verdict.findings
    ]
    if rows:
        db.connection().execute(_INSERT, rows)


def replace_findings(db: Db, comment_id: int, verdict: Verdict) -> None:
    """Store what was found in a comment's new text, in the place of what was found in the one before."""
    db.execute(delete(Finding).where(Finding.comment_id == comment_id))
    keep_findings(db, comment_id, verdict)


def approved_in(db: Db, comment_id: int) -> dict[str, frozenset[str]]:
    """What was found in a visible comment and would have held it, by check: a moderator has let it pass."""
    query = select(Finding.check, Finding.facts).where(
        Finding.comment_id == comment_id, Finding.response == Response.HOLD
    )
    return {check: frozenset(facts.get("about", ())) for check, facts in db.execute(query)}
