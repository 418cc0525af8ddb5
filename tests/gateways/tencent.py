"""Tencent Cloud's SMS on loopback: it judges a request as the provider's published rules do, from its bytes alone.

Rules: *签名方法 v3* (cloud.tencent.com/document/api/382/52072 and its copies), *发送短信 SendSms*,
*拉取单个号码短信下发状态*, *下发状态通知*. `PUBLISHED` is the worked example that the first printed until it began to
show its keys as asterisks; test_tencent.py holds this server to it. Nothing here is shared with the product's own code.
"""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.gateways.loopback import Asked, Server

KEY_ID, SECRET, APP_ID = "AKIDdoorstep", "secret-of-the-tests", "1400006666"
PUBLISHED_KEYS = ("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE")
PUBLISHED = Asked(
    "POST",
    "/",
    {
        "authorization": "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, "
        "SignedHeaders=content-type;host, "
        "Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168",
        "content-type": "application/json; charset=utf-8",
        "host": "cvm.tencentcloudapi.com",
        "x-tc-action": "DescribeInstances",
        "x-tc-timestamp": "1551113065",
        "x-tc-version": "2017-03-12",
        "x-tc-region": "ap-guangzhou",
    },
    rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}',
)
HEADER = re.compile(
    r"TC3-HMAC-SHA256 Credential=([^/]+)/([0-9-]{10})/([a-z]+)/tc3_request, ?"
    r"SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})"
)
VALID_FOR = 300  # seconds


def fault_of(asked: Asked, key_id: str, secret: str, service: str, now: datetime) -> str | None:
    """The code that the provider would refuse this request with; None if its signature holds."""
    match = HEADER.fullmatch(asked.headers.get("authorization", ""))
    if match is None:
        return "AuthFailure.InvalidAuthorization"
    told_id, day, told_service, names, signature = match.groups()
    if told_id != key_id:
        return "AuthFailure.SecretIdNotFound"
    stamp = asked.headers.get("x-tc-timestamp", "")
    if not stamp.isdigit():
        return "InvalidParameter"
    signed = names.split(";")
    if not {"content-type", "host"} <= set(signed) <= set(asked.headers) or signed != sorted(signed):
        return "AuthFailure.InvalidAuthorization"
    canonical = f"{asked.method}\n{asked.target.partition('?')[0]}\n{asked.target.partition('?')[2]}\n"
    canonical += "".join(f"{name}:{asked.headers[name].strip().lower()}\n" for name in signed)
    canonical += f"\n{names}\n{hashlib.sha256(asked.body).hexdigest()}"
    to_sign = f"TC3-HMAC-SHA256\n{stamp}\n{day}/{told_service}/tc3_request\n"
    to_sign += hashlib.sha256(canonical.encode()).hexdigest()
    by_day = hmac.digest(b"TC3" + secret.encode(), day.encode(), "sha256")
    by_service = hmac.digest(by_day, told_service.encode(), "sha256")
    key = hmac.digest(by_service, b"tc3_request", "sha256")
    if hmac.digest(key, to_sign.encode(), "sha256").hex() != signature or told_service != service:
        return "AuthFailure.SignatureFailure"
    if day != f"{datetime.fromtimestamp(int(stamp), UTC):%Y-%m-%d}":
        return "AuthFailure.SignatureFailure"
    return "AuthFailure.SignatureExpire" if abs(now.timestamp() - int(stamp)) > VALID_FOR else None


@dataclass
class Tencent(Server):
    """`templates` are the approved ones, with how many gaps they have; `sent` what reached a phone."""

    now: datetime | None = None
    templates: dict[str, int] = field(default_factory=lambda: {"1110": 2})
    sign_name: str = "装维上门"
    sent: list[dict[str, Any]] = field(default_factory=list)
    reported: dict[str, str] = field(default_factory=dict)
    gives_context_back: bool = True

    def answer(self, asked: Asked) -> tuple[int, bytes]:
        now = self.now or datetime.now(UTC)
        fault = fault_of(asked, KEY_ID, SECRET, "sms", now)
        if fault is None and asked.headers.get("x-tc-version") != "2021-01-11":
            fault = "NoSuchVersion"
        if fault is None and not asked.headers.get("x-tc-region"):
            fault = "MissingParameter"
        action = getattr(self, f"_{asked.headers.get('x-tc-action', '')}", None)
        if fault is None and action is None:
            fault = "InvalidAction"
        if fault is not None or action is None:
            return 200, _told(Error={"Code": fault, "Message": "refused"})
        return 200, action(json.loads(asked.body), now)

    def _SendSms(self, told: dict[str, Any], now: datetime) -> bytes:
        if told["SmsSdkAppId"] != APP_ID:
            return _told(Error={"Code": "UnauthorizedOperation.SmsSdkAppIdVerifyFail", "Message": "refused"})
        (number,) = told["PhoneNumberSet"]
        code = "Ok"
        if re.fullmatch(r"\+861[3-9][0-9]{9}", number) is None:
            code = "InvalidParameterValue.IncorrectPhoneNumber"
        elif self.templates.get(told["TemplateId"]) != len(told["TemplateParamSet"]):
            code = "FailedOperation.TemplateIncorrectOrUnapproved"
        elif told["SignName"] != self.sign_name:
            code = "FailedOperation.SignatureIncorrectOrUnapproved"
        elif any("://" in value for value in told["TemplateParamSet"]):
            code = "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter"
        serial = ""
        if code == "Ok":
            serial = f"5000:{len(self.sent):020d}"
            self.sent.append({**told, "SerialNo": serial, "At": now})
        context = told.get("SessionContext", "")
        status = {"SerialNo": serial, "PhoneNumber": number, "Fee": 1, "SessionContext": context, "Code": code}
        return _told(SendStatusSet=[status])

    def _PullSmsSendStatusByPhoneNumber(self, told: dict[str, Any], now: datetime) -> bytes:
        if told["Offset"] != 0 or not 1 <= told["Limit"] <= 100 or now.timestamp() - told["BeginTime"] > 7 * 86_400:
            return _told(Error={"Code": "InvalidParameterValue.BeginTimeVerifyFail", "Message": "refused"})
        found = [
            {
                "PhoneNumber": told["PhoneNumber"],
                "SerialNo": one["SerialNo"],
                "ReportStatus": self.reported[one["SerialNo"]],
                "SessionContext": one["SessionContext"] if self.gives_context_back else "",
            }
            for one in self.sent
            if told["PhoneNumber"] in one["PhoneNumberSet"]
            and one["SerialNo"] in self.reported
            and one["At"].timestamp() >= told["BeginTime"]
        ]
        return _told(PullSmsSendStatusSet=found)

    def report(self, *, status: str = "SUCCESS") -> bytes:
        """The callback about all that was sent."""
        records = [
            {
                "user_receive_time": "2026-11-22 12:00:05",
                "nationcode": "86",
                "mobile": one["PhoneNumberSet"][0].removeprefix("+86"),
                "report_status": status,
                "errmsg": "DELIVRD" if status == "SUCCESS" else "MK:0001",
                "description": "用户短信送达成功",
                "sid": one["SerialNo"],
            }
            for one in self.sent
        ]
        return json.dumps(records, ensure_ascii=False).encode()


def _told(**said: Any) -> bytes:
    return json.dumps({"Response": {**said, "RequestId": "ed93f3cb-f35e-473f-b9f3-0d451b8b79c6"}}).encode()
