"""Backups: taken under load, restored with a new epoch, refused where they are not whole."""

import asyncio
import gzip
import io
import json
import os
import stat
import tarfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from forum.app import make_app
from forum.articles.models import Article
from forum.backup.archive import DATABASE, MANIFEST, BadArchive
from forum.backup.restoring import restore_backup
from forum.backup.taking import take_backup
from forum.comments.models import Comment
from forum.comments.recount import find_faults
from forum.config import Settings
from forum.database import Db, open_database
from forum.errors import Conflict
from forum.life import settle_life
from forum.site.queries import read_site
from tests.world import World

T = TypeVar("T")
PICTURE = f"{'ab' * 16}-640.webp"
AVATAR = f"avatars/7/{'cd' * 16}-96.webp"


def quiet(_step: str, _done: int, _total: int) -> None:
    """For whoever does not look on."""


async def act(settings: Settings, scene: Callable[[World], Awaitable[T]]) -> T:
    """Let something happen at a site, and let go of its database."""
    database = open_database(settings)
    try:
        await settle_life(database, settings)
        return await scene(World(database))
    finally:
        await database.close()


async def converse(world: World) -> str:
    """An article with a comment, a reply, a held comment, an edit and a vote."""
    slug = await world.article()
    first = await world.post(slug, "Whose idea was it?")
    reply = await world.post(slug, "The **council's**, in März. 🌉", by="omar", parent=first)
    await world.post(slug, "Held back.", by="olga", held=True)
    await world.edit(first, "Whose idea was this?")
    await world.recommend(reply, by="nora")
    return slug


def add_uploads(settings: Settings) -> None:
    """A picture and an avatar."""
    for name, data in {PICTURE: b"a picture", AVATAR: b"an avatar"}.items():
        path = settings.uploads / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def epoch_of(settings: Settings) -> str:
    """The epoch that the site would be served with."""

    async def read(world: World) -> str:
        return (await world.database.read(read_site)).epoch

    return asyncio.run(act(settings, read))


def pages_of(settings: Settings, slug: str) -> list[str]:
    """The front page and an article's, whatever epoch they are of."""
    epoch = epoch_of(settings)
    with TestClient(make_app(settings)) as client:
        answers = [
            client.get(path) for path in ("/", f"/articles/{slug}", f"/articles/{slug}?sort=best", "/accounts/omar")
        ]
    assert [answer.status_code for answer in answers] == [200] * 4
    return [answer.text.replace(epoch, "EPOCH") for answer in answers]


def repack(source: Path, target: Path, change: Callable[[str, bytes], tuple[str, bytes] | None]) -> Path:
    """An archive with some of its files changed, renamed or left out."""
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for member in old.getmembers():
            file = old.extractfile(member)
            assert file is not None
            if changed := change(member.name, file.read()):
                info = tarfile.TarInfo(changed[0])
                info.size = len(changed[1])
                new.addfile(info, io.BytesIO(changed[1]))
    return target


@pytest.fixture
def archive(settings: Settings, tmp_path: Path) -> Path:
    """A backup of a site with a conversation and two uploads."""
    asyncio.run(act(settings, converse))
    add_uploads(settings)
    take_backup(settings, tmp_path / "site.tar.gz", quiet)
    return tmp_path / "site.tar.gz"


async def test_a_backup_taken_while_people_post_is_of_one_moment_and_whole(
    settings: Settings, elsewhere: Settings, world: World, tmp_path: Path
) -> None:
    slugs = [await world.article(f"Article {n}") for n in range(3)]
    under_way, backed_up = asyncio.Event(), asyncio.Event()

    async def post(number: int) -> None:
        last: int | None = None
        while not backed_up.is_set():
            last = await world.post(slugs[number % 3], by=f"writer{number}", parent=last)
            if last >= 50:
                under_way.set()

    for number in range(6):
        await world.account(f"writer{number}")
    writers = [asyncio.create_task(post(number)) for number in range(6)]
    await under_way.wait()
    manifest = await asyncio.to_thread(take_backup, settings, tmp_path / "site.tar.gz", quiet)
    later = await world.database.read(count_comments)
    backed_up.set()
    await asyncio.gather(*writers)

    restored, faults = await asyncio.to_thread(
        restore_backup, elsewhere, tmp_path / "site.tar.gz", replace=False, tell=quiet
    )
    assert faults == []
    assert restored == manifest
    assert 40 <= manifest.rows["comments"] <= later

    async def state(there: World) -> tuple[int, list[str], list[tuple[int, int]]]:
        db = there.database
        return await db.read(count_comments), await db.read(find_faults), await db.read(read_heads)

    comments, faults, heads = await act(elsewhere, state)
    assert (comments, faults) == (manifest.rows["comments"], [])
    assert all(head == highest for head, highest in heads)


def test_a_restored_site_shows_the_same_pages_with_a_new_epoch(
    settings: Settings, elsewhere: Settings, archive: Path
) -> None:
    restore_backup(elsewhere, archive, replace=False, tell=quiet)
    assert pages_of(elsewhere, "the-bridge") == pages_of(settings, "the-bridge")
    assert epoch_of(elsewhere) != epoch_of(settings)
    assert (elsewhere.data_dir / "epoch").read_text().strip() == epoch_of(elsewhere)
    assert (elsewhere.uploads / PICTURE).read_bytes() == b"a picture"
    assert (elsewhere.uploads / AVATAR).read_bytes() == b"an avatar"


def test_people_go_on_writing_at_a_restored_site(elsewhere: Settings, archive: Path) -> None:
    restore_backup(elsewhere, archive, replace=False, tell=quiet)

    async def go_on(world: World) -> list[str]:
        await world.post("the-bridge", by="somebody-new")
        await world.article("Another")
        return await world.database.read(find_faults)

    assert asyncio.run(act(elsewhere, go_on)) == []


def test_a_backup_moves_a_site_to_the_other_kind_of_database(
    kind: str, archive: Path, settings: Settings, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if kind == "postgres":
        other = Settings(data_dir=tmp_path / "other", limits="off")
        restore_backup(other, archive, replace=False, tell=quiet)
        assert pages_of(other, "the-bridge") == pages_of(settings, "the-bridge")
        return
    from tests.postgres import fresh_database

    with fresh_database(request.getfixturevalue("postgres")) as url:
        other = Settings(data_dir=tmp_path / "other", database_url=url, limits="off")
        restore_backup(other, archive, replace=False, tell=quiet)
        assert pages_of(other, "the-bridge") == pages_of(settings, "the-bridge")


def test_a_site_is_only_replaced_when_that_is_asked_for(settings: Settings, archive: Path) -> None:
    asyncio.run(act(settings, lambda world: world.article("Written since")))
    newer = settings.uploads / f"{'ef' * 16}-640.webp"
    newer.write_bytes(b"a newer picture")
    before = epoch_of(settings)
    with pytest.raises(Conflict, match="--replace"):
        restore_backup(settings, archive, replace=False, tell=quiet)
    assert (epoch_of(settings), newer.exists()) == (before, True)
    restore_backup(settings, archive, replace=True, tell=quiet)
    assert epoch_of(settings) != before
    assert not newer.exists()
    with TestClient(make_app(settings)) as client:
        assert "Written since" not in client.get("/").text


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_file_that_cannot_be_read_is_to_be_moved_away_first(settings: Settings, archive: Path) -> None:
    file = settings.data_dir / "forum.sqlite3"
    whole = file.read_bytes()
    for damaged in (whole[:4096] + b"\xaa" * (len(whole) - 4096), b"not a database" * 1000):
        file.write_bytes(damaged)
        with pytest.raises(Conflict, match="Move it away"):
            restore_backup(settings, archive, replace=True, tell=quiet)
        assert file.read_bytes() == damaged
        file.unlink()
        assert restore_backup(settings, archive, replace=False, tell=quiet)[1] == []


async def test_nothing_is_restored_under_a_running_server(settings: Settings, world: World, tmp_path: Path) -> None:
    slug = await world.article()
    await asyncio.to_thread(take_backup, settings, tmp_path / "site.tar.gz", quiet)
    with pytest.raises(Conflict, match="in use"):
        await asyncio.to_thread(restore_backup, settings, tmp_path / "site.tar.gz", replace=True, tell=quiet)
    assert await world.post(slug)


def test_an_archive_that_was_cut_off_anywhere_is_refused_with_nothing_touched(
    elsewhere: Settings, archive: Path
) -> None:
    whole = archive.read_bytes()
    cut = archive.with_name("cut.tar.gz")
    for length in (0, 1, 9, 200, len(whole) // 2, len(whole) - 300, len(whole) - 9, len(whole) - 1):
        cut.write_bytes(whole[:length])
        with pytest.raises(BadArchive):
            restore_backup(elsewhere, cut, replace=False, tell=quiet)
    with tarfile.open(archive) as tar:
        ends = [member.offset for member in tar.getmembers()]
    for end in ends:  # as a disk that was full may leave it: whole files, then no more
        cut.write_bytes(gzip.compress(gzip.decompress(whole)[:end]))
        with pytest.raises(BadArchive):
            restore_backup(elsewhere, cut, replace=False, tell=quiet)
    assert list(elsewhere.data_dir.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    [
        "../../evil.webp",
        "uploads/../../evil.webp",
        "/tmp/evil.webp",
        "uploads/./evil.webp",
        "uploads//evil.webp",
        "uploads/.hidden",
        "uploads/a\\..\\evil.webp",
        "epoch",
        "uploads/x\n",
    ],
)
def test_no_name_in_an_archive_leads_out_of_the_uploads(elsewhere: Settings, archive: Path, name: str) -> None:
    evil = repack(
        archive, archive.with_name("evil.tar.gz"), lambda old, data: (name if old.endswith(PICTURE) else old, data)
    )
    with pytest.raises(BadArchive):
        restore_backup(elsewhere, evil, replace=False, tell=quiet)
    assert list(elsewhere.data_dir.iterdir()) == []


@pytest.mark.parametrize("kind_of_member", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
def test_an_archive_holds_plain_files_only(elsewhere: Settings, archive: Path, kind_of_member: bytes) -> None:
    evil = archive.with_name("evil.tar.gz")
    with tarfile.open(archive) as old, tarfile.open(evil, "w:gz") as new:
        link = tarfile.TarInfo("uploads/link")
        link.type, link.linkname = kind_of_member, "/etc/passwd"
        new.addfile(link)
        for member in old.getmembers():
            new.addfile(member, old.extractfile(member))
    with pytest.raises(BadArchive):
        restore_backup(elsewhere, evil, replace=False, tell=quiet)
    assert list(elsewhere.data_dir.iterdir()) == []


def test_an_archive_whose_files_are_not_those_of_its_manifest_is_refused(elsewhere: Settings, archive: Path) -> None:
    changes: list[Callable[[str, bytes], tuple[str, bytes] | None]] = [
        lambda name, data: (name, data.replace(b"a picture", b"a forgery")),
        lambda name, data: None if name.endswith(PICTURE) else (name, data),
        lambda name, data: None if name == DATABASE else (name, data),
        lambda name, data: (name, b"{}" if name == MANIFEST else data),
        lambda name, data: (name, altered(data, format=2) if name == MANIFEST else data),
        lambda name, data: (name, altered(data, revision="9999") if name == MANIFEST else data),
        lambda name, data: (name, altered(data, rows={}) if name == MANIFEST else data),
    ]
    for change in changes:
        other = repack(archive, archive.with_name("other.tar.gz"), change)
        with pytest.raises(BadArchive):
            restore_backup(elsewhere, other, replace=False, tell=quiet)
    assert list(elsewhere.data_dir.iterdir()) == []


def test_a_backup_can_be_read_by_its_owner_alone_and_leaves_nothing_beside_it(archive: Path) -> None:
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert [path.name for path in archive.parent.iterdir() if "site" in path.name or path.name.startswith(".")] == [
        "site.tar.gz"
    ]


def test_a_backup_that_fails_leaves_the_earlier_one(settings: Settings, archive: Path) -> None:
    before = archive.read_bytes()

    def interrupt(_step: str, _done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with suppress(KeyboardInterrupt):
        take_backup(settings, archive, interrupt)
    assert archive.read_bytes() == before
    assert [name for name in os.listdir(archive.parent) if name.startswith(".")] == []


def altered(manifest: bytes, **changes: object) -> bytes:
    """A manifest with other words."""
    return json.dumps(json.loads(manifest) | changes).encode()


def count_comments(db: Db) -> int:
    """How many comments there are."""
    return db.execute(select(func.count()).select_from(Comment)).scalar_one()


def read_heads(db: Db) -> list[tuple[int, int]]:
    """Each article's version, and the highest that a comment of it is stamped with."""
    query = select(Article.version, func.max(Comment.version)).join(Comment).group_by(Article.id, Article.version)
    return [(row[0], row[1]) for row in db.execute(query)]
