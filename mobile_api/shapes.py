"""What may be sent to us: strict shapes that refuse unknown fields, and one text type for every text from outside."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from checklists.plain_text import UnsafeText, safe_text


def _one_line(text: str) -> str:
    try:
        return safe_text(text, lines=False)
    except UnsafeText as error:
        raise ValueError("unsafe text") from error


def _lines(text: str) -> str:
    try:
        return safe_text(text)
    except UnsafeText as error:
        raise ValueError("unsafe text") from error


def _sane(moment: datetime) -> datetime:
    if (
        not 2000 <= moment.year <= 2100
        or moment.utcoffset() is None
        or abs(moment.utcoffset() or timedelta()) > timedelta(hours=15)
    ):
        raise ValueError("implausible moment")
    return moment


def _text_moment(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("a moment is ISO 8601 text with its offset")
    return value


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_one_line)]
ShortLine = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), AfterValidator(_one_line)
]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000), AfterValidator(_lines)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(_one_line)]
Moment = Annotated[
    AwareDatetime,
    BeforeValidator(
        _text_moment, json_schema_input_type=Annotated[str, Field(json_schema_extra={"format": "date-time"})]
    ),
    AfterValidator(_sane),
    Field(strict=False, description="ISO 8601 with its offset, between the years 2000 and 2100."),
]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


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
    phone: ShortLine = Field(description="Any usual spelling.", examples=["138 0000 0000"])
    external_id: ShortLine | None = None
    language: Literal["zh", "en"] = "zh"


class SiteShape(Shape):
    """Where. Coordinates are WGS-84 degrees."""

    address: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=2, max_length=300), AfterValidator(_one_line)
    ] = Field(examples=["上海市浦东新区张江镇龘园路88弄3号楼1202室"])
    latitude: float | None = Field(None, ge=-90, le=90, strict=False, examples=[31.2041])
    longitude: float | None = Field(None, ge=-180, le=180, strict=False, examples=[121.5937])
    area: ShortLine | None = None


class LineShape(Shape):
    """The broadband service. Rates are Mbit/s as subscribed."""

    account_name: ShortLine | None = Field(None, examples=["sh02158880001"])
    product: ShortLine | None = Field(None, examples=["千兆宽带 FTTR"])
    access: Literal["gpon", "xgspon", "dsl", "ethernet"] = "gpon"
    subscribed_down: float | None = Field(None, gt=0, le=100_000, strict=False, examples=[1000])
    subscribed_up: float | None = Field(None, gt=0, le=100_000, strict=False, examples=[100])


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
    minutes: int | None = Field(None, ge=5, le=720, description="How long the work takes.")
    skills: list[ShortLine] = Field(default_factory=list, max_length=20)
    wanted: WindowShape | None = Field(None, description="The window that the customer asked for.")


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

    reason: Annotated[Reason, Field(min_length=1)]
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


class SealShape(Shape):
    """In which language the record is written; the customer's own if left out."""

    language: Literal["zh", "en"] | None = None
