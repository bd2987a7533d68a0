"""The `forum` command."""

import asyncio
import secrets
import socket
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from gettext import gettext as _
from typing import Annotated, TypeVar

import typer

from forum.accounts.actions import NewAccount, create_account, make_reset_link, promote
from forum.accounts.emails import check_email
from forum.accounts.handles import check_handle
from forum.accounts.passwords import Passwords
from forum.comments.recount import find_faults
from forum.config import Settings
from forum.database import Database, open_database
from forum.errors import Refusal
from forum.life import settle_life
from forum.moderation.bans import Ban, Remove, ban_account, lift_ban, parse_until
from forum.moderation.sweeps import finish_act
from forum.permissions import Role
from forum.schema import is_current, migrate
from forum.server import serve_forever

T = TypeVar("T")
NOT_CURRENT = "The database is not up to date. Run `forum migrate` first."
command = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
account = typer.Typer(no_args_is_help=True, help="Make accounts, promote, ban.")
command.add_typer(account, name="account")


def main() -> None:
    """Run the command; a refusal is one sentence and exit code 1."""
    try:
        command()
    except Refusal as refusal:
        sys.exit(refusal.message)


@command.command()
def serve(
    host: str = "127.0.0.1",
    port: int = 8000,
    demo: Annotated[bool, typer.Option(help="Load the demo first if the database is empty.")] = False,
) -> None:
    """Serve the site."""
    settings = Settings()
    _need_free_port(host, port)
    if demo:
        asyncio.run(_prepare_demo(settings, host, port))
    elif not asyncio.run(is_current(settings)):
        sys.exit(NOT_CURRENT)
    serve_forever(settings, host, port)


@command.command("migrate")
def migrate_command() -> None:
    """Bring the database to this version's tables."""
    asyncio.run(migrate(Settings()))


@command.command("demo")
def demo_command(
    live: Annotated[bool, typer.Option(help="Let its readers post to a running server, until interrupted.")] = False,
    url: Annotated[str, typer.Option(help="Where that server is.")] = "http://127.0.0.1:8000",
) -> None:
    """Fill an empty database with a made-up newspaper."""
    settings = Settings()
    if live:
        from forum.demo.lively import post_for_ever

        with suppress(KeyboardInterrupt):
            _with_database(lambda database: post_for_ever(database, settings, url))
    else:
        asyncio.run(_prepare_demo(settings, "127.0.0.1", 8000))


@command.command()
def check() -> None:
    """Count everything again: say what is wrong, and end with 1 if anything is."""
    faults = _with_database(lambda database: database.read(find_faults))
    if faults:
        sys.exit("\n".join(faults))
    print(_("Every comment is in its place, every count is right."))


@account.command("create")
def account_create(
    handle: str, email: str = "", role: Role = Role.READER, display_name: Annotated[str, typer.Option()] = ""
) -> None:
    """Make an account. The password is read from standard input; where none comes, one is made and printed."""
    typed = "" if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    password = typed or secrets.token_urlsafe(12)

    async def create(database: Database) -> None:
        hashed = await Passwords().hash(password)
        new = NewAccount(
            check_handle(handle, reserved=True),
            display_name or handle,
            check_email(email) if email else None,
            hashed,
            role,
        )
        await database.write(create_account, new)

    _with_database(create)
    print(f"Account {handle} is made." + ("" if typed else f" Password: {password}"))


@account.command("promote")
def account_promote(handle: str, role: Role) -> None:
    """Give an account another role."""
    folded = check_handle(handle, reserved=True).folded
    _with_database(lambda database: database.write(promote, handle_folded=folded, role=role))


@account.command("reset-link")
def account_reset_link(handle: str) -> None:
    """Print a link that sets a new password: one use, one hour."""
    folded = check_handle(handle, reserved=True).folded
    token = _with_database(lambda database: database.write(make_reset_link, handle_folded=folded))
    print(f"{Settings().site_url or 'http://127.0.0.1:8000'}/reset/{token}")


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

    _with_database(ban)
    print(_("Account %(handle)s is banned.") % {"handle": handle})


@account.command("lift")
def account_lift(handle: str) -> None:
    """Let a banned account in again."""
    lifted = _with_database(lambda database: database.write(lift_ban, moderator=None, handle=handle))
    words = _("Account %(handle)s may sign in again.") if lifted else _("Account %(handle)s was not banned.")
    print(words % {"handle": handle})


def _with_database(work: Callable[[Database], Awaitable[T]]) -> T:
    """Run `work` with the database, beside a running server or without one."""

    async def run() -> T:
        if not await is_current(Settings()):
            sys.exit(NOT_CURRENT)
        database = open_database(Settings())
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())


async def _prepare_demo(settings: Settings, host: str, port: int) -> None:
    from forum.demo.load import load_demo

    await migrate(settings)
    database = open_database(settings)
    try:
        await settle_life(database, settings)
        password = await load_demo(database, settings)
    finally:
        await database.close()
    if password:
        print(
            _("Sign in on http://%(host)s:%(port)s/sign-in as “admin” with the password %(password)s")
            % {"host": host, "port": port, "password": password}
        )


def _need_free_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            sys.exit(f"Port {port} on {host} cannot be used ({error.strerror}). Choose another with --port.")
