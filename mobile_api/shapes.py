"""What may be sent to us: strict shapes that refuse unknown fields, and one text type for every text from outside.

The patterns in the JSON schema say what the validators check, so that a client can know beforehand.
"""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from checklists.plain_text import UnsafeText, safe_text

_UNSAFE = "\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069\\ufffe\\uffff"
ONE_LINE = f"^[^{_UNSAFE}]*[^{_UNSAFE}\\s][^{_UNSAFE}]*$"
SEVERAL_LINES = f"^(?:\\n|[^{_UNSAFE}])*$"
MAYBE_ONE_LINE = f"^[^{_UNSAFE}]*$"
_DIGIT = "[0-9０-９]"
MAIL = r"^[A-Za-z0-9_]{1,40}(\.[A-Za-z0-9_]{1,20})?@[a-z]{1,30}(\.[a-z]{2,10}){1,2}$"  # each of these is accepted
PHONE = (
    f"^(?:(?:[+＋]|00)86[ -]?)?1[3-9]{_DIGIT}(?:[ -]?{_DIGIT}){{8}}$"
    f"|^0(?:10|2[0-57-9])[ -]?[2-8][0-9]{{7}}$|^0[3-9][0-9]{{2}}[ -]?[2-8][0-9]{{6,7}}$"
)


def _safe_line(text: str) -> str:
    try:
        return safe_text(text.strip(), lines=False)
    except UnsafeText as error:
        raise ValueError("unsafe text") from error


def _safe_line_with_something(text: str) -> str:
    if not text.strip():
        raise ValueError("blank")
    return _safe_line(text)


def _safe_lines(text: str) -> str:
    try:
        return safe_text(text.strip())
    except UnsafeText as error:
        raise ValueError("unsafe text") from error


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # the first and last hours of the calendar
        return moment.replace(tzinfo=UTC)


def _only_text(value: Any) -> Any:
    if not isinstance(value, str) or value.strip().lstrip("+-").replace(".", "", 1).isdigit():
        raise ValueError("ISO 8601 text is wanted")
    return value


def _iso_day(value: Any) -> Any:
    if isinstance(value, date) or (isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-"):
        return value
    raise ValueError("YYYY-MM-DD is wanted")


Line = Annotated[
    str,
    Field(min_length=1, max_length=200, json_schema_extra={"pattern": ONE_LINE}),
    AfterValidator(_safe_line_with_something),
]
ShortLine = Annotated[
    str,
    Field(min_length=1, max_length=80, json_schema_extra={"pattern": ONE_LINE}),
    AfterValidator(_safe_line_with_something),
]
Address = Annotated[
    str,
    Field(min_length=1, max_length=300, json_schema_extra={"pattern": ONE_LINE}),
    AfterValidator(_safe_line_with_something),
]
Mail = Annotated[
    str,
    Field(
        min_length=3,
        max_length=200,
        description="A mail address; its domain may be written with other letters than a to z.",
        json_schema_extra={"pattern": MAIL},
    ),
    AfterValidator(_safe_line_with_something),
]
Phone = Annotated[
    str,
    Field(
        min_length=1,
        max_length=60,
        description="Any usual spelling of a Chinese number; foreign ones where the operator accepts them.",
        json_schema_extra={"pattern": PHONE},
    ),
    AfterValidator(_safe_line_with_something),
]
Text = Annotated[str, Field(max_length=1000, json_schema_extra={"pattern": SEVERAL_LINES}), AfterValidator(_safe_lines)]
Note = Annotated[str, Field(max_length=500, json_schema_extra={"pattern": SEVERAL_LINES}), AfterValidator(_safe_lines)]
Reason = Annotated[
    str, Field(max_length=200, json_schema_extra={"pattern": MAYBE_ONE_LINE}), AfterValidator(_safe_line)
]
GivenReason = Annotated[
    str,
    Field(min_length=1, max_length=200, json_schema_extra={"pattern": ONE_LINE}),
    AfterValidator(_safe_line_with_something),
]
Moment = Annotated[
    AwareDatetime,
    BeforeValidator(
        _only_text, json_schema_input_type=Annotated[str, Field(json_schema_extra={"format": "date-time"})]
    ),
    AfterValidator(_in_utc),
    Field(strict=False, description="ISO 8601 with its offset."),
]
Day = Annotated[
    date,
    BeforeValidator(_iso_day, json_schema_input_type=Annotated[str, Field(json_schema_extra={"format": "date"})]),
]


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


Minutes = Annotated[
    int, BeforeValidator(_whole, json_schema_input_type=Annotated[int, Field(ge=5, le=720)]), Field(ge=5, le=720)
]
Count = Annotated[
    int,
    BeforeValidator(_whole, json_schema_input_type=Annotated[int, Field(ge=0, le=1_000_000)]),
    Field(ge=0, le=1_000_000),
]
MOST_BYTES = 2**53  # the largest whole number that a browser can say
Bytes = Annotated[
    int,
    BeforeValidator(_whole, json_schema_input_type=Annotated[int, Field(ge=0, le=MOST_BYTES)]),
    Field(ge=0, le=MOST_BYTES),
]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Shape(BaseModel):
    """Strict: no unknown fields, no numbers for texts, no texts for numbers."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Id = Annotated[UUID, Field(strict=False)]


class WindowShape(Shape):
    """What the customer is promised: arrival between start and end. An exact appointment is a 30-minute window."""

    start: Moment = Field(examples=["2026-11-23T09:00:00+08:00"])
    end: Moment = Field(examples=["2026-11-23T10:00:00+08:00"])


class CustomerShape(Shape):
    """Who is to be served."""

    name: Line = Field(examples=["王𬭎"])
    phone: Phone = Field(examples=["138 0000 0000"])
    external_id: ShortLine | None = None
    language: Literal["zh", "en"] = "zh"
    mail: Mail | None = Field(None, examples=["wang@example.cn"], description="Left out: what is known stays.")
    channel: Literal["sms", "mail", "call"] | None = Field(None, description="How they like to be told.")


class SiteShape(Shape):
    """Where. Coordinates are WGS-84 degrees."""

    address: Address = Field(examples=["上海市浦东新区张江镇龘园路88弄3号楼1202室"])
    latitude: float | None = Field(None, ge=-90, le=90, examples=[31.2041])
    longitude: float | None = Field(None, ge=-180, le=180, examples=[121.5937])
    area: ShortLine | None = None


class LineShape(Shape):
    """The broadband service. Rates are Mbit/s as subscribed."""

    account_name: ShortLine | None = Field(None, examples=["sh02158880001"])
    product: ShortLine | None = Field(None, examples=["千兆宽带 FTTR"])
    access: Literal["gpon", "xgspon", "dsl", "ethernet"] = "gpon"
    subscribed_down: float | None = Field(None, gt=0, le=100_000, examples=[1000])
    subscribed_up: float | None = Field(None, gt=0, le=100_000, examples=[100])


class WorkOrderShape(Shape):
    """What we owe."""

    kind: Literal["install", "repair"]
    customer: CustomerShape
    site: SiteShape
    line: LineShape = LineShape()
    external_id: ShortLine | None = Field(None, description="The order system's id: sending it again changes nothing.")
    symptoms: list[Line] = Field(default_factory=list, max_length=20, description="As the customer tells them.")
    note: Text = ""
    deadline: Moment | None = None
    minutes: Minutes | None = Field(None, description="How long the work takes.")
    skills: list[ShortLine] = Field(default_factory=list, max_length=20)


class BookingShape(Shape):
    """A visit to promise. Without `planned_start` the earliest free time inside the window is taken."""

    work_order_id: Id
    window: WindowShape
    technician_id: Id | None = None
    planned_start: Moment | None = None


class CallShape(Shape):
    """How the call to the customer ended."""

    outcome: Literal["reached_agreed", "reached_disagreed", "not_reached"]
    at: Moment | None = None


class OverrideShape(Shape):
    """A supervisor's word for a change inside two hours: it is a breach and shows in the figures."""

    reason: GivenReason
    call: CallShape


class RescheduleShape(Shape):
    """Where a visit moves to. Leaving `technician_id` out keeps the technician; null makes it unassigned."""

    window: WindowShape
    technician_id: Id | None = None
    planned_start: Moment | None = None
    asked_by: Literal["company", "customer"]
    reason: Reason = ""
    override: OverrideShape | None = None


class CancelShape(Shape):
    """Why a visit is cancelled."""

    asked_by: Literal["company", "customer"]
    reason: Reason = ""
    override: OverrideShape | None = None


class OnTheDayShape(Shape):
    """When it was, by the phone's clock, if it is told later."""

    at: Moment | None = None


class NoAccessShape(OnTheDayShape):
    """Nobody opened, nobody could be reached."""

    note_left: bool = Field(True, description="Whether a missed-visit note was left where it is seen.")


class EntryShape(Shape):
    """One answer to one field of a step. `id` and `at` are the phone's own."""

    id: Id
    step: ShortLine
    key: ShortLine
    value: Any = None
    at: Moment
    blobs: list[Sha256] = Field(default_factory=list, max_length=40)


class ParcelShape(Shape):
    """Entries that leave a phone together."""

    visit_id: Id
    device_id: ShortLine
    entries: list[EntryShape] = Field(min_length=1, max_length=500)


class ChangeShape(Shape):
    """What one field of the checklist should have said, in the form in which phones answer it."""

    step: str = Field(min_length=1, max_length=60, pattern=r"^[a-z0-9_]+$")
    key: str = Field(min_length=1, max_length=60, pattern=r"^[a-z0-9_]+$")
    value: Any


class CorrectionShape(Shape):
    """Why a record is corrected, and what."""

    reason: Text = Field(min_length=1, max_length=500, examples=["下行速率误录为 93 Mbit/s"])
    changes: list[ChangeShape] = Field(min_length=1, max_length=40)


class SealShape(Shape):
    """In which language the record is written; the customer's own if left out."""

    language: Literal["zh", "en"] | None = None
