"""How a fault looks, as signs that can be counted: symptoms, dial-up codes, measurements, devices, words. Pure.

A sign is a short text: `s:drops`, `d:651`, `m:onu_rx_power:fail`, `u:onu_rx_power:3`, `a:gpon`, `v:hg8245q2`, `w:掉线`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from checklists.dial_errors import DIAL_ERRORS
from checklists.drift import drift
from checklists.measurement_limits import MeasuringContext
from checklists.measurements import MEASUREMENTS, judge
from checklists.phone_form import VERDICT_WORDS
from checklists.visit_repair_v1 import SYMPTOMS
from checklists.words import Words
from dispatch.health_files.bigrams import words_in

Value = float | int | str

SAME_FAULT = {678: 651, 815: 651}
"""678 (Windows XP), 815 (Vista) and 651 (since 7) are one fault under three numbers."""

SYMPTOM_WORDS: dict[str, Words] = {option.value: option.label for option in SYMPTOMS}
_SYMPTOM_BY_LABEL = {text: o.value for o in SYMPTOMS for text in (o.value, o.label.zh, o.label.en.lower())}
_USED_BUCKETS = (0.25, 0.5, 1.0, 2.0)
_USED_WORDS = (
    Words("与基准相近", "close to the baseline"),
    Words("较基准略差", "a little worse than the baseline"),
    Words("较基准明显变差", "clearly worse than the baseline"),
    Words("较基准差，刚越过合格线", "worse than the baseline, just over the limit"),
    Words("较基准差很多", "far worse than the baseline"),
)


@dataclass(frozen=True)
class Looks:
    """How a fault looks before anybody has touched it.

    `symptoms`: option values or the customer's own words. `found`: measured before the work, by name; `baseline`: the
    same of the healthy line. `words`: further text about it (notes of the call).
    """

    symptoms: Sequence[str] = ()
    dial_codes: Sequence[int] = ()
    found: Mapping[str, Value] = field(default_factory=dict)
    baseline: Mapping[str, Value] = field(default_factory=dict)
    context: MeasuringContext = field(default_factory=MeasuringContext)
    device_model: str | None = None
    words: str = ""

    @property
    def text(self) -> str:
        """Everything that was said in somebody's own words."""
        own = [told for told in self.symptoms if known_symptom(told) is None]
        return " ".join([*own, self.words]).strip()


def known_symptom(told: str) -> str | None:
    """The quick pick that a told symptom is, by value or label; None for the customer's own words."""
    return _SYMPTOM_BY_LABEL.get(told.strip()) or _SYMPTOM_BY_LABEL.get(told.strip().lower())


def symptom_words(told: str) -> Words:
    """A symptom as people read it: a quick pick by its label, the customer's own words as they are."""
    return SYMPTOM_WORDS.get(known_symptom(told) or "", Words(told, told))


def model_key(model: str) -> str:
    """A device's model without what people write differently: `HG8245Q2`, `hg-8245q2` and `HG 8245Q2` are one."""
    return re.sub(r"[^0-9a-z\u4e00-\u9fff]", "", model.lower())[:40]


def signs_of(looks: Looks) -> list[str]:
    """The signs, each once; what was not told or measured gives none."""
    signs: dict[str, None] = {}
    for told in looks.symptoms:
        known = known_symptom(told)
        if known is not None:
            signs[f"s:{known}"] = None
    for code in looks.dial_codes:
        signs[f"d:{SAME_FAULT.get(code, code)}"] = None
    for name, value in looks.found.items():
        if name in MEASUREMENTS:
            signs.update(dict.fromkeys(_measured(name, value, looks)))
    if looks.context.access is not None:
        signs[f"a:{looks.context.access}"] = None
    if looks.device_model and model_key(looks.device_model):
        signs[f"v:{model_key(looks.device_model)}"] = None
    signs.update(dict.fromkeys(f"w:{word}" for word in words_in(looks.text)))
    return list(signs)


def _measured(name: str, value: Value, looks: Looks) -> list[str]:
    verdict = judge(name, value, looks.context).verdict
    if verdict == "implausible":
        return []
    if isinstance(value, str) and value in dict(MEASUREMENTS[name].special):
        return [f"m:{name}:{value}"]
    if isinstance(value, str) and MEASUREMENTS[name].kind == "choice":
        return [f"m:{name}:{value}"]
    made = [] if verdict == "plain" else [f"m:{name}:{verdict}"]
    before = looks.baseline.get(name)
    if before is not None and (moved := drift(name, before, value, looks.context)).used is not None:
        assert moved.used is not None
        made.append(f"u:{name}:{sum(moved.used >= bound for bound in _USED_BUCKETS)}")
    return made


def sign_words(sign: str) -> Words:
    """A sign as people say it."""
    kind, _, rest = sign.partition(":")
    if kind == "s":
        return SYMPTOM_WORDS.get(rest, Words(rest, rest))
    if kind == "d":
        known = DIAL_ERRORS.get(int(rest)) if rest.isdigit() else None
        return Words(
            f"拨号代码 {rest}" + (f"（{known.meaning.zh}）" if known else ""),
            f"dial-up code {rest}" + (f" ({known.meaning.en})" if known else ""),
        )
    if kind in ("m", "u"):
        return _measured_words(kind, *rest.partition(":")[::2])
    if kind == "a":
        return Words(f"接入方式 {rest}", f"access {rest}")
    if kind == "v":
        return Words(f"设备型号 {rest.upper()}", f"device model {rest.upper()}")
    return Words(f"“{rest}”", f"“{rest}”")


def _measured_words(kind: str, name: str, said: str) -> Words:
    label = MEASUREMENTS[name].label if name in MEASUREMENTS else Words(name, name)
    if kind == "u":
        state = _USED_WORDS[int(said)] if said.isdigit() and int(said) < len(_USED_WORDS) else Words(said, said)
        return Words(f"{label.zh}{state.zh}", f"{label.en} {state.en}")
    special = dict(MEASUREMENTS[name].special).get(said) if name in MEASUREMENTS else None
    state = special or VERDICT_WORDS.get(said) or Words(said, said)
    return Words(f"{label.zh}：{state.zh}", f"{label.en}: {state.en.lower()}")
