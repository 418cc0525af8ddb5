"""The people of the demo city. All are made up; some have rare characters, because real people do."""

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Crewman:
    """A technician: `quarter` is an index into the city's areas, `skills` name and level."""

    code: str
    login: str
    name: str
    quarter: int
    skills: tuple[tuple[str, int], ...]
    late_shift: bool = False


def _skills(text: str) -> tuple[tuple[str, int], ...]:
    return tuple((part[:-1], int(part[-1])) for part in text.split())


CREW = (
    Crewman("SH-101", "t01", "赵文翀", 0, _skills("fibre3 wifi2 fttr2")),
    Crewman("SH-102", "t02", "钱立行", 0, _skills("fibre2 wifi3")),
    Crewman("SH-103", "t03", "孙㛃", 0, _skills("fibre2 copper2"), late_shift=True),
    Crewman("SH-201", "t04", "李远舟", 1, _skills("fibre3 fttr3 wifi3")),
    Crewman("SH-202", "t05", "周𬭎", 1, _skills("fibre2 wifi2")),
    Crewman("SH-203", "t06", "吴思齐", 1, _skills("fibre1 wifi2"), late_shift=True),
    Crewman("SH-301", "t07", "郑䶮", 2, _skills("fibre3 copper3 wifi1")),
    Crewman("SH-302", "t08", "王守诚", 2, _skills("fibre2 wifi2 fttr1")),
    Crewman("SH-303", "t09", "冯晓岚", 2, _skills("fibre2 wifi3"), late_shift=True),
    Crewman("SH-401", "t10", "陈江海", 3, _skills("fibre3 fttr2")),
    Crewman("SH-402", "t11", "褚明远", 3, _skills("fibre2 copper2 wifi2")),
    Crewman("SH-403", "t12", "卫青禾", 3, _skills("fibre2 wifi2"), late_shift=True),
)

OFFICE = (
    ("admin", "admin", "系统管理员 Admin"),
    ("supervisor", "supervisor", "沈班长"),
    ("dispatcher", "dispatcher", "韩调度"),
    ("care", "care_agent", "杨客服"),
)
"""Login, role and name of those who do not go out."""

_SURNAMES = "张刘杨黄朱林何高罗梁宋谢唐许韩邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪石"
_GIVEN = "子涵雨桐建国秀英志强丽华浩然欣怡国栋美玲俊杰婉清晓峰春燕德明思远佳宁海燕文博静怡"
_RARE = ("王𬭎", "林㛃", "郑䶮", "欧阳㛃𬭎", "陈𠅤")
_FOREIGN = ("Emma Clarke", "Lucas Meyer", "Aiko Tanaka", "Daniel O'Brien", "Sofia Rossi", "Noah Williams", "Ana Souza")


@dataclass(frozen=True)
class Person:
    """A customer-to-be."""

    name: str
    language: str
    phone: str
    mail: str | None = None
    channel: str = "sms"


def some_people(chance: random.Random, how_many: int) -> list[Person]:
    """`how_many` customers, every eleventh of whom reads English; numbers are spelled as people spell them.

    Some have a mail address, some prefer mail, and a few have nothing but a landline.
    """
    people: list[Person] = []
    rare, foreign = list(_RARE), list(_FOREIGN)
    for number in range(how_many):
        tail = f"{2000 + number * 37:04d}"
        phone = chance.choice(("138 0000 {}", "1380000{}", "+86 138-0000-{}")).format(tail)
        if number % 30 == 9:
            phone = f"021-5000{tail}"
        mail = f"home{tail}@example.com" if number % 4 == 1 and number % 30 != 9 else None
        channel = "mail" if mail and number % 8 == 1 else "sms"
        if number % 11 == 4 and foreign:
            people.append(Person(foreign.pop(0), "en", phone, mail, channel))
        elif number % 15 == 2 and rare:
            people.append(Person(rare.pop(0), "zh", phone, mail, channel))
        else:
            people.append(Person(chance.choice(_SURNAMES) + _given(chance), "zh", phone, mail, channel))
    return people


def _given(chance: random.Random) -> str:
    first = chance.randrange(0, len(_GIVEN), 2)
    return _GIVEN[first : first + 2]
