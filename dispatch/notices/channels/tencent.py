"""Tencent Cloud's SMS (version 2021-01-11): SendSms, PullSmsSendStatusByPhoneNumber, and the two callbacks.

Sources, as published at cloud.tencent.com: *签名方法 v3* (TC3-HMAC-SHA256), *发送短信 SendSms*,
*拉取单个号码短信下发状态*, *错误码*, *下发状态通知* (382/43547), *短信回复通知* (382/43548). Our notice's id travels as
SessionContext, which comes back in the answer and, where the provider has opened it for the account, in what is pulled.
The callback names a message only by the provider's own number (`sid`), and what is pulled holds only what carriers have
reported, so a message that is not there may well have been taken. The provider signs no callback: the address ends with
a secret of ours, `/hooks/tencent/TOKEN`.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

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

ALGORITHM = "TC3-HMAC-SHA256"
SERVICE = "sms"
VERSION = "2021-01-11"
CONTENT_TYPE = "application/json; charset=utf-8"
LISTED_FOR = timedelta(days=7)  # as far back as statuses can be pulled
MOST_LISTED = 100

REFUSED = {
    "InvalidParameterValue.IncorrectPhoneNumber": "not a number that gets SMS",
    "FailedOperation.PhoneNumberInBlacklist": "this customer or the carrier blocks our SMS",
    "FailedOperation.PhoneNumberOnBlacklist": "this customer or the carrier blocks our SMS",
    "FailedOperation.ContainSensitiveWord": "a word in it is not allowed",
    "InvalidParameter.DirtyWordFound": "a word in it is not allowed",
    "InvalidParameterValue.ContentLengthLimit": "too long",
    "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter": "an address in a variable: use NAME_path",
    "InvalidParameterValue.TemplateParameterFormatError": "a variable does not fit the template",
    "InvalidParameterValue.TemplateParameterLengthLimit": "a variable is too long",
    "UnsupportedOperation.UnsuportedRegion": "no SMS to numbers of this country",  # the provider's own spelling
}
NUMBER_WAITS = {
    "LimitExceeded.DeliveryFrequencyLimit": timedelta(minutes=1),
    "LimitExceeded.PhoneNumberThirtySecondLimit": timedelta(seconds=30),
    "LimitExceeded.PhoneNumberOneHourLimit": timedelta(hours=1),
    "LimitExceeded.PhoneNumberDailyLimit": timedelta(days=1),
    "LimitExceeded.PhoneNumberSameContentDailyLimit": timedelta(days=1),
}
ALL_OF_US = {
    "RequestLimitExceeded": timedelta(seconds=10),
    "LimitExceeded.AppDailyLimit": timedelta(hours=1),
    "LimitExceeded.DailyLimit": timedelta(hours=1),
}
OUR_FAULTS = {
    "FailedOperation.InsufficientBalanceInSmsPackage": "buy more messages at the provider",
    "UnauthorizedOperation.SerivceSuspendDueToArrears": "pay the provider's bill",  # the provider's own spelling
    "FailedOperation.TemplateIncorrectOrUnapproved": "the template is not approved: check DOORSTEP_SMS_TEMPLATES",
    "FailedOperation.SignatureIncorrectOrUnapproved": "the signature is not approved: check DOORSTEP_SMS_SIGNATURE",
    "InvalidParameterValue.SdkAppIdNotExist": "check DOORSTEP_TENCENT_SDK_APP_ID",
    "UnauthorizedOperation.SmsSdkAppIdVerifyFail": "check DOORSTEP_TENCENT_SDK_APP_ID",
    "AuthFailure.SignatureFailure": "check DOORSTEP_TENCENT_SECRET_KEY",
    "AuthFailure.SecretIdNotFound": "check DOORSTEP_TENCENT_SECRET_ID",
    "AuthFailure.SignatureExpire": "this machine's clock is wrong",
    "InternalError.RequestTimeException": "this machine's clock is wrong",
    "InternalError.SigVerificationFail": "check DOORSTEP_TENCENT_SECRET_KEY",
    "InternalError.SigFieldMissing": "check DOORSTEP_TENCENT_SECRET_KEY",
    "InternalError.JsonParseFail": "the provider cannot read our call",
    "InternalError.RestApiInterfaceNotExist": "check DOORSTEP_TENCENT_ENDPOINT",
}
CODES = Codes(refused=REFUSED, numbers=NUMBER_WAITS, all_of_us=ALL_OF_US, open=("InternalError",), ours=OUR_FAULTS)


class TencentSettings(BaseSettings):
    """What this provider needs."""

    model_config = SettingsConfigDict(env_prefix="DOORSTEP_", env_file=".env", extra="ignore", frozen=True)

    tencent_secret_id: str = Field("", description="Tencent Cloud's SecretId, for `sms_channel` tencent.")
    tencent_secret_key: str = Field("", repr=False, description="The key to that SecretId.")
    tencent_sdk_app_id: str = Field("", description="SmsSdkAppId of the application in Tencent's SMS console.")
    tencent_region: str = Field("ap-guangzhou", description="Region that Tencent's SMS is called in.")
    tencent_endpoint: str = Field("https://sms.tencentcloudapi.com", description="Address of Tencent's SMS service.")
    tencent_hook_token: str = Field(
        "", repr=False, description="Secret end (24 characters or more) of the callback address /hooks/tencent/TOKEN."
    )


def authorization(
    secret_id: str, secret_key: str, service: str, at: datetime, headers: Mapping[str, str], body: bytes
) -> str:
    """The Authorization header of a POST to `/`; `headers` are those to be signed, names in lower case."""
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name].strip().lower()}\n" for name in sorted(headers))
    canonical = "\n".join(["POST", "/", "", lines, names, hashlib.sha256(body).hexdigest()])
    day = f"{at.astimezone(UTC):%Y-%m-%d}"
    scope = f"{day}/{service}/tc3_request"
    to_sign = "\n".join([ALGORITHM, str(int(at.timestamp())), scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = f"TC3{secret_key}".encode()
    for part in (day, service, "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={secret_id}/{scope}, SignedHeaders={names}, Signature={signature}"


class TencentChannel:
    """SMS by Tencent Cloud, under templates that it approved."""

    name = "tencent"
    medium: Medium = "sms"
    takes_replies = True

    def __init__(
        self,
        own: TencentSettings,
        templates: Templates,
        timeout_seconds: float,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._own = own
        self._templates = templates
        self._clock = clock
        self._caller = Caller(timeout_seconds)

    def send(self, message: Message) -> Outcome:
        """SendSms to one number. Its Ok means that the provider took it; what became of it comes later."""
        try:
            filled = self._templates.filled(message)
        except NoTemplate as problem:
            return Outcome("refused", str(problem))
        content = {
            "PhoneNumberSet": [message.to],
            "SmsSdkAppId": self._own.tencent_sdk_app_id,
            "SignName": self._templates.sign_name,
            "TemplateId": filled.template,
            "TemplateParamSet": [value for _, value in filled.gaps],
            "SessionContext": message.notice_id,
        }
        reply = self._call("SendSms", content)
        return reply if isinstance(reply, Outcome) else _outcome_of_sending(reply)

    def ask(self, sent: Sent) -> Outcome:
        """PullSmsSendStatusByPhoneNumber since the first try. A message that is not there stays unknown."""
        now = self._clock()
        since = max((sent.first_sent_at or now - timedelta(days=1)) - timedelta(minutes=1), now - LISTED_FOR)
        content = {
            "BeginTime": int(since.timestamp()),
            "Offset": 0,
            "Limit": MOST_LISTED,
            "PhoneNumber": sent.to,
            "SmsSdkAppId": self._own.tencent_sdk_app_id,
        }
        reply = self._call("PullSmsSendStatusByPhoneNumber", content)
        if isinstance(reply, Outcome):
            return Outcome("unknown", reply.problem)
        response = _response(reply)
        code = _error(response)
        if code:
            return Outcome("unknown", code, reply.retry_after())
        listed = response.get("PullSmsSendStatusSet")
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            return UNLIKE
        states = {line(one.get("ReportStatus"), 20) for one in listed if _is_about(one, sent)}
        if "SUCCESS" in states:
            return Outcome("delivered")
        if "FAIL" in states:
            return Outcome("refused", "the carrier could not deliver it")
        return Outcome("unknown", "the carrier has not reported yet")

    def _call(self, action: str, content: Mapping[str, Any]) -> Reply | Outcome:
        own = self._own
        endpoint = urlsplit(own.tencent_endpoint)
        body = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
        now = self._clock()
        signed = {"content-type": CONTENT_TYPE, "host": endpoint.netloc, "x-tc-action": action}
        headers = {
            "Authorization": authorization(own.tencent_secret_id, own.tencent_secret_key, SERVICE, now, signed, body),
            "Content-Type": CONTENT_TYPE,
            "Host": endpoint.netloc,
            "X-TC-Action": action,
            "X-TC-Version": VERSION,
            "X-TC-Timestamp": str(int(now.timestamp())),
            "X-TC-Region": own.tencent_region,
        }
        return self._caller.call("POST", f"{endpoint.scheme}://{endpoint.netloc}/", headers, body)

    def read(self, incoming: Incoming) -> Heard:
        """A list of reports, or one reply; the provider gives replies no number, so we make one of what they say."""
        require_token(self._own.tencent_hook_token, incoming.token)
        receipts, replies = [], []
        for one in objects_in(incoming.body):
            about, state = line(one.get("sid"), 80), line(one.get("report_status"), 20)
            if about and state in ("SUCCESS", "FAIL"):
                kept = {name: line(one.get(name), 60) for name in ("sid", "errmsg", "user_receive_time")}
                receipts.append(Said(about, "delivered" if state == "SUCCESS" else "failed", kept))
            elif line(one.get("mobile"), 1) and line(one.get("text"), 1) and line(one.get("time"), 1):
                number = e164(line(one["mobile"], 30), line(one.get("nationcode"), 6) or "86")
                parts = "|".join(line(one[name], 500) for name in ("time", "mobile", "text"))
                made = hashlib.sha256(parts.encode()).hexdigest()[:40]
                replies.append(Replied(made, number, line(one["text"], 500)))
        if not receipts and not replies:
            raise Unreadable
        return Heard(tuple(receipts), tuple(replies), {"result": 0, "errmsg": "OK"})


def _response(reply: Reply) -> dict[str, Any]:
    response = (reply.json_object() or {}).get("Response")
    return response if isinstance(response, dict) else {}


def _error(response: Mapping[str, Any]) -> str:
    error = response.get("Error")
    return line(error.get("Code"), 80) if isinstance(error, dict) else ""


def _is_about(record: Mapping[str, Any], sent: Sent) -> bool:
    by_us = line(record.get("SessionContext"), 80) == sent.notice_id
    return by_us or (sent.reference is not None and line(record.get("SerialNo"), 120) == sent.reference)


def _outcome_of_sending(reply: Reply) -> Outcome:
    response = _response(reply)
    code, serial = _error(response), ""
    if not code:
        told = response.get("SendStatusSet")
        status = told[0] if isinstance(told, list) and len(told) == 1 and isinstance(told[0], dict) else {}
        code, serial = line(status.get("Code"), 80), line(status.get("SerialNo"), 120)
    if code == "Ok":
        return Outcome("accepted", reference=serial or None) if reply.is_success else UNLIKE
    return CODES.outcome(code, reply)


def opened(settings: Settings, medium: Medium = "sms") -> TencentChannel:
    """The channel as the settings say. Raises UnusableSettings for what is missing."""
    own = TencentSettings()
    require_keys(
        "Tencent",
        tencent_secret_id=own.tencent_secret_id,
        tencent_secret_key=own.tencent_secret_key,
        tencent_sdk_app_id=own.tencent_sdk_app_id,
    )
    require_endpoint("tencent_endpoint", own.tencent_endpoint)
    return TencentChannel(own, templates_of(settings), settings.sms_timeout_seconds)
