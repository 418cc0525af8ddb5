"""The demo city: four areas of Shanghai and streets in them. Streets are real, housing estates are made up.

Coordinates are WGS-84 degrees, read off a map to about a hundred metres.
"""

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Street:
    """A street, by name in both languages, at one point of it."""

    zh: str
    en: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Quarter:
    """An area (包区): its district as written in addresses, the station where its technicians start, its streets."""

    zh: str
    en: str
    district_zh: str
    district_en: str
    latitude: float
    longitude: float
    streets: tuple[Street, ...]


QUARTERS = (
    Quarter(
        "张江", "Zhangjiang", "上海市浦东新区", "Pudong, Shanghai", 31.2041, 121.5937,
        (
            Street("祖冲之路", "Zuchongzhi Rd", 31.2020, 121.5980),
            Street("碧波路", "Bibo Rd", 31.2060, 121.5920),
            Street("晨晖路", "Chenhui Rd", 31.1965, 121.5985),
            Street("科苑路", "Keyuan Rd", 31.2030, 121.5890),
            Street("盛夏路", "Shengxia Rd", 31.1990, 121.6130),
            Street("益江路", "Yijiang Rd", 31.2010, 121.6170),
            Street("藿香路", "Huoxiang Rd", 31.2075, 121.6120),
        ),
    ),
    Quarter(
        "陆家嘴", "Lujiazui", "上海市浦东新区", "Pudong, Shanghai", 31.2331, 121.5137,
        (
            Street("商城路", "Shangcheng Rd", 31.2330, 121.5120),
            Street("浦城路", "Pucheng Rd", 31.2330, 121.5060),
            Street("潍坊路", "Weifang Rd", 31.2260, 121.5180),
            Street("崂山路", "Laoshan Rd", 31.2280, 121.5130),
            Street("乳山路", "Rushan Rd", 31.2360, 121.5210),
            Street("张杨路", "Zhangyang Rd", 31.2290, 121.5170),
            Street("源深路", "Yuanshen Rd", 31.2320, 121.5330),
        ),
    ),
    Quarter(
        "徐家汇", "Xujiahui", "上海市徐汇区", "Xuhui, Shanghai", 31.1955, 121.4375,
        (
            Street("天钥桥路", "Tianyaoqiao Rd", 31.1900, 121.4400),
            Street("漕溪北路", "Caoxi North Rd", 31.1880, 121.4360),
            Street("宛平南路", "Wanping South Rd", 31.1910, 121.4490),
            Street("零陵路", "Lingling Rd", 31.1860, 121.4480),
            Street("番禺路", "Panyu Rd", 31.2010, 121.4290),
            Street("虹桥路", "Hongqiao Rd", 31.1960, 121.4290),
            Street("广元西路", "Guangyuan West Rd", 31.1990, 121.4330),
        ),
    ),
    Quarter(
        "五角场", "Wujiaochang", "上海市杨浦区", "Yangpu, Shanghai", 31.2990, 121.5150,
        (
            Street("四平路", "Siping Rd", 31.2960, 121.5090),
            Street("国定路", "Guoding Rd", 31.3010, 121.5080),
            Street("政通路", "Zhengtong Rd", 31.3030, 121.5110),
            Street("淞沪路", "Songhu Rd", 31.3060, 121.5140),
            Street("黄兴路", "Huangxing Rd", 31.2940, 121.5200),
            Street("翔殷路", "Xiangyin Rd", 31.3000, 121.5250),
            Street("国权路", "Guoquan Rd", 31.2930, 121.5060),
        ),
    ),
)  # fmt: skip

ESTATES = (
    ("梧桐苑", "Parasol Court"),
    ("玉兰里", "Magnolia Lane"),
    ("临江新村", "Riverside Village"),
    ("㛃湾小区", "Jie Bay"),
    ("书香名邸", "Scholars' House"),
    ("银杏公寓", "Ginkgo Apartments"),
    ("龘园", "Dragon Garden"),
    ("海棠花苑", "Crabapple Garden"),
)
_SPREAD = 0.0022  # degrees: homes lie within some 200 m of the street's point


@dataclass(frozen=True)
class Home:
    """One home: its address in both languages and where it is."""

    zh: str
    en: str
    latitude: float
    longitude: float
    quarter: str


def a_home(chance: random.Random, quarter: Quarter) -> Home:
    """A home in `quarter`; the same state of `chance` gives the same home."""
    street = chance.choice(quarter.streets)
    estate_zh, estate_en = chance.choice(ESTATES)
    lane, house = chance.randrange(18, 999), chance.randrange(1, 29)
    room = chance.randrange(1, 19) * 100 + chance.randrange(1, 5)
    return Home(
        zh=f"{quarter.district_zh}{street.zh}{lane}弄{estate_zh}{house}号楼{room}室",
        en=f"Room {room}, Building {house}, {estate_en}, Lane {lane}, {street.en}, {quarter.district_en}",
        latitude=round(street.latitude + chance.uniform(-_SPREAD, _SPREAD), 6),
        longitude=round(street.longitude + chance.uniform(-_SPREAD, _SPREAD), 6),
        quarter=quarter.zh,
    )
