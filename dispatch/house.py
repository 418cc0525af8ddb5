"""What every process of the product holds: settings, database, objects, keys. Opened once at start."""

from dataclasses import dataclass
from functools import cached_property

from dispatch.database import Database
from dispatch.notices.channels import Channel, channel_of
from dispatch.objects import FolderStore
from dispatch.records.signing.keyring import Keyring
from dispatch.settings import Settings


@dataclass(frozen=True)
class House:
    """The opened parts. Keys are opened at first use: most commands sign nothing."""

    settings: Settings
    database: Database
    objects: FolderStore

    @cached_property
    def keyring(self) -> Keyring:
        """Keys and certificates that records are signed with."""
        return Keyring.open(
            self.settings.data_dir / "keys",
            seal_pkcs12=self.settings.seal_pkcs12,
            seal_password=self.settings.seal_pkcs12_password,
        )

    @cached_property
    def channel(self) -> Channel:
        """How notices leave."""
        return channel_of(self.settings)


def open_house(settings: Settings) -> House:
    """Open the parts that `settings` name. Refuses unusable settings before anything is served."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    settings.secret_bytes()
    return House(
        settings=settings,
        database=Database(settings.database, pool_size=settings.pool_size),
        objects=FolderStore(settings.data_dir / "objects"),
    )
