"""What to say when a customer must be called because their visit has to change."""

from zoneinfo import ZoneInfo

from checklists.words import Words
from dispatch.notices.wording import spoken_window
from dispatch.settings import Settings
from dispatch.visits.tables import Visit
from dispatch.visits.telling import WORK_WORDS
from dispatch.visits.windows import Window


def what_to_say(visit: Visit, new: Window | None, settings: Settings) -> Words:
    """The opening of the call in both languages; `new` is the window proposed, None to cancel."""
    zone: ZoneInfo = settings.zone
    order, old = visit.work_order, visit.window

    def told(window: Window, language: str) -> str:
        return spoken_window(window.start, window.end, zone, language)

    begin = Words(
        f"您好，请问是{order.customer.name}吗？我是{settings.company.zh}的调度员。非常抱歉，原定{told(old, 'zh')}的"
        f"{WORK_WORDS[order.kind].zh}上门，",
        f"Good day, am I speaking with {order.customer.name}? This is the desk of {settings.company.en}. "
        f"I am very sorry: your {WORK_WORDS[order.kind].en} on {told(old, 'en')} ",
    )
    if new is None or new == old:
        end = Words(
            "因（说明原因）无法按时进行。请问您什么时间方便？我们马上为您重新安排。",
            "cannot take place as agreed, because (give the reason). Which time would suit you? I will arrange it.",
        )
    else:
        end = Words(
            f"因（说明原因）需要调整。改到{told(new, 'zh')}，您方便吗？如不方便，请告诉我您合适的时间。",
            f"has to change, because (give the reason). Would {told(new, 'en')} suit you? "
            "If not, please tell me what would.",
        )
    return Words(begin.zh + end.zh, begin.en + end.en)
