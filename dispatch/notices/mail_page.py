"""A worded notice as a mail: the same words as plain text and as a page that any mail program can show."""

from functools import lru_cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dispatch.notices.texts import MESSAGES
from dispatch.notices.variables import Voice, one_line
from dispatch.notices.wording import Worded


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(MESSAGES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def plain_mail(worded: Worded, voice: Voice, link: str) -> str:
    """The mail for who reads no HTML: paragraphs, the facts, the link, who we are."""
    colon = ": " if worded.language == "en" else "："
    facts = "\n".join(f"{label}{colon}{value}" for label, value in worded.rows)
    ends = f"{one_line(voice.company.to(worded.language))} {one_line(voice.company_phone)}"
    parts = (worded.mail, facts, f"{worded.button}{colon}{link}", ends)
    return "\n\n".join(part for part in parts if part) + "\n"


def mail_page(worded: Worded, voice: Voice, link: str) -> str:
    """The mail as HTML; every value is escaped."""
    greeting, *paragraphs = worded.mail.split("\n\n")
    return (
        _environment()
        .get_template("mail.html")
        .render(
            language="zh-CN" if worded.language == "zh" else "en",
            subject=worded.subject,
            greeting=greeting,
            paragraphs=paragraphs,
            rows=worded.rows,
            button=worded.button,
            link=link,
            company=one_line(voice.company.to(worded.language)),
            company_phone=one_line(voice.company_phone),
        )
    )
