"""The installation visit, first edition. Published: never edited; a change is a new file with a higher version."""

from dataclasses import replace

from checklists.definition import Checklist, Condition, Field, Option, Step
from checklists.visit_entering_v1 import LET_IN, NO_ACCESS, appointment, talk
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
    ON_ADSL,
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

GO = Condition("work", "go_ahead", ("agreed",))
NO_GO = Condition("work", "go_ahead", ("not_agreed", "not_possible"))
WORKS = Condition("proof", "outcome", ("works",))
IN_SERVICE = Condition("proof", "outcome", ("works", "partly"))
NOT_ALL_WORKS = Condition("proof", "outcome", ("partly", "not_working"))

WORK = Step(
    "work",
    3,
    WORK_TITLE,
    Words("先商定，后动手；打孔、改动须有客户书面同意。",
          "Agree first, then work; altering the home needs the customer's written agreement."),
    (
        ACCESS_TECHNOLOGY,
        # An installation may be impossible, or unwanted once the plan is clear: then nobody has to invent one.
        Field(
            "go_ahead", "choice", Words("能否施工", "Go ahead?"),
            options=(
                Option("agreed", Words("方案已商定，可以施工", "The plan is agreed")),
                Option("not_agreed", Words("客户未同意方案", "The customer does not agree")),
                Option("not_possible", Words("条件不具备（管道、线路、取电等）", "Not possible (duct, line, power)")),
            ),
        ),
        Field(
            "no_go_reason", "text", Words("原因与后续安排",
                                          "Why not, and what comes next"), max_count=1000, shown_if=NO_GO,
        ),
        Field(
            "placement_agreed", "multi_choice", Words("动工前与客户商定", "Agreed with the customer before work"),
            hint=PLACEMENT_HINT, options=PLACEMENT_OPTIONS, shown_if=GO,
        ),
        Field(
            "alters_home", "yes_no", Words("是否需要打孔、钉线等改动房屋", "Is the home altered (drilling, nailing)?"),
            shown_if=GO,
        ),
        ALTERATION_WHAT,
        ALTERATION_AGREEMENT,
        replace(BEGUN_AT, shown_if=GO),
        replace(PROTECTION, shown_if=GO),
        REQUESTS,
        OPEN_QUESTIONS,
    ),
    rules=WORK_RULES,
)  # fmt: skip

PROOF = Step(
    "proof",
    4,
    PROOF_TITLE,
    Words("用客户的账号拨号登录，测量并让客户看到结果。",
          "Dial with the customer's account, log in, measure, and let the customer see it."),
    (
        LOGIN,
        DIAL_CODE,
        measured("rx_power", Words("接收光功率", "Received optical power"), "onu_rx_power", ON_PON, required_if=ONLINE),
        measured("snr_margin", Words("线路信噪比裕量",
                                     "DSL noise margin"), "dsl_snr_margin", ON_DSL, required_if=ONLINE),
        measured("download", Words("下行速率（3 次平均）", "Download, average of 3"), "dl_rate", ONLINE),
        measured("upload", Words("上行速率（3 次平均）", "Upload, average of 3"), "ul_rate", ONLINE),
        measured("sign_in_time", Words("拨号认证时长", "Time to sign in"), "ppp_auth_time", ONLINE, blocks=False),
        ROOMS,
        Field(
            "outcome", "choice", Words("安装结果", "Result"),
            options=(
                Option("works", Words("开通，使用正常", "In service, all well")),
                Option("partly", Words("已开通，尚有遗留", "In service, something is left to do")),
                Option("not_working", Words("未能开通", "Not in service")),
            ),
        ),
        Field(
            "outcome_reason", "text", Words("原因与后续安排", "Why, and what comes next"), max_count=1000,
            shown_if=NOT_ALL_WORKS,
        ),
        ENDED_AT,
    ),
    skipped_if=NO_GO,
)  # fmt: skip

FILE = Step(
    "file",
    5,
    FILE_TITLE,
    Words("为这条线路建立健康档案，记下健康时的基准数据。",
          "Open the line's health file with the measurements of the healthy line."),
    (
        FILED_WHEN,
        Field("device", "device", Words("安装的光猫/终端", "Device installed"), shown_if=IN_SERVICE),
        measured("tx_power", Words("发送光功率", "Transmitted optical power"), "onu_tx_power", ON_PON, blocks=False),
        measured("onu_state", Words("光猫注册状态", "ONU state"), "onu_state", ON_PON, required_if=ONLINE),
        measured("attenuation", Words("线路衰减", "DSL attenuation"), "dsl_attenuation", ON_ADSL, required_if=ONLINE),
        measured("crc", Words("15 分钟 CRC 误码数", "CRC errors in 15 min"), "dsl_crc", ON_DSL, blocks=False),
        measured("link_rate", Words("网口协商速率", "Ethernet link rate"), "eth_link_rate", ONLINE),
        measured("packet_loss", Words("丢包率（20 个包）", "Packet loss, of 20"), "loss", ONLINE),
        Field(
            "cable_metres", "number", Words("用线长度",
                                            "Cable used"), unit="m", min_value=0, max_value=2000, blocks=False,
        ),
        Field(
            "line_note", "text", Words("线路资料（分光器、端口、走线）", "Line: splitter, port, route"), blocks=False,
            max_count=500,
        ),
        Field(
            "baseline", "yes_no", Words("以本次测量作为健康档案基准",
                                        "Take these as the line's baseline"), shown_if=WORKS,
        ),
    ),
    skipped_if=NO_GO,
    late_if=AT_STATION,
)  # fmt: skip

VISIT_INSTALL_V1 = Checklist(
    id="visit_install",
    version=1,
    kind="install",
    title=Words("宽带装机上门服务", "Broadband installation visit"),
    steps=(
        appointment(
            Words("再次确认约定时间，说明何时到达、做些什么。",
                  "Confirm the appointed time, say when you arrive and what will be done."),
        ),
        talk(
            Field(
                "needs", "text", Words("客户的使用需求与遇到过的问题", "Needs, and trouble seen so far"), blocks=False,
                max_count=500, shown_if=LET_IN,
                hint=Words("哪些房间、哪些设备、做什么用；原来上网有无异常。",
                           "Which rooms, which devices, what for; anything wrong before."),
            ),
        ),
        WORK,
        PROOF,
        FILE,
        replace(GUIDE, skipped_if=NO_GO),
        replace(REMIND, skipped_if=NO_GO),
        LEAVE,
    ),
    stops_when=NO_ACCESS,
)  # fmt: skip
