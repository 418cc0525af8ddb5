"""What every process of the product holds: settings, database, objects. Opened once at start."""

from dataclasses import dataclass

from dispatch.database import Database
from dispatch.objects import FolderStore
from dispatch.settings import Settings


@dataclass(frozen=True)
class House:
    """The opened parts."""

    settings: Settings
    database: Database
    objects: FolderStore


def open_house(settings: Settings) -> House:
    """Open the parts that `settings` name. Refuses unusable settings before anything is served."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    settings.secret_bytes()
    return House(
        settings=settings,
        database=Database(settings.database, pool_size=settings.pool_size, data_key=settings.data_key_bytes()),
        objects=FolderStore(settings.data_dir / "objects"),
    )
