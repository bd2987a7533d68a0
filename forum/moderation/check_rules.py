"""Admins set what each check does, on the whole site, in a section or under an article."""

from collections.abc import Mapping
from dataclasses import dataclass
from gettext import gettext as _
from typing import Any

from sqlalchemy import delete, select

from forum.accounts.actor import Actor, Standing, standing
from forum.comments.checks.catalogue import CHECKS, Check
from forum.comments.checks.models import CheckRule, Response
from forum.database import Db
from forum.errors import Forbidden, Invalid
from forum.findings import Findings
from forum.moderation.acts import Undoing, log_act
from forum.moderation.models import ActKind
from forum.moderation.scopes import Scope, scope_of
from forum.permissions import Person, can_administer
from forum.site.models import Site


@dataclass(frozen=True, slots=True)
class Setting:
    """What a check is to do somewhere, and its number; None is the check's own."""

    response: Response
    amount: int | None = None


Settings = Mapping[str, Setting | None]
"""By check; None takes what is set there back, so that the wider rule holds."""


def check_settings(typed: Mapping[str, str]) -> dict[str, Setting | None]:
    """The form's fields as settings; a check that it does not name stays as it is. Raises Wrong with all errors."""
    findings = Findings()
    settings = {
        name: findings.of(_check_setting, check, typed[name], typed.get(f"{name}_amount", ""))
        for name, check in CHECKS.items()
        if name in typed
    }
    findings.raise_all()
    return settings


def set_rules(db: Db, *, admin: Actor, settings: Settings, section: str = "", article: str = "") -> None:
    """Set what checks do there; what is already so stays. One entry of the log for all. Raises Forbidden, NotFound."""
    person = admin_standing(db, admin)
    # One admin after the other, so that there is never more than one rule for a check in one place.
    db.execute(select(Site.id).with_for_update())
    scope = scope_of(db, section=section, article=article)
    before = {rule.check: rule for rule in db.execute(select(CheckRule).where(scope.owns())).scalars()}
    changed = [name for name, setting in settings.items() if _setting_of(before.get(name)) != setting]
    if not changed:
        return

    was = {name: _as_json(_setting_of(before.get(name))) for name in changed}
    _put(db, scope, {name: settings[name] for name in changed})
    log_act(
        db,
        ActKind.CHECKS,
        by=person,
        section_id=scope.section_id,
        article_id=scope.article_id,
        detail=" ".join(changed),
        before=was,
        after={name: _as_json(settings[name]) for name in changed},
    )


def undo_rules(db: Db, undoing: Undoing) -> bool:
    """Set those checks as they were set there before. Raises Forbidden for whoever may not set any."""
    need_admin(undoing.by)
    db.execute(select(Site.id).with_for_update())
    scope = Scope.of_ids(db, section_id=undoing.act.section_id, article_id=undoing.act.article_id)
    there = {rule.check: rule for rule in db.execute(select(CheckRule).where(scope.owns())).scalars()}
    if {name: _as_json(_setting_of(there.get(name))) for name in undoing.after} != undoing.after:
        return False
    _put(db, scope, {name: _from_json(facts) for name, facts in undoing.before.items()})
    return True


def need_admin(person: Person) -> None:
    """Raises Forbidden for whoever may not set checks."""
    if not can_administer(person):
        raise Forbidden(_("Only admins can change the checks."))


def admin_standing(db: Db, admin: Actor) -> Standing:
    """Re-read who sets checks, locked against change until the commit. Raises SignInNeeded, Banned or Forbidden."""
    person = standing(db, admin)
    need_admin(person)
    return person


def _put(db: Db, scope: Scope, settings: Settings) -> None:
    db.execute(delete(CheckRule).where(scope.owns(), CheckRule.check.in_(settings)))
    for name, setting in settings.items():
        if setting:
            place = {"section_id": scope.section_id, "article_id": scope.article_id}
            db.add(CheckRule(check=name, response=setting.response, amount=setting.amount, **place))
    db.flush()


def _check_setting(check: Check, response: str, amount: str) -> Setting | None:
    if not response:
        return None
    if response not in check.responses:
        raise Invalid(_("Choose what follows from the list."), check.name)
    return Setting(Response(response), _check_amount(check, amount.strip()))


def _check_amount(check: Check, amount: str) -> int | None:
    if check.amount is None or not amount:
        return None
    if amount.isascii() and amount.isdigit() and len(amount) < 9 and check.least <= int(amount) <= check.most:
        return int(amount)
    sentence = _("Write a number from %(least)d to %(most)d.")
    raise Invalid(sentence % {"least": check.least, "most": check.most}, f"{check.name}_amount")


def _setting_of(rule: CheckRule | None) -> Setting | None:
    return Setting(rule.response, rule.amount) if rule else None


def _as_json(setting: Setting | None) -> dict[str, Any] | None:
    return {"response": setting.response.value, "amount": setting.amount} if setting else None


def _from_json(facts: dict[str, Any] | None) -> Setting | None:
    return Setting(Response(facts["response"]), facts["amount"]) if facts else None
