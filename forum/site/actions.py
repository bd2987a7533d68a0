"""What is done to the publication itself."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict
from gettext import gettext as _
from typing import Any

from sqlalchemy import select, update

from forum.accounts.actor import Actor, standing
from forum.database import Db, even_read_only
from forum.errors import Forbidden
from forum.markup import render_article
from forum.permissions import can_administer
from forum.site.models import Site
from forum.site.wording import SiteWords


@even_read_only
def settle_epoch(db: Db, *, remembered: str | None) -> str:
    """Make sure that the database has an epoch, and that it is the one the data folder remembers.

    Where the two differ, one of them was put back to an earlier time: a new epoch makes every open page load afresh.
    """
    site = db.execute(select(Site)).scalar_one_or_none()
    if site is None:
        site = Site(id=1, epoch=new_epoch())
        db.add(site)
    elif remembered is not None and remembered != site.epoch:
        site.epoch = new_epoch()
    return site.epoch


def change_site(db: Db, *, admin: Actor, words: SiteWords) -> None:
    """Set all that an admin says of the publication. Raises Forbidden."""
    if not can_administer(standing(db, admin)):
        raise Forbidden(_("Only admins can change the site."))
    db.execute(update(Site).values(asdict(words)))
    site_changed(db)


def describe_site(db: Db, words: Mapping[str, Any]) -> None:
    """Set what pages say of the publication; `words` are columns of Site. For the demo, which nobody acts in."""
    html = {"rules_html": render_article(words["rules"])} if "rules" in words else {}
    db.execute(update(Site).values(**words, **html))
    site_changed(db)


def site_changed(db: Db) -> None:
    """Note that something that pages show beside articles and comments has changed."""
    db.execute(update(Site).values(revision=Site.revision + 1))


def new_epoch() -> str:
    """A random id of a database's life."""
    return secrets.token_hex(8)
