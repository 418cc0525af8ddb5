"""Keys that the company brings in PKCS#12 files: its seal, and the authority that issues people's certificates."""

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from checklists.words import Words
from dispatch.records.signing.certificates import Identity, UnusableSeal, in_order


def own_seal(file: Path, password: str) -> Identity:
    """The company seal from its file. Raises UnusableSeal when it cannot be read or may not sign."""
    seal = _read(file, password)
    if _is_authority(seal.certificate):
        raise UnusableSeal(
            Words(
                f"{file.name} 是签发机构证书，不能用作印章。请换用印章证书。",
                f"{file.name} is an authority's certificate and no seal. Use the seal's own.",
            )
        )
    return seal


def own_issuer(file: Path, password: str) -> Identity:
    """The authority that issues technicians' and customers' certificates. Raises UnusableSeal when it may not."""
    issuer = _read(file, password)
    if not _is_authority(issuer.certificate):
        raise UnusableSeal(
            Words(
                f"{file.name} 的证书不能签发其他证书（不是 CA）。请换用签发机构证书。",
                f"The certificate in {file.name} may not issue others (it is no CA). Use an authority's.",
            )
        )
    return issuer


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _read(file: Path, password: str) -> Identity:
    try:
        key, certificate, above = pkcs12.load_key_and_certificates(file.read_bytes(), password.encode() or None)
    except (OSError, ValueError) as problem:
        raise UnusableSeal(
            Words(
                f"无法读取企业印章文件 {file.name}。请检查路径和密码设置。",
                f"The company seal {file.name} cannot be read. Check the settings for its path and password.",
            )
        ) from problem
    if certificate is None or not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise UnusableSeal(
            Words(
                f"企业印章文件 {file.name} 须含证书及 RSA 或椭圆曲线私钥。请换用完整的文件。",
                f"The company seal {file.name} must hold a certificate and an RSA or EC key. Use a complete file.",
            )
        )
    return Identity(certificate, key, in_order(certificate, above))
