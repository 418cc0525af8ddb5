"""The acts of the day, in their order. Each says in one line what it did, with ids."""

import hashlib
import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from PIL import Image, ImageDraw

from checklists.published import by_key
from dispatch.clock import utc_now
from dispatch.demo.visit_story import Story, play, scribble
from mobile_api.tour.stage import Stage, TourFailed

Say = Callable[[str], None]
HOUR = timedelta(hours=1)
CUSTOMERS_OWN = {"customer_signature", "conduct_rating", "overall_rating", "comment"}


def span(start: datetime, hours: float = 1) -> dict[str, str]:
    """A window as the API takes it."""
    return {"start": start.isoformat(), "end": (start + hours * HOUR).isoformat()}


def book(stage: Stage, order: dict[str, Any], start: datetime) -> dict[str, Any]:
    """Promise a window; the technician's earliest free time inside it is taken."""
    body = {"work_order_id": order["id"], "window": span(start), "technician_id": stage.technician_id}
    answer = stage.desk.post("/api/v1/visits", json=body, headers={"Idempotency-Key": uuid4().hex})
    visit: dict[str, Any] = stage.expect(answer, 201)
    return visit


def reschedule(client: Any, visit: dict[str, Any], start: datetime, **more: Any) -> Any:
    """Ask for another window in the company's name."""
    body = {"window": span(start), "asked_by": "company", "reason": "片区光缆抢修", **more}
    headers = {"Idempotency-Key": uuid4().hex, "If-Match": f'"{visit["version"]}"'}
    return client.post(f"/api/v1/visits/{visit['id']}/reschedule", json=body, headers=headers)


def move_in_time(stage: Stage, order: dict[str, Any], say: Say) -> dict[str, Any]:
    """Book for tomorrow, tell, move in time, tell again."""
    tomorrow = (utc_now() + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    visit = book(stage, order, tomorrow)
    say(f"预约 booked: visit {visit['id']}, window {visit['window']['start']}, planned {visit['planned']['start']}")
    notice = stage.accepted(visit["id"], "booked")
    say(f"确认短信 confirmation sent: notice {notice['id']} ({notice['channel']})")
    moved = stage.expect(reschedule(stage.desk, visit, tomorrow + 2 * HOUR), 200)
    notice = stage.accepted(visit["id"], "moved")
    say(f"按时改约 moved in time: notice {notice['id']}, to be told until {moved['told']['deadline']}")
    return visit


def override_late_move(stage: Stage, order: dict[str, Any], say: Say) -> dict[str, Any]:
    """Ninety minutes before, a move is refused; a supervisor calls and overrides."""
    visit = book(stage, order, utc_now() + 1.5 * HOUR)
    stage.accepted(visit["id"], "booked")
    sooner = utc_now() + timedelta(minutes=10)
    refused = reschedule(stage.desk, visit, sooner)
    problem = stage.expect(refused, 409)
    if problem["type"] != "/problems/too-late-to-move":
        raise TourFailed(f"refused for another reason: {problem}")
    say(f"提前 90 分钟改约被拒 refused 90 minutes before: visit {visit['id']}, {problem['type']}")
    override = {"reason": "客户要求尽快上门，已电话说明并致歉", "call": {"outcome": "reached_agreed"}}
    moved: dict[str, Any] = stage.expect(reschedule(stage.supervisor, visit, sooner, override=override), 200)
    if not moved["breach"]:
        raise TourFailed("an override inside two hours was not counted as a breach")
    notice = stage.accepted(visit["id"], "moved")
    say(f"主管放行 overridden, a breach: visit {visit['id']}, notice {notice['id']}")
    return moved


def a_photo(number: int) -> bytes:
    """A drawn picture of an optical socket, as a JPEG."""
    picture = Image.effect_noise((1280, 960), 18).convert("RGB")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((240 + 60 * number, 220, 900, 700), fill=(236, 238, 232), outline=(90, 96, 92), width=6)
    pen.ellipse((420, 380, 520, 480), fill=(24, 140, 92))
    pen.line((470, 430, 1180, 820), fill=(240, 190, 40), width=14)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def work_on_site(stage: Stage, visit: dict[str, Any], order: dict[str, Any], say: Say) -> list[dict[str, Any]]:
    """The technician's eight steps in parcels, with photos; what is the customer's to say is left out.

    Returns the entries that come after the customer's.
    """
    photos = [a_photo(number) for number in range(4)]
    names = [hashlib.sha256(photo).hexdigest() for photo in photos]
    story = Story(
        arrived=utc_now(),
        customer=order["customer"]["name"],
        technician=stage.technician_name,
        symptoms=order["symptoms"],
        photos=names,
        subscribed_down=order["line"]["subscribed_down"] or 300,
        subscribed_up=order["line"]["subscribed_up"] or 50,
        seed=UUID(visit["id"]).int % 2**31,
    )
    # the played visit is over in a moment: no entry is made in the future
    entries = [
        {
            "id": str(entry.id),
            "step": entry.step,
            "key": entry.key,
            "value": entry.value,
            "at": min(entry.at, utc_now()).isoformat(),
            "blobs": list(entry.blobs),
        }
        for entry in play(by_key(visit["checklist"]), story)
        if entry.key not in CUSTOMERS_OWN
    ]
    last = next(n for n, entry in enumerate(entries) if entry["key"] == "technician_signature")
    flagged = sum(hand_in(stage, visit, entries[first : min(first + 12, last)]) for first in range(0, last, 12))
    for name, photo in zip(names, photos, strict=True):
        stage.expect(stage.phone.put(f"/api/v1/blobs/{name}", content=photo), 200, 201)
    say(f"上门服务 on site: {last} entries, {len(photos)} photos, {flagged} flagged")
    return entries[last:]


def hand_in(stage: Stage, visit: dict[str, Any], entries: list[dict[str, Any]]) -> int:
    """One parcel, sent twice as a phone does when an answer is lost; returns how many entries were flagged."""
    url = f"/api/v1/parcels/{uuid4()}"
    body = json.dumps({"visit_id": visit["id"], "device_id": "tour-phone", "entries": entries}).encode()
    headers = {"Content-Type": "application/json"}
    receipt = stage.expect(stage.phone.put(url, content=body, headers=headers), 200)
    again = stage.expect(stage.phone.put(url, content=body, headers=headers), 200)
    if receipt != again or receipt["sha256"] != hashlib.sha256(body).hexdigest():
        raise TourFailed(f"a parcel sent again got another receipt: {url}")
    return sum(entry["state"] != "kept" for entry in receipt["entries"])


class _Hidden(HTMLParser):
    """The hidden fields of a page's forms."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep name and value of each hidden input."""
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden" and given.get("name"):
            self.fields[str(given["name"])] = given.get("value") or ""


def sign_as_customer(stage: Stage, visit: dict[str, Any], order: dict[str, Any], say: Say) -> None:
    """The customer opens the link from the message, reads, rates and signs."""
    link = stage.link_in(stage.accepted(visit["id"], "moved")["id"])
    opened = stage.customer.get(link.removeprefix(stage.address))
    if opened.status_code != 303:
        raise TourFailed(f"the link answered {opened.status_code}")
    page = stage.customer.get(opened.headers["location"] + "/sign")
    if page.status_code != 200:
        raise TourFailed(f"the signing page answered {page.status_code}")
    reader = _Hidden()
    reader.feed(page.text)
    form = {
        **reader.fields,
        "conduct_rating": "5",
        "overall_rating": "5",
        "comment": "师傅很专业，讲解清楚。",
        "decision": "sign",
        "name": order["customer"]["name"],
        "strokes": json.dumps(scribble(UUID(visit["id"]).int % 1000)),
    }
    signed = stage.customer.post(str(page.request.url.path), data=form)
    if signed.status_code != 303:
        raise TourFailed(f"signing answered {signed.status_code}")
    say(f"客户签名 signed by the customer at {page.request.url.path}")


def seal(stage: Stage, visit: dict[str, Any], rest: list[dict[str, Any]], say: Say) -> dict[str, Any]:
    """The last entries, then the seal."""
    hand_in(stage, visit, [{**entry, "at": utc_now().isoformat()} for entry in rest])
    record: dict[str, Any] = stage.expect(stage.phone.post(f"/api/v1/visits/{visit['id']}/seal"), 201)
    say(f"封存 sealed: record {record['number']} ({record['id']}), sha256 {record['sha256'][:16]}…")
    return record


def leave_proofs(stage: Stage, record: dict[str, Any], out: Path, say: Say) -> None:
    """The signed document, verified whole, changed and extended; the line's health file; the messages."""
    pdf = stage.desk.get(f"/api/v1/records/{record['id']}.pdf").content
    (out / "record.pdf").write_bytes(pdf)
    flipped = bytearray(pdf)
    flipped[len(pdf) // 2] ^= 1
    judged = {
        name: stage.expect(stage.desk.post("/api/v1/records/verify", content=content), 200)["state"]
        for name, content in (("whole", pdf), ("one bit changed", bytes(flipped)), ("extended", pdf + b"\n%"))
    }
    if judged != {"whole": "genuine", "one bit changed": "altered", "extended": "altered"}:
        raise TourFailed(f"verification was wrong: {judged}")
    say(f"核验 verified: {judged}")
    health = stage.expect(stage.desk.get(f"/api/v1/lines/{record['line_id']}/health-file"), 200)
    (out / "health-file.json").write_text(json.dumps(health, ensure_ascii=False, indent=1), encoding="utf-8")
    say(f"健康档案 health file: line {record['line_id']}, {len(health['visits'])} visit(s)")
    stage.accepted(record["visit_id"], "record_ready")
    kept = out / "messages"
    kept.mkdir(exist_ok=True)
    for message in sorted(stage.messages.glob("*.json")):
        (kept / message.name).write_bytes(message.read_bytes())
    say(f"短信 messages: {len(list(kept.glob('*.json')))} in {kept}")
