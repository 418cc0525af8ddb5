"""Aliyun's SMS service on loopback: it judges a request as the provider's published rules do, from its bytes alone.

Rules: *V3版本请求体&签名机制* (help.aliyun.com, document 2618177 and its copies at alibabacloud.com), *SendSms*,
*QuerySendDetails*, *API错误码*, *SmsReport*. `PUBLISHED` is the worked example of the first, whose result the document
prints; test_aliyun.py holds this server to it. Nothing here is shared with the product's own code.
"""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.gateways.loopback import Asked, Server

KEY_ID, SECRET = "LTAI5tDoorstep", "secret-of-the-tests"
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
PUBLISHED = Asked(
    "POST",
    "/?ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai",
    {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": EMPTY,
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
        "authorization": "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;"
        "x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,"
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0",
    },
    b"",
)
UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")
HEADER = re.compile(r"ACS3-HMAC-SHA256 Credential=([^,]+),\s*SignedHeaders=([a-z0-9;-]+),\s*Signature=([0-9a-f]{64})")
VALID_FOR = timedelta(minutes=15)


def _decoded(text: str) -> str:
    out, at = bytearray(), 0
    raw = text.encode()
    while at < len(raw):
        if raw[at : at + 1] == b"%":
            out.append(int(raw[at + 1 : at + 3], 16))
            at += 3
        else:
            out.append(raw[at])
            at += 1
    return out.decode()


def _encoded(text: str) -> str:
    return "".join(chr(one) if one in UNRESERVED else f"%{one:02X}" for one in text.encode())


def parameters(asked: Asked) -> dict[str, str]:
    query = asked.target.partition("?")[2]
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    return {_decoded(name): _decoded(value) for name, _, value in pairs}


def fault_of(asked: Asked, key_id: str, secret: str, now: datetime) -> str | None:
    """The code that the provider would refuse this request with; None if its signature holds."""
    match = HEADER.fullmatch(asked.headers.get("authorization", ""))
    if match is None:
        return "IncompleteSignature"
    if match[1] != key_id:
        return "InvalidAccessKeyId.NotFound"
    signed = match[2].split(";")
    wanted = {name for name in asked.headers if name.startswith("x-acs-")} | {"host"}
    if signed != sorted(signed) or not wanted <= set(signed) or not set(signed) <= set(asked.headers):
        return "IncompleteSignature"
    if asked.headers["x-acs-content-sha256"] != hashlib.sha256(asked.body).hexdigest():
        return "SignatureDoesNotMatch"
    lines = [asked.method, _encoded(asked.target.partition("?")[0]).replace("%2F", "/")]
    lines.append("&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in sorted(parameters(asked).items())))
    lines += [f"{name}:{asked.headers[name].strip()}" for name in signed]
    lines += ["", match[2], asked.headers["x-acs-content-sha256"]]
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    right = hmac.digest(secret.encode(), f"ACS3-HMAC-SHA256\n{digest}".encode(), "sha256").hex()
    if right != match[3]:
        return "SignatureDoesNotMatch"
    try:
        at = datetime.strptime(asked.headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return "InvalidTimeStamp.Format"
    return None if abs(now - at) <= VALID_FOR else "InvalidTimeStamp.Expired"


@dataclass
class Aliyun(Server):
    """`templates` are the approved ones, with their variables; `sent` what reached a phone."""

    now: datetime | None = None
    templates: dict[str, set[str]] = field(default_factory=lambda: {"SMS_1": {"customer", "when"}})
    sign_name: str = "装维上门"
    sent: list[dict[str, Any]] = field(default_factory=list)
    nonces: set[str] = field(default_factory=set)
    listed_late: bool = False

    def answer(self, asked: Asked) -> tuple[int, bytes]:
        now = self.now or datetime.now(UTC)
        fault = fault_of(asked, KEY_ID, SECRET, now)
        nonce = asked.headers.get("x-acs-signature-nonce", "")
        if fault is None and (not nonce or nonce in self.nonces):
            fault = "SignatureNonceUsed"
        if fault is not None:
            return 404 if fault.endswith("NotFound") else 400, _told(Code=fault, Message="refused")
        self.nonces.add(nonce)
        if asked.headers["x-acs-version"] != "2017-05-25":
            return 400, _told(Code="InvalidVersion", Message="refused")
        action = getattr(self, f"_{asked.headers['x-acs-action']}", None)
        return (200, action(parameters(asked), now)) if action else (404, _told(Code="InvalidAction.NotFound"))

    def _SendSms(self, told: dict[str, str], now: datetime) -> bytes:
        if re.fullmatch(r"(\+?86|0086)?1[3-9][0-9]{9}", told["PhoneNumbers"]) is None:
            return _told(Code="isv.MOBILE_NUMBER_ILLEGAL", Message="非法手机号")
        if told["TemplateCode"] not in self.templates:
            return _told(Code="isv.SMS_TEMPLATE_ILLEGAL", Message="模板不合法")
        if told["SignName"] != self.sign_name:
            return _told(Code="isv.SMS_SIGNATURE_ILLEGAL", Message="签名不合法")
        values = json.loads(told["TemplateParam"])
        if not all(isinstance(value, str) for value in values.values()):
            return _told(Code="isv.INVALID_JSON_PARAM", Message="只接受字符串值")
        if not self.templates[told["TemplateCode"]] <= set(values):
            return _told(Code="isv.TEMPLATE_MISSING_PARAMETERS", Message="缺少变量")
        if any("://" in value for value in values.values()):
            return _told(Code="isv.PARAM_NOT_SUPPORT_URL", Message="不支持URL")
        biz_id = f"{len(self.sent):018d}^0"
        self.sent.append({**told, "BizId": biz_id, "Status": 1, "At": now, "Values": values})
        return _told(Code="OK", Message="OK", BizId=biz_id)

    def _QuerySendDetails(self, told: dict[str, str], now: datetime) -> bytes:
        found = [
            {
                "PhoneNum": one["PhoneNumbers"],
                "SendStatus": one["Status"],
                "OutId": one["OutId"],
                "SendDate": f"{one['At'] + timedelta(hours=8):%Y-%m-%d %H:%M:%S}",
            }
            for one in self.sent
            if one["PhoneNumbers"] == told["PhoneNumber"]
            and f"{one['At'] + timedelta(hours=8):%Y%m%d}" == told["SendDate"]
        ]
        if self.listed_late:
            found = []
        size, page = int(told["PageSize"]), int(told["CurrentPage"])
        if not 1 <= size <= 50:
            return _told(Code="isv.INVALID_PARAMETERS", Message="PageSize")
        shown = found[size * (page - 1) : size * page]
        listed = {"SmsSendDetailDTO": shown}
        return _told(Code="OK", Message="OK", TotalCount=str(len(found)), SmsSendDetailDTOs=listed)

    def report(self, *, success: bool = True) -> bytes:
        """SmsReport of all that was sent, as it is pushed."""
        records = [
            {
                "phone_number": one["PhoneNumbers"],
                "send_time": "2026-11-22 12:00:00",
                "report_time": "2026-11-22 12:00:05",
                "success": success,
                "err_code": "DELIVERED" if success else "MOBILE_NOT_ON_SERVICE",
                "err_msg": "用户接收成功" if success else "空号",
                "sms_size": "1",
                "biz_id": one["BizId"],
                "out_id": one["OutId"],
            }
            for one in self.sent
        ]
        return json.dumps(records, ensure_ascii=False).encode()


def _told(**said: Any) -> bytes:
    return json.dumps({"RequestId": "F655A8D5-B967-440B-8683-DAD6FF8DE990", **said}, ensure_ascii=False).encode()
