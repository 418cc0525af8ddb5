"""The other values of an order: its kind, rates, duration, access, language and lists."""

import re

from checklists.words import Words
from dispatch.errors import Invalid
from dispatch.visits.order_files.cells import checked_text, half_width, is_blank
from dispatch.visits.order_files.shapes import Access, Channel, Kind

FEWEST_MINUTES, MOST_MINUTES = 5, 720
HIGHEST_RATE = 10_000.0  # Mbit/s, the catalogue's plausible limit
MOST_ITEMS = 20

_REPAIR = ("维修", "故障", "报障", "修障", "障碍", "抢修", "repair", "fault", "trouble")
_INSTALL = ("装机", "新装", "安装", "开通", "移机", "迁移", "加装", "install", "activation", "relocation")
_INSTALL_ALONE = {"装", "装移机", "new", "move", "provide", "新开", "入网"}
_REPAIR_ALONE = {"修", "修机", "报修"}
_NEITHER = ("拆机", "拆除", "销户", "退订", "removal", "uninstall", "disconnect", "巡检", "inspection")

_ACCESS: dict[str, Access] = {
    "gpon": "gpon", "ftth": "gpon", "epon": "gpon", "光纤": "gpon", "光纤到户": "gpon", "fiber": "gpon",
    "fibre": "gpon", "pon": "gpon", "光宽": "gpon", "光宽带": "gpon",
    "xgspon": "xgspon", "xgpon": "xgspon", "10gpon": "xgspon", "10ggpon": "xgspon", "10gepon": "xgspon",
    "50gpon": "xgspon",
    "dsl": "dsl", "adsl": "dsl", "vdsl": "dsl", "vdsl2": "dsl", "adsl2+": "dsl", "xdsl": "dsl",
    "铜缆": "dsl", "铜线": "dsl", "电话线": "dsl",
    "ethernet": "ethernet", "lan": "ethernet", "fttb": "ethernet", "fttb+lan": "ethernet", "以太网": "ethernet",
    "网线": "ethernet", "ftthlan": "ethernet",
}  # fmt: skip

_SKILLS = {
    "光纤": "fibre", "光缆": "fibre", "熔纤": "fibre", "fiber": "fibre", "铜缆": "copper", "铜线": "copper",
    "dsl": "copper", "组网": "wifi", "无线": "wifi", "wi-fi": "wifi", "全屋光宽": "fttr",
}  # fmt: skip

_NUMBER_AND_UNIT = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)?(万兆|千兆|百兆|g|兆|m|k)?(?:b|bps|bit|比特)?")
_UNITS = {"万兆": 10_000.0, "千兆": 1000.0, "百兆": 100.0, "g": 1000.0, "兆": 1.0, "m": 1.0, "k": 0.001}
_WORD_RATES = ("万兆", "千兆", "百兆")


def read_kind(text: str) -> Kind:
    """`install` (a new line or a moved one) or `repair`; refuses whatever else an order system holds."""
    plain = half_width(text).casefold()
    repair = any(word in plain for word in _REPAIR) or plain in _REPAIR_ALONE
    install = any(word in plain for word in _INSTALL) or plain in _INSTALL_ALONE
    if any(word in plain for word in _NEITHER) or repair == install:
        raise Invalid(
            Words(
                "工单类型只能是装机（新装、开通、移机）或维修（故障、报障），请更正。",
                "The kind of order is install (new, activation, relocation) or repair (fault). Correct it.",
            ),
            name="kind",
        )
    return "repair" if repair else "install"


def read_access(text: str) -> Access:
    """How the line reaches the home. Plain fibre is taken as GPON."""
    access = _ACCESS.get(re.sub(r"[\s_/-]", "", half_width(text).casefold()))
    if access is None:
        raise Invalid(
            Words(
                "不认识这种接入方式，请填 GPON、XGS-PON、DSL 或 LAN。",
                "Unknown kind of access. Write GPON, XGS-PON, DSL or LAN.",
            ),
            name="access",
        )
    return access


def read_rates(text: str, heading_unit: str = "") -> tuple[float, float | None]:
    """Subscribed rates in Mbit/s, down and (if the cell says) up, from 1000M, 千兆, 1G, 2.5G, 1000/100, 下行…上行….

    A number without a unit has that of the heading (`heading_unit`: k, m or g), else Mbit/s.
    """
    plain = re.sub(r"(?<=[a-z])/s(?:ec)?", "", re.sub(r"\s", "", half_width(text).casefold()))
    labelled = re.fullmatch(r"(下行|下载|↓|down:?)?(.+?)[,/,;、]?(上行|上传|↑|up:?)(.+)", plain)
    upside_down = re.fullmatch(r"(上行|上传|↑|up:?)(.+?)[,/,;、]?(下行|下载|↓|down:?)(.+)", plain)
    if upside_down:
        return _rate(upside_down[4], heading_unit), _rate(upside_down[2], heading_unit)
    if labelled:
        return _rate(labelled[2], heading_unit), _rate(labelled[4], heading_unit)
    down, _, up = re.sub(r"^(下行|下载|↓|down:?)", "", plain).partition("/")
    return _rate(down, heading_unit), _rate(up, heading_unit) if up else None


def read_minutes(text: str, heading_unit: str = "") -> int:
    """How long the work takes: 90, 90分钟, 1.5小时, 1小时30分, 1h30m, 90 min.

    A bare number counts minutes, or hours if the heading says so (`heading_unit` h).
    """
    plain = re.sub(r"\s", "", half_width(text).casefold())
    found = re.fullmatch(
        r"(?:([0-9]{1,3}(?:\.[0-9]{1,2})?)(?:个?小时|h|hours?|hrs?))?(?:([0-9]{1,4})(?:\.0)?(?:分钟|分|m|mins?|minutes?)?)?",
        plain,
    )
    bare = re.fullmatch(r"[0-9]{1,4}(?:\.[0-9]{1,2})?", plain)
    if bare and heading_unit == "h":
        minutes = float(plain) * 60
    elif found and (found[1] or found[2]):
        minutes = float(found[1] or 0) * 60 + float(found[2] or 0)
    else:
        minutes = -1
    if not FEWEST_MINUTES <= minutes <= MOST_MINUTES:
        raise Invalid(
            Words(
                f"时长应为 {FEWEST_MINUTES} 到 {MOST_MINUTES} 分钟，例如 90。",
                f"A duration is {FEWEST_MINUTES} to {MOST_MINUTES} minutes, for example 90.",
            ),
            name="minutes",
        )
    return round(minutes)


def read_language(text: str) -> str | None:
    """`zh` or `en`, or None for a language that the product does not speak."""
    plain = half_width(text).casefold().replace("_", "-")
    if re.fullmatch(r"zh(-.*)?|cn|中文|汉语|普通话|国语|简体中文|中|chinese|mandarin", plain):
        return "zh"
    if re.fullmatch(r"en(-.*)?|英文|英语|英|english", plain):
        return "en"
    return None


def read_channel(text: str) -> Channel | None:
    """How a customer likes to be told, or None for a way that the product does not go."""
    plain = half_width(text).casefold()
    if plain in {"短信", "手机短信", "sms", "text", "text message"}:
        return "sms"
    if plain in {"邮件", "电子邮件", "邮箱", "email", "e-mail", "mail"}:
        return "mail"
    if plain in {"电话", "来电", "致电", "打电话", "call", "phone", "phone call", "telephone"}:
        return "call"
    return None


def read_items(text: str, longest: int) -> tuple[str, ...]:
    """A list in one cell, parted by 、，,；;| or line breaks; each item once, in the order written."""
    items = (checked_text(item, longest) for item in re.split(r"[、，,；;|\r\n]+", text) if not is_blank(item))
    found = tuple(dict.fromkeys(items))
    if len(found) > MOST_ITEMS:
        raise Invalid(
            Words(f"最多 {MOST_ITEMS} 项，请精简。", f"At most {MOST_ITEMS} items. Shorten the list."), name="items"
        )
    return found


def read_skills(text: str) -> tuple[str, ...]:
    """Skills by the names that the product uses (`fibre`, `copper`, `wifi`, `fttr`); others as written, in small."""
    named = (_SKILLS.get(item, item) for item in read_items(half_width(text).casefold(), 40))
    return tuple(dict.fromkeys(named))


def _rate(text: str, heading_unit: str) -> float:
    found = _NUMBER_AND_UNIT.fullmatch(text)
    number, unit = (found[1], found[2]) if found else (None, None)
    if number is not None:
        rate = float(number) * _UNITS[unit or heading_unit or "m"]
    else:
        rate = _UNITS[unit] if unit in _WORD_RATES else 0.0
    if not 0 < rate <= HIGHEST_RATE:
        raise Invalid(
            Words(
                "看不出速率，请写成 1000M 或 1000/100（下行/上行）。",
                "This cannot be read as a rate. Write 1000M or 1000/100 (down/up).",
            ),
            name="rate",
        )
    return round(rate, 3)
