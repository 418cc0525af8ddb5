"""Forms of the customer's pages: read strictly, what is wrong said beside the field; sent twice they count once."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, TypeVar
from uuid import UUID, uuid4

from fastapi import Depends, Request
from pydantic import ValidationError
from starlette.datastructures import UploadFile

from checklists.words import Words
from dispatch.accounts.secrets_kept import derived_token
from dispatch.errors import NotAllowed
from dispatch.settings import Settings
from mobile_api.shapes import Shape

Errors = dict[str, Words]
S = TypeVar("S", bound=Shape)

UNREADABLE = Words("填写有误，请检查。", "Something is wrong here. Please check it.")
UNSAFE = Words("文字中含有无法识别的字符，请重新输入。", "There are characters that cannot be kept. Please retype it.")
TOO_LONG = Words("内容过长，请缩短。", "This is too long. Please shorten it.")


class PageIsOld(NotAllowed):
    """The form was not one that we gave to this link."""

    name = "page-is-old"
    title = Words("页面已过期", "This page is old")

    def __init__(self) -> None:
        super().__init__(
            Words(
                "页面已过期，内容没有提交。请返回预约页面后重新填写。",
                "This page is old and nothing was sent. Go back to your appointment and fill it in again.",
            )
        )


async def sent_fields(request: Request) -> dict[str, str]:
    """The fields of a form as sent. Of a field that is there twice the first counts; files are left out."""
    form = await request.form(max_files=0, max_fields=40)
    fields: dict[str, str] = {}
    for name, value in form.multi_items():
        if not isinstance(value, UploadFile):
            fields.setdefault(name, value.replace("\r\n", "\n"))
    return fields


SentFields = Annotated[dict[str, str], Depends(sent_fields)]


@dataclass(frozen=True)
class FormKey:
    """What a form is known by: a random id, and our own mark that we gave it to this link."""

    id: UUID
    mark: str

    def __str__(self) -> str:
        return f"{self.id.hex}.{self.mark}"


def _mark(settings: Settings, link_id: str, form_id: UUID) -> str:
    return derived_token(settings.secret_bytes(), "customer-form", link_id, form_id.hex)


def new_form_key(settings: Settings, link_id: str) -> FormKey:
    """A key for one form on one page."""
    form_id = uuid4()
    return FormKey(form_id, _mark(settings, link_id, form_id))


def form_key_in(settings: Settings, link_id: str, fields: dict[str, str]) -> FormKey:
    """The key that came back, taken out of `fields`. Refuses with PageIsOld what is not ours."""
    form_id, _, mark = fields.pop("form", "").partition(".")
    try:
        key = FormKey(UUID(hex=form_id), mark)
    except ValueError:
        raise PageIsOld from None
    if not hmac.compare_digest(_mark(settings, link_id, key.id).encode(), mark.encode()):
        raise PageIsOld
    return key


def read_fields(shape: type[S], fields: Mapping[str, str], told: Mapping[str, Words]) -> tuple[S | None, Errors]:
    """The fields as `shape`, or what is wrong with each. An empty field is one that was left out.

    `told` says, for a field, what to do about it.
    """
    given = {name: value for name, value in fields.items() if value.strip()}
    try:
        return shape.model_validate_strings(given), {}
    except ValidationError as error:
        wrong: Errors = {}
        for item in error.errors(include_input=False, include_url=False):
            name = str(item["loc"][0]) if item["loc"] else ""
            if name not in shape.model_fields:
                raise PageIsOld from None
            words = TOO_LONG if item["type"] == "string_too_long" else told.get(name, UNREADABLE)
            wrong.setdefault(name, words)
        return None, wrong
