"""What is read of the publication itself."""

from sqlalchemy import select

from forum.database import Db
from forum.site.models import Site


def read_site(db: Db) -> Site:
    """The one row that describes the publication."""
    return db.execute(select(Site)).scalar_one()
