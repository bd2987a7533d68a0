"""Rules and lists are tried before they are set: what they would have found in the comments of the last 30 days."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from time import monotonic
from typing import Any

from sqlalchemy import select

from forum.comments.checks.addresses import links_in
from forum.comments.checks.catalogue import CHECKS, Check
from forum.comments.checks.given import Given, as_read
from forum.comments.checks.models import CheckRule, Response
from forum.comments.checks.rules import Rule
from forum.database import Database, Db
from forum.markup import plain_text
from forum.moderation.check_rules import Settings
from forum.moderation.check_setup import read_setup
from forum.moderation.scopes import Scope, scope_of
from forum.moderation.tried_comments import TriedComment, newest_ids, tried_comments
from forum.moderation.word_lists import read_lists

BATCH = 250
"""Comments that are read, and judged in a thread, at a time: other requests get in between."""
SECONDS = 10.0
"""For all of it; then what has been looked at by then is told."""

Lists = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Trial:
    """A check as it is and as it would be, with the lists of both; `elsewhere` are places with rules of their own."""

    check: str
    now: Rule
    then: Rule
    lists_now: Lists
    lists_then: Lists
    elsewhere: frozenset[tuple[str, int]] = frozenset()


@dataclass(slots=True)
class Hits:
    """What a check would have found, and finds as it is; of the first, what moderators approved and removed."""

    response: Response
    then: int = 0
    now: int = 0
    approved: int = 0
    removed: int = 0


@dataclass(slots=True)
class Tried:
    """How many comments were looked at, the oldest of which is of `since`, and what each check would have found."""

    hits: dict[str, Hits]
    looked_at: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is tried, on which comments."""

    trials: Sequence[Trial] = ()
    ids: Sequence[int] = field(default_factory=list)


def plan_rules(db: Db, *, settings: Settings, section: str = "", article: str = "") -> Plan:
    """Try other rules in one place: those that would change anything. Raises NotFound."""
    scope, lists = scope_of(db, section=section, article=article), read_lists(db)
    trials = []
    for shown in read_setup(db, scope).checks:
        name, setting = shown.check.name, settings.get(shown.check.name)
        own = _rule(shown.check, shown.response, shown.amount) if shown.response else shown.wider
        wanted = _rule(shown.check, setting.response, setting.amount) if setting else shown.wider
        if name in settings and wanted != own:
            trials.append(Trial(name, own, wanted, lists, lists, _elsewhere(db, name, scope)))
    return Plan(trials, newest_ids(db, scope) if trials else [])


def plan_words(db: Db, *, name: str, entries: str) -> Plan:
    """Try other lines of a list, whatever follows from a find."""
    lists, rule = read_lists(db), Rule(Response.NOTE)
    if lists[name] == entries:
        return Plan()
    return Plan([Trial(name, rule, rule, lists, lists | {name: entries})], newest_ids(db, Scope()))


async def try_out(database: Database, plan: Plan) -> Tried:
    """Look at the comments, the newest first, a batch at a time, until all or the time is over."""
    tried = Tried({trial.check: Hits(trial.then.response) for trial in plan.trials})
    with_history = any(CHECKS[trial.check].by_history for trial in plan.trials)
    end = monotonic() + SECONDS
    for start in range(0, len(plan.ids), BATCH):
        ids = plan.ids[start : start + BATCH]
        comments = await database.read(tried_comments, ids, with_history=with_history)
        await asyncio.to_thread(_look, comments, plan.trials, tried)
        if monotonic() > end:
            break
    return tried


def as_json(tried: Tried) -> dict[str, Any]:
    """What came of it, for a program."""
    since = tried.since.isoformat() if tried.since else None
    return {
        "looked_at": tried.looked_at,
        "since": since,
        "checks": {name: asdict(hits) for name, hits in tried.hits.items()},
    }


def _look(comments: Sequence[TriedComment], trials: Sequence[Trial], tried: Tried) -> None:
    for comment in comments:
        tried.looked_at += 1
        tried.since, given = comment.created_at, _given(comment)
        places = {("section", comment.section_id), ("article", comment.article_id)}
        for trial in trials:
            if trial.elsewhere.isdisjoint(places):
                _count(comment, given, trial, tried.hits[trial.check])


def _count(comment: TriedComment, given: Given, trial: Trial, hits: Hits) -> None:
    hits.now += _finds(replace(given, lists=trial.lists_now), trial.check, trial.now)
    if _finds(replace(given, lists=trial.lists_then), trial.check, trial.then):
        hits.then += 1
        hits.approved += comment.approved
        hits.removed += comment.removed


def _given(comment: TriedComment) -> Given:
    """What checks would have been given of it."""
    return Given(
        text=comment.body,
        read_as=as_read(comment.body, plain_text(comment.html)),
        gist=comment.gist or comment.body,
        links=links_in(comment.html),
        lists={},
        is_edit=False,
        is_staff=comment.is_staff,
        is_watched=comment.is_watched,
        **comment.history,
    )


def _finds(given: Given, check: str, rule: Rule) -> bool:
    if rule.response == Response.OFF:
        return False
    try:
        return CHECKS[check].find(given, rule.amount) is not None
    except Exception:  # noqa: BLE001 - a check that fails holds the comment (verdict.py says so in the log)
        return True


def _rule(check: Check, response: Response, amount: int | None) -> Rule:
    return Rule(response, (check.amount or 0) if amount is None else amount)


def _elsewhere(db: Db, check: str, scope: Scope) -> frozenset[tuple[str, int]]:
    """The sections and articles within this place that have a rule of their own for the check: it is not about them."""
    if scope.article_id:
        return frozenset()
    query = select(CheckRule.section_id, CheckRule.article_id).where(CheckRule.check == check)
    rules = db.execute(query).all()
    places = {("article", row.article_id) for row in rules if row.article_id}
    if not scope.section_id:
        places |= {("section", row.section_id) for row in rules if row.section_id}
    return frozenset(places)
