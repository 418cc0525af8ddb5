"""The kit "5+3" (五个一、三贴心), first edition. Published: never edited; a change is a new file."""

from dataclasses import dataclass
from typing import Literal

from checklists.definition import Option
from checklists.words import Words

Use = Literal["single_use", "reusable", "handed_over"]
Part = Literal["five", "three"]


@dataclass(frozen=True, slots=True)
class KitItem:
    """One item of the kit.

    `use`: single_use is consumed by each visit; reusable is replaced by wear, so its condition is recorded;
    handed_over stays with the customer. `used_by_a_visit`: how many one ordinary visit takes (pieces, or pairs).
    """

    key: str
    label: Words
    part: Part
    use: Use
    used_by_a_visit: int
    rule: Words

    @property
    def goes_down(self) -> bool:
        """Whether the van's stock of it goes down when it is used."""
        return self.use != "reusable"


KIT_V1: tuple[KitItem, ...] = (
    KitItem(
        "shoe_covers",
        Words("鞋套（一双）", "Shoe covers, one pair"),
        "five",
        "single_use",
        1,
        Words(
            "客户家中需要时，进门前穿好；一次性使用，每次上门用一双。",
            "Put on before entering wherever the home asks for it; single use, one pair for each visit.",
        ),
    ),
    KitItem(
        "drop_cloth",
        Words("垫布（一块）", "Drop cloth, one"),
        "five",
        "reusable",
        0,
        Words(
            "铺在施工处的家具或地面上，工具放在垫布上；磨损后更换。",
            "Laid over furniture or floor around the work, with the tools on it; replaced when worn.",
        ),
    ),
    KitItem(
        "cleaning_cloth",
        Words("抹布（一块）", "Cleaning cloth, one"),
        "five",
        "reusable",
        0,
        Words("完工后擦净施工处；磨损或脏污后更换。", "Wipes the work place afterwards; replaced when worn or dirty."),
    ),
    KitItem(
        "rubbish_bag",
        Words("垃圾袋（一个）", "Rubbish bag, one"),
        "five",
        "single_use",
        1,
        Words("带走垃圾和线头边料；一次性使用。", "Takes waste and off-cuts away; single use."),
    ),
    KitItem(
        "record_form",
        Words("服务记录表（一份）", "Service record form, one"),
        "five",
        "handed_over",
        1,
        Words(
            "施工前交给客户，请客户对照监督；完工后请客户评价文明施工。",
            "Handed over before work so that the customer can watch against it; conduct is rated on it at the end.",
        ),
    ),
    KitItem(
        "service_card",
        Words("服务贴心卡", "Service card"),
        "three",
        "handed_over",
        1,
        Words(
            "见面问候时递上；写明包区人员联系方式和账号密码最近修改日期，绝不写密码。",
            "Given on greeting: the technician's contact and when the password last changed, never the password.",
        ),
    ),
    KitItem(
        "user_guide",
        Words("宽带用户使用指南", "User guide"),
        "three",
        "handed_over",
        1,
        Words(
            "首次装机或修障时交给客户：室内线路与终端常见问题、拨号错误代码含义、自助处理办法。",
            "Handed over at the first installation or repair: common faults, dial-up codes, first self-help.",
        ),
    ),
    KitItem(
        "sticky_note",
        Words("服务便利贴", "Sticky note"),
        "three",
        "handed_over",
        1,
        Words(
            "贴在线路或终端旁，写联系方式；无人在家时作留言条；征得客户同意才可写账号信息。",
            "Contact near the line or terminal; also the missed-visit note; account details only with consent.",
        ),
    ),
)

KIT_BY_KEY: dict[str, KitItem] = {item.key: item for item in KIT_V1}
KIT_OPTIONS: tuple[Option, ...] = tuple(Option(item.key, item.label) for item in KIT_V1)
