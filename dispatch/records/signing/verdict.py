"""What verifying a file found, and how it is said to a person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from checklists.words import Words

State = Literal["genuine", "superseded", "altered", "not_ours"]

TITLES: dict[str, Words] = {
    "genuine": Words("真实有效", "Genuine"),
    "superseded": Words("真实，但已被更正", "Genuine, but corrected since"),
    "altered": Words("内容已被改动或损坏", "Altered or damaged"),
    "not_ours": Words("不是本系统签发的记录", "Not one of our records"),
}

ALL_SOUND = Words("全部签名有效，文件自封存后未改动。", "All signatures are valid; unchanged since it was sealed.")
SAME_AS_KEPT = Words("与存档文件逐字节一致。", "It is the kept file, byte for byte.")
NOT_COMPARED = Words(
    "仅凭文件内的签名核验，未与存档比对；如需比对，请扫描记录首页的二维码。",
    "Judged by its signatures alone, not compared with the kept file; scan the code on page 1 for that.",
)
DIFFERS_FROM_KEPT = Words(
    "与存档文件不一致，它不是当时交付的那一份。",
    "It differs from the kept file: it is not the one that was handed out.",
)
NOT_KEPT = Words(
    "存档中没有编号为 {number} 的记录，请与服务方联系核实。",
    "No record {number} is kept here. Ask the company about it.",
)
DEMO_ONLY = Words(
    "由演示证书签发，仅供试用，不能对外证明身份。",
    "Signed by the demo authority: for trials, it proves nothing to strangers.",
)
CORRECTED_BY = Words(
    "此记录已由 {number} 更正，请以更正记录为准。", "Record {number} corrects this one and holds instead."
)
EMPTY = Words("文件是空的。", "The file is empty.")
TOO_LARGE = Words("文件超过 {megabytes} MB，不可能是服务记录。", "Over {megabytes} MB: it cannot be a service record.")
NOT_A_PDF = Words("这不是 PDF 文件。", "It is not a PDF.")
UNREADABLE = Words("PDF 结构损坏或不完整，无法读取。", "The PDF is damaged or cut and cannot be read.")
NO_SIGNATURES = Words("文件没有电子签名。", "It carries no electronic signature.")
STRANGE_SIGNERS = Words("签名不是由本系统的证书签发。", "Its signatures are not from our certificates.")
WRONG_FIELDS = Words("签名栏与服务记录不符。", "Its signature fields are not those of a service record.")
CONTENT_CHANGED = Words("“{field}”签名之后内容被改动。", 'The content was changed after "{field}" was signed.')
SIGNATURE_BROKEN = Words("“{field}”的签名数据损坏或被改动。", 'The signature data of "{field}" are damaged or changed.')
NOT_TRUSTED = Words(
    "“{field}”的证书不可信或当时已失效。", 'The certificate of "{field}" is not trusted, or was out of date.'
)
STAMP_NOT_TRUSTED = Words(
    "“{field}”的时间戳不可信或已损坏。", 'The time-stamp of "{field}" is not trusted, or is damaged.'
)
WRONG_SIGNER = Words(
    "“{field}”由不相符的证书签署。", '"{field}" was signed with a certificate that does not belong there.'
)
ADDED_AFTER_SEAL = Words(
    "封存之后文件又被追加内容，页面上看到的可能不是当时签署的。",
    "Something was added after the record was sealed: what the pages show may not be what was signed.",
)
NO_DATA = Words("文件内缺少完好的 record.json。", "The record.json inside is missing or not as we write it.")


@dataclass(frozen=True)
class SignatureFound:
    """One signature: the field, whose certificate, when, and is it sound.

    `stamped`: the time is a time-stamp service's; otherwise it is what the signer's own clock told.
    """

    field: str
    signer: str
    signed_at: datetime | None
    sound: bool
    stamped: bool = False


@dataclass(frozen=True)
class Verdict:
    """What the file is. `number` is what the file claims; only a genuine or superseded one proves it."""

    state: State
    reasons: tuple[Words, ...]
    sha256: str
    number: str | None = None
    signatures: tuple[SignatureFound, ...] = ()
    compared: bool = False
    replaced_by: str | None = None

    @property
    def genuine(self) -> bool:
        """Is it what was sealed (corrected since or not)?"""
        return self.state in ("genuine", "superseded")

    @property
    def title(self) -> Words:
        """The verdict in a few words."""
        return TITLES[self.state]
