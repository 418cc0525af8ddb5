"""What we say to customers is polite: replies are refused while they hold a phrase that is never used."""

from checklists.words import Words
from dispatch.errors import Invalid
from dispatch.notices.language_rules import Finding, findings_in_note, stops


class Impolite(Invalid):
    """A reply that breaks the rules of language. `findings` say where and what to write instead."""

    name = "reply-impolite"
    title = Words("请调整用语", "Please word it otherwise")

    def __init__(self, found: tuple[Finding, ...]) -> None:
        zh = "".join(one.words.zh.removeprefix("备注：") for one in found)
        en = " ".join(one.words.en for one in found)
        super().__init__(Words(f"客户会看到这段话：{zh}", f"The customer reads this. {en}"))
        self.findings = found


def reply(text: str, language: str, *, most: int = 500) -> str:
    """`text` on one line, as it may be told to a customer of `language`. Refuses with Impolite, or when empty."""
    text = " ".join(text.split())
    if not text:
        raise Invalid(Words("请填写要告诉客户的话。", "Write what the customer is to be told."), name="reply-missing")
    if len(text) > most:
        raise Invalid(Words(f"最多 {most} 个字。", f"At most {most} characters."), name="reply-long")
    found = stops(findings_in_note(text, language))
    if found:
        raise Impolite(found)
    return text
