"""What to say at each moment of a visit, in polite words: prompts for the technician, first edition.

Places in braces are filled with `Words.with_facts`: `company`, `technician`, `number` (staff number), `customer` (with
salutation), `time`, `arrival` (words such as 14:50), `reason`, `hotline`.
"""

from dataclasses import dataclass

from checklists.definition import Kind
from checklists.words import Words

BOTH: tuple[Kind, ...] = ("install", "repair")


@dataclass(frozen=True, slots=True)
class Script:
    """One prompt: in which step, when it is said, what is said, and in which kinds of visit."""

    key: str
    step: str
    when: Words
    say: Words
    kinds: tuple[Kind, ...] = BOTH


SCRIPTS: tuple[Script, ...] = (
    Script(
        "call_install", "appointment", Words("出发前致电（装机）", "Call before leaving (installation)"),
        Words("{customer}，您好！我是{company}的装维人员{technician}，跟您确认今天{time}上门安装宽带，我预计{arrival}到您家。"
              "到时会先跟您商定设备位置和走线，再安装、调测。请问这个时间您方便吗？",
              "Hello {customer}, this is {technician} of {company}. I am to install your broadband today at {time} and "
              "expect to be there at {arrival}. We will agree on places and cables first, then I install and test. "
              "Does that still suit you?"),
        ("install",),
    ),
    Script(
        "call_repair", "appointment", Words("出发前致电（修障）", "Call before leaving (repair)"),
        Words("{customer}，您好！我是{company}的装维人员{technician}，负责处理您报修的宽带故障。想先向您了解一下，现在是什么现象？"
              "我预计{arrival}到您家，请问您方便吗？",
              "Hello {customer}, this is {technician} of {company}, about the fault that you reported. May I ask what "
              "you see at the moment? I expect to be there at {arrival}. Does that suit you?"),
        ("repair",),
    ),
    Script(
        "running_late", "appointment", Words("预计晚到（在约定时间之前说）",
                                             "Running late (before the appointed time)"),
        Words("{customer}，您好！我是{technician}。非常抱歉，因为{reason}，我要到{arrival}左右才能到您家，让您久等了。"
              "如果这个时间您不方便，我请调度马上为您另约时间。",
              "Hello {customer}, this is {technician}. I am sorry: because of {reason} I can only be with you at about "
              "{arrival}. If that does not suit you, our desk will offer you another time at once."),
    ),
    Script(
        "other_time", "appointment", Words("客户要求改时间", "The customer asks for another time"),
        Words("好的，没问题。请问您什么时间方便？我马上告知调度，确认后给您发通知。",
              "Certainly. Which time would suit you? I will tell our desk right away, and you will get "
              "a confirmation."),
    ),
    Script(
        "greeting", "talk", Words("敲门、问候", "At the door"),
        Words("您好！请问是{customer}家吗？我是{company}的装维人员{technician}，工号{number}，按约定来为您服务。"
              "这是我的服务贴心卡，请您收好。请问现在方便进门吗？",
              "Good day! Is this the home of {customer}? I am {technician} of {company}, staff number {number}, "
              "here as agreed. This is my service card. May I come in?"),
    ),
    Script(
        "not_convenient", "talk", Words("客户表示不便", "Not convenient for the customer"),
        Words("没关系，打扰您了。请问什么时间方便？我们为您重新预约。",
              "That is quite all right; sorry to disturb you. When would suit you? We will make a new appointment."),
    ),
    Script(
        "before_work", "talk", Words("施工前说明", "Before work"),
        Words("开始之前，先跟您说明一下我们的作业规定和这次服务的范围。这是服务记录表，请您对照监督，最后还要请您评价。"
              "请问家里的布线和上网设备是怎样的？平时使用有什么不顺的地方？",
              "Before I begin, let me explain the rules that we work under and what this service covers. This is the "
              "service record: please watch the work against it, and rate it at the end. What wiring and equipment do "
              "you have, and has anything been giving you trouble?"),
    ),
    Script(
        "before_drilling", "work", Words("打孔、布线之前", "Before drilling or laying"),
        Words("设备想放在这里，线从这边走，电从这里取，您看合适吗？如需打孔，请您看过改动内容后签字确认，我再动工。",
              "I would put the device here, run the cable along here, and take power from there. Is that all right? "
              "If we have to drill, please read and sign what will be altered before I begin."),
    ),
    Script(
        "touching_equipment", "work", Words("需要动客户设备时", "When the customer's equipment is touched"),
        Words("为了检查，我需要看一下您的设备，可以吗？请您在旁边看着，设置我不会随意更改。",
              "To check this I would need to look at your equipment. May I? Please stay by; I will not change "
              "its settings on my own account."),
    ),
    Script(
        "declining", "work", Words("规定不允许的要求", "A request that the rules do not allow"),
        Words("非常理解您的想法。不过按规定这一项我们不能做，主要是因为{reason}，请您谅解。我可以为您这样处理：",
              "I understand. The rules do not allow us to do this, because of {reason}; I hope you understand. What "
              "I can do is this:"),
    ),
    Script(
        "cannot_promise", "work", Words("不确定、不能当场承诺", "Unsure: not to be promised"),
        Words("这个问题我现在不能给您准确的答复，怕说错耽误您。我已经记下来，由主管核实后给您回复，可以吗？",
              "I cannot give you a sure answer now and do not want to mislead you. I have noted it; my supervisor will "
              "look into it and answer you. Is that all right?"),
    ),
    Script(
        "proof_install", "proof", Words("请客户看结果", "Showing that it works"),
        Words("现在用您的账号拨号，请您看一下：已经连上了。测速结果在这里，也请您打开常用的网页试一试。",
              "I now dial with your account: please look, it is connected. Here is the measured rate; please open "
              "a page that you use often and try."),
        ("install",),
    ),
    Script(
        "proof_repair", "proof", Words("逐一核对现象", "Going through the symptoms"),
        Words("您之前说的现象，我们一项一项再看一遍，请您确认是否都恢复正常了。",
              "Let us go through what you had reported, one by one. Please tell me whether each of them is gone."),
        ("repair",),
    ),
    Script(
        "guiding", "guide", Words("使用指导", "Guiding"),
        Words("这本使用指南请您留着，常见问题和拨号错误代码都在里面。下次遇到问题可以先照着试一试，不行随时联系我们。",
              "Please keep this guide: it has the common faults and the dial-up codes. Try it first when something is "
              "wrong, and call us any time if it does not help."),
    ),
    Script(
        "note_consent", "guide", Words("便利贴写账号前", "Before the account goes on the note"),
        Words("联系方式我写在便利贴上，贴在设备旁边。账号需要一起写上吗？您同意我才写，密码不会写。",
              "I put our contact on a sticky note by the device. Shall I add your account name? Only if you agree, and "
              "never the password."),
    ),
    Script(
        "reminding", "remind", Words("临走前提醒", "Before leaving"),
        Words("再提醒您几点：账号和密码请妥善保管，不要告诉他人；电脑请使用正版防护软件并及时更新；"
              "如果您的资费按时长计费，不用时请关闭无线路由器。",
              "A few things to remember: keep your account and password safe; use genuine protection software and "
              "keep it updated; if your tariff counts time, switch the wireless router off when you do not use it."),
    ),
    Script(
        "photo_consent", "leave", Words("拍照之前", "Before taking a photo"),
        Words("现场已经清理好了。我想拍一张设备和走线的照片存档，不拍人和私人物品，您同意吗？",
              "All is tidy again. May I take a photo of the device and cabling for the file? No people, "
              "nothing private."),
    ),
    Script(
        "signing", "leave", Words("请客户评价、签字", "Rating and signing"),
        Words("请您看一下服务记录，为这次服务评价并签字。有意见请直接写明，不愿评价或签字也没有关系。",
              "Please look through the record, rate the visit and sign. Do write down what you object to; you are also "
              "free not to rate or sign."),
    ),
    Script(
        "farewell", "leave", Words("道别", "Farewell"),
        Words("感谢您的配合！以后有问题可以打贴心卡上的电话，或拨打客服热线{hotline}。再见！",
              "Thank you for your help! Call the number on my card or our hotline {hotline} any time. Goodbye!"),
    ),
)  # fmt: skip


def script(key: str) -> Script:
    """The prompt `key`; KeyError when there is none."""
    for known in SCRIPTS:
        if known.key == key:
            return known
    raise KeyError(key)
