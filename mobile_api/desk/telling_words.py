"""Words for what happens to notices, calls and channels, as the desk shows them."""

import re

from checklists.words import Words
from dispatch.notices.tables import CallTask

CALL_KIND_WORDS: dict[str, Words] = {
    "untold": Words("通知未能送达", "Could not be told"),
    "call_me": Words("客户请我们致电", "Asks to be called"),
    "reply": Words("客户回复待核实", "An answer to be understood"),
    "return_call": Words("约定的回访", "Return call promised"),
    "refused": Words("客户未签名或签名待核对", "Not signed, or the signature is in doubt"),
}
CALL_OUTCOME_WORDS: dict[str, Words] = {
    "reached_agreed": Words("已接通，客户同意", "Reached, and agreed"),
    "reached_disagreed": Words("已接通，客户另有要求", "Reached, wants something else"),
    "not_reached": Words("未接通", "Not reached"),
    "wrong_number": Words("号码有误", "Wrong number"),
}
MEDIUM_WORDS: dict[str, Words] = {
    "sms": Words("短信", "SMS"),
    "mail": Words("邮件", "Mail"),
    "call": Words("电话", "Phone"),
}
CHANNEL_WORDS: dict[str, Words] = {
    "files": Words("文件夹（未接网关）", "Folder (no gateway)"),
    "mail-files": Words("文件夹（未接邮件服务器）", "Folder (no mail server)"),
    "http": Words("通用短信网关", "Generic SMS gateway"),
    "aliyun": Words("阿里云短信", "Aliyun SMS"),
    "tencent": Words("腾讯云短信", "Tencent Cloud SMS"),
    "smtp": Words("邮件服务器", "Mail server"),
}
VERDICT_WORDS: dict[str, tuple[str, str, Words]] = {
    "told": ("good", "check", Words("已及时告知客户。", "The customer was told in time.")),
    "told_late": ("bad", "clock", Words("已告知客户，但超过时限，计为违规。", "Told, but too late: a breach.")),
    "waiting": ("plan", "clock", Words("尚未告知，仍在时限之内。", "Not told yet, and still in time.")),
    "late": (
        "bad",
        "warn",
        Words("已过时限仍未告知，计为违规，请致电客户。", "Not told in time: a breach. Call them."),
    ),
    "closed": ("off", "return", Words("已被更新的通知替代，无需再告知。", "A newer notice speaks; nothing to tell.")),
    "never": ("bad", "cross", Words("未能告知客户，请致电。", "The customer could not be told. Call them.")),
}
"""By what `dispatch.notices.queries.verdict` says: tone, sign, words."""

MOMENT_WORDS: dict[str, tuple[str, str, Words]] = {
    "owed": ("plan", "clock", Words("记为应告知", "Owed")),
    "claimed": ("move", "arrow", Words("交给渠道发送", "Handed to the channel")),
    "accepted": ("work", "half", Words("网关已受理", "The gateway took it")),
    "delivered": ("good", "check", Words("已送达", "Delivered")),
    "refused": ("bad", "cross", Words("网关拒绝，此方式不再尝试", "Refused for good by this way")),
    "busy": ("warn", "clock", Words("未受理，稍后再试", "Not taken; tried again later")),
    "unknown": ("warn", "question", Words("没有得到答复，先询问再决定", "No answer; it is asked before a resend")),
    "never_seen": ("off", "question", Words("询问后得知网关没有收到", "Asked: the gateway never saw it")),
    "too_late": ("bad", "clock", Words("发送前已过时限", "Too late before it could leave")),
    "receipt_accepted": ("work", "half", Words("回执：已受理", "Receipt: accepted")),
    "receipt_delivered": ("good", "check", Words("回执：已送达", "Receipt: delivered")),
    "receipt_failed": ("bad", "cross", Words("回执：未能送达", "Receipt: not delivered")),
    "receipt_read": ("good", "check", Words("回执：已读", "Receipt: read")),
    "read": ("good", "person", Words("客户打开了链接", "The customer opened the link")),
    "breached": ("bad", "warn", Words("超过时限，计为违规", "Missed its deadline: a breach")),
    "call_opened": ("warn", "phone", Words("转为致电任务", "Became a call task")),
    "call_reached_agreed": ("good", "phone", Words("电话已接通，客户同意", "Reached by phone, and agreed")),
    "call_reached_disagreed": ("warn", "phone", Words("电话已接通，客户另有要求", "Reached, wants something else")),
    "call_not_reached": ("warn", "phone", Words("电话未接通", "Not reached by phone")),
    "call_wrong_number": ("bad", "phone", Words("电话号码有误", "A wrong number")),
}
"""By `Moment.what`: tone, sign, words."""

PROBLEMS: tuple[tuple[str, Words], ...] = (
    (r"no way but a call", Words("客户没有可用的短信或邮件方式", "no message can reach this customer")),
    (r"not told in time", Words("时限内未能告知", "not told in time")),
    (r"not delivered", Words("网关受理后未能送达", "taken by the gateway, but never delivered")),
    (r"of no use any more", Words("已失去时效", "of no use any more")),
    (r"unknown", Words("不知是否已发出", "nobody knows whether it left")),
    (r"asked first", Words("先询问了网关", "the gateway was asked first")),
    (r"number has had enough.*", Words("该号码一小时内短信已满额", "this number has had enough for an hour")),
    (r"still owed", Words("仍未发出", "it has not left yet")),
    (r"still claimed", Words("仍在发送中", "it is still being sent")),
    (r"still in_doubt", Words("结果仍待核实", "still in doubt")),
    (r"still failed", Words("发送失败", "it failed")),
    (r"still expired", Words("逾期未发", "it came too late")),
    (r"HTTP 429", Words("网关繁忙（HTTP 429）", "the gateway is busy (HTTP 429)")),
    (r"HTTP 5\d\d", Words("网关故障（{0}）", "the gateway is in trouble ({0})")),
    (r"HTTP 4\d\d", Words("网关不接受（{0}）", "the gateway does not take it ({0})")),
    (r".*[Tt]ime[d]? ?out.*", Words("网关没有及时答复（{0}）", "the gateway did not answer in time ({0})")),
    (
        r".*(?:cannot be reached|ConnectError|ConnectTimeout).*",
        Words("连不上网关（{0}）", "it cannot be reached ({0})"),
    ),
)


def problem_words(problem: str) -> Words:
    """A problem as the sender notes it, in plain words; what is not known here stands as it is."""
    for pattern, words in PROBLEMS:
        if re.fullmatch(pattern, problem):
            return Words(words.zh.format(problem), words.en.format(problem))
    return Words(problem, problem)


def channel_words(name: str | None) -> Words:
    """A channel's name in words."""
    return CHANNEL_WORDS.get(name or "", Words(name or "—", name or "—"))


def why_words(task: CallTask) -> Words:
    """Why a call is to be made: a customer's own words as they are, our own notes in plain words."""
    if not task.why or task.kind == "return_call":
        return Words(task.why, task.why)
    if task.kind == "untold":
        return problem_words(task.why)
    return Words(f"“{task.why}”", f"“{task.why}”")
