"""`forum backup` and `forum restore` beside a real server: taken while it runs, put back while it does not."""

import re
import urllib.request
from pathlib import Path

import pytest

from forum.config import Settings
from forum.database import open_database
from tests.server import Server
from tests.world import World


async def write(settings: Settings, headline: str) -> None:
    """Publish an article with a comment."""
    database = open_database(settings)
    world = World(database)
    await world.post(await world.article(headline), f"Under {headline}.")
    await database.close()


def front(server: Server) -> str:
    """The front page."""
    with urllib.request.urlopen(server.url + "/") as answer:
        return str(answer.read(), "utf-8")


async def test_a_site_is_put_back_to_what_it_was(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "site.tar.gz"
    await write(server.settings, "The bridge")
    said = server.command("backup", str(file))
    assert said == f"{file} is written: 1 article, 1 comment, 2 accounts, 0 files.\n"
    await write(server.settings, "Since then")
    with pytest.raises(RuntimeError, match="The database is in use"):
        server.command("restore", str(file), "--replace")
    assert "Since then" in front(server)
    server.stop()
    with pytest.raises(RuntimeError, match="There is a site in this database already"):
        server.command("restore", str(file))
    said = server.command("restore", str(file), "--replace")
    assert re.match(r"Restored as it was at [0-9-]+ [0-9:]+ UTC: 1 article, 1 comment, 2 accounts, 0 files\.\n", said)
    assert "A recount finds every comment in its place" in said
    server.start()
    page = front(server)
    assert ("The bridge" in page, "Since then" in page) == (True, False)


def test_what_cannot_be_done_is_said_in_a_sentence(server: Server, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"^It did not work: No such file or directory \(.*nowhere.*\)\.$"):
        server.command("backup", str(tmp_path / "nowhere/site.tar.gz"))
    with pytest.raises(RuntimeError, match=r"^It did not work: No such file or directory \(.*nothing\.tar\.gz\)\.$"):
        server.command("restore", str(tmp_path / "nothing.tar.gz"), "--replace")
    (tmp_path / "text.tar.gz").write_text("not an archive")
    with pytest.raises(RuntimeError, match=r"^.*text\.tar\.gz is not a whole backup: it was cut off or damaged\.$"):
        server.command("restore", str(tmp_path / "text.tar.gz"), "--replace")
