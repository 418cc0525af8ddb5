"""Whose keys a document is signed with, said on its page where a stranger must not be misled."""

from checklists.words import Words
from dispatch.records.signing.keyring import Keyring

ALL_DEMO = Words(
    "试用：签章与签名证书均由演示机构签发，对外不能证明身份。",
    "Trial: seal and certificates are from a demo authority; to strangers they prove nobody's identity.",
)
PEOPLE_DEMO = Words(
    "企业签章使用企业自有证书；客户与装维人员的证书由本系统自带机构签发，仅证明签署时的内容未改动。",
    "The seal is the company's own; customer's and technician's certificates are from this system's built-in "
    "authority: they prove that the content is unchanged, and nobody's identity.",
)
SEAL_DEMO = Words(
    "企业签章由演示机构签发，仅供试用，对外不能证明身份。",
    "The seal is from a demo authority: for trials, to strangers it proves nobody's identity.",
)


def remark_on(keyring: Keyring) -> Words | None:
    """What the page says about the keys; nothing where all are the company's own."""
    if keyring.is_demo:
        return ALL_DEMO if keyring.people_are_demo else SEAL_DEMO
    return PEOPLE_DEMO if keyring.people_are_demo else None
