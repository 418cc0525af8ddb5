"""What this installation signs with: the operator's own keys or the demo authority, and the time-stamp service."""

import ssl
from functools import lru_cache
from pathlib import Path

from cryptography import x509

from dispatch.records.signing.hsm import Hsm
from dispatch.records.signing.keyring import Keyring
from dispatch.records.signing.stamping import StampService
from dispatch.settings import Settings, UnusableSettings


def keyring_of(settings: Settings) -> Keyring:
    """The keyring that the settings name; opened once a process. Raises UnusableSeal, UnusableSettings."""
    hsm = None
    if settings.seal_pkcs11_library is not None:
        if settings.seal_pkcs12 is not None:
            raise UnusableSettings("Set DOORSTEP_SEAL_PKCS12 or DOORSTEP_SEAL_PKCS11_LIBRARY, not both.")
        hsm = Hsm(
            settings.seal_pkcs11_library,
            settings.seal_pkcs11_token,
            settings.seal_pkcs11_pin,
            settings.seal_pkcs11_label,
        )
    return _opened(
        settings.data_dir.resolve() / "keys",
        settings.seal_pkcs12,
        settings.seal_pkcs12_password,
        hsm,
        settings.issuer_pkcs12,
        settings.issuer_pkcs12_password,
    )


@lru_cache(maxsize=8)
def _opened(
    folder: Path, seal: Path | None, seal_password: str, hsm: Hsm | None, issuer: Path | None, issuer_password: str
) -> Keyring:
    return Keyring.open(
        folder,
        seal_pkcs12=seal,
        seal_password=seal_password,
        hsm=hsm,
        issuer_pkcs12=issuer,
        issuer_password=issuer_password,
    )


def stamps_of(settings: Settings) -> StampService | None:
    """The time-stamp service that the settings name; None where they name none. Raises UnusableSettings."""
    if not settings.tsa_url:
        return None
    return _service(
        settings.tsa_url,
        settings.tsa_authorities,
        settings.tsa_timeout_seconds,
        settings.tsa_user,
        settings.tsa_password,
    )


@lru_cache(maxsize=8)
def _service(url: str, authorities: Path | None, timeout: float, user: str, password: str) -> StampService:
    if not url.startswith(("http://", "https://")):
        raise UnusableSettings("DOORSTEP_TSA_URL must begin with http:// or https://.")
    return StampService(url, _roots(authorities), timeout=timeout, user=user, password=password)


def _roots(file: Path | None) -> list[x509.Certificate]:
    if file is None:
        known = ssl.create_default_context().get_ca_certs(binary_form=True)
        return [x509.load_der_x509_certificate(der) for der in known]
    try:
        return x509.load_pem_x509_certificates(file.read_bytes())
    except (OSError, ValueError) as problem:
        raise UnusableSettings(f"DOORSTEP_TSA_AUTHORITIES cannot be read as PEM certificates: {file}") from problem
