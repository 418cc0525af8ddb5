"""A time-stamp service (RFC 3161) on loopback, with an authority of its own. It misbehaves as real ones do."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

YEAR = timedelta(days=365)


def a_name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def a_certificate(
    common_name: str,
    issuer: tuple[x509.Certificate, Any] | None = None,
    *,
    authority: bool = False,
    usage: x509.ObjectIdentifier | None = None,
    from_: datetime | None = None,
    lasts: timedelta = YEAR,
    list_at: str = "",
    key: Any = None,
) -> tuple[x509.Certificate, Any]:
    """A certificate with its key, as public authorities issue them."""
    key = key or (ec.generate_private_key(ec.SECP256R1()) if authority else rsa.generate_private_key(65537, 2048))
    now = from_ or datetime.now(UTC) - timedelta(days=1)
    above, above_key = issuer or (None, key)
    usages = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(a_name(common_name))
        .issuer_name(above.subject if above else a_name(common_name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + lasts)
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not authority,
                content_commitment=not authority,
                key_cert_sign=authority,
                crl_sign=authority,
                **usages,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(above_key.public_key()), critical=False)
    )
    if usage is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
    if list_at:
        place = x509.DistributionPoint([x509.UniformResourceIdentifier(list_at)], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([place]), critical=False)
    return builder.sign(above_key, hashes.SHA256()), key


def a_list(issuer: tuple[x509.Certificate, Any]) -> bytes:
    """What an authority has revoked: nothing."""
    certificate, key = issuer
    now = datetime.now(UTC)
    made = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(certificate.subject)
        .last_update(now - timedelta(hours=1))
        .next_update(now + timedelta(days=7))
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(Encoding.DER)


def _stamper(own: tuple[x509.Certificate, Any], above: x509.Certificate, **more: Any) -> DummyTimeStamper:
    certificate, key = own
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    read = asn1_x509.Certificate.load
    return DummyTimeStamper(
        read(certificate.public_bytes(Encoding.DER)),
        asn1_keys.PrivateKeyInfo.load(der),
        certs_to_embed=SimpleCertificateStore.from_certs([read(above.public_bytes(Encoding.DER))]),
        **more,
    )


class TimeStampServer:
    """`behaviour` tells how the next questions are answered; `asked` counts them."""

    def __init__(self) -> None:
        self.behaviour = "well"
        self.asked = 0
        self.gives_lists = True
        self.release = threading.Event()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: Any) -> None:
                """Quiet."""

            def do_POST(self) -> None:
                service.asked += 1
                question = self.rfile.read(int(self.headers["Content-Length"]))
                service.answer(self, question)

            def do_GET(self) -> None:
                service.send(self, service.list if service.gives_lists else b"", "application/pkix-crl", 200)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/tsa"
        self.root = a_certificate("Stamps Root", authority=True, lasts=10 * YEAR)
        self.list = a_list(self.root)
        here = {"usage": ExtendedKeyUsageOID.TIME_STAMPING, "list_at": f"{self.url}/list"}
        self.own = a_certificate("Stamps 1", self.root, **here)
        key = self.own[1]
        ended = a_certificate("Stamps 0", self.root, from_=datetime.now(UTC) - 2 * YEAR, key=key, **here)
        no_stamper = a_certificate("Web server", self.root, usage=ExtendedKeyUsageOID.SERVER_AUTH, key=key)
        strange_root = a_certificate("Another Root", authority=True)
        stranger = a_certificate("Stranger", strange_root, usage=ExtendedKeyUsageOID.TIME_STAMPING, key=key)
        self.stampers = {
            "well": _stamper(self.own, self.root[0]),
            "expired": _stamper(ended, self.root[0]),
            "may not stamp": _stamper(no_stamper, self.root[0]),
            "not trusted": _stamper(stranger, strange_root[0]),
            "clock wrong": _stamper(self.own, self.root[0], fixed_dt=datetime(2020, 1, 1, tzinfo=UTC)),
        }
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, handler: Any, question: bytes) -> None:
        how = self.behaviour
        if how == "hangs":
            self.release.wait(30)
            return
        if how == "busy":
            self.send(handler, b"busy", "text/plain", 503)
        elif how == "web page":
            self.send(handler, b"<html>please sign in</html>", "text/html", 200)
        elif how == "garbage":
            self.send(handler, b"\x30\x82\xff\xffgarbage")
        elif how == "cut":
            handler.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Type: application/timestamp-reply\r\n")
            handler.wfile.write(b"Content-Length: 900\r\n\r\n\x30\x82")
        elif how == "rejected":
            told = {"status": "rejection", "status_string": ["no quota left"], "fail_info": {"system_failure"}}
            refused = tsp.PKIStatusInfo(told).dump()
            self.send(handler, b"\x30" + bytes([len(refused)]) + refused)  # as services do: no token at all
        else:
            self.send(handler, self.stamped(how, tsp.TimeStampReq.load(question)))

    def stamped(self, how: str, request: tsp.TimeStampReq) -> bytes:
        """A response that is well-formed, whatever is wrong with it."""
        if how == "wrong nonce":
            request["nonce"] = request["nonce"].native ^ 1
        elif how == "no nonce":
            del request["nonce"]
            request = tsp.TimeStampReq.load(request.copy().dump())
        elif how == "other content":
            imprint = request["message_imprint"]
            imprint["hashed_message"] = bytes(32)
        response = self.stampers.get(how, self.stampers["well"]).request_tsa_response(request)
        if how == "forged":
            signer = response["time_stamp_token"]["content"]["signer_infos"][0]
            signer["signature"] = signer["signature"].native[:-1] + bytes([signer["signature"].native[-1] ^ 1])
            return bytes(tsp.TimeStampResp(response.native and {
                "status": {"status": 0},
                "time_stamp_token": response["time_stamp_token"].copy(),
            }).dump(force=True))  # fmt: skip
        return bytes(response.dump())

    def send(self, handler: Any, body: bytes, kind: str = "application/timestamp-reply", status: int = 200) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


@contextmanager
def time_stamp_server() -> Iterator[TimeStampServer]:
    service = TimeStampServer()
    try:
        yield service
    finally:
        service.release.set()
        service.server.shutdown()
        service.server.server_close()
