"""What to say in a call, in the customer's language: greet, repeat what was understood, promise nothing unsure, thank.

A call because of a notice says that notice's own words; the others have theirs here. What stands in brackets is for
the caller. Sources of the manner: the field's rules for calls (repeat back, never promise what is not sure) and for
return calls (is the fault gone, conduct, overall, whether anything was demanded).
"""

from collections.abc import Mapping

from checklists.words import Language, Words
from dispatch.customers.tables import Customer
from dispatch.notices.composing import voice_of
from dispatch.notices.tables import CallTask, Notice
from dispatch.notices.texts import Texts, name_of, spoken_language, texts_in_house
from dispatch.notices.variables import one_line, spoken_appointment
from dispatch.notices.wording import HIDDEN_LINK, CannotSay, worded
from dispatch.settings import Settings
from dispatch.visits.tables import Visit
from dispatch.visits.telling import WORK_WORDS

OPENING = Words(
    "您好，请问是{customer}吗？我是{company}的客服人员。",
    "Good day, am I speaking with {customer}? This is {company}.",
)
ABOUT = Words("关于{when}的{work}，", "It is about your {work} on {when}: ")
REPEAT = Words(
    "（听完后复述一遍）我跟您核对一下，您的意思是……，对吗？",
    "(Listen, then repeat it back.) Let me make sure that I understood: you would like …, is that right?",
)
UNSURE = Words(
    "（能当场确定的，当场办理；不能确定的，不作承诺）这一点我先记下来，核实后再给您回电。",
    "(Settle now what you can; promise nothing that is not sure.) I will write that down, find out, and call you back.",
)
THANKS = Words("感谢您的接听，祝您生活愉快，再见。", "Thank you for your time. Goodbye.")

SCRIPTS: dict[str, tuple[Words, ...]] = {
    "untold": (
        OPENING,
        Words("{about}有一项变动要告诉您：……", "{about}there is a change that you should know of: …"),
        REPEAT,
        THANKS,
    ),
    "call_me": (
        OPENING,
        Words("{about}您请我们给您来电，请问您希望怎样安排？", "{about}you asked us to call. What may I do for you?"),
        REPEAT,
        UNSURE,
        THANKS,
    ),
    "reply": (
        OPENING,
        Words(
            "{about}我们收到了您的短信回复“{said}”，想跟您核对一下意思，以免弄错。",
            "{about}we have your answer “{said}”, and I would like to be sure that we understand it.",
        ),
        REPEAT,
        UNSURE,
        THANKS,
    ),
    "refused": (
        OPENING,
        Words(
            "{about}服务记录您没有签名，想听听您的原因，看看我们还有什么没做好。",
            "{about}you did not sign the record. I would like to hear why, and what we have left undone.",
        ),
        REPEAT,
        UNSURE,
        THANKS,
    ),
    "return_call": (
        OPENING,
        Words(
            "{about}想占用您两分钟做个回访，请问您现在方便吗？", "{about}may I ask you a few questions? Two minutes."
        ),
        Words("请问现在上网正常吗？之前反映的问题解决了吗？", "Is everything working now? Is the fault gone?"),
        Words(
            "师傅上门时的言行举止，1 到 5 分，您打几分？",
            "From 1 to 5, how would you rate the technician's conduct?",
        ),
        Words(
            "总体来说，1 到 5 分您打几分？0 到 10 分，您有多大可能向亲友推荐我们？",
            "And overall, from 1 to 5? From 0 to 10, how likely are you to recommend us?",
        ),
        Words(
            "请问师傅有没有向您索要或收受过任何钱物？",
            "Did the technician ask for anything from you, or accept anything?",
        ),
        REPEAT,
        Words(
            "（客户不满意时）给您带来不便，非常抱歉。您的意见我已如实记下，会转给主管核实。",
            "(If they are not content.) I am very sorry. I have written it down as you said it, and pass it to the "
            "supervisor.",
        ),
        THANKS,
    ),
}


def script_of(
    task: CallTask,
    customer: Customer,
    notice: Notice | None,
    visit: Visit | None,
    texts: Mapping[tuple[str, str], Texts],
    settings: Settings,
) -> list[str]:
    """The sentences of a call in the customer's language, first to last.

    `texts` are the operator's live ones by (name, language); where there is none, ours are said.
    """
    language = spoken_language(customer.language)
    if task.kind == "untold" and notice is not None:
        name = name_of(notice.kind, notice.facts)
        chosen = texts.get((name, language)) or texts_in_house(name, language)
        try:
            said = worded(chosen, notice.kind, language, notice.facts, voice_of(settings), HIDDEN_LINK)
        except CannotSay:
            pass  # an old notice that lacks a fact: the general words are still right
        else:
            return [said.call]
    company = one_line(settings.company.to(language))
    given = {"customer": one_line(customer.name), "company": company, "said": one_line(task.why)}
    given["about"] = _about(visit, settings, language)
    return [line.to(language).format(**given) for line in SCRIPTS[task.kind]]


def _about(visit: Visit | None, settings: Settings, language: Language) -> str:
    if visit is None:
        return ""
    given = {
        "when": spoken_appointment(visit.window.start, visit.window.end, settings.zone, language),
        "work": WORK_WORDS[visit.work_order.kind].to(language),
    }
    return ABOUT.to(language).format(**given)
