"""The operator's own table of compensation: money.json. Pure. Amounts are whole fen; nobody reckons in fractions."""

import json
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from checklists.words import Words
from dispatch.errors import Invalid, NotAllowed

FILE = Path(__file__).with_name("money.json")


@lru_cache(maxsize=1)
def money() -> dict[str, Any]:
    """The table as the file has it."""
    table: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return table


@dataclass(frozen=True)
class RepairTime:
    """Within what a fault is repaired: in town, in the country, and the names of the areas in the country."""

    urban: timedelta
    rural: timedelta
    country: frozenset[str]

    def within(self, area: str | None) -> timedelta:
        """In an area, by its name; one that is not known is town."""
        return self.rural if area in self.country else self.urban


def repair_time(table: dict[str, Any]) -> RepairTime:
    """What the table promises (48 and 72 hours as delivered): compensation, figures and exceptions all count by it."""
    rule = table["evidence"]["late_repair"]
    urban, rural = (timedelta(hours=rule[name]) for name in ("urban_hours", "rural_hours"))
    return RepairTime(urban, rural, frozenset(rule["rural_areas"]))


def severity_words(severity: int) -> Words:
    """How grave a complaint is, in words."""
    one = money()["severity"][str(severity)]
    return Words(one["zh"], one["en"])


def remedy_words() -> dict[str, Words]:
    """Every remedy by key."""
    return {key: Words(one["zh"], one["en"]) for key, one in money()["remedies"].items()}


def rule_words(rule: str) -> Words:
    """Why somebody is compensated: a rule of evidence, or a complaint."""
    one = money()["evidence"].get(rule)
    return Words(one["zh"], one["en"]) if one else Words("投诉补偿", "Complaint")


def takes_money(remedy: str) -> bool:
    """Whether a remedy is money. Refuses one that is not in the table."""
    known = money()["remedies"].get(remedy)
    if known is None:
        raise Invalid(Words("请从列表中选择处理方式。", "Choose a remedy of the list."), name="remedy-unknown")
    return bool(known["money"])


def spoken_amount(fen: int) -> Words:
    """50元 / 50 yuan; with its fen only where there are some."""
    yuan = f"{fen // 100}" if fen % 100 == 0 else f"{fen / 100:.2f}"
    return Words(f"{yuan}元", f"{yuan} yuan")


def limit_of(role: str) -> int:
    """How much (fen) somebody with this role may approve by themselves; 0 for roles that the table does not name."""
    return int(money()["limits_fen"].get(role, 0))


def may_offer(amount_fen: int, *, severity: int, role: str) -> int:
    """`amount_fen`, if the severity allows it and the role may approve it. Refuses with what to do instead."""
    most = int(money()["severity"][str(severity)]["up_to_fen"])
    if amount_fen < 0 or amount_fen > most:
        top = spoken_amount(most)
        raise Invalid(
            Words(
                f"“{severity_words(severity).zh}”的投诉最多补偿{top.zh}，请降低金额或调整严重程度。",
                f"A complaint of this gravity has at most {top.en}. Offer less, or change how grave it is.",
            ),
            name="amount-above-severity",
        )
    must_be_within_limit(amount_fen, role)
    return amount_fen


def must_be_within_limit(amount_fen: int, role: str) -> None:
    """Refuse an amount that this role may not approve."""
    mine = limit_of(role)
    if amount_fen > mine:
        top = spoken_amount(mine)
        raise NotAllowed(
            Words(
                f"超出您的审批额度（{top.zh}），请降低金额，或请主管办理。",
                f"That is above what you may approve ({top.en}). Offer less, or ask a supervisor to do it.",
            ),
            name="amount-above-limit",
        )
