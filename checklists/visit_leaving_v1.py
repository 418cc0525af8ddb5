"""Steps 6 to 8, first edition: guide, remind, leave it clean. Part of published checklists: never edited."""

from checklists.definition import Condition, Field, Option, Step
from checklists.kit_v1 import KIT_OPTIONS
from checklists.words import Words

BEGINNER = Condition("guide", "experience", ("beginner",))
EVERYDAY = Condition("guide", "experience", ("everyday",))
EXPERT = Condition("guide", "experience", ("expert",))
ACCOUNT_ON_NOTE = Condition("guide", "sticky_note", ("with_account",))
TIMED_TARIFF = Condition("remind", "timed_tariff", (True,))
PHOTO_AGREED = Condition("leave", "photo_agreed", (True,))

_DIALLING = Option("dialling", Words("如何拨号上网", "How to dial and get online"))
_LAMPS = Option("lamps", Words("光猫指示灯的含义", "What the lamps mean"))
_DIAL_CODES = Option("dial_codes", Words("常见拨号错误代码", "What common dial-up errors mean"))
_SELF_HELP = Option("self_help", Words("简单自查：查线、重启、再拨", "First self-help: cable, restart, dial again"))
_HOTLINE = Option("hotline", Words("如何报修和联系我们", "How to report a fault and reach us"))

GUIDE = Step(
    "guide",
    6,
    Words("指导用户很关键", "Guide the customer"),
    Words("按客户的熟悉程度讲解，让客户会用、会查、会找我们。",
          "By how experienced the customer is: able to use it, to check it, and to reach us."),
    (
        Field(
            "experience", "choice", Words("客户的熟悉程度", "How experienced is the customer"),
            options=(
                Option("beginner", Words("初学", "Beginner")),
                Option("everyday", Words("日常使用", "Everyday")),
                Option("expert", Words("熟练", "Expert")),
            ),
        ),
        Field(
            "guided_beginner", "multi_choice", Words("已讲解", "Explained"), shown_if=BEGINNER,
            hint=Words("边演示边讲，请客户自己操作一遍。", "Show it, then let the customer do it once."),
            options=(
                _DIALLING,
                Option("browser", Words("如何打开网页", "How to use the browser")),
                _LAMPS, _DIAL_CODES, _SELF_HELP, _HOTLINE,
            ),
        ),
        Field(
            "guided_everyday", "multi_choice", Words("已讲解", "Explained"), shown_if=EVERYDAY,
            options=(
                _DIALLING, _DIAL_CODES, _SELF_HELP,
                Option("wifi_place", Words("路由器摆放与 Wi-Fi 频段", "Where to put the router; Wi-Fi bands")),
                _HOTLINE,
            ),
        ),
        Field(
            "guided_expert", "multi_choice", Words("已讲解", "Explained"), shown_if=EXPERT,
            options=(
                _DIAL_CODES,
                Option("speed_test", Words("如何正确测速", "How to measure the speed properly")),
                Option("own_router", Words("自备路由器的注意事项", "What to mind with an own router")),
                _HOTLINE,
            ),
        ),
        Field(
            "guide_handed", "choice", Words("《宽带用户使用指南》", "User guide"),
            options=(
                Option("paper", Words("已交纸质版", "Handed over on paper")),
                Option("link", Words("已发送电子版", "Sent as a link")),
                Option("has_one", Words("客户已有", "The customer has one")),
                Option("not_wanted", Words("客户表示不需要", "Not wanted")),
            ),
        ),
        Field(
            "sticky_note", "choice", Words("服务便利贴", "Sticky note"),
            hint=Words("只有征得客户同意才写账号；密码一律不写。",
                       "The account goes on it only with consent; the password never."),
            options=(
                Option("contact_only", Words("只写联系方式", "Contact only")),
                Option("with_account", Words("联系方式和账号（客户同意）", "Contact and account (with consent)")),
                Option("none", Words("客户表示不需要", "Not wanted")),
            ),
        ),
        Field(
            "account_note_consent", "yes_no", Words("同意在便利贴上写宽带账号（不写密码）",
                                                    "I agree to my account name on the note (never the password)"),
            filled_by="customer", shown_if=ACCOUNT_ON_NOTE, must_be_yes=True,
        ),
    ),
)  # fmt: skip

REMIND = Step(
    "remind",
    7,
    Words("结束莫忘再提醒", "Remind at the end"),
    Words("离开前再提醒客户几件事。", "A few things to remember, before leaving."),
    (
        Field(
            "reminded", "multi_choice", Words("已提醒", "Reminded"),
            options=(
                Option("account_safe", Words("妥善保管账号和密码，不告诉他人",
                                             "Keep account and password safe"), must=True),
                Option("protection", Words("使用正版防护软件并及时更新",
                                           "Genuine protection software, kept updated"), must=True),
                Option("change_password", Words("定期修改密码", "Change the password from time to time")),
            ),
        ),
        Field(
            "timed_tariff", "yes_no", Words("资费是否按时长计费",
                                            "Does the tariff count time?"), prefill="timed_tariff",
        ),
        Field(
            "router_off_told", "yes_no", Words("已提醒：不用时关闭无线路由器",
                                               "Told: switch the wireless router off when unused"),
            shown_if=TIMED_TARIFF, must_be_yes=True,
        ),
        Field(
            "password_changed_at", "moment", Words("账号密码最近修改日期",
                                                   "When the password was last changed"), blocks=False,
            hint=Words("只记日期，写在服务贴心卡上；绝不记密码。",
                       "The date only, for the service card; never the password."),
        ),
    ),
)  # fmt: skip

LEAVE = Step(
    "leave",
    8,
    Words("清理现场显素质", "Leave it clean"),
    Words("物归原位，垃圾带走；请客户评价、签字，并留一份记录。",
          "Everything back in its place, waste taken away; the customer rates, signs and gets a copy."),
    (
        Field(
            "cleaned", "multi_choice", Words("清理现场", "Clean up"),
            options=(
                Option("put_back", Words("移动过的物品已归位", "Everything moved is put back"), must=True),
                Option("waste_taken", Words("垃圾和线头已带走", "Waste and off-cuts are taken away"), must=True),
                Option("wiped", Words("施工处已擦净", "The work place is wiped")),
                Option("tools_counted", Words("工具已清点", "Tools are counted")),
            ),
        ),
        Field("photo_agreed", "yes_no", Words("客户是否同意拍摄完工照片", "Does the customer agree to a photo?")),
        Field(
            "after_photos", "photo", Words("完工照片",
                                           "Photos when done"), shown_if=PHOTO_AGREED, min_count=1, max_count=6,
            hint=Words("只拍设备和走线，不拍人和私人物品。", "Equipment and cabling only; no people, nothing private."),
        ),
        Field(
            "kit_used", "kit", Words("本次用掉的物品", "Kit used on this visit"), options=KIT_OPTIONS, kit_part="used",
            prefill="kit_used",
        ),
        Field(
            "conduct_rating", "rating", Words("文明施工评价",
                                              "How was the conduct?"), filled_by="customer", min_value=1,
            max_value=5, may_decline=True,
        ),
        Field(
            "overall_rating", "rating", Words("总体评价",
                                              "And overall?"), filled_by="customer", min_value=1, max_value=5,
            may_decline=True,
        ),
        Field(
            "comment", "text", Words("意见和建议", "Comment"), filled_by="customer", blocks=False, max_count=1000,
        ),
        Field(
            "customer_signature", "signature", Words("客户签名", "Customer's signature"), filled_by="customer",
            may_refuse=True,
            hint=Words("有保留意见可写明后再签；不愿签名也可以，请写明原因。",
                       "A reservation may be added; signing may be refused, with the reason."),
        ),
        Field(
            "technician_signature", "signature", Words("装维人员签名", "Technician's signature"),
        ),
        Field(
            "copy_given", "choice", Words("服务记录副本", "Copy of the record"),
            options=(
                Option("link", Words("发送电子版", "Sent as a link")),
                Option("paper", Words("留纸质版", "Left on paper")),
                Option("both", Words("两者都给", "Both")),
                Option("not_wanted", Words("客户表示不需要", "Not wanted")),
            ),
        ),
        Field("left_at", "moment", Words("离开时间", "Left at")),
    ),
)  # fmt: skip
