"""The `forum` command."""

import asyncio
import socket
import sys
from contextlib import suppress
from enum import StrEnum
from gettext import gettext as _
from typing import Annotated

import typer
from rich.progress import MofNCompleteColumn, Progress

from forum.commands_account import account
from forum.commands_backup import backup, restore
from forum.commands_search import search
from forum.comments.recount import find_faults
from forum.comments.rendering import count_sources, render_all
from forum.config import Settings
from forum.current import need_current, need_whole, with_database
from forum.database import Database, open_database
from forum.errors import Refusal
from forum.life import settle_life
from forum.logs import configure_logs
from forum.schema import migrate
from forum.search.faults import find_index_faults
from forum.server import serve_forever
from forum.site.switches import Switch, set_switches
from forum.workers import serve_with_workers

SEVERAL_ON_SQLITE = (
    "SQLite is written by one process alone. Serve with one worker, which is enough for most sites, or set "
    "FORUM_DATABASE_URL to a PostgreSQL database and FORUM_REDIS_URL to the Redis or Valkey that the workers share."
)


class Position(StrEnum):
    """Where a switch stands."""

    ON = "on"
    OFF = "off"


command = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
command.add_typer(account, name="account")
command.add_typer(search, name="search")
command.command()(backup)
command.command()(restore)


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
    workers: Annotated[int, typer.Option(min=1, help="Processes that serve; more than one needs PostgreSQL.")] = 1,
    demo: Annotated[bool, typer.Option(help="Load the demo first if the database is empty.")] = False,
    *,
    listening: Annotated[int | None, typer.Option(hidden=True)] = None,
    parent: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """Serve the site."""
    settings = Settings()
    configure_logs(settings)
    if listening is not None:
        serve_forever(settings, host, port, listening, parent)
        return
    if workers > 1 and settings.database.startswith("sqlite"):
        sys.exit(SEVERAL_ON_SQLITE)
    _need_free_port(host, port)
    need_whole(settings)
    if demo:
        asyncio.run(_prepare_demo(settings, host, port))
    else:
        asyncio.run(need_current(settings))
    if workers > 1:
        serve_with_workers(host, port, workers, shares=bool(settings.redis_url))
    else:
        serve_forever(settings, host, port)


@command.command("migrate")
def migrate_command() -> None:
    """Bring the database to this version's tables."""
    asyncio.run(migrate(Settings()))


@command.command("demo")
def demo_command(
    live: Annotated[bool, typer.Option(help="Let its readers post to a running server, until interrupted.")] = False,
    url: Annotated[str, typer.Option(help="Where that server is.")] = "http://127.0.0.1:8000",
    comments: Annotated[int, typer.Option(min=0, help="So many comments more in its largest discussion.")] = 0,
) -> None:
    """Fill an empty database with a made-up newspaper."""
    settings = Settings()
    if live:
        from forum.demo.lively import post_for_ever

        with suppress(KeyboardInterrupt):
            with_database(lambda database: post_for_ever(database, settings, url))
    else:
        asyncio.run(_prepare_demo(settings, "127.0.0.1", 8000, comments))


@command.command()
def switch(name: Switch, position: Annotated[Position, typer.Argument(metavar="on|off")]) -> None:
    """Set a switch of a running site; it acts within five seconds, without a restart."""
    positions = {name: position is Position.ON}
    with_database(lambda database: database.write(set_switches, admin=None, positions=positions))
    print(_("%(switch)s is %(position)s.") % {"switch": name.value, "position": position.value})


@command.command()
def check() -> None:
    """Count everything again: say what is wrong, and end with 1 if anything is."""
    faults = with_database(lambda database: database.read(lambda db: [*find_faults(db), *find_index_faults(db)]))
    if faults:
        sys.exit("\n".join(faults))
    print(_("Every comment is in its place, every count is right."))


@command.command()
def render(
    even_current: Annotated[bool, typer.Option("--all", help="Those, too, that this version's renderer made.")] = False,
) -> None:
    """Store the HTML of comments that an older version's renderer made; shown anew they are already."""

    async def store(database: Database) -> int:
        count = await database.read(count_sources, even_current=even_current)
        with Progress(*Progress.get_default_columns(), MofNCompleteColumn()) as progress:
            task = progress.add_task(_("Rendering comments"), total=count)
            async for looked_at in render_all(database, even_current=even_current):
                progress.advance(task, looked_at)
        return count

    print(_("%(count)s comments are stored as this version renders them.") % {"count": with_database(store)})


async def _prepare_demo(settings: Settings, host: str, port: int, comments: int = 0) -> None:
    from forum.demo.load import load_demo

    await migrate(settings)
    database = open_database(settings)
    try:
        await settle_life(database, settings)
        password = await load_demo(database, settings, comments)
    finally:
        await database.close()
    if password:
        print(
            _("Sign in on http://%(host)s:%(port)s/sign-in as “admin” with the password %(password)s")
            % {"host": host, "port": port, "password": password}
        )
    elif comments:
        sys.exit(_("The database is not empty: nothing was added to it."))


def _need_free_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            sys.exit(f"Port {port} on {host} cannot be used ({error.strerror}). Choose another with --port.")
