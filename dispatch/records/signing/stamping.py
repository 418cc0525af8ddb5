"""Time-stamps (RFC 3161): what a time-stamp service answers is believed only after it was looked at from all sides.

Services fail in many ways: no answer, a refusal, an answer to somebody else's question, a certificate that has ended.
Every one of them is one `StampTrouble`, so that the document waits and is tried again.
"""

import asyncio
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from asn1crypto import cms, tsp
from cryptography import x509
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

from dispatch.clock import utc_now
from dispatch.records.signing.forms import as_asn1, as_cryptography

CLOCKS_MAY_DIFFER = timedelta(minutes=10)
GRANTED = ("granted", "granted_with_mods")  # RFC 3161, 2.4.2: both carry a token
DIGEST = "sha256"


class StampTrouble(Exception):
    """The service gave no time-stamp that can be believed; the message says why (in English, for operators)."""


class StampService:
    """A time-stamp service by its address, and the authorities that its certificate must come from."""

    def __init__(
        self,
        url: str,
        roots: Iterable[x509.Certificate],
        *,
        timeout: float = 5.0,
        user: str = "",
        password: str = "",
    ) -> None:
        self.url = url
        self.roots = tuple(roots)
        self.stamper = CheckedStamper(
            url, [as_asn1(root) for root in self.roots], timeout, (user, password) if user else None
        )

    @property
    def place(self) -> str:
        """Host and port, for people: an address may hold a key."""
        return urlsplit(self.url).netloc.rpartition("@")[2]


class CheckedStamper(HTTPTimeStamper):
    """pyHanko's HTTP client, believing nothing that it has not checked."""

    def __init__(self, url: str, roots: list[Any], timeout: float, auth: tuple[str, str] | None) -> None:
        super().__init__(url, timeout=timeout, auth=auth)
        self.roots = roots
        self.used_roots: set[x509.Certificate] = set()
        """Below which of them the tokens were: a verifier needs these."""

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """A checked token for this digest; raises StampTrouble for whatever else comes back, or nothing."""
        nonce = secrets.randbits(62) | 1 << 62  # as long each time, so that answers are
        request = tsp.TimeStampReq(
            {
                "version": 1,
                "message_imprint": {
                    "hash_algorithm": {"algorithm": md_algorithm},
                    "hashed_message": message_digest,
                },
                "nonce": nonce,
                "cert_req": True,
            }
        )
        try:
            response = await self.async_request_tsa_response(request)
        except (TimestampRequestError, TimeoutError, asyncio.IncompleteReadError) as problem:
            cause = problem.__cause__ or problem
            raise StampTrouble(f"no answer: {type(cause).__name__} {cause}".strip()[:300]) from problem
        except ValueError as problem:
            raise StampTrouble("the answer is no time-stamp response") from problem
        try:
            return await self._checked(response, message_digest, md_algorithm, nonce)
        except StampTrouble:
            raise
        except (ValueError, TypeError, KeyError, AttributeError, AssertionError, SignatureValidationError) as problem:
            raise StampTrouble(f"the answer cannot be read: {problem}"[:300]) from problem

    async def _checked(self, response: tsp.TimeStampResp, digest: bytes, algorithm: str, nonce: int) -> cms.ContentInfo:
        # Read by itself: a refusal has no token, without which the library reads nothing at all.
        status = tsp.PKIStatusInfo.load(response.contents)
        if status["status"].native not in GRANTED:
            said = [*(status["status_string"].native or []), *sorted(status["fail_info"].native or [])]
            raise StampTrouble(f"refused: {status['status'].native} {'; '.join(said)}".strip()[:300])
        token: cms.ContentInfo = response["time_stamp_token"]
        signed = token["content"]
        info = signed["encap_content_info"]["content"].parsed
        if not isinstance(info, tsp.TSTInfo):
            raise StampTrouble("the token holds no time-stamp")
        if info["nonce"].native != nonce:
            raise StampTrouble("the answer belongs to another question (its nonce differs)")
        imprint = info["message_imprint"]
        if imprint["hash_algorithm"]["algorithm"].native != algorithm or imprint["hashed_message"].native != digest:
            raise StampTrouble("the answer stamps another content")
        now = utc_now()
        told: datetime = info["gen_time"].native
        if abs(told.astimezone(UTC) - now) > CLOCKS_MAY_DIFFER:
            raise StampTrouble(f"its clock says {told:%Y-%m-%d %H:%M:%SZ}, ours {now:%Y-%m-%d %H:%M:%SZ}")
        context = ValidationContext(
            trust_roots=self.roots, moment=now, allow_fetching=False, revocation_mode="soft-fail"
        )
        status_of_token = await validate_tst_signed_data(signed, context, lambda _: digest)
        if not (status_of_token["intact"] and status_of_token["valid"]):
            raise StampTrouble("the token's signature does not hold")
        problem = status_of_token.get("trust_problem_indic")
        if problem is not None or not status_of_token.get("validation_path"):
            raise StampTrouble(f"its certificate is not trusted, or is out of date ({problem})")
        self.used_roots.add(as_cryptography(status_of_token["validation_path"].first))
        return token
