"""The small values that problems and plans are made of, each with the bounds that keep nonsense out."""

from collections.abc import Mapping
from typing import Annotated, Any, Self, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from checklists.words import Words

DAY = 86_400
LONGEST = 14 * DAY  # no plan looks further: a time beyond this is a slip of units
DEAREST = 10**8  # a price above this would drown every other in rounding

Seconds = Annotated[int, Field(ge=0, le=LONGEST, description="whole seconds after midnight of the planned day")]
Length = Annotated[int, Field(ge=0, le=LONGEST, description="whole seconds")]
Price = Annotated[int, Field(ge=0, le=DEAREST, description="seconds of driving that one would rather spend")]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Level = Annotated[int, Field(ge=1, le=3, description="1 assists, 2 does it alone, 3 teaches it")]


def _plain(text: str) -> str:
    if any(ord(sign) < 32 or 0xD800 <= ord(sign) <= 0xDFFF or ord(sign) == 127 for sign in text):
        raise ValueError("no control characters, please")
    return text


Name = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_plain)]


class Value(BaseModel):
    """A frozen value: unknown fields, NaN and numbers given as text are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """The same with some fields changed, unchecked; nothing that was worked out from the old ones is taken over."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return cast(Self, type(self).model_construct(**(fields | dict(update or {}))))


class Window(Value):
    """From the first to the last second in which something may begin; both belong to it."""

    start: Seconds
    end: Seconds

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end < self.start:
            raise ValueError("a window cannot end before it starts")
        return self

    def holds(self, moment: int) -> bool:
        """Whether `moment` lies inside, borders included."""
        return self.start <= moment <= self.end

    def __str__(self) -> str:
        return f"{clock(self.start)}-{clock(self.end)}"


def clock(seconds: int) -> str:
    """Seconds after midnight as people read them: `09:05`; the next day as `+1 00:30`; odd seconds are shown."""
    days, rest = divmod(seconds, DAY)
    text = f"{rest // 3600:02d}:{rest % 3600 // 60:02d}" + (f":{rest % 60:02d}" if rest % 60 else "")
    return f"{days:+d} {text}" if days else text


def both(zh: str, en: str, **facts: object) -> Words:
    """Words with facts filled in, where a fact may itself be Words."""
    return Words(
        zh.format(**{name: fact.zh if isinstance(fact, Words) else fact for name, fact in facts.items()}),
        en.format(**{name: fact.en if isinstance(fact, Words) else fact for name, fact in facts.items()}),
    )
