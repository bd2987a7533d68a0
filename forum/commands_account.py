"""`forum account …`: make accounts, promote, ban."""

import secrets
import sys
from dataclasses import replace
from gettext import gettext as _
from typing import Annotated

import typer

from forum.accounts.actions import create_account, make_reset_link, promote
from forum.accounts.checks import Asked, check_new_account
from forum.accounts.handles import check_handle
from forum.accounts.passwords import Passwords
from forum.config import Settings
from forum.current import with_database
from forum.database import Database
from forum.moderation.bans import Ban, Remove, ban_account, lift_ban
from forum.moderation.sanctions import parse_until
from forum.moderation.sweeps import finish_act
from forum.permissions import Role

account = typer.Typer(no_args_is_help=True, help="Make accounts, promote, ban.")


@account.command("create")
def account_create(
    handle: str, email: str = "", role: Role = Role.READER, display_name: Annotated[str, typer.Option()] = ""
) -> None:
    """Make an account. The password is read from standard input; where none comes, one is made and printed."""
    typed = "" if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    password = typed or secrets.token_urlsafe(12)

    async def create(database: Database) -> None:
        asked = Asked(handle, display_name or handle, email)
        new = await check_new_account(database, asked, password, reserved=True)
        hashed = await Passwords().hash(password)
        await database.write(create_account, replace(new, password_hash=hashed, role=role))

    with_database(create)
    typer.echo(f"Account {handle} is made." + ("" if typed else f" Password: {password}"))


@account.command("promote")
def account_promote(handle: str, role: Role) -> None:
    """Give an account another role."""
    folded = check_handle(handle, reserved=True).folded
    with_database(lambda database: database.write(promote, handle_folded=folded, role=role))


@account.command("reset-link")
def account_reset_link(handle: str) -> None:
    """Print a link that sets a new password: one use, one hour."""
    folded = check_handle(handle, reserved=True).folded
    token = with_database(lambda database: database.write(make_reset_link, handle_folded=folded))
    typer.echo(f"{Settings().site_url or 'http://127.0.0.1:8000'}/reset/{token}")


@account.command("ban")
def account_ban(
    handle: str,
    reason: Annotated[str, typer.Option(help="Why; the banned person reads it.")],
    until: Annotated[str, typer.Option(help="A date such as 2030-01-31, or a number of days; nothing: for good.")] = "",
    remove: Annotated[Remove, typer.Option(help="Which comments of the account go.")] = "none",
) -> None:
    """Shut an account out, on open pages too, beside a running server or without one."""

    async def ban(database: Database) -> None:
        terms = Ban(reason, parse_until(until), remove)
        act_id = await database.write(ban_account, moderator=None, handle=handle, ban=terms)
        if act_id is not None:
            await finish_act(database, act_id)

    with_database(ban)
    typer.echo(_("Account %(handle)s is banned.") % {"handle": handle})


@account.command("lift")
def account_lift(handle: str) -> None:
    """Let a banned account in again."""
    lifted = with_database(lambda database: database.write(lift_ban, moderator=None, handle=handle))
    words = _("Account %(handle)s may sign in again.") if lifted else _("Account %(handle)s was not banned.")
    typer.echo(words % {"handle": handle})
