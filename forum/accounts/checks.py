"""What is asked of a new account and of a new password, whether a person's form or the command brings them."""

import asyncio
from dataclasses import dataclass
from typing import Protocol

from forum.accounts.actions import NewAccount
from forum.accounts.emails import check_email
from forum.accounts.handles import check_handle
from forum.accounts.names import check_display_name
from forum.accounts.passwords import judge
from forum.accounts.queries import taken_fields
from forum.database import Database
from forum.findings import Findings, Wrong


class Named(Protocol):
    """Whose password it is: it should hold none of these."""

    @property
    def handle(self) -> str: ...
    @property
    def display_name(self) -> str: ...
    @property
    def email(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A new account as it was typed, where there is no form."""

    handle: str
    display_name: str
    email: str = ""


async def check_new_account(database: Database, asked: Named, password: str, *, reserved: bool = False) -> NewAccount:
    """The account, still without its password's hash. Raises Wrong with all that is wrong at once.

    With `reserved`, the handles that are kept for the site's own accounts pass.
    """
    findings = Findings()
    handle = findings.of(check_handle, asked.handle, reserved=reserved)
    display_name = findings.of(check_display_name, asked.display_name)
    email = findings.of(check_email, asked.email) if asked.email and asked.email.strip() else None
    findings.add(await database.read(taken_fields, handle=handle, email=email))
    await check_password(findings, password, asked)
    if handle is None or display_name is None or findings.errors:
        raise Wrong(findings.errors)
    return NewAccount(handle, display_name, email)


async def check_password(findings: Findings, password: str, person: Named) -> None:
    """Note what is wrong with a new password of that person; judged off the event loop."""
    whose = {"handle": person.handle, "display_name": person.display_name, "email": person.email or ""}
    await asyncio.to_thread(lambda: findings.of(judge, password, **whose))
