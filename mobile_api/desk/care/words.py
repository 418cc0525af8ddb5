"""Words that the pages of care share."""

from uuid import UUID

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import Viewer
from dispatch.care.complaints.life import STATE_WORDS
from dispatch.care.who import LEADERS, OWNERS
from dispatch.errors import NotFound
from mobile_api.desk.doors import may as at_desk

CHANNEL_WORDS: dict[str, Words] = {
    "phone": Words("电话", "Phone"),
    "web": Words("网上表单", "Web form"),
    "mail": Words("邮件", "Mail"),
    "sms": Words("短信", "SMS"),
    "messenger": Words("即时消息", "Messenger"),
    "counter": Words("营业厅", "Counter"),
    "return_call": Words("回访", "Return call"),
    "link": Words("客户链接", "Customer's link"),
}
KIND_WORDS: dict[str, Words] = {
    "consultation": Words("咨询", "Consultation"),
    "request": Words("业务请求", "Request"),
    "fault": Words("报障", "Fault report"),
    "complaint": Words("投诉", "Complaint"),
}
TASK_WORDS: dict[str, Words] = {
    "promise": Words("对客户的承诺", "Promise"),
    "question": Words("待答复的问题", "Open question"),
    "prevention": Words("预防措施", "Preventive action"),
}
COMPLAINT_SIGNS = (
    ("plan", "clock"), ("move", "arrow"), ("move", "search"), ("work", "half"), ("work", "check"), ("good", "message"),
    ("warn", "return"), ("bad", "warn"), ("good", "check"), ("off", "cross"),
)  # fmt: skip
COMPLAINT_STATES: dict[str, tuple[str, str, Words]] = {
    state.value: (tone, sign, STATE_WORDS[state])
    for state, (tone, sign) in zip(STATE_WORDS, COMPLAINT_SIGNS, strict=True)
}
"""Tone, sign and words of each state of a complaint."""
CLOCK_VERDICTS: dict[str, tuple[str, str, Words]] = {
    "running": ("plan", "clock", Words("计时中", "Running")),
    "soon": ("warn", "clock", Words("即将到期", "Soon due")),
    "overdue": ("bad", "warn", Words("已超时", "Overdue")),
    "kept": ("good", "check", Words("按时完成", "In time")),
    "missed": ("bad", "cross", Words("超时完成", "Too late")),
    "dropped": ("off", "return", Words("已撤回", "Dropped")),
}
STEP_WORDS: dict[str, Words] = {
    "registered": Words("登记投诉", "Registered"),
    "answered": Words("首次答复", "First answer"),
    "found": Words("查明情况", "Found out"),
    "offered": Words("提出方案", "Offered solutions"),
    "settled": Words("客户选定方案", "The customer chose"),
    "told": Words("告知结果并致歉", "Told the result, with an apology"),
    "closed": Words("结案", "Closed"),
    "withdrawn": Words("客户撤回", "Withdrawn by the customer"),
    "appealed": Words("客户不满意，转复核", "Not content: looked at anew"),
    "regulator": Words("仍不满意，告知申诉渠道", "Still not content: told the regulator's way"),
    "assigned": Words("改由他人负责", "Given to somebody else"),
    "graded": Words("调整严重程度", "Gravity changed"),
    "overdue": Words("时限已过", "A deadline passed"),
    "prevented": Words("登记预防措施", "Preventive action"),
    "gathered": Words("重新收集证据", "Evidence gathered anew"),
}
PATTERN_WORDS: dict[str, Words] = {
    "customer": Words("同一客户重复投诉", "The same customer again"),
    "area": Words("同一片区集中投诉", "Many from one area"),
    "device": Words("同一型号设备集中投诉", "Many about one device"),
    "technician": Words("同一装维人员集中投诉", "Many about one technician"),
}
DONE_WORDS: dict[str, Words] = {
    "contact": Words("联系已登记。", "The contact is logged."),
    "kept": Words("已保存。", "Kept."),
    "closed": Words("已结束。", "Closed."),
    "order": Words("工单已建立。", "The work order is here."),
    "booked": Words("已预约，确认通知已进入待发送队列。", "Booked. The confirmation is owed and will go out."),
    "promise": Words("已登记为任务，到期会提醒并升级。", "It is a task now; overdue, it escalates."),
    "registered": Words("投诉已登记，客户会收到受理通知。", "The complaint is registered; the customer is told of it."),
    "step": Words("已处理，客户会收到通知。", "Done. The customer is told of it."),
    "noted": Words("已登记。", "Noted."),
    "approved": Words("已批准，等待导出。", "Approved; it waits to be exported."),
    "declined": Words("已登记不予补偿。", "Declined."),
    "called": Words("回访结果已登记。", "The return call is noted."),
    "again": Words("已登记，稍后再拨。", "Noted; it is called again later."),
    "unhappy": Words("客户不满意，已登记为投诉。", "They are not content: a complaint was opened."),
    "entry": Words("知识条目已保存。", "The entry is kept."),
    "thanks": Words("谢谢，您的反馈已登记。", "Thank you, that is noted."),
}


def flashes(done: str) -> list[dict[str, object]]:
    """The news that an address carries after something was done; nothing for a word that is none of ours."""
    words = DONE_WORDS.get(done)
    return [{"tone": "warn" if done == "unhappy" else "good", "words": words}] if words else []


def may(viewer: Viewer) -> dict[str, bool]:
    """What a page of care offers to this viewer; the actions refuse for themselves."""
    return {**at_desk(viewer), "lead": viewer.role in LEADERS, "own": viewer.role in OWNERS}


def is_mine(turn: Turn, owner_id: object) -> bool:
    """Whether the viewer owns it, or leads those who do."""
    return turn.viewer.role in LEADERS or turn.viewer.account_id == owner_id


def as_id(text: str) -> UUID:
    """An id from an address; NotFound for what is none."""
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error
