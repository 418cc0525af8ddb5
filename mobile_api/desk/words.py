"""Words that several pages of the desk use."""

from checklists.words import Words
from dispatch.accounts.own import ROLE_WORDS
from dispatch.visits.rules import CallOutcome

KIND_WORDS: dict[str, Words] = {"install": Words("装机", "Installation"), "repair": Words("维修", "Repair")}
ACCESS_WORDS: dict[str, Words] = {
    "gpon": Words("光纤 GPON", "Fibre, GPON"),
    "xgspon": Words("光纤 XGS-PON", "Fibre, XGS-PON"),
    "dsl": Words("铜线 DSL", "Copper, DSL"),
    "ethernet": Words("以太网", "Ethernet"),
}
ORDER_STATE_WORDS: dict[str, Words] = {
    "open": Words("未完结", "Open"),
    "done": Words("已完结", "Done"),
    "cancelled": Words("已取消", "Cancelled"),
}
NOTICE_KIND_WORDS: dict[str, Words] = {
    "booked": Words("预约确认", "Confirmation"),
    "moved": Words("改约通知", "New time"),
    "cancelled": Words("取消通知", "Cancellation"),
    "technician_changed": Words("更换人员通知", "Change of technician"),
    "no_access": Words("未能入户通知", "Missed visit"),
    "record_ready": Words("服务记录已生成", "Record ready"),
    "reminder": Words("上门提醒", "Reminder"),
    "on_the_way": Words("已出发通知", "On the way"),
    "running_late": Words("晚到通知", "Running late"),
    "satisfaction": Words("满意度询问", "Satisfaction question"),
    "return_call": Words("回访预告", "Return call announced"),
    "outage": Words("停网公告", "Outage"),
    "complaint_received": Words("投诉已登记", "Complaint registered"),
    "complaint_answered": Words("投诉首次答复", "First answer to a complaint"),
    "complaint_found": Words("投诉已查明", "Complaint investigated"),
    "complaint_offered": Words("投诉解决方案", "Solutions offered"),
    "complaint_settled": Words("投诉按选择办理", "Complaint: as chosen"),
    "complaint_result": Words("投诉处理结果", "Result of a complaint"),
    "complaint_appealed": Words("投诉转复核", "Complaint looked at anew"),
    "complaint_regulator": Words("告知申诉渠道", "Way to the regulator"),
    "complaint_closed": Words("投诉结案", "Complaint closed"),
}
TEXT_NAME_WORDS: dict[str, Words] = {
    **NOTICE_KIND_WORDS,
    "moved_asked": Words("改约通知（客户提出）", "New time, as they asked"),
    "cancelled_asked": Words("取消通知（客户提出）", "Cancellation, as they asked"),
    "outage": Words("计划停网公告", "Planned outage"),
    "outage_fault": Words("区域故障公告", "Area fault"),
}
OUTCOME_WORDS: dict[CallOutcome, Words] = {
    "reached_agreed": Words("已接通，客户同意", "Reached, and agreed"),
    "reached_disagreed": Words("已接通，客户不同意", "Reached, did not agree"),
    "not_reached": Words("未接通", "Not reached"),
}
ASKED_BY_WORDS: dict[str, Words] = {"company": Words("公司", "The company"), "customer": Words("客户", "The customer")}

DONE_WORDS: dict[str, Words] = {
    "booked": Words("预约成功，确认通知已进入待发送队列。", "Booked. The confirmation is owed and will go out."),
    "moved": Words("已改约，通知已进入待发送队列。", "Moved. The notice is owed and will go out."),
    "planned": Words(
        "安排已更新，约定时段不变，无需通知客户。", "Planned anew. The promise stands; nobody need be told."
    ),
    "undone": Words("已撤销，安排回到原处；客户没有收到通知。", "Undone. It is as it was, and nobody was told."),
    "assigned": Words("派单已更新。", "Assigned."),
    "corrected": Words(
        "更正已封存，原记录保留不变；客户会收到通知。",
        "The correction is sealed, the first record is kept as it is, and the customer is told.",
    ),
    "cancelled": Words("已取消，通知已进入待发送队列。", "Cancelled. The notice is owed and will go out."),
    "breach": Words(
        "已放行并记录为违规，请确认客户已通过电话知悉。",
        "Overridden and kept as a breach. Make sure that the customer knows by phone.",
    ),
    "order": Words("工单已建立，请预约上门时间。", "The work order is here. Book a visit for it."),
    "order_known": Words(
        "该工单此前已有，内容相同，未重复建立。", "This work order was known already and is the same."
    ),
    "opened": Words("账号已开通。", "The account is open."),
    "disabled": Words("账号已停用，其登录立即失效。", "The account is disabled; it is signed out everywhere."),
    "password": Words(
        "密码已更新，原有登录已全部失效。", "The password is changed; every sign-in it opened has ended."
    ),
    "language": Words("语言已保存。", "The language is kept."),
    "called": Words("通话结果已登记。", "The call is noted."),
    "not_reached": Words("已登记未接通，请稍后再试。", "Noted as not reached. Try again later."),
    "call_other": Words(
        "通话结果已登记。客户另有要求，请据此安排。", "The call is noted. The customer wants something else; see to it."
    ),
    "wrong_number": Words(
        "已登记号码有误，请在此更正客户的联系方式。", "Noted as a wrong number. Correct the customer's contact here."
    ),
    "resent": Words("已重新列入待发送。", "It is owed once more and will go out."),
    "customer": Words("客户资料已保存。", "The customer's data are kept."),
    "paused": Words(
        "渠道已暂停，待发通知将改走其他方式或转为致电。", "Paused. What is owed goes other ways, or is called."
    ),
    "resumed": Words("渠道已恢复发送。", "The channel sends again."),
    "draft": Words("草稿已保存，客户收到的内容尚未改变。", "The draft is kept. Customers read what they read before."),
    "live": Words("文案已启用，此后的通知使用新的内容。", "It is live: notices use it from now on."),
    "ours": Words("已恢复系统文案。", "Our own words are used again."),
    "outage_planned": Words("停网计划已保存，尚未通知客户。", "The plan is kept. Nobody is told yet."),
    "fault_kept": Words("区域故障已登记，尚未通知客户。", "The fault is noted. Nobody is told yet."),
    "fault_repaired": Words("已标记为恢复，不再通知。", "Noted as repaired. Nobody else is told."),
    "outage_telling": Words("已批准，开始通知客户。", "Approved. The customers are being told."),
    "outage_cancelled": Words("停网计划已取消。", "The outage is cancelled."),
    "late_told": Words("晚到通知已进入待发送队列。", "The notice of the late arrival is owed and will go out."),
    "late_kept": Words("预计到达时间与原来一致，无需再通知。", "That is what they were told already."),
    "conflict": Words("已登记处理说明，两份内容都会继续保留。", "Noted. Both versions stay kept."),
    "place": Words("线路位置已保存。", "Where the line hangs is kept."),
    "kit": Words("随车物品数量已更新。", "What the van holds is kept."),
    "plan_asked": Words("已开始排程，各片区同时进行。", "Planning has begun, all areas side by side."),
    "slot_held": Words("已预留五分钟，请与客户确认后预约。", "Held for five minutes. Agree on it, then book."),
    "plan_taken": Words("方案已采纳，需要告知的客户会收到通知。", "Taken up. Customers concerned are told."),
    "plan_in_part": Words(
        "已采纳能采纳的部分，其余请看每项的原因。", "Taken up as far as possible; the rest says why not."
    ),
    "plan_refused": Words(
        "没有一项可以采纳，请看每项的原因，必要时重新排程。",
        "Nothing could be taken up; each says why. Plan again if need be.",
    ),
    "handed_over": Words("已交班，等待下一班的同事接班。", "Handed over; the next shift takes it."),
    "feed_give": Words("新的订阅地址已可使用，旧地址已失效。", "The new address works; the one before has ended."),
    "feed_end": Words("订阅地址已停用。", "The address has ended."),
    "left_out": Words("已登记：这些行已处理。", "Noted: these rows are seen to."),
    "return_call": Words("回访已预约，客户会收到预告。", "The return call is promised; the customer is told of it."),
}

WARNINGS = frozenset({"breach", "not_reached", "call_other", "wrong_number", "plan_in_part", "plan_refused"})


def flashes(done: str | None) -> list[dict[str, object]]:
    """The news that an address carries after something was done; nothing for a word that is none of ours."""
    words = DONE_WORDS.get(done or "")
    return [{"tone": "warn" if done in WARNINGS else "good", "words": words}] if words else []


def who(by: str) -> Words:
    """`role:name` of a timeline, in words."""
    role, _, name = by.partition(":")
    known = ROLE_WORDS.get(role)  # type: ignore[call-overload]
    if known is None:
        return Words(by, by)
    if role == "customer":
        zh, en = ("短信回复", "by message") if name.endswith(" reply") else ("链接", "by link")
        return Words(f"{known.zh}（{zh}）", f"{known.en} ({en})")
    if role == "system":
        return Words(known.zh, known.en)
    return Words(f"{known.zh} {name}", f"{known.en} {name}")
