"""All checks run, whatever the others find; all that they find is kept; a check that fails holds the comment."""

from collections.abc import Mapping
from dataclasses import dataclass
from gettext import gettext as _
from traceback import extract_tb

import structlog

from forum.comments.checks.catalogue import CHECKS
from forum.comments.checks.given import Found, Given
from forum.comments.checks.models import Response
from forum.comments.checks.rules import Rule
from forum.comments.checks.sentences import FAILED, finding_sentence, remedy_sentence
from forum.comments.models import State
from forum.errors import Invalid, WouldBeHeld

Approved = Mapping[str, frozenset[str]]
NOTHING: Approved = {}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Judged:
    """What one check found, and what follows from that under the rule in force."""

    check: str
    response: Response
    found: Found


@dataclass(frozen=True, slots=True)
class Verdict:
    """What all checks found in a text."""

    findings: tuple[Judged, ...] = ()

    def decide(self, *, ask: bool = False, approved: Approved = NOTHING) -> State:
        """Whether the text may show: VISIBLE, or HELD until a moderator has looked.

        Raises Invalid where it is refused, saying what to change; with `ask` WouldBeHeld where it would be held.
        `approved` is what a moderator has already let pass in this comment, by check: that holds it no second time.
        """
        if refusing := self._with(Response.REFUSE):
            raise Invalid(_refusal(refusing), "body")
        holding = [one for one in self._with(Response.HOLD) if not _is_approved(one, approved)]
        if holding and ask:
            raise WouldBeHeld(_nudge(holding), "body")
        return State.HELD if holding else State.VISIBLE

    def _with(self, response: Response) -> list[Judged]:
        return [one for one in self.findings if one.response == response]


def judge(given: Given, rules: Mapping[str, Rule]) -> Verdict:
    """Run every check that has a rule."""
    judged = (_judge(name, given, rule) for name, rule in rules.items())
    return Verdict(tuple(one for one in judged if one))


def _judge(name: str, given: Given, rule: Rule) -> Judged | None:
    try:
        found = CHECKS[name].find(given, rule.amount)
    except Exception as error:  # noqa: BLE001 - whatever it is: nothing slips, and nothing vanishes
        # Not the message: it may quote what somebody wrote.
        place = extract_tb(error.__traceback__)[-1]
        log.error("a check failed", check=name, error=type(error).__name__, at=f"{place.filename}:{place.lineno}")
        return Judged(name, Response.HOLD, Found({FAILED: True}, about=frozenset([given.gist])))
    return Judged(name, rule.response, found) if found else None


def _is_approved(one: Judged, approved: Approved) -> bool:
    return one.check in approved and one.found.about <= approved[one.check]


def _refusal(refusing: list[Judged]) -> str:
    parts = [f"{_sentence(one)} {remedy_sentence(one.check, one.found.facts)}" for one in refusing]
    return " ".join([_("This cannot be posted as it is."), *parts, _("Your text is kept.")])


def _nudge(holding: list[Judged]) -> str:
    parts = [_sentence(one) for one in holding]
    return " ".join([_("A moderator would look at this before it shows."), *parts, _("Change it, or post it anyway.")])


def _sentence(one: Judged) -> str:
    return finding_sentence(one.check, one.found.facts)
