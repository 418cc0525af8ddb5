"""HTML forms: read strictly, refused beside the field, done once however often they are pressed."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from starlette.datastructures import UploadFile

from checklists.words import Words
from dispatch.accounts.answered_once import KeyUsedOtherwise, answered_once, fingerprint
from dispatch.accounts.turn import Turn
from dispatch.errors import Forbidden, NotFound, Refusal

Values = dict[str, Any]
MOST_FIELDS = 60
MOST_BOXES = 3000

ERROR_WORDS: dict[str, Words] = {
    "missing": Words("请填写此项。", "Fill this in."),
    "string_too_short": Words("内容太短，请填写完整。", "That is too short. Write it in full."),
    "string_too_long": Words("内容过长，请缩短。", "That is too long. Shorten it."),
    "literal_error": Words("请选择列出的选项之一。", "Choose one of the options."),
    "uuid_parsing": Words("请选择列出的选项之一。", "Choose one of the options."),
    "date": Words("请填写有效的日期。", "Give a valid date."),
    "time": Words("请填写有效的时间，例如 09:00。", "Give a valid time, for example 09:00."),
    "float": Words("请填写数字。", "Give a number."),
    "int": Words("请填写整数。", "Give a whole number."),
    "greater_than": Words("超出允许的范围，请核对。", "That is out of range. Check it."),
    "less_than": Words("超出允许的范围，请核对。", "That is out of range. Check it."),
    "value_error": Words(
        "含有无法保存的字符，请重新输入。", "There are characters that cannot be kept. Type it again."
    ),
    "extra_forbidden": Words(
        "表单与页面不符，请刷新页面后重填。", "The form does not fit the page. Reload it, then retry."
    ),
}
NOT_RIGHT = Words("填写不正确，请核对。", "That is not right. Check it.")
SENT_BEFORE = Words(
    "这张表单已提交过，内容又有改动。请核对当前状态，确需修改再提交一次。",
    "This form was sent before with other content. Look at the present state, then send it again if need be.",
)


class FormShape(BaseModel):
    """What a form may hold: nothing unknown. `key` makes a second press of the same form do nothing more."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,60}$")]


Shape = TypeVar("Shape", bound=FormShape)


def fresh_key() -> str:
    """A one-time key for a form."""
    return secrets.token_urlsafe(12)


@dataclass
class Form:
    """A form as it is drawn: what stands in it, and what is wrong beside which field."""

    values: Mapping[str, Any] = field(default_factory=dict)
    errors: dict[str, Words] = field(default_factory=dict)
    key: str = field(default_factory=fresh_key)

    def value(self, name: str) -> Any:
        """What stands in a field; None for nothing."""
        return self.values.get(name)

    def error(self, name: str) -> Words | None:
        """What is wrong with a field."""
        return self.errors.get(name)


@dataclass
class Read(Generic[Shape]):
    """A form that was sent: its shape if it is whole, else what is wrong."""

    shape: Shape | None
    values: Values
    errors: dict[str, Words]

    def again(self, **more: Words) -> Form:
        """The form to be drawn again with what was sent, under a new key."""
        return Form({name: value for name, value in self.values.items() if name != "key"}, {**self.errors, **more})


async def form_values(request: Request) -> Values:
    """The fields of the request's form as text; several of one name as a list; empty ones left out. No files.

    Browsers end the lines of a text area with CR LF, whatever was typed: here they end as everywhere else.
    """
    return await _values(request, MOST_FIELDS)


async def many_form_values(request: Request) -> Values:
    """The same for a form with a box to tick for each visit of a day."""
    return await _values(request, MOST_BOXES)


async def _values(request: Request, most: int) -> Values:
    values: Values = {}
    async with request.form(max_files=1, max_fields=most) as sent:
        for name in sent:
            lines = [one.replace("\r\n", "\n") for one in sent.getlist(name) if not isinstance(one, UploadFile)]
            given = [one for one in lines if one.strip()]
            if given:
                values[name] = given[0] if len(given) == 1 else given
    return values


Sent = Annotated[Values, Depends(form_values)]
ManySent = Annotated[Values, Depends(many_form_values)]


def read_form(shape: type[Shape], values: Values) -> Read[Shape]:
    """Judge what was sent by `shape`."""
    lists = {name for name, one in shape.model_fields.items() if "list" in str(one.annotation)}
    whole = {name: [value] if name in lists and isinstance(value, str) else value for name, value in values.items()}
    try:
        return Read(shape.model_validate(whole), whole, {})
    except ValidationError as error:
        return Read(None, whole, {str(one["loc"][0])[:60]: _words_of(one["type"]) for one in error.errors()})


def _words_of(kind: str) -> Words:
    if kind in ERROR_WORDS:
        return ERROR_WORDS[kind]
    for begin in ("date", "time", "float", "int", "greater_than", "less_than"):
        if kind.startswith(begin):
            return ERROR_WORDS[begin]
    return NOT_RIGHT


def attempt(turn: Turn, shape: FormShape, what: str, do: Callable[[], str]) -> RedirectResponse | Refusal:
    """Do it once for this form's key and lead to where `do` says; or the refusal, with nothing written.

    The second press of the same form gets the first answer again. What is not this role's, or not there, is not a
    matter of the form: that refusal goes on to its own page.
    """
    request = fingerprint(what, shape.model_dump(mode="json"))
    savepoint = turn.session.begin_nested()
    try:
        _, body = answered_once(
            turn.session, turn.viewer, f"form:{shape.key}", request, lambda: (303, {"to": do()}), turn.now
        )
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        savepoint.rollback()
        if isinstance(refusal, KeyUsedOtherwise):
            refusal.words = SENT_BEFORE
        return refusal
    savepoint.commit()
    return RedirectResponse(body["to"], 303)


def day_from(text: str | None, today: date) -> date:
    """A day from an address, today for what is no day (links are cut and mistyped)."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return today
    return day if abs((day - today).days) < 4000 else today
