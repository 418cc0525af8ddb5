"""Fields and options that steps 3 to 5 share in both kinds of visit, first edition. Published: never edited."""

from checklists.definition import Condition, Field, Option
from checklists.words import Words

WORK_TITLE = Words("现场实施需谨慎", "Careful work")
PROOF_TITLE = Words("实施完毕需认证", "Prove that it works")
FILE_TITLE = Words("准确无误建档案", "File it")

WORK_RULES = (
    Words("吃不准的不承诺：记为待答复问题，由主管答复客户。",
          "Unsure means not promised: note an open question; the supervisor answers the customer."),
    Words("客户的设备须经同意并当面操作，不擅自更改其设置。",
          "The customer's equipment only with permission and in their presence; its settings stay as they are."),
)  # fmt: skip

ALTERS_HOME = Condition("work", "alters_home", (True,))
ON_PON = Condition("work", "access_technology", ("gpon_b", "gpon_c", "xgs"))
ON_DSL = Condition("work", "access_technology", ("adsl", "vdsl2"))
ON_ADSL = Condition("work", "access_technology", ("adsl",))
ONLINE = Condition("proof", "login", ("connected",))
NOT_ONLINE = Condition("proof", "login", ("failed",))
AT_STATION = Condition("file", "filed_when", ("at_station",))

BEGUN_AT = Field("begun_at", "moment", Words("开工时间", "Work begun at"))
ACCESS_TECHNOLOGY = Field(
    "access_technology", "choice", Words("接入方式", "Access technology"), prefill="access",
    options=(
        Option("gpon_b", Words("GPON（B+）", "GPON, class B+")),
        Option("gpon_c", Words("GPON（C+）", "GPON, class C+")),
        Option("xgs", Words("XGS-PON", "XGS-PON")),
        Option("adsl", Words("ADSL", "ADSL")),
        Option("vdsl2", Words("VDSL2", "VDSL2")),
        Option("ethernet", Words("网线入户", "Ethernet")),
    ),
)  # fmt: skip
PLACEMENT_OPTIONS = (
    Option("device_position", Words("设备位置", "Device position"), must=True),
    Option("cable_route", Words("走线路由", "Cable route"), must=True),
    Option("power_source", Words("取电位置", "Power source"), must=True),
)
PLACEMENT_HINT = Words("打孔、布线之前逐项与客户商定。", "Agreed one by one before drilling or laying.")
ALTERATION_WHAT = Field(
    "alteration_what", "text", Words("改动内容与位置",
                                     "What is altered, and where"), max_count=500, shown_if=ALTERS_HOME,
)  # fmt: skip
ALTERATION_AGREEMENT = Field(
    "alteration_agreement", "signature", Words("客户对改动的书面同意", "Written agreement to the alteration"),
    filled_by="customer", shown_if=ALTERS_HOME,
    hint=Words("客户看过上面的改动内容后签名；未签名不得动工，签名存入线路档案。",
               "Signed on what is written above; no work without it; kept with the line's file."),
)  # fmt: skip
PROTECTION = Field(
    "protection", "multi_choice", Words("文明施工", "Careful conduct"),
    options=(
        Option("cloth_laid", Words("工具下铺好垫布", "Cloth under the tools")),
        Option("asked_first", Words("动客户设备前征得同意，客户在场",
                                    "Equipment touched with permission, in their presence"),
               must=True),
        Option("settings_untouched", Words("未擅自更改客户设备的设置",
                                           "No settings changed on my own account"), must=True),
        Option("phone_silent", Words("手机已静音", "My phone is silent"), must=True),
    ),
)  # fmt: skip
REQUESTS = Field(
    "requests", "text", Words("客户的要求及处理", "Requests, met or declined"), blocks=False, max_count=1000,
    hint=Words("规定允许的照办，不允许的婉言说明。", "Met when the rules allow, politely declined when not."),
)  # fmt: skip
OPEN_QUESTIONS = Field(
    "open_questions", "open_questions", Words("待答复的问题", "Open questions"), blocks=False, max_count=10,
    hint=Words("不确定的不当场承诺，记在这里，由主管答复。",
               "What I am unsure of is not promised but noted here for the supervisor."),
)  # fmt: skip
LOGIN = Field(
    "login", "choice", Words("用客户账号拨号登录", "Dial and log in with the customer's account"),
    options=(
        Option("connected", Words("登录成功", "Logged in")),
        Option("failed", Words("未能登录", "Could not log in")),
    ),
)  # fmt: skip
DIAL_CODE = Field(
    "dial_code", "dial_code", Words("拨号错误代码（如有）",
                                    "Dial-up error code, if any"), blocks=False, shown_if=NOT_ONLINE,
)  # fmt: skip
ENDED_AT = Field("ended_at", "moment", Words("完工时间", "Work ended at"))
FILED_WHEN = Field(
    "filed_when", "choice", Words("档案录入", "When is it filed"),
    options=(
        Option("on_site", Words("现场录入", "Now, on site")),
        Option("at_station", Words("先手记，回站补录", "Noted by hand, entered later at the station")),
    ),
)  # fmt: skip


def measured(
    key: str,
    label: Words,
    name: str,
    shown_if: Condition | None = None,
    *,
    blocks: bool = True,
    required_if: Condition | None = None,
) -> Field:
    """A measurement of the catalogue, asked under `key`; with `required_if` it blocks only while that holds."""
    return Field(
        key, "measurement", label, measurement=name, shown_if=shown_if, required_if=required_if,
        blocks=blocks and required_if is None,
    )  # fmt: skip


ROOMS = Field(
    "rooms_wifi", "room_measurements", Words("各房间 Wi-Fi 信号", "Wi-Fi signal in each room"), measurement="wifi_rssi",
    blocks=False, min_count=1, max_count=20, shown_if=ONLINE,
)  # fmt: skip
