"""What is not to be kept for ever is swept every hour: what has expired, old addresses, pictures nobody sees."""

import asyncio
import re
from datetime import timedelta
from pathlib import Path
from time import time

import structlog
from sqlalchemy import delete, select, update

from forum.accounts.models import Account, DomainBan, NetworkBan, ResetLink, Session, Suspension
from forum.articles.models import Article
from forum.comments.models import KeptDraft
from forum.config import Settings
from forum.database import Database, Db, even_read_only, now
from forum.moderation.models import Claim
from forum.site.models import Site

log = structlog.get_logger()

FIRST = 60
"""Seconds after the start, which has enough to do."""
EVERY = 3600
UNSAVED = 86400
"""Seconds for which a picture stays without an article, a site or an account that shows it: as long as a form."""
_OURS = re.compile(r"(?:avatars/[0-9]+/)?(?:([0-9a-f]{32})-[0-9]+\.webp|\.[0-9a-f]{16})")
"""A picture, or one that was never finished; nothing else in the folder is touched."""


async def sweep_for_ever(database: Database, settings: Settings) -> None:
    """Sweep every hour beside other work; a failure is logged, and the next hour tries again."""
    await asyncio.sleep(FIRST)
    while True:
        try:
            await sweep(database, settings)
        except Exception:
            log.exception("what is not to be kept could not be swept; the next hour tries again")
        await asyncio.sleep(EVERY)


async def sweep(database: Database, settings: Settings) -> None:
    """Sweep once. Several processes may do so at the same time."""
    await database.write(forget, address_days=settings.address_days)
    old = await asyncio.to_thread(_old_pictures, settings.uploads)
    if old:  # only then asked what is shown: a picture that was saved a moment ago stays
        shown = await database.read(_shown)
        await asyncio.to_thread(_delete, [path for path, picture in old if picture not in shown])


@even_read_only
def forget(db: Db, *, address_days: int) -> None:
    """Delete what has expired; of a sign-in keep no address from which it was last used that many days ago."""
    for model in (Session, ResetLink, KeptDraft):
        db.execute(delete(model).where(model.expires_at < now()))
    for kept_out in (Suspension, NetworkBan, DomainBan):
        db.execute(delete(kept_out).where(kept_out.until < now()))
    db.execute(delete(Claim).where(Claim.until < now()))
    old = (Session.seen_at < now() - timedelta(days=address_days)) & (Session.address != "")
    db.execute(update(Session).where(old).values(address=""))


def _old_pictures(uploads: Path) -> list[tuple[Path, str]]:
    """The files of pictures that are older than a form is open, each with the picture's name."""
    names = ((path, path.relative_to(uploads).as_posix()) for path in uploads.rglob("*"))
    found = ((path, name) for path, name in names if _OURS.fullmatch(name))
    return [(path, name.rpartition("-")[0]) for path, name in found if _age(path) > UNSAVED]


def _age(path: Path) -> float:
    """Seconds since a file was written; 0 for one that has gone meanwhile."""
    try:
        return time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0


def _shown(db: Db) -> set[str]:
    """The pictures that an article, an account or the site shows, or may again; as files are named up to a size."""
    articles = db.execute(select(Article.image).where(Article.image.is_not(None))).scalars()
    accounts = db.execute(select(Account.avatar).where(Account.avatar.is_not(None))).scalars()
    to_be_put_back = db.execute(select(Suspension.avatar).where(Suspension.avatar.is_not(None))).scalars()
    logos = db.execute(select(Site.logo).where(Site.logo.is_not(None))).scalars()
    return {
        *(str(image) for image in articles),
        *("avatars/{}/{}".format(*str(avatar).split("-")) for avatar in (*accounts, *to_be_put_back)),
        *(str(logo).rpartition("-")[0] for logo in logos),
    }


def _delete(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
