"""Mail addresses: what people write is made one; what no server could take is refused."""

import pytest

from dispatch.customers.mails import normal_mail
from dispatch.errors import Invalid

GOOD = {
    "wang@example.cn": "wang@example.cn",
    "  Wang.Li+door@Example.COM ": "Wang.Li+door@example.com",
    "o'neil@sub.example.co.uk": "o'neil@sub.example.co.uk",
    "wang＠example．cn": "wang@example.cn",
    "wang@münchen.example": "wang@xn--mnchen-3ya.example",
    "a@" + "b" * 63 + ".cn": "a@" + "b" * 63 + ".cn",
    "a" * 64 + "@example.cn": "a" * 64 + "@example.cn",
}
BAD = [
    "", " ", "wang", "@example.cn", "wang@", "wang@localhost", "wang@example", "wang@@example.cn",
    "wang li@example.cn", "wang@exa mple.cn", "wang@example.cn\r\nBcc: x@example.cn", "wang\r\n@example.cn",
    "wang@example.cn\x00", "wang\u202e@example.cn", "wang@exam\u202eple.cn", "wang\u200b@example.cn",
    ".wang@example.cn", "wang.@example.cn", "wa..ng@example.cn", '"wang"@example.cn', "wang@example.cn,li@example.cn",
    "Wang <wang@example.cn>", "wang@-example.cn", "wang@example-.cn", "wang@example..cn", "wang@127.0.0.1",
    "wang@[127.0.0.1]", "a" * 65 + "@example.cn", "a@" + "b" * 64 + ".cn", "a@" + "bcd." * 60 + "cn", "王@example.cn",
]  # fmt: skip


@pytest.mark.parametrize(("written", "kept"), GOOD.items())
def test_an_address_is_kept_in_one_spelling(written: str, kept: str) -> None:
    assert normal_mail(written) == kept
    assert normal_mail(kept) == kept


@pytest.mark.parametrize("written", BAD, ids=ascii)
def test_what_cannot_be_an_address_is_refused_with_what_to_do(written: str) -> None:
    with pytest.raises(Invalid) as refused:
        normal_mail(written)
    assert refused.value.name == "mail-impossible"
