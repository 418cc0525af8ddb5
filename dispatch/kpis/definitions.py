"""Which figures there are, each with its definition and where that comes from. Pure; docs/figures.md is drawn from it.

All have one shape: rows of one kind, a numerator and a denominator over them (or the values themselves), an interval.
"""

from dataclasses import dataclass
from typing import Literal

from checklists.words import Words

Of = Literal["visit", "order", "complaint"]
Shape = Literal["share", "points", "time"]
Better = Literal["high", "low"]

PERCENT, MINUTES, POINTS = Words("%", "%"), Words("分钟", "min"), Words("分", "points")
FIELD = Words("行业服务规范", "the field's standard")
OURS = Words("本产品定义", "our own definition")


@dataclass(frozen=True)
class Figure:
    """One figure. `value` is the column that is added up, `of_value` what it is divided by (None: rows that have one).

    `private`: it speaks of complaints, so the rows behind it are the supervisors'. `scale`: lowest and highest point.
    """

    key: str
    of: Of
    shape: Shape
    name: Words
    definition: Words
    source: Words
    better: Better
    value: str
    of_value: str | None = None
    scale: tuple[int, int] = (0, 1)
    unit: Words = PERCENT
    private: bool = False


FIGURES: tuple[Figure, ...] = (
    Figure(
        "on_time", "visit", "share", Words("准时到达", "On-time arrival"),
        Words(
            "准确时间的预约：约定时间前 0 到 10 分钟到达（其中提前 5 到 10 分钟为规范）；时段预约：在时段内到达。"
            "过早、迟到和到时无人上门均不算准时。取消的上门、无人在家而没有到达时间的上门不计。",
            "An exact appointment: arrival 0 to 10 minutes before it (5 to 10 is the standard); a longer window: "
            "inside it. Too early, late and not arrived at all are not on time. Cancelled visits, and fruitless ones "
            "without a time of arrival, are not counted.",
        ),
        FIELD, "high", "on_time",
    ),
    Figure(
        "late_told", "visit", "share", Words("迟到提前告知", "Late, and told before"),
        Words(
            "迟到或到时未上门的，客户在最晚到达时刻之前收到“将晚到”通知（网关已接收或电话告知）的比例。",
            "Of late and missed arrivals: “running late” was told (taken by a gateway, or by phone) before the "
            "latest promised arrival.",
        ),
        FIELD, "high", "late_told",
    ),
    Figure(
        "notices", "visit", "share", Words("改约告知按时", "Changes told in time"),
        Words(
            "公司改约或取消，在新旧时间较早者前两小时之前告知客户的比例；主管放行的迟改计为未按时。"
            "时限前已被新的变更取代的不计。",
            "Moves and cancellations by the company told two hours before the earlier of old and new time; one that a "
            "supervisor let through later counts as not in time. One that a newer change replaced before it was due is "
            "not counted.",
        ),
        FIELD, "high", "notices_kept", "notices_owed",
    ),
    Figure(
        "booking_told", "visit", "share", Words("预约确认送达", "Bookings told"),
        Words(
            "时段开始前，预约（或改约）通知已被网关接收或电话告知的上门比例。取消的不计。",
            "Visits whose time was told (taken by a gateway, or by phone) before their window opened. Cancelled ones "
            "are not counted.",
        ),
        FIELD, "high", "booking_told",
    ),
    Figure(
        "confirmed", "visit", "share", Words("客户确认", "Confirmed by the customer"),
        Words(
            "时段开始时客户已回复确认的上门比例。取消的不计。",
            "Visits that the customer had confirmed when the window opened. Cancelled ones are not counted.",
        ),
        OURS, "high", "confirmed",
    ),
    Figure(
        "plan_kept", "visit", "share", Words("计划到达兑现", "Planned arrival kept"),
        Words(
            "在计划时间之后不超过 15 分钟到达的上门比例；到时未上门算未兑现。没有计划时间的不计。",
            "Visits reached at most 15 minutes after the planned time; not arrived counts as not kept. Visits without "
            "a planned time are not counted.",
        ),
        OURS, "high", "plan_kept",
    ),
    Figure(
        "first_fix", "visit", "share", Words("首次上门修复", "First-visit fix"),
        Words(
            "修障工单首次完成的上门：该工单无需再次完成上门、7 天内线路没有新报障、回访未说“未解决”。满 7 天才计。",
            "First completed visit of a repair order: no second one was needed, no new fault was reported on the line "
            "within 7 days, and no return call said that it was not fixed. Counted once the 7 days are over.",
        ),
        FIELD, "high", "first_fix",
    ),
    Figure(
        "repeat_7", "visit", "share", Words("7 天重复故障", "Fault again within 7 days"),
        Words(
            "完成的装机或修障之后 7 天内，同一线路又有报障的比例（已取消的工单不算）。满 7 天才计。",
            "Completed visits after which a fault of the same line was reported within 7 days (cancelled orders do not "
            "count). Counted once the 7 days are over.",
        ),
        FIELD, "low", "repeat_7",
    ),
    Figure(
        "repeat_30", "visit", "share", Words("30 天重复故障", "Fault again within 30 days"),
        Words(
            "完成的装机或修障之后 30 天内，同一线路又有报障的比例（已取消的工单不算）。满 30 天才计。",
            "Completed visits after which a fault of the same line was reported within 30 days (cancelled orders do "
            "not count). Counted once the 30 days are over.",
        ),
        FIELD, "low", "repeat_30",
    ),
    Figure(
        "handling", "visit", "time", Words("处理时长", "Handling time"),
        Words(
            "从报障或受理到完成该工单的上门结束的时间，取中位数；计在完成的那次上门上。",
            "From report to the end of the visit that completed the order: the median, counted with that visit.",
        ),
        FIELD, "low", "handling_minutes", unit=MINUTES,
    ),
    Figure(
        "site_time", "visit", "time", Words("现场时长", "Time on site"),
        Words(
            "完成的上门从到达到结束的时间，取中位数。请分装机、修障查看。",
            "From arrival to the end of completed visits: the median. Look at installations and repairs apart.",
        ),
        OURS, "low", "site_minutes", unit=MINUTES,
    ),
    Figure(
        "satisfaction", "visit", "points", Words("客户满意度", "Satisfaction"),
        Words(
            "客户给出的总体评分（1 到 5 分）的平均值：现场、链接、回访中最后一次给出的。",
            "Mean of the overall points (1 to 5): the last given on site, by link or in a return call.",
        ),
        FIELD, "high", "overall", scale=(1, 5), unit=POINTS,
    ),
    Figure(
        "conduct", "visit", "points", Words("文明施工", "Conduct"),
        Words(
            "客户给出的文明施工评分（1 到 5 分）的平均值，取最后一次给出的。",
            "Mean of the points for conduct (1 to 5), the last given.",
        ),
        FIELD, "high", "conduct", scale=(1, 5), unit=POINTS,
    ),
    Figure(
        "recommend", "visit", "points", Words("推荐意愿", "Would recommend"),
        Words("推荐意愿（0 到 10 分）的平均值，取最后一次给出的。", "Mean of the points for recommending (0 to 10)."),
        FIELD, "high", "recommend", scale=(0, 10), unit=POINTS,
    ),
    Figure(
        "checklist", "visit", "share", Words("清单完整", "Checklist complete"),
        Words(
            "封存时，每次必填的步骤项目都已填写、且没有被标记异常的完成上门比例。",
            "Completed visits whose record, as sealed, had every entry that is always asked, none flagged as odd.",
        ),
        FIELD, "high", "checklist",
    ),
    Figure(
        "kit", "visit", "share", Words("“5+3”齐全", "Kit complete"),
        Words("“5+3”八件带齐的完成上门比例。", "Completed visits to which all eight items of the 5+3 were carried."),
        FIELD, "high", "kit",
    ),
    Figure(
        "record", "visit", "share", Words("记录完整", "Record complete"),
        Words(
            "客户与装维人员均已签名、有测量结果、修障写明故障、原因和处理的完成上门比例（以首次封存为准）。",
            "Completed visits whose record, as first sealed, is signed by both, holds a measurement, and for a repair "
            "names fault, cause and what was done.",
        ),
        OURS, "high", "record",
    ),
    Figure(
        "in_limit", "order", "share", Words("工单时限内完成", "Orders done in time"),
        Words(
            "修障：自报障起城市 48 小时、农村 72 小时内完成；装机：公布的期限内完成。时限到了才计；取消的不计。",
            "Repairs within 48 h of the report in town and 72 h in the country, installations within the published "
            "deadline. Counted once the limit has passed; cancelled orders are not.",
        ),
        Words("电信服务规范", "telecom service rules"), "high", "in_limit",
    ),
    Figure(
        "complaints", "visit", "share", Words("投诉率", "Complaint rate"),
        Words(
            "已结束或到时未上门的上门中，有投诉指向它的比例（客户撤回的不算）。之后仍可能增加。",
            "Visits that ended or were missed and that a complaint names (withdrawn ones do not count). It may still "
            "rise afterwards.",
        ),
        FIELD, "low", "complained", private=True,
    ),
    Figure(
        "escalations", "complaint", "share", Words("升级率", "Escalation rate"),
        Words(
            "投诉中客户要求复核、或已告知主管部门申诉渠道的比例。",
            "Complaints that were looked at anew, or whose customer was told the regulator's way.",
        ),
        FIELD, "low", "escalated", private=True,
    ),
    Figure(
        "closed_in_time", "complaint", "share", Words("投诉按时办结", "Complaints handled in time"),
        Words(
            "首次答复、查明、方案（2 / 5 / 7 个工作日）和最终答复（15 天）全部按时的投诉比例。"
            "最后时限过后才计；撤回的不计。",
            "Complaints whose first answer, investigation, solution (2, 5, 7 working days) and final answer (15 days) "
            "were all in time. Counted once the last clock is over; withdrawn ones are not.",
        ),
        FIELD, "high", "in_time", private=True,
    ),
)  # fmt: skip
BY_KEY: dict[str, Figure] = {figure.key: figure for figure in FIGURES}

ARRIVAL_WORDS: dict[str, Words] = {
    "too_early": Words("过早", "Too early"),
    "five_to_ten": Words("提前 5–10 分钟", "5–10 min before"),
    "in_window": Words("约定时间内", "In the window"),
    "late": Words("迟到", "Late"),
    "missed": Words("到时未上门", "Not arrived"),
}
