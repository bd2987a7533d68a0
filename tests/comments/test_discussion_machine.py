"""The discussion lived through at random: on SQLite, and with fewer steps on PostgreSQL."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from forum.config import Settings
from tests.conftest import migrate_url
from tests.machine import Discussion
from tests.postgres import Postgres, fresh_database, template_database

STEPS = {"deadline": None, "suppress_health_check": list(HealthCheck), "print_blob": True}


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def on_sqlite(machine: type[Discussion], migrated: Path, stack: ExitStack) -> type[Discussion]:
    """The machine with a new SQLite file for each life."""

    def make() -> Settings:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        shutil.copy(migrated, folder)
        return Settings(data_dir=folder, limits="off")

    return type("OnSQLite", (machine,), {"make_settings": staticmethod(make)})


def on_postgres(machine: type[Discussion], server: Postgres, stack: ExitStack) -> type[Discussion]:
    """The machine with a new database for each life."""
    template = template_database(server, "migrated", migrate_url)

    def make() -> Settings:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(fresh_database(server, template))
        return Settings(data_dir=folder, database_url=url, limits="off")

    return type("OnPostgres", (machine,), {"make_settings": staticmethod(make)})


def test_pages_kept_by_messages_equal_pages_fetched_afresh_on_sqlite(migrated_file: Path, stack: ExitStack) -> None:
    machine = on_sqlite(Discussion, migrated_file, stack)
    run_state_machine_as_test(machine, settings=settings(max_examples=12, stateful_step_count=40, **STEPS))  # type: ignore[arg-type]


def test_pages_kept_by_messages_equal_pages_fetched_afresh_on_postgresql(postgres: Postgres, stack: ExitStack) -> None:
    machine = on_postgres(Discussion, postgres, stack)
    run_state_machine_as_test(machine, settings=settings(max_examples=4, stateful_step_count=30, **STEPS))  # type: ignore[arg-type]
