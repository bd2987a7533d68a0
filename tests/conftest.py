"""What every test may ask for: a migrated database of each kind, a world to act in, and the app over it."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import pytest
from starlette.testclient import TestClient

from forum.app import make_app
from forum.config import Settings
from forum.database import Database, open_database
from forum.life import settle_life
from forum.schema import migrate
from tests.accounts.site import Site
from tests.append_only import watch_log
from tests.postgres import Postgres, fresh_database, postgres_server, template_database
from tests.server import Server, free_port
from tests.valkey import Valkey, valkey_server
from tests.world import World

KINDS = ("sqlite", "postgres")

# A busy machine is no fault of what is tested.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--soak MINUTES` runs the long tests, and them alone."""
    parser.addoption("--soak", type=float, metavar="MINUTES", help="run only the long tests, for so many minutes each")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long tests out, or all others."""
    soaks = config.getoption("--soak") is not None
    config.hook.pytest_deselected(items=[item for item in items if bool(item.get_closest_marker("soak")) != soaks])
    items[:] = [item for item in items if bool(item.get_closest_marker("soak")) == soaks]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests run on asyncio."""
    return "asyncio"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The PostgreSQL server of this run."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def valkey() -> Iterator[Valkey]:
    """The Valkey server of this run."""
    with valkey_server() as server:
        yield server


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of database: a test that asks for `settings`, `database` or `world` runs on both."""
    return str(request.param)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    folder = tmp_path_factory.mktemp("migrated")
    _migrate(Settings(data_dir=folder, limits="off"))
    return folder / "forum.sqlite3"


@pytest.fixture
def settings(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Settings of a site with an empty, migrated database; rates are not limited."""
    with empty_site(kind, tmp_path, request) as settings:
        yield settings


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    """The opened database."""
    database = open_database(settings)
    await settle_life(database, settings)
    yield database
    await database.close()


@pytest.fixture
async def world(database: Database) -> World:
    """People, an article, and short words for what they do."""
    return World(database)


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    """The whole app, asked as a program would: no browser's headers, no redirects followed."""
    with TestClient(make_app(settings), follow_redirects=False) as client:
        yield client


@pytest.fixture
def site(client: TestClient) -> Site:
    """The same app, as several browsers use it."""
    return Site(client)


@pytest.fixture
def server(settings: Settings, tmp_path: Path) -> Iterator[Server]:
    """The site, served by a process that this test may stop, kill and start."""
    server = Server(settings, free_port(), tmp_path / "server.log")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module", params=KINDS)
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A site that the tests of a module share, served by a process of its own: starting one takes a second or two."""
    folder = tmp_path_factory.mktemp("served")
    with empty_site(request.param, folder, request) as settings:
        server = Server(settings, free_port(), folder / "server.log")
        server.start()
        yield server
        server.stop()


@pytest.fixture
async def served_world(served: Server) -> AsyncIterator[World]:
    """The world of the shared site: articles are the test's own, people are everybody's."""
    database = open_database(served.settings)
    yield World(database)
    await database.close()


@contextmanager
def empty_site(kind: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Settings of a site of that kind with an empty, migrated database."""
    if kind == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), folder)
        yield Settings(data_dir=folder, limits="off")
        return
    server = request.getfixturevalue("postgres")
    template = template_database(server, "migrated", migrate_url)
    with fresh_database(server, template) as url:
        yield Settings(data_dir=folder, database_url=url, limits="off")


def _migrate(settings: Settings) -> None:
    asyncio.run(_make_tables(settings))


async def _make_tables(settings: Settings) -> None:
    await migrate(settings)
    database = open_database(settings)
    await database.write(watch_log)
    await database.close()


def migrate_url(url: str) -> None:
    """Fill a PostgreSQL database with the tables."""
    _migrate(Settings(database_url=url))
