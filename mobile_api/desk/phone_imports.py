"""A phone's export, handed in at the desk: the same intake as the phone's own sync, for whose export it is.

Every parcel and picture is its own transaction: one that cannot be taken stops no other, and the same file again
changes nothing.
"""

import contextlib
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, File, Request, Response, UploadFile
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from checklists.words import Words
from dispatch.accounts.tables import Account
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import PLANNERS, Viewer
from dispatch.errors import Invalid, NotAllowed, NotFound, Refusal
from dispatch.house import House
from dispatch.records.blobs import take_blob
from dispatch.records.intake import SentParcel, take_parcel
from dispatch.records.own_phone.taking import join_waiting
from dispatch.records.tables import Parcel
from mobile_api.dependencies import house_of
from mobile_api.desk.doors import DeskReading, may
from mobile_api.errors import status_of
from mobile_api.pages import page
from mobile_api.phone_exports import ExportShape, UnreadableItem, read_blob, read_export, read_parcel

router = APIRouter()
CHOOSE = Words("请选择手机导出的文件（.json）。", "Choose the file that the phone exported (.json).")
State = Literal["new", "known", "differs", "refused"]
DIFFERS = Words(
    "该编号已用于另一份内容，两份都已保留，请在“内容冲突”中处理。",
    "Its id was used for other content. Both are kept: see Conflicts.",
)
NOT_THEIRS = Words("没有这次上门，或从未派给此人。", "There is no such visit, or it was never this technician's.")
_one_import = Lock()  # a file is held in memory whole: two at once would be two


@dataclass(frozen=True)
class Came:
    """What came of one parcel or picture. `number` is its place in the file, from 1."""

    number: int
    name: str
    state: State
    words: Words | None = None
    entries: int = 0
    flagged: int = 0


@dataclass(frozen=True)
class Report:
    """What came of a whole file."""

    owner: str
    device: str
    parcels: list[Came]
    blobs: list[Came]


@router.get("/desk/phones/import")
def ask_export(request: Request, turn: DeskReading) -> Response:
    """The form to hand in a phone's export."""
    return _draw(request, turn)


@router.post("/desk/phones/import")
def take_export(request: Request, turn: DeskReading, file: Annotated[UploadFile | None, File()] = None) -> Response:
    """Take it in and report parcel by parcel, picture by picture."""
    turn.viewer.must_be(PLANNERS)
    content = file.file.read() if file is not None and file.filename else b""
    turn.session.rollback()  # this takes a while: hold no connection through it
    try:
        if not content:
            raise Invalid(CHOOSE, name="import-no-file")
        if not _one_import.acquire(blocking=False):
            raise NotAllowed(
                Words("另一份文件正在导入，请稍后再试。", "Another file is being imported. Try again in a moment."),
                name="import-under-way",
            )
        try:
            report = _import(house_of(request), turn, read_export(content), hashlib.sha256(content).hexdigest())
        finally:
            _one_import.release()
    except Refusal as refusal:
        return _draw(request, turn, refusal=refusal)
    return _draw(request, turn, report=report)


def _import(house: House, turn: Turn, export: ExportShape, sha256: str) -> Report:
    with house.database.reading() as session:
        owner = _owner(session, export.account)
    viewer = Viewer(
        role="technician",
        name=f"{owner.name} ← {turn.viewer.name}",  # the timeline says whose it is and who handed it in
        language=owner.language,
        account_id=owner.id,
        technician_id=owner.technician_id,
    )
    parcels = [
        _came(number, item, "id", lambda item=item: _take_parcel(house, turn, viewer, read_parcel(item)))  # type: ignore[misc]
        for number, item in enumerate(export.parcels, 1)
    ]
    blobs = [
        _came(number, item, "sha256", lambda item=item: _take_blob(house, turn, owner.id, item))  # type: ignore[misc]
        for number, item in enumerate(export.blobs, 1)
    ]
    with house.database.writing() as session:
        replace(turn, session=session).audit(
            "import_phone_export", "account", owner.id, file=sha256, parcels=_tally(parcels), blobs=_tally(blobs)
        )
    return Report(owner.name, export.device, parcels, blobs)


def _owner(session: Session, named: str) -> Account:
    """The technician's account, by its id or its login. Refuses with Invalid whoever is no technician."""
    asked = [Account.login == named]
    with contextlib.suppress(ValueError):
        asked.append(Account.id == UUID(named))
    account = session.scalar(select(Account).where(or_(*asked)))
    if account is None or account.role != "technician" or account.technician_id is None:
        raise Invalid(
            Words(
                "文件中的账号不是本系统的装维人员账号，没有导入。请确认文件来自本公司的手机。",
                "The file's account is no technician's here, so nothing was imported. Make sure that it is ours.",
            ),
            name="export-of-nobody",
        )
    return account


def _came(number: int, item: object, name: str, take: "Callable[[], Came]") -> Came:
    """What `take` says, under the item's place in the file; a refusal is its words."""
    said = str(item.get(name, ""))[:64] if isinstance(item, dict) else ""
    try:
        return replace(take(), number=number, name=said)
    except UnreadableItem as unreadable:
        return Came(number, said, "refused", unreadable.words)
    except NotFound:
        return Came(number, said, "refused", NOT_THEIRS)
    except Refusal as refusal:
        return Came(number, said, "refused", refusal.words)


def _take_parcel(house: House, turn: Turn, viewer: Viewer, sent: SentParcel) -> Came:
    with house.database.writing() as session:
        known = session.get(Parcel, sent.id) is not None
        theirs = replace(turn, session=session, viewer=viewer)
        taken = take_parcel(theirs, sent)
        if not taken.conflict:
            join_waiting(theirs, sent.visit_id)
    if taken.conflict:
        return Came(0, "", "differs", DIFFERS)
    states = [entry["state"] for entry in taken.receipt["entries"]]
    return Came(0, "", "known" if known else "new", None, len(states), states.count("flagged"))


def _take_blob(house: House, turn: Turn, account_id: UUID, item: object) -> Came:
    blob = read_blob(item, turn.settings.blob_limit_bytes)
    taken = take_blob(
        house.database,
        house.objects,
        sha256=blob.sha256,
        content=blob.content,
        pixel_limit=turn.settings.pixel_limit,
        account_id=account_id,
        now=turn.now,
    )
    return Came(0, "", "new" if taken.is_new else "known")


def _tally(came: list[Came]) -> dict[str, int]:
    return {state: sum(one.state == state for one in came) for state in ("new", "known", "differs", "refused")}


def _draw(request: Request, turn: Turn, *, report: Report | None = None, refusal: Refusal | None = None) -> Response:
    return page(
        request,
        "desk/phone_import.html",
        status=status_of(refusal) if refusal else 200,
        report=report,
        tallies={"parcels": _tally(report.parcels), "blobs": _tally(report.blobs)} if report else {},
        refusal=refusal,
        may=may(turn.viewer),
    )
