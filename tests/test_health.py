"""/readyz says whether the process may take traffic, and in a sentence why not."""

import shutil
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from forum import descriptors
from forum.config import Settings
from forum.database import Db
from tests.accounts.site import Site


class Disk(NamedTuple):
    """What the system says of a disk."""

    total: int
    used: int
    free: int


def run(db: Db, statement: str) -> None:
    """Change the tables as no action would."""
    db.execute(text(statement))


def test_a_process_that_may_take_traffic_is_ready(client: TestClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (200, "ready\n")


def test_one_that_stops_is_not(client: TestClient) -> None:
    Site(client).state.stopping = True
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "Not ready: the process is stopping.\n")
    assert client.get("/healthz").status_code == 200


def test_a_database_without_this_programs_migrations_is_named(client: TestClient) -> None:
    site = Site(client)
    site.do(site.database.write, run, "UPDATE alembic_version SET version_num = '0001'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.text.startswith("Not ready: the database is at 0001 and not at ")
    assert "forum migrate" in answer.text


def test_a_database_that_a_later_version_has_migrated_serves_this_one_too(client: TestClient) -> None:
    site = Site(client)
    site.do(site.database.write, run, "UPDATE alembic_version SET version_num = '9999'")
    assert client.get("/readyz").status_code == 200


def test_a_database_that_does_not_answer_is_named(client: TestClient) -> None:
    site = Site(client)
    site.do(site.database.write, run, "ALTER TABLE alembic_version RENAME TO elsewhere")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.text.startswith("Not ready: the database does not answer (")


def test_a_full_disk_is_named_where_the_database_is_on_it(
    client: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Disk(2**30, 2**30 - 2**20, 2**20))
    answer = client.get("/readyz")
    if settings.on_sqlite:
        assert (answer.status_code, "(1 MB are free)" in answer.text) == (503, True)
    else:
        assert answer.status_code == 200


def test_too_few_descriptors_for_the_sockets_expected_are_warned_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    warned: list[Any] = []
    note: Callable[..., None] = lambda *_words, **told: warned.append(told)  # noqa: E731
    monkeypatch.setattr(descriptors.log, "warning", note, raising=False)
    limit = descriptors.raise_limit(sockets=10)
    assert warned == []
    assert descriptors.raise_limit(sockets=limit) == limit
    assert warned == [{"descriptors": limit, "sockets": limit}]
