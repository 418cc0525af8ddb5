"""What the demo city owes: installations and repairs, as an order system would tell of them."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from checklists.definition import Kind
from dispatch.customers.actions import CustomerFacts, LineFacts, SiteFacts
from dispatch.demo.city import Home, Quarter, a_home
from dispatch.demo.people import Person
from dispatch.visits.orders import OrderFacts

REPAIR_WITHIN = timedelta(hours=48)  # urban faults; reference/telecom.md §3
INSTALL_WITHIN = timedelta(days=7)

_PRODUCTS = (
    ("300M 宽带", "300 Mbit/s fibre", 300.0, 30.0),
    ("500M 宽带", "500 Mbit/s fibre", 500.0, 50.0),
    ("千兆宽带", "Gigabit fibre", 1000.0, 100.0),
    ("千兆 FTTR 全屋光纤", "Gigabit FTTR", 1000.0, 100.0),
)
_TROUBLE = (
    (("完全上不了网", "光猫 LOS 灯闪红"), ("No internet at all", "LOS lamp blinks red"), "fibre"),
    (("晚高峰卡顿",), ("Stalls in the evening",), "fibre"),
    (("拨号报错 691",), ("Dial-up error 691",), "fibre"),
    (("经常掉线",), ("Connection drops",), "fibre"),
    (("卧室 Wi-Fi 信号弱",), ("Weak Wi-Fi in the bedroom",), "wifi"),
    (("网速慢，测速只有一半",), ("Slow: half of what was promised",), "fibre"),
)
_NOTES = ("", "", "", "门禁需提前联系。", "家中有小孩，请轻声敲门。", "地下车库信号差。", "老人独居，请耐心说明。")


@dataclass(frozen=True)
class Household:
    """A customer with a home and a line."""

    person: Person
    home: Home
    product: tuple[str, str, float, float]
    number: int

    def told(
        self,
        chance: random.Random,
        kind: Kind,
        external_id: str,
        reported_at: datetime,
        trouble: int | None = None,
    ) -> OrderFacts:
        """A work order of this household, reported at `reported_at`; `trouble` picks what is wrong."""
        english = self.person.language == "en"
        skills: tuple[str, ...] = ("fttr",) if "FTTR" in self.product[0] and kind == "install" else ("fibre",)
        symptoms: tuple[str, ...] = ()
        if kind == "repair":
            zh, en, skill = chance.choice(_TROUBLE) if trouble is None else _TROUBLE[trouble]
            symptoms, skills = (en if english else zh), (skill,)
        return OrderFacts(
            kind=kind,
            customer=CustomerFacts(
                self.person.name,
                self.person.phone,
                f"C{70000 + self.number}",
                self.person.language,
                self.person.mail,
                self.person.channel,
            ),
            site=SiteFacts(
                self.home.en if english else self.home.zh, self.home.latitude, self.home.longitude, self.home.quarter
            ),
            line=LineFacts(
                f"sh0215{8000 + self.number}",
                self.product[1] if english else self.product[0],
                "gpon",
                self.product[2],
                self.product[3],
            ),
            external_id=external_id,
            symptoms=symptoms,
            note="" if english else chance.choice(_NOTES),
            deadline=reported_at + (REPAIR_WITHIN if kind == "repair" else INSTALL_WITHIN),
            minutes=60 if kind == "repair" else 90,
            skills=skills,
            reported_at=reported_at,
        )


def a_household(chance: random.Random, person: Person, quarter: Quarter, number: int) -> Household:
    """`person` moves into a home of `quarter`."""
    return Household(person, a_home(chance, quarter), chance.choice(_PRODUCTS), number)
