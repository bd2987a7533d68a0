"""`forum demo`: an empty database becomes a newspaper, with a discussion as large as one likes."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from forum.comments.models import Comment
from forum.config import Settings
from forum.database import Db, open_database
from forum.demo.load import LARGEST
from tests.server import Server

MORE = 700


@pytest.fixture
def kind() -> str:
    """The demo is the same on both; what `--comments` writes is tried on both by test_filling.py."""
    return "sqlite"


async def test_it_tells_how_far_it_is_and_leaves_a_site_in_order_alone(settings: Settings, tmp_path: Path) -> None:
    site = Server(settings, 0, tmp_path / "server.log")
    said = site.command("demo", "--comments", str(MORE))
    assert "Loading the demo" in said
    assert f"{MORE}/{MORE}" in said
    assert "Sign in on" in said
    database = open_database(settings)
    assert await database.read(_largest) >= LARGEST + MORE
    await database.close()
    assert site.command("check") == "Every comment is in its place, every count is right.\n"
    with pytest.raises(RuntimeError, match="not empty"):
        site.command("demo", "--comments", str(MORE))


def _largest(db: Db) -> int:
    """How many comments the largest discussion has."""
    counts = select(func.count().label("comments")).select_from(Comment).group_by(Comment.article_id).subquery()
    return int(db.execute(select(func.max(counts.c.comments))).scalar_one())
