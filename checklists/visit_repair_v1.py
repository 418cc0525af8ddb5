"""The repair visit, first edition. Published: never edited; a change is a new file with a higher version."""

from checklists.definition import Checklist, Condition, Field, Option, Step
from checklists.visit_entering_v1 import LET_IN, NO_ACCESS, REACHED, appointment, talk
from checklists.visit_leaving_v1 import GUIDE, LEAVE, REMIND
from checklists.visit_working_v1 import (
    ACCESS_TECHNOLOGY,
    ALTERATION_AGREEMENT,
    ALTERATION_WHAT,
    AT_STATION,
    BEGUN_AT,
    DIAL_CODE,
    ENDED_AT,
    FILE_TITLE,
    FILED_WHEN,
    LOGIN,
    ON_DSL,
    ON_PON,
    ONLINE,
    OPEN_QUESTIONS,
    PLACEMENT_HINT,
    PLACEMENT_OPTIONS,
    PROOF_TITLE,
    PROTECTION,
    REQUESTS,
    ROOMS,
    WORK_RULES,
    WORK_TITLE,
    measured,
)
from checklists.words import Words

MOVES = Condition("work", "moves_anything", (True,))
REPLACED = Condition("work", "device_replaced", (True,))
OUR_SIDE = Condition("proof", "outcome", ("fixed", "improved", "not_fixed"))
NOT_FIXED = Condition("proof", "outcome", ("improved", "not_fixed", "network_side"))

# Quick picks; a symptom in the customer's own words is kept as told.
SYMPTOMS = (
    Option("no_internet", Words("完全上不了网", "No internet at all")),
    Option("drops", Words("经常掉线", "Connection drops")),
    Option("slow", Words("网速慢", "Slow")),
    Option("slow_evenings", Words("晚上高峰期卡顿", "Stalls in the evening")),
    Option("wifi_weak", Words("Wi-Fi 信号弱", "Weak Wi-Fi")),
    Option("los_lamp", Words("光猫 LOS 灯闪红", "LOS lamp blinks red")),
    Option("dial_error", Words("拨号报错", "Dial-up error")),
    Option("tv_trouble", Words("电视卡顿或看不了", "TV stalls or is dark")),
)

FAULT_TYPES = (
    Option("no_light", Words("无光", "No light")),
    Option("weak_light", Words("光衰大", "Weak light")),
    Option("not_registered", Words("光猫注册不上", "ONT does not register")),
    Option("sign_in", Words("认证失败", "Signing in fails")),
    Option("drops", Words("频繁掉线", "Drops")),
    Option("slow", Words("速率不达标", "Slow")),
    Option("wifi", Words("Wi-Fi 覆盖或干扰", "Wi-Fi coverage or interference")),
    Option("device", Words("终端设备故障", "Device fault")),
    Option("tv_or_voice", Words("电视或语音业务", "TV or voice service")),
    Option("other", Words("其他", "Other")),
)
CAUSES = (
    Option("connector", Words("接头脏污或松动", "Connector dirty or loose")),
    Option("fibre_bent", Words("光纤弯折或断裂", "Fibre bent or broken")),
    Option("drop_cable", Words("入户线损坏", "Drop cable damaged")),
    Option("splitter", Words("分光器或端口", "Splitter or port")),
    Option("power", Words("电源或适配器", "Power or adapter")),
    Option("our_device", Words("光猫等我方设备", "ONT or other device of ours")),
    Option("inside_wiring", Words("室内布线", "Inside wiring")),
    Option("customer_device", Words("客户自备设备", "The customer's own equipment")),
    Option("account", Words("账号、密码或欠费", "Account, password or bill")),
    Option("settings", Words("配置或数据", "Settings or provisioning")),
    Option("network", Words("局端或区域网络", "Exchange or area network")),
    Option("unknown", Words("原因未明", "Not known")),
)
ACTIONS = (
    Option("cleaned", Words("清洁、重插接头", "Cleaned or reseated a connector")),
    Option("reterminated", Words("重做接头", "Made a new termination")),
    Option("patch_cord", Words("更换跳线或网线", "Replaced a patch cord or cable")),
    Option("drop_cable", Words("更换入户线", "Replaced the drop cable")),
    Option("device", Words("更换终端设备", "Replaced a device")),
    Option("port", Words("调换端口", "Moved to another port")),
    Option("provisioned", Words("重新注册或下发配置", "Registered or provisioned anew")),
    Option("account", Words("处理账号或残留会话", "Settled the account or a stuck session")),
    Option("wifi", Words("调整 Wi-Fi 位置或信道", "Moved Wi-Fi or changed the channel")),
    Option("guided", Words("指导客户操作", "Showed the customer how")),
    Option("referred", Words("转派其他班组", "Passed on to another team")),
    Option("nothing", Words("未作处理", "Nothing done")),
)

WORK = Step(
    "work",
    3,
    WORK_TITLE,
    Words("先测后动；移位、布线、打孔之前先与客户商定。",
          "Measure before touching; agree before moving, laying or drilling."),
    (
        ACCESS_TECHNOLOGY,
        measured("rx_before", Words("处理前接收光功率",
                                    "Received power before work"), "onu_rx_power", ON_PON, blocks=False),
        Field(
            "moves_anything", "yes_no", Words("是否移动设备、重新走线或另取电源",
                                              "Is a device, cable or power source moved?"),
        ),
        Field(
            "placement_agreed", "multi_choice", Words("动工前与客户商定", "Agreed with the customer before work"),
            hint=PLACEMENT_HINT, options=PLACEMENT_OPTIONS, shown_if=MOVES,
        ),
        Field(
            "alters_home", "yes_no", Words("是否需要打孔、钉线等改动房屋", "Is the home altered (drilling, nailing)?"),
            shown_if=MOVES,
        ),
        ALTERATION_WHAT,
        ALTERATION_AGREEMENT,
        BEGUN_AT,
        PROTECTION,
        Field("device_replaced", "yes_no", Words("是否更换了设备", "Was a device replaced?")),
        Field("device", "device", Words("换上的设备", "New device"), shown_if=REPLACED),
        REQUESTS,
        OPEN_QUESTIONS,
    ),
    rules=WORK_RULES,
)  # fmt: skip

PROOF = Step(
    "proof",
    4,
    PROOF_TITLE,
    Words("接通、登录，再逐一观察客户报过的现象，直到消失。",
          "Connect, log in, then watch each reported symptom until it is gone."),
    (
        LOGIN,
        DIAL_CODE,
        Field(
            "symptoms_watched", "symptom_watch", Words("逐一观察报过的现象",
                                                       "Each reported symptom, watched"), max_count=20,
            watches=("talk", "symptoms"),
        ),
        Field(
            "outcome", "choice", Words("修复结果", "Result"),
            options=(
                Option("fixed", Words("已修复", "Fixed")),
                Option("improved", Words("有好转，仍需跟进", "Better, to be followed up")),
                Option("not_fixed", Words("未修复，需再次上门", "Not fixed, another visit is needed")),
                Option("network_side", Words("局端或区域网络问题，已转派", "Network side, passed on")),
            ),
        ),
        Field(
            "outcome_reason", "text", Words("原因与后续安排", "Why, and what comes next"), max_count=1000,
            shown_if=NOT_FIXED,
        ),
        ENDED_AT,
    ),
)  # fmt: skip

FILE = Step(
    "file",
    5,
    FILE_TITLE,
    Words("写入修障档案，供下次同类故障查用并与基准对照。",
          "Into the repair file, for the next fault like it, and compared with the baseline."),
    (
        FILED_WHEN,
        Field("fault_type", "choice", Words("故障类型", "Fault type"), options=FAULT_TYPES),
        Field("fault_cause", "choice", Words("故障原因", "Cause"), options=CAUSES),
        Field("actions", "multi_choice", Words("处理措施", "What was done"), options=ACTIONS),
        Field("repair_note", "text", Words("补充说明", "Note"), blocks=False, max_count=1000),
        measured(
            "rx_power", Words("处理后接收光功率",
                              "Received power after work"), "onu_rx_power", ON_PON, required_if=OUR_SIDE,
        ),
        measured(
            "snr_margin", Words("线路信噪比裕量", "DSL noise margin"), "dsl_snr_margin", ON_DSL, required_if=OUR_SIDE,
        ),
        measured("download", Words("下行速率（3 次平均）", "Download, average of 3"), "dl_rate", ONLINE),
        measured("upload", Words("上行速率（3 次平均）", "Upload, average of 3"), "ul_rate", ONLINE, blocks=False),
        ROOMS,
    ),
    late_if=AT_STATION,
)  # fmt: skip

VISIT_REPAIR_V1 = Checklist(
    id="visit_repair",
    version=1,
    kind="repair",
    title=Words("宽带修障上门服务", "Broadband repair visit"),
    steps=(
        appointment(
            Words("先问清故障现象，再说明何时到达。", "Ask for the symptoms, then say when you arrive."),
            Field(
                "symptoms_by_phone", "symptoms", Words("客户电话中说的现象",
                                                       "Symptoms told on the phone"), shown_if=REACHED,
                options=SYMPTOMS, min_count=1, max_count=20, prefill="reported_symptoms",
            ),
        ),
        talk(
            Field(
                "symptoms", "symptoms", Words("客户当面说的现象", "Symptoms told at the home"), shown_if=LET_IN,
                options=SYMPTOMS, min_count=1, max_count=20, prefill="reported_symptoms",
                hint=Words("报修时和电话里说过的现象也请逐一核对。",
                           "Go through what was reported and said on the phone, too."),
            ),
        ),
        WORK,
        PROOF,
        FILE,
        GUIDE,
        REMIND,
        LEAVE,
    ),
    stops_when=NO_ACCESS,
)  # fmt: skip
