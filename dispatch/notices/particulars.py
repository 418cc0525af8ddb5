"""What a mail shows beside its words: the facts at a glance, and what its link is called. Pure."""

from checklists.words import Words
from dispatch.notices.variables import VARIABLES, MissingFact, Telling

WHEN = ("when", Words("上门时间", "When"))
WAS = ("when", Words("原定时间", "It was"))
OLD = ("old_when", Words("原定时间", "Before"))
NEW = ("when", Words("新的时间", "Now"))
WHAT = ("work", Words("服务内容", "What"))
WHO = ("who", Words("上门人员", "Who"))
WHY = ("reason", Words("原因", "Why"))
ARRIVES = ("arrival", Words("预计到达", "Expected"))
AREA = ("area", Words("影响区域", "Area"))
CASE = ("number", Words("投诉编号", "Complaint"))
HANDLER = ("handler", Words("负责人", "Who looks after it"))
BY = ("by_when", Words("答复时限", "You hear from us by"))
RECORD = ("number", Words("服务记录", "Record"))

ROWS: dict[str, tuple[tuple[str, Words], ...]] = {
    "booked": (WHEN, WHAT, WHO),
    "moved": (OLD, NEW, WHAT, WHO, WHY),
    "moved_asked": (OLD, NEW, WHAT, WHO),
    "cancelled": (WAS, WHAT, WHY),
    "cancelled_asked": (WAS, WHAT),
    "technician_changed": (WHEN, WHAT, WHO),
    "reminder": (WHEN, WHAT, WHO),
    "on_the_way": (ARRIVES, WHEN, WHAT, WHO),
    "running_late": (WAS, ARRIVES, WHAT, WHO, WHY),
    "no_access": (WAS, WHAT, WHO),
    "record_ready": (RECORD, WHAT),
    "satisfaction": (RECORD, WHAT),
    "return_call": (("call_when", Words("回访时间", "We call")), RECORD, WHAT),
    "outage": (AREA, ("outage_when", Words("停机时间", "When")), WHY),
    "outage_fault": (AREA, ("back_when", Words("预计恢复", "Expected back")), WHY),
    "complaint_received": (CASE, HANDLER, BY),
    "complaint_answered": (CASE, BY),
    "complaint_found": (CASE, BY),
    "complaint_offered": (CASE,),
    "complaint_settled": (CASE,),
    "complaint_result": (CASE,),
    "complaint_appealed": (CASE, HANDLER, BY),
    "complaint_regulator": (CASE,),
    "complaint_closed": (CASE,),
}
"""The rows of each text's table: which place, and what it is called."""

_ANOTHER_TIME = Words("查看或另选时间", "See it, or choose another time")
_SEE_COMPLAINT = Words("查看处理进度", "See how far it is")
_BOOK_AGAIN = Words("重新预约", "Book again")
BUTTONS: dict[str, Words] = {
    "booked": Words("查看、确认或改约", "See, confirm or change it"),
    "moved": Words("确认或另选时间", "Confirm, or choose another time"),
    "moved_asked": _ANOTHER_TIME,
    "cancelled": _BOOK_AGAIN,
    "cancelled_asked": _BOOK_AGAIN,
    "technician_changed": Words("查看详情", "See the details"),
    "reminder": Words("查看、确认或改约", "See, confirm or change it"),
    "on_the_way": Words("查看详情", "See the details"),
    "running_late": _ANOTHER_TIME,
    "no_access": Words("选择新的时间", "Choose a new time"),
    "record_ready": Words("查看服务记录", "Read the record"),
    "satisfaction": Words("评价本次服务", "Rate the visit"),
    "return_call": Words("查看详情", "See the details"),
    "outage": Words("查看公告", "Read the announcement"),
    "outage_fault": Words("查看抢修进展", "See how far it is"),
    "complaint_received": _SEE_COMPLAINT,
    "complaint_answered": _SEE_COMPLAINT,
    "complaint_found": _SEE_COMPLAINT,
    "complaint_offered": Words("选择方案", "Choose"),
    "complaint_settled": _SEE_COMPLAINT,
    "complaint_result": Words("告诉我们是否满意", "Tell us if you are content"),
    "complaint_appealed": _SEE_COMPLAINT,
    "complaint_regulator": _SEE_COMPLAINT,
    "complaint_closed": _SEE_COMPLAINT,
}
"""What the link of each text is called."""


def particulars(name: str, told: Telling) -> tuple[tuple[str, str], ...]:
    """The facts of a notice at a glance, as (label, value). One that the notice lacks is left out."""
    rows: list[tuple[str, str]] = []
    for variable, label in ROWS[name]:
        try:
            rows.append((label.to(told.language), VARIABLES[variable](told)))
        except MissingFact:
            continue
    return tuple(rows)
