"""Everything that an operator may set, by `DOORSTEP_*` environment variables or a `.env` file beside the data.

The table in docs/settings.md is written from these fields (`tools/write_settings_table.py`), so it cannot drift.
"""

import os
import re
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from checklists.plain_text import unsafe
from checklists.words import Words

DEFAULT_SECRET_FILE = "secret"  # noqa: S105 - the name of a file, not a secret
DEFAULT_DATA_KEY_FILE = "data-key"


class UnusableSettings(Exception):
    """The product refuses to start with these settings; the message says what to do."""


class Settings(BaseSettings):
    """One frozen value, read once at start."""

    model_config = SettingsConfigDict(env_prefix="DOORSTEP_", env_file=".env", extra="ignore", frozen=True)

    environment: Literal["trial", "production"] = Field(
        "trial", description="`production` refuses to start with a secret that was made up on the spot."
    )
    data_dir: Path = Field(Path("var"), description="Folder for the embedded database, objects, keys and messages.")
    database_url: str = Field(
        "", description="`postgresql://…` for more than one machine; empty: SQLite in the data folder."
    )
    pool_size: int = Field(10, ge=1, le=200, description="Database connections a process keeps.")
    secret: str = Field("", description="Signs links to customers; empty: made once and kept in the data folder.")
    data_key: str = Field(
        "",
        description="Seals signatures, entries and account names in the database; empty: made once and kept in the "
        "data folder. Every process needs the same; without it they can never be read again.",
    )
    public_url: str = Field("http://127.0.0.1:8000", description="Address that customers' links begin with.")
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on.")
    tls_certificate: Path | None = Field(
        None, description="Serve https with this certificate (PEM, with its chain); empty: a proxy does, or nobody."
    )
    tls_key: Path | None = Field(None, description="The certificate's key (PEM).")
    extra_hosts: str = Field("", description="Further host names to answer to, separated by spaces.")
    time_zone: str = Field("Asia/Shanghai", description="Business zone: dates are read and shown in it.")
    company_zh: str = Field("装维上门", description="The company's name in messages and records, Chinese.")
    company_en: str = Field("Doorstep Broadband", description="The company's name in messages and records, English.")
    company_phone: str = Field("10000", description="The number that customers may call.")
    sms_signature: str = Field(
        "装维上门", description="Name in the brackets 【】 that every SMS begins with: 2 to 12 characters."
    )
    sms_channel: str = Field(
        "",
        description="What SMS leave by, a name in `dispatch/notices/channels` (`files`, `http`, `aliyun`, `tencent`); "
        "empty: `http` with a gateway's address, else `files`.",
    )
    mail_channel: str = Field(
        "", description="What mail leaves by (`files`, `smtp`); empty: `smtp` with a mail server, else `files`."
    )
    sms_url: str = Field(
        "", description="Base address of the HTTP message gateway; empty: messages are written to files."
    )
    sms_secret: str = Field("", description="Shared key of the gateway's receipts (HMAC-SHA256) at /hooks/sms.")
    sms_timeout_seconds: float = Field(5.0, gt=0, le=10, description="How long one call to the gateway may take.")
    sms_per_second: float = Field(
        0, ge=0, le=10_000, description="Most messages a second that the gateway takes from all of us; 0: no limit."
    )
    sms_per_number_hour: int = Field(
        10, ge=0, le=1000, description="Most messages an hour to one number, but urgent ones; 0: no limit."
    )
    mail_from: str = Field(
        "",
        max_length=200,
        description="Address that mail comes from, and that invites; empty: `no-reply@` and the public address' host.",
    )
    quiet_from: int = Field(21, ge=0, le=23, description="Hour from which what is not urgent waits.")
    quiet_until: int = Field(8, ge=0, le=23, description="Hour from which it is sent again.")
    reminder_hour: int = Field(
        18, ge=0, le=23, description="Hour of the day before from which customers are reminded of their visit."
    )
    outage_per_minute: int = Field(
        60, ge=1, le=100_000, description="How many customers a minute are told of an outage."
    )
    plan_seconds: float = Field(30.0, ge=0.1, le=600, description="How long the planner looks for one area's day.")
    replan_seconds: float = Field(
        1.2, ge=0.1, le=60, description="How long it looks for a new plan after something has happened."
    )
    what_if_seconds: float = Field(10.0, ge=0.1, le=600, description="How long it looks for each line of a “what if”.")
    plan_iterations: int = Field(
        0,
        ge=0,
        le=100_000_000,
        description="Rounds instead of seconds: the same rows then give the same plan on every machine; 0: by seconds.",
    )
    plans_at_once: int = Field(
        2, ge=1, le=64, description="Areas that one jobs process plans side by side, each on a core."
    )
    route_service: Literal["", "osrm", "amap"] = Field(
        "", description="Who tells how long ways take (`osrm`, `amap`); empty: straight lines, lengthened as roads are."
    )
    route_url: str = Field(
        "", description="Its base address; empty: OSRM on this machine's port 5000, or AMap's public one."
    )
    route_key: str = Field("", description="AMap's key.")
    route_timeout_seconds: float = Field(5.0, gt=0, le=30, description="How long one call to it may take.")
    route_seconds: float = Field(
        15.0,
        gt=0,
        le=300,
        description="How long a plan asks it in all; the rest is straight lines, which is said.",
    )
    route_calls: int = Field(400, ge=1, le=100_000, description="Most calls to it for one plan (its quota is yours).")
    foreign_phones: bool = Field(False, description="Accept phone numbers outside China.")
    sign_in_hours: int = Field(14, ge=1, le=720, description="How long a sign-in lasts.")
    body_limit_bytes: int = Field(2_000_000, ge=10_000, description="Largest JSON or form body accepted.")
    blob_limit_bytes: int = Field(10_000_000, ge=100_000, description="Largest picture accepted.")
    export_limit_bytes: int = Field(
        60_000_000, ge=1_000_000, description="Largest export of a phone that the desk may import."
    )
    line_tests_at_once: int = Field(
        2, ge=0, le=50, description="Line tests that one web process runs at once; 0: none. More wait their turn."
    )
    pixel_limit: int = Field(40_000_000, ge=1_000_000, description="Most pixels of a picture accepted.")
    seal_pkcs12: Path | None = Field(None, description="Company seal (PKCS#12); empty: a demo authority is made.")
    seal_pkcs12_password: str = Field("", description="Its password.")
    seal_pkcs11_library: Path | None = Field(
        None, description="The PKCS#11 library of an HSM that holds the company seal (instead of a PKCS#12 file)."
    )
    seal_pkcs11_token: str = Field("", description="Label of the HSM's token.")
    seal_pkcs11_pin: str = Field("", description="The token's user PIN.")
    seal_pkcs11_label: str = Field("", description="Label of the seal's key and of its certificate on the token.")
    issuer_pkcs12: Path | None = Field(
        None,
        description="Authority of your own that issues technicians' and customers' certificates (PKCS#12 of a CA "
        "certificate); empty: the demo authority does.",
    )
    issuer_pkcs12_password: str = Field("", description="Its password.")
    tsa_url: str = Field(
        "", description="Time-stamp service (RFC 3161) for records' signatures; empty: they carry no time-stamp."
    )
    tsa_authorities: Path | None = Field(
        None, description="Certificates (PEM) that the time-stamp service's is checked against; empty: the system's."
    )
    tsa_user: str = Field("", description="Name to sign in with at the time-stamp service; empty: no sign-in.")
    tsa_password: str = Field("", description="Its password.")
    tsa_timeout_seconds: float = Field(5.0, gt=0, le=30, description="How long one time-stamp may take.")
    tsa_patience_hours: float = Field(
        24,
        ge=0,
        le=720,
        description="How long a document waits for a time-stamp service that does not answer before it is signed "
        "without (and says so); 0: for as long as it takes.",
    )
    ledger_file: Path | None = Field(
        None,
        description="File that the head of the ledger of all seals is added to each day; empty: ledger-heads.jsonl in "
        "the data folder. Best on another machine.",
    )
    ledger_webhook: str = Field("", description="Address that the same is posted to each day (JSON); empty: none.")
    ledger_webhook_secret: str = Field("", description="Shared key of that post (HMAC-SHA256, X-Doorstep-Signature).")
    working_days_file: Path | None = Field(
        None, description="JSON with further years of working days, in the shape of dispatch/care/working_days.json."
    )
    care_closes: int = Field(
        18, ge=1, le=24, description="Hour at which a working day of care ends; deadlines in days end then."
    )
    complaint_answer_days: int = Field(2, ge=1, le=15, description="Working days to the first answer of a complaint.")
    complaint_investigate_days: int = Field(5, ge=1, le=30, description="Working days to the end of its investigation.")
    complaint_solve_days: int = Field(7, ge=1, le=45, description="Working days to the offer of a solution.")
    complaint_final_days: int = Field(
        15, ge=1, le=60, description="Days in which a complaint is answered at the latest (telecom service rules)."
    )
    regulator_zh: str = Field(
        "电信用户申诉受理中心，电话12300", description="Who is told of as the last resort, Chinese."
    )
    regulator_en: str = Field(
        "the Telecom Users' Appeals Centre, phone 12300", description="Who is told of as the last resort, English."
    )
    return_calls_share: int = Field(
        100, ge=0, le=100, description="Of a hundred visits, how many get a return call (a fair sample, by chance)."
    )
    metrics_token: str = Field("", description="Bearer token of /metrics (Prometheus' text format); empty: off.")
    trusted_proxies: str = Field("", description="Addresses whose X-Forwarded-For and -Proto are believed.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="What is logged.")

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("no such time zone; for example Asia/Shanghai") from error
        return value

    @field_validator("sms_signature")
    @classmethod
    def _a_signature(cls, value: str) -> str:
        unfit = unsafe(value, lines=False) or value != value.strip() or set(value) & set("【】")
        if unfit or not 2 <= len(value) <= 12:
            raise ValueError("an SMS signature has 2 to 12 characters, without the brackets 【】")
        return value

    @field_validator("mail_from")
    @classmethod
    def _a_mail_address(cls, value: str) -> str:
        if value and not re.fullmatch(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+", value):
            raise ValueError("a mail address alone, for example service@example.cn")
        return value

    @property
    def host_name(self) -> str:
        """The host that customers' links begin with."""
        return urlsplit(self.public_url).hostname or "localhost"

    @property
    def mail_sender(self) -> str:
        """The address that mails come from and that invites to visits."""
        return self.mail_from or f"no-reply@{self.host_name}"

    @property
    def zone(self) -> ZoneInfo:
        """The business zone."""
        return ZoneInfo(self.time_zone)

    @property
    def company(self) -> Words:
        """The company's name."""
        return Words(self.company_zh, self.company_en)

    @property
    def regulator(self) -> Words:
        """Where customers may appeal at last."""
        return Words(self.regulator_zh, self.regulator_en)

    @property
    def database(self) -> str:
        """SQLAlchemy address of the database, with the driver that we use named."""
        if not self.database_url:
            return f"sqlite:///{(self.data_dir / 'doorstep.db').resolve()}"
        for short in ("postgresql://", "postgres://"):
            if self.database_url.startswith(short):
                return "postgresql+psycopg://" + self.database_url.removeprefix(short)
        return self.database_url

    @property
    def on_https(self) -> bool:
        """Whether cookies can be `__Host-` and Secure."""
        return self.public_url.startswith("https://")

    def secret_bytes(self) -> bytes:
        """The signing secret; made once and kept (0600) where none is set. Production refuses a missing one."""
        if self.secret:
            if len(self.secret) < 32:
                raise UnusableSettings("DOORSTEP_SECRET is shorter than 32 characters: set a longer random one.")
            return self.secret.encode()
        if self.environment == "production":
            raise UnusableSettings(
                "DOORSTEP_SECRET is not set: production needs one of its own (for example 48 random characters)."
            )
        return _kept_secret(self.data_dir / DEFAULT_SECRET_FILE)

    def data_key_bytes(self) -> bytes:
        """What seals columns of the database; made once and kept (0600) where none is set. Production refuses none."""
        if self.data_key:
            if len(self.data_key) < 32:
                raise UnusableSettings("DOORSTEP_DATA_KEY is shorter than 32 characters: set a longer random one.")
            return self.data_key.encode()
        if self.environment == "production":
            raise UnusableSettings(
                "DOORSTEP_DATA_KEY is not set: production needs one of its own (for example 48 random characters; "
                "keep a copy apart from the database). A trial's is in the file data-key of its data folder."
            )
        return _kept_secret(self.data_dir / DEFAULT_DATA_KEY_FILE)


@lru_cache(maxsize=8)
def _kept_secret(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_text(secrets.token_urlsafe(48))
    fresh.chmod(0o600)
    try:
        os.link(fresh, path)  # the first process wins; link() never overwrites
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_text().encode()
