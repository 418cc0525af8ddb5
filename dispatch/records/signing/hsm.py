"""A company seal whose key never leaves a hardware module: PKCS#11, through pyHanko's own support.

Needs the package python-pkcs11 (`pip install doorstep[hsm]`); it is loaded only where an HSM is set.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from cryptography import x509

from checklists.words import Words
from dispatch.records.signing.certificates import UnusableSeal, in_order

# A module logs in once for a whole process: two sessions at once would log each other out.
ONE_AT_A_TIME = Lock()


@dataclass(frozen=True)
class Hsm:
    """Where the seal's key is: the module's library, the token and its PIN, the label of key and certificate."""

    library: Path
    token: str
    pin: str
    label: str


@dataclass(frozen=True)
class HsmIdentity:
    """A certificate whose key is in a module, and the certificates above it, nearest first."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    hsm: Hsm


@lru_cache(maxsize=4)
def seal_in(hsm: Hsm) -> HsmIdentity:
    """Read the seal's certificate and those above it from the token. Raises UnusableSeal, saying what to check."""
    with session_with(hsm) as session:
        from pkcs11 import Attribute, ObjectClass

        found: dict[str, list[x509.Certificate]] = {}
        for entry in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
            certificate = x509.load_der_x509_certificate(bytes(entry[Attribute.VALUE]))
            found.setdefault(str(entry[Attribute.LABEL]), []).append(certificate)
        keys = list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.LABEL: hsm.label}))
    if len(found.get(hsm.label, ())) != 1 or len(keys) != 1:
        raise UnusableSeal(
            Words(
                f"加密模块中应恰有一张证书和一个私钥的标签为“{hsm.label}”，"
                f"实有 {len(found.get(hsm.label, ()))} 张和 {len(keys)} 个。",
                f"The token must hold exactly one certificate and one key labelled “{hsm.label}”; "
                f"it holds {len(found.get(hsm.label, ()))} and {len(keys)}.",
            )
        )
    certificate = found[hsm.label][0]
    others = [one for many in found.values() for one in many if one != certificate]
    return HsmIdentity(certificate, in_order(certificate, others), hsm)


@contextmanager
def session_with(hsm: Hsm) -> Iterator[Any]:
    """A session with the token, alone in this process; closed afterwards, so that a lost module is found again."""
    try:
        from pkcs11.exceptions import PKCS11Error
        from pyhanko.config.pkcs11 import TokenCriteria
        from pyhanko.sign.pkcs11 import open_pkcs11_session
    except ImportError as problem:
        raise UnusableSeal(
            Words(
                "使用加密模块需要先安装 python-pkcs11：pip install 'doorstep[hsm]'。",
                "An HSM needs the package python-pkcs11: pip install 'doorstep[hsm]'.",
            )
        ) from problem
    with ONE_AT_A_TIME:
        try:
            session = open_pkcs11_session(
                str(hsm.library), token_criteria=TokenCriteria(label=hsm.token), user_pin=hsm.pin
            )
        except (PKCS11Error, RuntimeError, OSError, LookupError) as problem:
            raise UnusableSeal(
                Words(
                    f"无法打开加密模块中的令牌“{hsm.token}”（{type(problem).__name__}）。"
                    "请检查 DOORSTEP_SEAL_PKCS11_* 设置。",
                    f"The token “{hsm.token}” cannot be opened ({type(problem).__name__}). "
                    "Check the settings DOORSTEP_SEAL_PKCS11_*.",
                )
            ) from problem
        with session:
            yield session
