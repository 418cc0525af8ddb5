"""A made-up city whose repairs have known causes, to see whether the right one is found: a seed in, repairs out.

It is made to be hard in the ways that real ones are. Different causes look alike (a bent fibre, a damaged drop cable,
a splitter and a dirty connector all take light away); customers tell the wrong thing or only their own words;
measurements, dial codes, splitters and devices are often not known; instruments scatter; technicians write down a wrong
cause now and then. Some of it clusters as in life: a splitter fails several homes within days, a device model has a bad
batch, old houses have old wiring, and a fault that was not really mended comes back. The shares below were written down
from what the field says before anything was ranked by them, and are not fitted to the ranker.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from checklists.measurement_limits import MeasuringContext
from dispatch.health_files.filing import NewCase
from dispatch.health_files.places import Place
from dispatch.health_files.signs import Looks

DAY = timedelta(days=1)
BEGIN = datetime(2024, 11, 1, tzinfo=UTC)
YEARS = 2
LINES_A_SPLITTER = 32
SPLITTERS_A_BUILDING = 3

# How often each cause is met where nothing special is going on.
CAUSES = {
    "connector": 0.18, "fibre_bent": 0.12, "drop_cable": 0.08, "power": 0.07, "our_device": 0.13,
    "inside_wiring": 0.11, "customer_device": 0.12, "account": 0.10, "settings": 0.06, "network": 0.03,
}  # fmt: skip
# What the customer notices first, by cause.
SYMPTOMS = {
    "connector": {"drops": 30, "slow": 24, "no_internet": 16, "los_lamp": 15, "dial_error": 10, "tv_trouble": 5},
    "fibre_bent": {"los_lamp": 38, "no_internet": 34, "drops": 14, "slow": 9, "dial_error": 5},
    "drop_cable": {"no_internet": 40, "los_lamp": 30, "drops": 20, "slow": 10},
    "splitter": {"no_internet": 40, "los_lamp": 30, "drops": 18, "slow": 12},
    "power": {"no_internet": 78, "wifi_weak": 8, "tv_trouble": 8, "drops": 6},
    "our_device": {"drops": 30, "no_internet": 28, "slow": 16, "wifi_weak": 12, "dial_error": 8, "tv_trouble": 6},
    "inside_wiring": {"slow": 34, "drops": 26, "no_internet": 20, "tv_trouble": 12, "dial_error": 8},
    "customer_device": {"wifi_weak": 40, "slow": 32, "drops": 13, "dial_error": 10, "slow_evenings": 5},
    "account": {"dial_error": 62, "no_internet": 36, "slow": 2},
    "settings": {"dial_error": 34, "no_internet": 26, "tv_trouble": 24, "slow": 16},
    "network": {"slow_evenings": 40, "no_internet": 25, "slow": 20, "drops": 15},
}
CODES = {
    "optical": {651: 60, 678: 20, 815: 10, 619: 6, 691: 4},
    "our_device": {651: 40, 678: 20, 619: 15, 734: 15, 691: 10},
    "inside_wiring": {651: 45, 678: 25, 769: 15, 619: 15},
    "customer_device": {769: 25, 651: 20, 720: 20, 691: 20, 813: 15},
    "account": {691: 62, 619: 14, 647: 12, 649: 8, 651: 4},
    "settings": {691: 18, 651: 32, 678: 20, 734: 15, 619: 15},
    "network": {678: 30, 651: 30, 619: 20, 638: 20},
    "power": {651: 70, 678: 30},
}
OPTICAL = ("connector", "fibre_bent", "drop_cable", "splitter")
SAID = {
    "no_internet": ("完全上不了网", "网断了连不上", "突然没网了", "家里网络全断", "上不了网已经一天"),
    "drops": ("老是掉线", "时断时续", "一会有网一会没网", "经常断线要重启", "用着用着就断"),
    "slow": ("网速特别慢", "打开网页很慢", "下载速度不达标", "看视频卡", "测速只有几十兆"),
    "slow_evenings": ("晚上高峰很卡", "一到晚上就慢", "八点以后打游戏卡顿", "晚上看电影缓冲"),
    "wifi_weak": ("卧室信号差", "隔一堵墙就没信号", "无线信号弱", "房间里wifi连不上", "手机WiFi只有一格"),
    "los_lamp": ("光猫亮红灯", "光信号灯闪红", "猫上有个红灯一直闪", "LOS灯红色"),
    "dial_error": ("拨号提示错误", "宽带连接报错", "拨号连不上有代码", "登录提示用户名密码不对"),
    "tv_trouble": ("电视看不了", "IPTV卡顿花屏", "电视盒子连不上", "电视黑屏"),
}
HINTS = {
    "power": ("光猫所有灯都不亮", "电源灯灭了", "昨天停过电", "插座好像没电"),
    "fibre_bent": ("装修时碰到线了", "柜子压到光纤", "搬家具以后", "猫咬了线"),
    "drop_cable": ("楼道里施工", "外面的线掉下来了", "老鼠咬断"),
    "account": ("前几天欠费刚交", "改过密码", "套餐到期"),
    "settings": ("刚换套餐以后", "升级以后不行"),
    "customer_device": ("自己买的路由器", "换了新路由器", "电脑刚重装"),
    "inside_wiring": ("客厅可以房间不行", "网口松", "墙上的插口"),
    "our_device": ("光猫很烫", "重启能好一会", "光猫用了好几年"),
    "splitter": ("邻居也没网", "整层楼都不行"),
    "network": ("邻居也慢", "小区都这样"),
    "connector": ("动一下线就好", "接口松动"),
}
FILLERS = ("请尽快处理", "客户很着急", "家里有小孩上网课", "客户要求上午来", "多次报修", "老人在家", "麻烦师傅", "")
ACTIONS = {
    "connector": ("cleaned", "reterminated"), "fibre_bent": ("reterminated", "patch_cord"),
    "drop_cable": ("drop_cable", "reterminated"), "splitter": ("port", "referred"), "power": ("device", "guided"),
    "our_device": ("device", "provisioned"), "inside_wiring": ("patch_cord", "reterminated"),
    "customer_device": ("guided", "wifi"), "account": ("account", "guided"), "settings": ("provisioned", "account"),
    "network": ("referred", "nothing"),
}  # fmt: skip
TAKEN_FOR = {
    "connector": "fibre_bent", "fibre_bent": "connector", "drop_cable": "fibre_bent", "splitter": "connector",
    "power": "our_device", "our_device": "settings", "inside_wiring": "customer_device", "network": "unknown",
    "customer_device": "inside_wiring", "account": "settings", "settings": "account",
}  # fmt: skip
MODELS = (
    "HG8245Q2",
    "HG8145X6",
    "ZXHN F650",
    "ZXHN F7610",
    "HN8145V",
    "SK-D741",
    "GM620",
    "PT622",
    "H3-8s",
    "TEWA-708G",
)
BAD_BATCH = "GM620"


@dataclass(frozen=True)
class Repair:
    """One repair: how it looked and where (what may be asked with), and the truth (what may not)."""

    case: NewCase
    truth: str


@dataclass(frozen=True)
class _Home:
    line_id: UUID
    splitter: int
    building: int
    model: str
    baseline: float


@dataclass(frozen=True)
class _Event:
    at: datetime
    home: int
    cause: str


def repairs(number: int, seed: int = 7) -> list[Repair]:
    """About `number` repairs (exactly that many), oldest first."""
    chance = random.Random(seed)
    homes = _homes(chance, max(64, number // 3))
    events = sorted(_events(chance, homes, number), key=lambda event: (event.at, event.home))[:number]
    return [_repair(chance, homes[event.home], event) for event in events]


def _homes(chance: random.Random, number: int) -> list[_Home]:
    made = []
    for index in range(number):
        splitter = index // LINES_A_SPLITTER
        model = chance.choices(MODELS, weights=[20, 18, 15, 12, 10, 8, 7, 4, 3, 3])[0]
        made.append(
            _Home(
                UUID(int=chance.getrandbits(128), version=4),
                splitter,
                splitter // SPLITTERS_A_BUILDING,
                model,
                round(chance.gauss(-19.0, 1.6), 1),
            )
        )
    return made


def _events(chance: random.Random, homes: list[_Home], number: int) -> Iterator[_Event]:
    """More than `number`; what is too much is cut off at the end of time."""
    days = 365 * YEARS
    old_houses = {b for b in range(homes[-1].building + 1) if chance.random() < 0.1}
    made = 0

    def moment() -> datetime:
        return BEGIN + timedelta(days=chance.random() * days)

    while made < number * 1.02:
        kind = chance.random()
        if kind < 0.02:  # a splitter, several homes within days
            splitter = chance.randrange(homes[-1].splitter + 1)
            first, hit = moment(), list(range(splitter * 32, min((splitter + 1) * 32, len(homes))))
            for home in chance.sample(hit, min(len(hit), chance.randint(2, 6))):
                yield _Event(first + timedelta(hours=chance.random() * 96), home, "splitter")
                made += 1
            continue
        if kind < 0.03:  # the exchange, a few buildings at once
            building = chance.randrange(homes[-1].building + 1)
            begin = building * 32 * SPLITTERS_A_BUILDING
            first, hit = moment(), list(range(begin, min(begin + 32 * SPLITTERS_A_BUILDING, len(homes))))
            for home in chance.sample(hit, min(len(hit), chance.randint(2, 5))):
                yield _Event(first + timedelta(hours=chance.random() * 48), home, "network")
                made += 1
            continue
        home = chance.randrange(len(homes))
        weights = dict(CAUSES)
        if homes[home].model == BAD_BATCH:
            weights["our_device"] *= 4
        if homes[home].building in old_houses:
            weights["inside_wiring"] *= 3
            weights["drop_cable"] *= 3
        cause = chance.choices(list(weights), weights=list(weights.values()))[0]
        at = moment()
        yield _Event(at, home, cause)
        made += 1
        if chance.random() < 0.08:  # not really mended
            yield _Event(at + timedelta(days=1 + chance.random() * 25), home, cause)
            made += 1


def _repair(chance: random.Random, home: _Home, event: _Event) -> Repair:
    cause = event.cause
    looks = Looks(
        symptoms=_symptoms(chance, cause),
        dial_codes=_codes(chance, cause),
        found=_found(chance, cause, home.baseline),
        baseline={"onu_rx_power": home.baseline} if chance.random() < 0.85 else {},
        context=MeasuringContext(access="gpon_b", subscribed_down=1000, subscribed_up=100),
        device_model=home.model if chance.random() < 0.8 else None,
        words=_words(chance, cause),
    )
    place = Place(
        home.line_id,
        f"SP-{home.splitter}" if chance.random() < 0.85 else None,
        f"示例路{home.building}号楼" if chance.random() < 0.95 else None,
        looks.device_model,
    )
    written = cause
    if (slip := chance.random()) < 0.05:
        written = "unknown"
    elif slip < 0.13:
        written = TAKEN_FOR[cause]
    fixed = chance.random()
    case = NewCase(
        visit_id=UUID(int=chance.getrandbits(128), version=4),
        record=f"SR-{event.at:%Y%m%d}-{chance.randrange(10**6):06d}",
        at=event.at,
        place=place,
        looks=looks,
        cause=written,
        actions=[chance.choices(ACTIONS[cause], weights=[75, 25])[0]],
        outcome="fixed" if fixed < 0.9 else "improved" if fixed < 0.95 else "not_fixed",
    )
    return Repair(case, cause)


def _symptoms(chance: random.Random, cause: str) -> tuple[str, ...]:
    """Quick picks: mostly one, sometimes a wrong one, in a quarter of cases none (then there are only words)."""
    if chance.random() < 0.25:
        return ()
    told = [_symptom(chance, cause)]
    if chance.random() < 0.3:
        told.append(_symptom(chance, cause))
    if chance.random() < 0.1:
        told.append(chance.choice(list(SAID)))
    return tuple(dict.fromkeys(told))


def _symptom(chance: random.Random, cause: str) -> str:
    if chance.random() < 0.1:  # customers tell what they think matters
        return chance.choice(list(SAID))
    shares = SYMPTOMS[cause]
    return chance.choices(list(shares), weights=list(shares.values()))[0]


def _codes(chance: random.Random, cause: str) -> tuple[int, ...]:
    if chance.random() > 0.35:
        return ()
    if chance.random() < 0.08:
        return (chance.choice((619, 651, 678, 691, 720, 734, 769, 797)),)
    shares = CODES["optical" if cause in OPTICAL else cause]
    return (chance.choices(list(shares), weights=list(shares.values()))[0],)


def _found(chance: random.Random, cause: str, baseline: float) -> dict[str, float | int | str]:
    """Received light before work, where it was measured; lost light shows as LO."""
    if chance.random() > 0.72 or (cause == "power" and chance.random() < 0.7):
        return {}
    lost = {"fibre_bent": 0.4, "drop_cable": 0.5, "splitter": 0.35, "connector": 0.05, "power": 0.5}.get(cause, 0.005)
    if chance.random() < lost:
        return {"onu_rx_power": "LO"}
    drop = {
        "connector": lambda: chance.uniform(1.5, 7), "fibre_bent": lambda: chance.uniform(4, 12),
        "drop_cable": lambda: chance.uniform(3, 12), "splitter": lambda: chance.uniform(3, 10),
    }.get(cause, lambda: chance.gauss(0.4, 0.7))  # fmt: skip
    return {"onu_rx_power": round(max(-39.0, baseline - drop() + chance.gauss(0, 0.5)), 1)}


def _words(chance: random.Random, cause: str) -> str:
    """What the customer said, in their own words: about the symptom, now and then a hint, and talk around it."""
    if chance.random() < 0.25:
        return ""
    said = [chance.choice(SAID[_symptom(chance, cause)])]
    if chance.random() < 0.25:
        hinted = cause if chance.random() < 0.8 else chance.choice(list(HINTS))
        said.append(chance.choice(HINTS[hinted]))
    said.append(chance.choice(FILLERS))
    chance.shuffle(said)
    return "，".join(part for part in said if part)


def asked_again(repair: Repair) -> tuple[Looks, Place]:
    """What may be asked with: nothing of the cause, the remedy or the record."""
    return replace(repair.case.looks), repair.case.place
