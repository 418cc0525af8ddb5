"""The keys that sign records: the company's own seal and issuing authority where they are set, else a demo authority.

Of the demo authority, the root signs the intermediate once and its key is forgotten; each technician has a
certificate; a customer gets one for one record, whose key is never written anywhere.
"""

import os
import shutil
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from dispatch.clock import utc_now
from dispatch.records.canonical import sha256_hex
from dispatch.records.signing.certificates import (
    AUTHORITY,
    CUSTOMER,
    SEAL,
    TECHNICIAN,
    YEARS_OF_AUTHORITY,
    Identity,
    ascii_name,
    issue,
    revocation_list,
)
from dispatch.records.signing.hsm import Hsm, HsmIdentity, seal_in
from dispatch.records.signing.own_keys import own_issuer, own_seal
from dispatch.records.signing.trust import Trust

TECHNICIAN_LASTS = timedelta(days=1095)
RENEWED_BEFORE_END = timedelta(days=30)
EVENT_LASTS = timedelta(days=2)


class Keyring:
    """Keys and certificates in one folder. Open it with `Keyring.open`."""

    def __init__(
        self,
        folder: Path,
        authority: Identity,
        seal: Identity | HsmIdentity,
        *,
        is_demo: bool,
        people_are_demo: bool = True,
    ) -> None:
        self.folder = folder
        self.seal = seal
        self.is_demo = is_demo
        """Is the seal from the demo authority, which proves nothing to a stranger?"""
        self.people_are_demo = people_are_demo
        """Are technicians' and customers' certificates from the demo authority?"""
        self._authority = authority

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        seal_pkcs12: Path | None = None,
        seal_password: str = "",
        hsm: Hsm | None = None,
        issuer_pkcs12: Path | None = None,
        issuer_password: str = "",
    ) -> "Keyring":
        """The keyring in `folder`, made if there is none yet; two processes that start at once end with one.

        The company seal comes from the PKCS#12 file or the HSM, and whoever issues technicians' and customers'
        certificates from `issuer_pkcs12`, where they are given. Raises UnusableSeal when one cannot be used.
        """
        place = folder / "authority"
        if not place.exists():
            _make_authority(place, utc_now())
        authority = Identity.from_pem((place / "intermediate.pem").read_bytes())
        seal: Identity | HsmIdentity = Identity.from_pem((place / "seal.pem").read_bytes())
        if seal_pkcs12 is not None:
            seal = own_seal(seal_pkcs12, seal_password)
        elif hsm is not None:
            seal = seal_in(hsm)
        if issuer_pkcs12 is not None:
            authority = own_issuer(issuer_pkcs12, issuer_password)
        keyring = cls(
            folder,
            authority,
            seal,
            is_demo=seal_pkcs12 is None and hsm is None,
            people_are_demo=issuer_pkcs12 is None,
        )
        if not keyring.is_demo:
            keyring._remember("seals", (seal.certificate, *seal.chain))
        if not keyring.people_are_demo:
            keyring._remember("issuers", (authority.certificate, *authority.chain))
        return keyring

    @property
    def trust(self) -> Trust:
        """What a verifier needs: the demo authority, and every own seal, issuer and time-stamp root ever used here."""
        intermediate, (root,) = self._demo_authority()
        roots, authorities, issuers = [root], [intermediate], [intermediate]
        seals: list[x509.Certificate] = []
        for kind, known in (("seals", seals), ("issuers", issuers)):
            for first, *above in self._remembered(kind):
                known.append(first)
                *between, top = [first, *above]
                roots.append(top)
                authorities += [c for c in between if c != first or kind == "issuers"]
        stampers = [root for (root,) in self._remembered("stampers")]
        return Trust(tuple(roots), tuple(authorities), tuple(seals), tuple(issuers), tuple(stampers))

    def remember_stampers(self, roots: Iterable[x509.Certificate]) -> None:
        """Keep the roots of the time-stamps on our records: a verifier needs them as long as the records live."""
        for root in roots:
            self._remember("stampers", (root,))

    def revocation_lists(self) -> list[bytes]:
        """What the authority that issued here has revoked (PEM): nothing, and it says so under its name."""
        lists = [revocation_list(self._authority, utc_now())]
        of_root = self.folder / "authority" / "root_list.pem"
        if self.people_are_demo or self.is_demo:
            if not self.people_are_demo:
                demo = Identity.from_pem((self.folder / "authority" / "intermediate.pem").read_bytes())
                lists.append(revocation_list(demo, utc_now()))
            lists += [of_root.read_bytes()] if of_root.exists() else []
        return lists

    def _demo_authority(self) -> tuple[x509.Certificate, tuple[x509.Certificate, ...]]:
        pem = (self.folder / "authority" / "intermediate.pem").read_bytes()
        first, *above = x509.load_pem_x509_certificates(pem)
        return first, tuple(above)

    def _remembered(self, kind: str) -> Iterator[list[x509.Certificate]]:
        for file in sorted((self.folder / kind).glob("*.pem")):
            yield x509.load_pem_x509_certificates(file.read_bytes())

    def _remember(self, kind: str, chain: Iterable[x509.Certificate]) -> None:
        certificates = b"".join(c.public_bytes(Encoding.PEM) for c in chain)
        place = self.folder / kind / f"{sha256_hex(certificates)[:32]}.pem"
        if not place.exists():
            _write_whole(place, certificates)

    def technician(self, code: str) -> Identity:
        """The technician's identity, made at first use and renewed in time."""
        now = utc_now()
        place = self.folder / "technicians" / f"{sha256_hex(code.encode('utf-8', 'backslashreplace'))[:32]}.pem"
        if place.exists():
            known = Identity.from_pem(place.read_bytes())
            issued_here = known.chain[:1] == (self._authority.certificate,)
            if issued_here and known.certificate.not_valid_after_utc - now > RENEWED_BEFORE_END:
                return known
        name = f"Technician {ascii_name(code)}"
        made = issue(name, TECHNICIAN, now, TECHNICIAN_LASTS, self._authority)
        _write_whole(place, made.to_pem())
        return made

    def customer_of(self, number: str) -> Identity:
        """A new identity for the customer of record `number`, for this one signature; it is written nowhere."""
        name = customer_name(number)
        return issue(name, CUSTOMER, utc_now(), EVENT_LASTS, self._authority)


def customer_name(number: str) -> str:
    """What the customer of a record is called in their certificate."""
    return f"Customer of {ascii_name(number)}"


def _make_authority(place: Path, now: datetime) -> None:
    """Make all of the authority in a folder beside, then move it into place at once: the first one wins."""
    lasts = timedelta(days=365 * YEARS_OF_AUTHORITY)
    root = issue("Doorstep demo root", AUTHORITY, now, lasts, path_length=1)
    intermediate = issue("Doorstep demo records", AUTHORITY, now, lasts, root, path_length=0)
    seal = issue("Company seal for service records", SEAL, now, lasts, intermediate)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = place.parent / f".making-{uuid.uuid4().hex}"
    beside.mkdir(mode=0o700)
    try:
        _write_whole(beside / "root.pem", root.certificate.public_bytes(Encoding.PEM))
        _write_whole(beside / "root_list.pem", revocation_list(root, now, lasts))
        _write_whole(beside / "intermediate.pem", intermediate.to_pem())
        _write_whole(beside / "seal.pem", seal.to_pem())
        beside.rename(place)
        _settle(place.parent)
    except OSError:
        if not (place / "seal.pem").exists():
            raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _write_whole(place: Path, content: bytes) -> None:
    """Write a file that only its owner may read, so that it is there whole or not at all."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = place.with_name(f".{uuid.uuid4().hex}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(place)
    _settle(place.parent)


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
