"""Steps 1 and 2, first edition: the appointment and the door. Part of published checklists: never edited.

Installation and repair share them but for what is asked on the phone and before work.
"""

from checklists.definition import Condition, Field, Option, Step
from checklists.kit_v1 import KIT_OPTIONS
from checklists.words import Words

REACHED = Condition("appointment", "call_outcome", ("reached",))
OTHER_TIME = Condition("appointment", "call_outcome", ("asks_other_time",))
LET_IN = Condition("talk", "access", ("let_in",))
NOBODY_HOME = Condition("talk", "access", ("nobody_home",))
TURNED_AWAY = Condition("talk", "access", ("turned_away",))
NO_ACCESS = Condition("talk", "access", ("nobody_home", "turned_away"))

APPOINTMENT_TITLE = Words("上门之前需预约", "Appointment first")
TALK_TITLE = Words("入室之后需沟通", "Talk after entering")


def appointment(call_hint: Words, *asked_on_the_phone: Field) -> Step:
    """Step 1: know the job, pack the kit, call before leaving, arrive in time."""
    return Step(
        "appointment",
        1,
        APPOINTMENT_TITLE,
        Words("了解背景、备齐“5+3”、出发前致电、提前 5 至 10 分钟到达。",
              "Know the job, pack the 5+3 kit, call before leaving, arrive 5 to 10 minutes early."),
        (
            Field(
                "background_read", "yes_no", Words("已阅读工单背景", "I have read the background"), must_be_yes=True,
                hint=Words("业务种类、地址及周边、区域网络状况（有无故障通报）、线路健康档案、公司对这位客户的承诺。",
                           "Kind of service, address and surroundings, open incidents in the area, the line's health "
                           "file, what this customer was promised."),
            ),
            Field(
                "kit_check", "kit", Words("“5+3”工具包清点", "5+3 kit check"), options=KIT_OPTIONS, kit_part="carried",
                hint=Words("缺少的物品须写明原因。", "An item that is missing needs a reason."),
            ),
            Field(
                "call_outcome", "choice", Words("出发前致电结果", "Call before leaving"), hint=call_hint,
                options=(
                    Option("reached", Words("已接通，按约上门", "Reached, coming as agreed")),
                    Option("not_reached", Words("未接通", "Not reached")),
                    Option("asks_other_time", Words("客户要求改时间", "Asks for another time")),
                ),
            ),
            Field(
                "announced_arrival", "moment", Words("告知客户的到达时间", "Arrival time told to the customer"),
                shown_if=REACHED,
            ),
            *asked_on_the_phone,
            Field(
                "wished_time", "text", Words("客户希望的时间", "Time that suits the customer"), max_count=200,
                shown_if=OTHER_TIME, hint=Words("同时告知调度改约。", "Tell the desk as well, so that it is booked."),
            ),
            Field("arrived_at", "moment", Words("到达时间", "Arrived at")),
            Field(
                "punctuality", "choice", Words("是否准时", "On time?"),
                hint=Words("预计晚到时，须在约定时间之前告知客户。",
                           "Running late: tell the customer before the appointed time."),
                options=(
                    Option("on_time", Words("准时到达", "On time")),
                    Option("late_told", Words("晚到，已提前告知", "Late, told beforehand")),
                    Option("late_not_told", Words("晚到，未能提前告知", "Late, not told beforehand")),
                ),
            ),
        ),
    )  # fmt: skip


def talk(*asked_before_work: Field) -> Step:
    """Step 2: the door, the greeting, the rules; or the note that is left when nobody is home."""
    return Step(
        "talk",
        2,
        TALK_TITLE,
        Words("轻声敲门，礼貌问候，征得同意后进门；动手之前先讲明规定、了解情况。",
              "Knock softly, greet, enter only when allowed; before work, explain the rules and ask."),
        (
            Field(
                "access", "choice", Words("能否入户", "Let in?"),
                options=(
                    Option("let_in", Words("客户同意入户", "The customer let me in")),
                    Option("nobody_home", Words("家中无人", "Nobody home")),
                    Option("turned_away", Words("客户表示不便", "Not convenient for the customer")),
                ),
            ),
            # The missed visit: it ends here, with a note where it is seen.
            Field(
                "door_call", "choice", Words("在门口再次致电", "Call from the door"), shown_if=NOBODY_HOME,
                options=(
                    Option("not_reached", Words("未接通", "Not reached")),
                    Option("cannot_come", Words("已接通，客户赶不回来", "Reached, cannot be home in time")),
                ),
            ),
            Field(
                "missed_note", "choice", Words("留言条", "Missed-visit note"), shown_if=NOBODY_HOME,
                hint=Words("写明地址和称呼、到达与离开时间、联系人和电话，放在醒目处。",
                           "Address and name, times of arrival and leaving, contact and phone; where it is seen."),
                options=(
                    Option("on_the_door", Words("已贴在门口醒目处", "On the door, where it is seen")),
                    Option("sent_as_link", Words("门口不便张贴，已发送电子留言", "Could not be left, sent as a link")),
                ),
            ),
            Field(
                "missed_note_photo", "photo", Words("留言条照片", "Photo of the note"), blocks=False, min_count=1,
                max_count=3, shown_if=NOBODY_HOME,
            ),
            Field(
                "turned_away_reason", "text", Words("客户不便的原因", "Why it was not convenient"), max_count=500,
                shown_if=TURNED_AWAY,
            ),
            Field(
                "next_time", "text", Words("客户方便的时间", "Time that would suit"), blocks=False, max_count=200,
                shown_if=NO_ACCESS, hint=Words("供调度重新预约。", "For the desk to offer a new appointment."),
            ),
            Field("left_door_at", "moment", Words("离开时间", "Left at"), shown_if=NO_ACCESS),
            # Let in.
            Field(
                "entering", "multi_choice", Words("进门礼仪", "Entering"), shown_if=LET_IN,
                options=(
                    Option("introduced", Words("问候并自报姓名、工号", "Greeted, said who I am"), must=True),
                    Option("asked_leave", Words("征得同意后进门", "Entered when allowed"), must=True),
                    Option("service_card", Words("递上服务贴心卡", "Handed over the service card")),
                    Option("rain_gear_outside", Words("雨具留在门外（雨天）",
                                                      "Rain gear stays outside (when it rains)")),
                ),
            ),
            Field(
                "shoe_covers", "choice", Words("鞋套", "Shoe covers"), shown_if=LET_IN,
                options=(
                    Option("worn", Words("进门前已穿好", "Put on before entering")),
                    Option("not_wanted", Words("客户表示不需要", "The customer did not want them")),
                    Option("none_left", Words("未带（清点时已说明）", "None carried (explained in the kit check)")),
                ),
            ),
            Field(
                "explained", "multi_choice", Words("施工前说明", "Before work"), shown_if=LET_IN,
                options=(
                    Option("rules", Words("讲明作业规定", "Explained the rules we work under"), must=True),
                    Option("coverage", Words("讲明服务范围", "Explained what the service covers"), must=True),
                    Option("record", Words("服务记录表已交客户，请其对照监督",
                                           "Handed over the service record to watch the work against"), must=True),
                ),
            ),
            Field(
                "inside_wiring", "choice", Words("室内布线", "Inside wiring"), shown_if=LET_IN,
                options=(
                    Option("good", Words("良好", "Good")),
                    Option("usable", Words("陈旧但可用", "Old, usable")),
                    Option("to_replace", Words("需要更换", "To be replaced")),
                    Option("none", Words("没有布线", "None")),
                ),
            ),
            Field(
                "customer_equipment", "multi_choice", Words("客户的设备", "The customer's equipment"), shown_if=LET_IN,
                options=(
                    Option("router", Words("路由器", "Router")),
                    Option("mesh", Words("Wi-Fi 中继/子路由", "Wi-Fi repeater or mesh")),
                    Option("computer", Words("电脑", "Computer")),
                    Option("phone", Words("手机/平板", "Phone or tablet")),
                    Option("tv", Words("电视/机顶盒", "TV or set-top box")),
                    Option("smart_home", Words("监控/智能家居", "Cameras, smart home")),
                    Option("none", Words("暂无", "None yet")),
                ),
            ),
            *asked_before_work,
            Field(
                "first_proposal", "text", Words("客户的疑问与初步方案", "Questions and first proposal"), blocks=False,
                max_count=1000, shown_if=LET_IN,
            ),
        ),
        rules=(
            Words("不酒后上门，不吸烟，不使用客户的电话、茶水、洗手间和工具。",
                  "Never drunk, never smoking; no use of the customer's phone, drinks, toilet or tools."),
            Words("工具不放在床和沙发上；不以任何方式向客户提要求。",
                  "No tools on beds or sofas; no demands of any kind."),
        ),
    )  # fmt: skip
