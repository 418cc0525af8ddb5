"""Aliyun's SMS service (Dysmsapi, version 2017-05-25): SendSms, QuerySendDetails, the pushed SmsReport and SmsUp.

Sources, as published at help.aliyun.com: *V3版本请求体&签名机制* (ACS3-HMAC-SHA256), *SendSms*, *QuerySendDetails*,
*API错误码*, *SmsReport*, *SmsUp*. The provider says that it is not idempotent and that a timeout must be cleared up by
asking; our notice's id travels as OutId. It signs nothing that it pushes, so the address that it pushes to ends with
a secret of ours: `/hooks/aliyun/TOKEN`.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import quote, urlsplit
from uuid import uuid4

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from dispatch.clock import utc_now
from dispatch.notices.channels.bodies import e164, line, objects_in, require_token
from dispatch.notices.channels.calls import Caller, Reply
from dispatch.notices.channels.codes import UNLIKE, Codes
from dispatch.notices.channels.protocol import (
    Heard,
    Incoming,
    Medium,
    Message,
    Outcome,
    Replied,
    Said,
    Sent,
    Unreadable,
)
from dispatch.notices.channels.templates import NoTemplate, Templates, require_endpoint, require_keys, templates_of
from dispatch.settings import Settings

ALGORITHM = "ACS3-HMAC-SHA256"
VERSION = "2017-05-25"
CHINA = timezone(timedelta(hours=8))  # the provider's days
PAGE = 50  # the largest page of QuerySendDetails
MOST_PAGES = 4
SETTLES = timedelta(minutes=2)  # our own caution: what was handed over later than this may not be listed yet

REFUSED = {
    "isv.MOBILE_NUMBER_ILLEGAL": "not a number that gets SMS",
    "isv.DOMESTIC_NUMBER_NOT_SUPPORTED": "the template is for numbers abroad",
    "isv.BLACK_KEY_CONTROL_LIMIT": "a word in it is not allowed",
    "isv.SMS_CONTENT_ILLEGAL": "a word in it is not allowed",
    "isv.PARAM_LENGTH_LIMIT": "a variable is too long",
    "isv.PARAM_NOT_SUPPORT_URL": "an address in a variable: use NAME_path in DOORSTEP_SMS_TEMPLATES",
    "isv.TEMPLATE_PARAMS_ILLEGAL": "a variable does not fit the template",
}
ALL_OF_US = {
    "Throttling": timedelta(seconds=10),
    "isv.DAY_LIMIT_CONTROL": timedelta(hours=1),
    "isv.MONTH_LIMIT_CONTROL": timedelta(hours=1),
}
NUMBER_WAITS = {"天级": timedelta(days=1), "小时级": timedelta(hours=1), "分钟级": timedelta(minutes=1)}
OUR_FAULTS = {
    "isv.AMOUNT_NOT_ENOUGH": "top up the provider's account",
    "isv.OUT_OF_SERVICE": "top up the provider's account",
    "isv.SMS_TEMPLATE_ILLEGAL": "the template is not approved: check DOORSTEP_SMS_TEMPLATES",
    "isv.TEMPLATE_MISSING_PARAMETERS": "the template has other variables: check DOORSTEP_SMS_TEMPLATES",
    "isv.SMS_SIGNATURE_ILLEGAL": "the signature is not approved: check DOORSTEP_SMS_SIGNATURE",
    "isv.SMS_SIGNATURE_SCENE_ILLEGAL": "the signature is not for this kind of template",
    "isv.SIGN_STATE_ILLEGAL": "the signature is not usable: see the provider's console",
    "isp.RAM_PERMISSION_DENY": "the key may not send SMS: give it that right at the provider",
    "SignatureDoesNotMatch": "check DOORSTEP_ALIYUN_ACCESS_KEY_SECRET",
    "InvalidAccessKeyId.NotFound": "check DOORSTEP_ALIYUN_ACCESS_KEY_ID",
    "InvalidAccessKeyId.Inactive": "the key is switched off at the provider",
    "InvalidTimeStamp.Expired": "this machine's clock is wrong",
}
CODES = Codes(
    refused=REFUSED,
    all_of_us=ALL_OF_US,
    open=("isp.SYSTEM_ERROR", "isp.GATEWAY_ERROR", "InternalError", "ServiceUnavailable"),
    ours=OUR_FAULTS,
)
STATUS = {"1": "accepted", "2": "refused", "3": "delivered"}  # SendStatus: waiting for the receipt, failed, arrived


class AliyunSettings(BaseSettings):
    """What this provider needs."""

    model_config = SettingsConfigDict(env_prefix="DOORSTEP_", env_file=".env", extra="ignore", frozen=True)

    aliyun_access_key_id: str = Field("", description="Aliyun's AccessKey id, for `sms_channel` aliyun.")
    aliyun_access_key_secret: str = Field("", repr=False, description="Its secret.")
    aliyun_endpoint: str = Field("https://dysmsapi.aliyuncs.com", description="Address of Aliyun's SMS service.")
    aliyun_hook_token: str = Field(
        "", repr=False, description="Secret end (24 characters or more) of the push address /hooks/aliyun/TOKEN."
    )


def encoded(text: str) -> str:
    """Percent-encoding as the signature wants it: RFC 3986, everything but letters, digits and `-_.~`."""
    return quote(text, safe="-_.~", errors="replace")


def authorization(
    key_id: str, secret: str, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes
) -> str:
    """The Authorization header. `query` is canonical (sorted, encoded); `headers` are those to be signed."""
    signed = {name.lower(): value.strip() for name, value in sorted(headers.items(), key=lambda one: one[0].lower())}
    names = ";".join(signed)
    lines = "".join(f"{name}:{value}\n" for name, value in signed.items())
    canonical = "\n".join([method, path, query, lines, names, hashlib.sha256(body).hexdigest()])
    to_sign = f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={key_id},SignedHeaders={names},Signature={signature}"


class AliyunChannel:
    """SMS by Aliyun, under templates that it approved."""

    name = "aliyun"
    medium: Medium = "sms"
    takes_replies = True

    def __init__(
        self, own: AliyunSettings, templates: Templates, timeout_seconds: float, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._own = own
        self._templates = templates
        self._clock = clock
        self._caller = Caller(timeout_seconds)

    def send(self, message: Message) -> Outcome:
        """SendSms. Its OK means that the provider took it; what became of it comes later."""
        try:
            filled = self._templates.filled(message)
        except NoTemplate as problem:
            return Outcome("refused", str(problem))
        reply = self._call(
            "SendSms",
            {
                "PhoneNumbers": _number(message.to),
                "SignName": self._templates.sign_name,
                "TemplateCode": filled.template,
                "TemplateParam": json.dumps(dict(filled.gaps), ensure_ascii=False),
                "OutId": message.notice_id,
            },
        )
        return reply if isinstance(reply, Outcome) else _outcome_of_sending(reply)

    def ask(self, sent: Sent) -> Outcome:
        """QuerySendDetails of the number, on each day since the first try, for the record with our OutId.

        None among them means never seen, but only once the newest try is older than `SETTLES`.
        """
        now = self._clock()
        first = sent.first_sent_at
        if first is None:
            return Outcome("unknown", "not known since when to ask")
        until = time.monotonic() + self._caller.timeout_seconds
        found: set[str] = set()
        for day in sorted({first.astimezone(CHINA).date(), now.astimezone(CHINA).date()}):
            for page in range(1, MOST_PAGES + 1):
                told = self._details(_number(sent.to), f"{day:%Y%m%d}", page, until - time.monotonic())
                if isinstance(told, Outcome):
                    return told
                records, total = told
                found |= {
                    STATUS.get(line(one.get("SendStatus"), 2), "unlike")
                    for one in records
                    if line(one.get("OutId"), 80) == sent.notice_id
                }
                if page * PAGE >= total:
                    break
            else:
                return Outcome("unknown", "too many messages to this number to look through")
        if "delivered" in found:
            return Outcome("delivered")
        if "accepted" in found or "unlike" in found:
            return Outcome("accepted") if "accepted" in found else UNLIKE
        if found:
            return Outcome("refused", "the carrier could not deliver it")
        left = (sent.last_sent_at or first) + SETTLES - now
        return Outcome("never_seen") if left <= timedelta(0) else Outcome("unknown", "not listed yet", wait=left)

    def _details(
        self, number: str, day: str, page: int, seconds: float
    ) -> tuple[list[dict[str, object]], int] | Outcome:
        if seconds <= 0:
            return Outcome("unknown", "no time left to ask")
        query = {"PhoneNumber": number, "SendDate": day, "PageSize": str(PAGE), "CurrentPage": str(page)}
        reply = self._call("QuerySendDetails", query, seconds)
        if isinstance(reply, Outcome):
            return Outcome("unknown", reply.problem)
        body = reply.json_object() or {}
        if body.get("Code") != "OK":
            return Outcome("unknown", line(body.get("Code"), 60) or f"HTTP {reply.status}", reply.retry_after())
        listed = body.get("SmsSendDetailDTOs")
        records = listed.get("SmsSendDetailDTO") if isinstance(listed, dict) else None
        total = line(body.get("TotalCount"), 12)
        if not isinstance(records, list) or not total.isdigit() or not all(isinstance(one, dict) for one in records):
            return UNLIKE
        return records, int(total)

    def _call(self, action: str, query: Mapping[str, str], seconds: float | None = None) -> Reply | Outcome:
        endpoint = urlsplit(self._own.aliyun_endpoint)
        canonical = "&".join(f"{encoded(name)}={encoded(value)}" for name, value in sorted(query.items()))
        headers = {
            "host": endpoint.netloc,
            "x-acs-action": action,
            "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
            "x-acs-date": self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": uuid4().hex,
            "x-acs-version": VERSION,
        }
        own = self._own
        headers["Authorization"] = authorization(
            own.aliyun_access_key_id, own.aliyun_access_key_secret, "POST", "/", canonical, headers, b""
        )
        return self._caller.call("POST", f"{endpoint.scheme}://{endpoint.netloc}/?{canonical}", headers, b"", seconds)

    def read(self, incoming: Incoming) -> Heard:
        """SmsReport and SmsUp: lists of records, told apart by what they hold."""
        require_token(self._own.aliyun_hook_token, incoming.token)
        receipts, replies = [], []
        for one in objects_in(incoming.body):
            about = line(one.get("out_id"), 80) or line(one.get("biz_id"), 80)
            if isinstance(one.get("success"), bool) and about:
                kept = {name: line(one.get(name), 60) for name in ("biz_id", "err_code", "report_time", "sms_size")}
                receipts.append(Said(about, "delivered" if one["success"] else "failed", kept))
            elif line(one.get("content"), 1) and line(one.get("sequence_id"), 1):
                number = e164(line(one.get("phone_number"), 30))
                replies.append(Replied(line(one["sequence_id"], 120), number, line(one["content"], 500)))
        if not receipts and not replies:
            raise Unreadable
        return Heard(tuple(receipts), tuple(replies), {"code": 0, "msg": "接收成功"})


def _outcome_of_sending(reply: Reply) -> Outcome:
    body = reply.json_object() or {}
    code = line(body.get("Code"), 80)
    if code == "OK":
        return Outcome("accepted", reference=line(body.get("BizId"), 120) or None) if reply.is_success else UNLIKE
    if code == "isv.BUSINESS_LIMIT_CONTROL":
        said = line(body.get("Message"), 200)
        wait = next((wait for word, wait in NUMBER_WAITS.items() if word in said), timedelta(minutes=1))
        return Outcome("busy", f"{code}: too many to this number", wait)
    return CODES.outcome(code, reply)


def _number(e164_number: str) -> str:
    """As the provider wants it: eleven digits at home, country and number without a plus abroad."""
    return e164_number.removeprefix("+86") if e164_number.startswith("+86") else e164_number.removeprefix("+")


def opened(settings: Settings, medium: Medium = "sms") -> AliyunChannel:
    """The channel as the settings say. Raises UnusableSettings for what is missing."""
    own = AliyunSettings()
    keys = {"aliyun_access_key_id": own.aliyun_access_key_id, "aliyun_access_key_secret": own.aliyun_access_key_secret}
    require_keys("Aliyun", **keys)
    require_endpoint("aliyun_endpoint", own.aliyun_endpoint)
    return AliyunChannel(own, templates_of(settings), settings.sms_timeout_seconds)
