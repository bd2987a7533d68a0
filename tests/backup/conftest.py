"""Another place to restore to, of the same kind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from forum.config import Settings
from tests.postgres import fresh_database


@pytest.fixture
def elsewhere(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """A place where nothing is yet: no data folder, a database without tables."""
    folder = tmp_path / "elsewhere"
    if kind == "sqlite":
        yield Settings(data_dir=folder, limits="off")
        return
    with fresh_database(request.getfixturevalue("postgres")) as url:
        yield Settings(data_dir=folder, database_url=url, limits="off")
