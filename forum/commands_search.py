"""`forum search rebuild`."""

import sys
from gettext import gettext as _

import typer
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress

from forum.current import with_database
from forum.fulltext.index import ARTICLES
from forum.search.filling import rebuild

search = typer.Typer(no_args_is_help=True, help="What search finds things by.")


@search.callback()
def _of_search() -> None:
    """What search finds things by."""


@search.command("rebuild")
def rebuild_command() -> None:
    """Look through every article and comment, and put right what search finds them by; beside a running server, too."""
    columns = (*Progress.get_default_columns(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as bars:
        tasks = {}

        def tell(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(_("Articles") if name == ARTICLES else _("Comments"))
            bars.update(tasks[name], completed=done, total=total)

        with_database(lambda database: rebuild(database, tell))
    typer.echo(_("Every article and every comment that everybody may read is found by its words."))
