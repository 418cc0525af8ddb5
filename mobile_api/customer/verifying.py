"""Is this record genuine? For anyone who holds one: by its number (nothing personal) or by the file itself."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile

from checklists.words import Words
from dispatch.records.fields import ARCHIVE_FIELD, COMPANY_FIELD, CUSTOMER_FIELD, TECHNICIAN_FIELD
from dispatch.records.public import PublicFacts, public_facts
from dispatch.records.signing.verify import Verdict
from dispatch.records.verifying import verify_document
from mobile_api.customer.tries import address_of, knocks_of
from mobile_api.dependencies import house_of
from mobile_api.pages import page

router = APIRouter(include_in_schema=False)

BURST, PER_SECOND = 40.0, 0.5
UNKNOWN_COSTS = 4.0  # a number that is not ours; beyond the one that every knock costs
FILE_COSTS = 2.0
NO_FILE = Words("请先选择要核验的 PDF 文件。", "Please choose the PDF file first.")


FIELD_WORDS = {
    CUSTOMER_FIELD: Words("客户签名", "Customer's signature"),
    TECHNICIAN_FIELD: Words("装维人员签名", "Technician's signature"),
    COMPANY_FIELD: Words("企业电子签章", "Company seal"),
    ARCHIVE_FIELD: Words("存档时间戳", "Archive time-stamp"),
}
OTHER_FIELD = Words("其他签名", "Another signature")


def plain(reason: Words) -> Words:
    """A reason with the names of signature fields said as a person says them."""
    for name, words in FIELD_WORDS.items():
        reason = Words(reason.zh.replace(name, words.zh), reason.en.replace(name, words.en))
    return reason


async def sent_file(request: Request) -> bytes | None:
    """The bytes of the form's file; None when none was chosen."""
    form = await request.form(max_files=1, max_fields=5)
    file = form.get("file")
    return await file.read() or None if isinstance(file, UploadFile) else None


@router.api_route("/verify", methods=["GET", "HEAD"])
def explain(request: Request, number: str = "") -> Response:
    """What can be verified here, and how."""
    if number.strip():
        plain = "".join(letter for letter in number.upper() if letter.isascii() and (letter.isalnum() or letter == "-"))
        return RedirectResponse(f"/verify/{plain[:40] or '-'}", 303)
    return _page(request)


@router.api_route("/verify/{number}", methods=["GET", "HEAD"])
def by_number(request: Request, number: str) -> Response:
    """Whether a record of this number exists, since when, and its file's SHA-256."""
    knocks, address = knocks_of(request, "verify", BURST, PER_SECOND), address_of(request)
    knocks.take(address)
    with house_of(request).database.reading() as session:
        facts = public_facts(session, number[:60])
    if facts is None:
        knocks.charge(address, UNKNOWN_COSTS)
    return _page(request, facts=facts, asked_number=True, status=200 if facts else 404)


@router.post("/verify")
def by_file(request: Request, content: Annotated[bytes | None, Depends(sent_file)]) -> Response:
    """The verdict on a file. Nothing of it is kept."""
    knocks, address = knocks_of(request, "verify", BURST, PER_SECOND), address_of(request)
    knocks.take(address)
    if content is None:
        return _page(request, error=NO_FILE, status=422)
    knocks.charge(address, FILE_COSTS)
    return _page(request, verdict=verify_document(house_of(request), content))


def _page(
    request: Request,
    *,
    facts: PublicFacts | None = None,
    asked_number: bool = False,
    verdict: Verdict | None = None,
    error: Words | None = None,
    status: int = 200,
) -> Response:
    return page(
        request,
        "customer/verify.html",
        status,
        facts=facts,
        asked_number=asked_number,
        verdict=verdict,
        reasons=[plain(reason) for reason in verdict.reasons] if verdict else [],
        signers=[(FIELD_WORDS.get(one.field, OTHER_FIELD), one) for one in verdict.signatures] if verdict else [],
        error=error,
    )
