"""The keys that this installation signs with: the operator's own, or the demo authority made at first use."""

from functools import lru_cache
from pathlib import Path

from dispatch.records.signing.keyring import Keyring
from dispatch.settings import Settings


def keyring_of(settings: Settings) -> Keyring:
    """The keyring that the settings name; opened once a process."""
    return _opened(settings.data_dir.resolve() / "keys", settings.seal_pkcs12, settings.seal_pkcs12_password)


@lru_cache(maxsize=8)
def _opened(folder: Path, pkcs12: Path | None, password: str) -> Keyring:
    return Keyring.open(folder, seal_pkcs12=pkcs12, seal_password=password)
