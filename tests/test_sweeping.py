"""What is not to be kept for ever goes, and nothing else."""

import os
from datetime import timedelta
from pathlib import Path
from time import time

import pytest
from sqlalchemy import select, update

from forum.accounts.actions import change_avatar, make_reset_link
from forum.accounts.models import Account, ResetLink, Session
from forum.app import make_app
from forum.articles.models import Article
from forum.comments.draft import keep_draft
from forum.comments.models import KeptDraft
from forum.config import Settings
from forum.database import Db, now
from forum.site.actions import describe_site
from forum.sweeping import sweep
from tests.waiting import until
from tests.world import World

pytestmark = pytest.mark.anyio
DAY = 86400
SHOWN, UNSAVED = "a" * 32, "b" * 32


async def test_an_address_is_kept_for_as_many_days_as_the_settings_say(world: World, settings: Settings) -> None:
    for handle in ("nora", "otto"):
        await world.sign_in(handle)
    await world.database.write(used, {"nora": timedelta(days=29), "otto": timedelta(days=31)})
    await sweep(world.database, settings)
    assert await world.database.read(addresses) == {"nora": "192.0.2.1", "otto": ""}
    await sweep(world.database, settings.model_copy(update={"address_days": 7}))
    assert await world.database.read(addresses) == {"nora": "", "otto": ""}


async def test_what_has_expired_is_deleted_and_what_has_not_stays(world: World, settings: Settings) -> None:
    for handle in ("nora", "otto"):
        await world.sign_in(handle)
        await world.database.write(make_reset_link, handle_folded=handle)
        await world.database.write(keep_draft, body=handle, parent_id=None, key=None)
    assert await world.database.read(counts) == [2, 2, 2]
    await world.database.write(expire_one_of_each)
    await sweep(world.database, settings)
    assert await world.database.read(counts) == [1, 1, 1]


async def test_a_picture_that_nothing_shows_goes_after_a_day_with_what_was_never_finished(
    world: World, settings: Settings
) -> None:
    nora, slug = await world.account("nora"), await world.article()
    await world.database.write(show_picture, slug)
    await world.database.write(describe_site, {"logo": f"{'c' * 32}-640.webp"})
    await world.database.write(change_avatar, actor=nora, avatar=f"{nora.account_id}-{SHOWN}")
    own, others = f"avatars/{nora.account_id}", f"avatars/{nora.account_id + 1}"
    stay = {f"{SHOWN}-480.webp", f"{SHOWN}-960.webp", f"{'c' * 32}-640.webp", f"{own}/{SHOWN}-96.webp", "notes.txt"}
    go = {f"{UNSAVED}-480.webp", f"{own}/{UNSAVED}-96.webp", f"{others}/{SHOWN}-96.webp", ".0123456789abcdef"}
    for name in stay | go:
        lay(settings.uploads / name, age=DAY + 60)
    lay(settings.uploads / f"{'d' * 32}-480.webp", age=DAY - 60)
    await sweep(world.database, settings)
    left = {path.relative_to(settings.uploads).as_posix() for path in settings.uploads.rglob("*") if path.is_file()}
    assert left == stay | {f"{'d' * 32}-480.webp"}


async def test_a_site_that_runs_sweeps_by_itself_again_and_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forum.sweeping.FIRST", 0)
    monkeypatch.setattr("forum.sweeping.EVERY", 0.01)
    app = make_app(settings)
    async with app.router.lifespan_context(app):
        for _time in range(2):
            lay(settings.uploads / f"{UNSAVED}-480.webp", age=DAY + 60)
            await until(lambda: not list(settings.uploads.iterdir()))


async def test_a_site_without_uploads_is_swept_too(world: World, settings: Settings) -> None:
    assert not settings.uploads.exists()
    await sweep(world.database, settings)


def lay(path: Path, *, age: int) -> None:
    """A file that was written so many seconds ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"RIFF")
    os.utime(path, (time() - age, time() - age))


def show_picture(db: Db, slug: str) -> None:
    db.execute(update(Article).where(Article.slug == slug).values(image=SHOWN, image_width=960, image_height=540))


def used(db: Db, ages: dict[str, timedelta]) -> None:
    """Note that these people used the site from an address that long ago, and are still signed in."""
    for handle, age in ages.items():
        account = select(Account.id).where(Account.handle == handle).scalar_subquery()
        values = {"seen_at": now() - age, "address": "192.0.2.1"}
        db.execute(update(Session).where(Session.account_id == account).values(values))


def addresses(db: Db) -> dict[str, str]:
    rows = db.execute(select(Account.handle, Session.address).join(Session, Session.account_id == Account.id))
    return {row.handle: row.address for row in rows}


def expire_one_of_each(db: Db) -> None:
    for model in (Session, ResetLink, KeptDraft):
        one = select(model.token_hash).limit(1).scalar_subquery()
        db.execute(update(model).where(model.token_hash == one).values(expires_at=now() - timedelta(seconds=1)))


def counts(db: Db) -> list[int]:
    return [len(db.execute(select(model.token_hash)).all()) for model in (Session, ResetLink, KeptDraft)]
