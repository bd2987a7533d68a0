"""The database's life: its epoch, and that the data folder belongs to it."""

from forum.config import Settings
from forum.database import Database
from forum.site.actions import settle_epoch

MEMORY = "epoch"


async def settle_life(database: Database, settings: Settings) -> None:
    """Give the database an epoch, and a new one where database and data folder do not match any more."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    memory = settings.data_dir / MEMORY
    remembered = memory.read_text().strip() if memory.exists() else None
    epoch = await database.write(settle_epoch, remembered=remembered)
    if epoch != remembered:
        remember_epoch(settings, epoch)


def remember_epoch(settings: Settings, epoch: str) -> None:
    """Note in the data folder which database it belongs to."""
    (settings.data_dir / MEMORY).write_text(epoch + "\n")
