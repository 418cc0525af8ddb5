"""Care in the demo city: calls of this morning, a complaint on its way, one appealed, one closed; what is known."""

from datetime import datetime, timedelta

from sqlalchemy import select

from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import SYSTEM
from dispatch.care.compensation.proposing import propose_from_evidence
from dispatch.care.complaints.appealing import unhappy
from dispatch.care.complaints.handling import Offer, answer, close, found_out, offer, settle, tell_result
from dispatch.care.complaints.registering import Told, register_complaint
from dispatch.care.complaints.tables import Complaint
from dispatch.care.contacts.actions import Told as Heard
from dispatch.care.contacts.actions import close_contact, log_contact, promise, read_back
from dispatch.care.day_log.actions import write_line
from dispatch.care.knowledge.actions import file_closed_complaints, file_known
from dispatch.care.return_calls.actions import plan_return_calls
from dispatch.demo.acting import Stage
from dispatch.visits.tables import Visit

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SORRY = {
    "zh": "非常抱歉给您添了麻烦，我们马上核实情况。",
    "en": "I am very sorry for the trouble. I am finding out what happened.",
}
FOUND = {"zh": "经查，确是我们安排有误。", "en": "We looked into it: the mistake was ours."}
OFFERED = {
    "zh": (Offer("redo", "明天上午由另一位师傅上门"), Offer("credit", "计入下月账单", 3000)),
    "en": (Offer("redo", "Another technician comes tomorrow"), Offer("credit", "On your next bill", 3000)),
}
RESULT = {"zh": "补偿已计入您的下月账单。", "en": "The credit is on your next bill."}


def look_after_customers(stage: Stage, visits: list[Visit], now: datetime) -> int:
    """Contacts, complaints and what follows, up to `now`; returns how many complaints there are."""
    ordered = sorted(visits, key=lambda one: one.window_start)  # ids are random: in the order of booking where equal
    closed, appealed, fresh, answered = ordered[0], ordered[3], ordered[6], ordered[9]
    for visit, subject, days, content in ((closed, "appointment", 4, True), (appealed, "quality", 3, False)):
        at = now - days * DAY
        _whole_story(stage, _complain(stage, visit, subject, at), at, _language(visit), content=content)
    waiting = _complain(stage, answered, "network", now - DAY)
    answer(_care(stage, now - 20 * HOUR), waiting.id, SORRY[_language(answered)])
    _complain(stage, fresh, "charge", now - 2 * HOUR)
    _contacts(stage, ordered, now)
    system = Turn(stage.session, SYSTEM, now, stage.settings)
    file_known(system)
    file_closed_complaints(system)
    plan_return_calls(system)
    propose_from_evidence(system)
    write_line(_care(stage, now - 9 * HOUR), "夜间张江片区多户反映网速慢，已转网管核查。", handover=True)
    write_line(_care(stage, now - HOUR), "上午来电较多，接通正常。", handover=False)
    return len(stage.session.scalars(select(Complaint.id)).all())


def _care(stage: Stage, at: datetime) -> Turn:
    return stage.turn(stage.crew.viewers["care"], at)


def _language(visit: Visit) -> str:
    return visit.work_order.customer.language


MATTERS = {
    "appointment": {"zh": "约好上午来，等到中午才到。", "en": "It was agreed for the morning, and they came at noon."},
    "quality": {"zh": "修了两次，晚上还是掉线。", "en": "Repaired twice, and it still drops every evening."},
    "network": {"zh": "网速一直达不到办理的速率。", "en": "It never reaches the speed that I pay for."},
    "charge": {
        "zh": "账单上多了一项费用，没人告诉过我。",
        "en": "There is a charge on my bill that nobody told me of.",
    },
}


def _complain(stage: Stage, visit: Visit, subject: str, at: datetime) -> Complaint:
    order = visit.work_order
    told = Told(order.customer_id, "phone", subject, MATTERS[subject][_language(visit)], 2, line_id=order.line_id)
    return register_complaint(_care(stage, at), told)


def _whole_story(stage: Stage, complaint: Complaint, at: datetime, language: str, *, content: bool) -> None:
    cause = "appointment.late" if content else "quality.again"
    answer(_care(stage, at + HOUR), complaint.id, SORRY[language])
    found_out(_care(stage, at + 5 * HOUR), complaint.id, cause, "经核对时间线与记录，属实。", FOUND[language])
    offer(_care(stage, at + 6 * HOUR), complaint.id, OFFERED[language])
    settle(_care(stage, at + 7 * HOUR), complaint.id, "B")
    tell_result(_care(stage, at + 26 * HOUR), complaint.id, RESULT[language])
    if content:
        close(_care(stage, at + 27 * HOUR), complaint.id, "满意")
    else:
        unhappy(
            _care(stage, at + 27 * HOUR),
            complaint.id,
            "要的是修好，不是补偿" if language == "zh" else "I want it fixed",
        )


CALLS = (
    ("fault", "晚上看视频卡顿，光猫没有红灯", 12, 130),
    ("request", "想把上门改到周末", 25, 95),
    ("consultation", "请问提速套餐多少钱", 8, 60),
)
"""What callers said this morning: kind, matter, seconds waited, seconds talked."""


def _contacts(stage: Stage, visits: list[Visit], now: datetime) -> None:
    for number, (kind, matter, waited, seconds) in enumerate(CALLS):
        customer = visits[12 + number].work_order.customer
        turn = _care(stage, now - timedelta(minutes=95 - 30 * number))
        contact = log_contact(
            turn,
            Heard(
                "phone", customer.name, customer.phone, turn.now, matter, kind, customer.language, customer.id,
                waited=waited, seconds=seconds,
            ),
        )  # fmt: skip
        if kind == "consultation":
            read_back(turn, contact.id, "想了解提速套餐的资费")
            close_contact(turn, contact.id, "已告知资费")
        if kind == "request":
            promise(turn, contact.id, "promise", "今天下班前回电确认周末时间", now + 4 * HOUR)
    lost = Heard("phone", "未知", "13900000007", now - 40 * timedelta(minutes=1), "未接来电", answered=False, waited=45)
    log_contact(_care(stage, now - 40 * timedelta(minutes=1)), lost)
