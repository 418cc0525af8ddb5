"""Promise 11: nobody sees what is not theirs. Every route of the API, asked by every role, for somebody else's things.

The routes come from the OpenAPI document: a route without a case here fails the test.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from checklists.words import Words
from dispatch.clock import utc_now
from dispatch.notices.calls import open_call
from dispatch.notices.tables import Notice
from dispatch.outages.actions import plan_outage
from dispatch.planning.actions import ask_for_plans
from dispatch.planning.asked import Asked
from dispatch.settings import Settings
from dispatch.technicians.tables import Area
from dispatch.visits.queries import new_visit
from dispatch.visits.telling import reader_of
from tests.journeys.conftest import Product
from tests.journeys.test_whole_visit import book, go_through
from tests.makers import a_turn

DESK = ("dispatcher", "care_agent", "supervisor", "admin")
PLANNERS = ("dispatcher", "supervisor", "admin")
OWN = ("technician",)
OTHERS = ("technician2",)
EVERYONE = (*DESK, *OWN, *OTHERS)


@dataclass(frozen=True)
class Case:
    """Who gets an answer to this route about the technician's visit; all others must be refused without a hint."""

    allowed: tuple[str, ...]
    body: Any = None
    refused: tuple[int, ...] = (404,)


def an_outage(area_id: str) -> dict[str, Any]:
    start = utc_now() + timedelta(days=2)
    return {
        "area_id": area_id,
        "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(hours=2)).isoformat(),
        "reason": {"zh": "光缆检修", "en": "work on the cable"},
    }


def cases(ids: dict[str, str]) -> dict[str, Case]:
    window = {
        "start": (utc_now() + timedelta(days=3)).isoformat(),
        "end": (utc_now() + timedelta(days=3, hours=1)).isoformat(),
    }
    order = {"kind": "repair", "customer": {"name": "李", "phone": "13800000009"}, "site": {"address": "某路 1 号"}}
    entry = {"id": str(uuid4()), "step": "talk", "key": "x", "value": 1, "at": utc_now().isoformat()}
    parcel = {"visit_id": ids["visit"], "device_id": "d", "entries": [entry]}
    move = {"window": window, "asked_by": "customer"}
    return {
        "GET /api/v1/work-orders": Case(DESK, refused=(200,)),
        "POST /api/v1/work-orders": Case(DESK, order, refused=(403,)),
        "GET /api/v1/work-orders/{work_order_id}": Case(DESK),
        "POST /api/v1/visits": Case(PLANNERS, {"work_order_id": ids["order"], "window": window}, refused=(403, 404)),
        "GET /api/v1/visits": Case((*DESK, *OWN), refused=(200,)),
        "GET /api/v1/visits/{visit_id}": Case((*DESK, *OWN)),
        "POST /api/v1/visits/{visit_id}/reschedule": Case(PLANNERS, move, refused=(403, 404)),
        "POST /api/v1/visits/{visit_id}/cancel": Case(PLANNERS, {"asked_by": "customer"}, refused=(403, 404)),
        "POST /api/v1/visits/{visit_id}/depart": Case((*PLANNERS, *OWN), refused=(403, 404)),
        "POST /api/v1/visits/{visit_id}/running-late": Case(
            (*PLANNERS, *OWN), {"predicted": window["start"]}, refused=(403, 404)
        ),
        "POST /api/v1/visits/{visit_id}/return-call": Case(DESK, {"window": window}, refused=(403, 404)),
        "POST /api/v1/visits/{visit_id}/arrive": Case((*PLANNERS, *OWN), refused=(403, 404)),
        "POST /api/v1/visits/{visit_id}/no-access": Case((*PLANNERS, *OWN), refused=(403, 404)),
        "POST /api/v1/visits/{visit_id}/seal": Case((*PLANNERS, *OWN), refused=(403, 404)),
        "GET /api/v1/technicians": Case(EVERYONE),
        "GET /api/v1/work-orders/{work_order_id}/slots": Case(DESK, refused=(403,)),
        "GET /api/v1/visits/{visit_id}/slots": Case(DESK, refused=(403,)),
        "POST /api/v1/work-orders/{work_order_id}/slots/hold": Case(PLANNERS, {"window": window}, refused=(403,)),
        "POST /api/v1/work-orders/{work_order_id}/slots/book": Case(PLANNERS, {"window": window}, refused=(403,)),
        "GET /api/v1/plans": Case(DESK, refused=(403,)),
        "POST /api/v1/plans": Case(PLANNERS, {"area_ids": [ids["area"]], "day": ids["day"]}, refused=(403,)),
        "GET /api/v1/plans/{plan_id}": Case(DESK),
        "POST /api/v1/plans/{plan_id}/accept": Case(PLANNERS, refused=(403,)),
        "POST /api/v1/plans/{plan_id}/cancel": Case(PLANNERS, refused=(403,)),
        "GET /api/v1/figures": Case(DESK),
        "GET /api/v1/figures/{figure}/rows": Case(DESK),
        "GET /api/v1/technicians/{technician_id}/figures": Case(("supervisor", "admin", *OWN)),
        "GET /api/v1/star": Case(EVERYONE),
        "GET /api/v1/technicians/{technician_id}/kit": Case((*DESK, *OWN)),
        "POST /api/v1/technicians/{technician_id}/kit": Case(
            (*PLANNERS, *OWN), {"items": {"shoe_covers": 1}}, refused=(403, 404)
        ),
        "GET /api/v1/line-test/down": Case((*OWN, *OTHERS), refused=(403,)),
        "POST /api/v1/line-test/up": Case((*OWN, *OTHERS), refused=(403,)),
        "GET /api/v1/line-test/ping": Case((*OWN, *OTHERS), refused=(403,)),
        "PUT /api/v1/parcels/{parcel_id}": Case((*PLANNERS, *OWN), parcel, refused=(403, 404)),
        "PUT /api/v1/phones/{device_id}": Case((*OWN, *OTHERS), {"app_version": "1", "waiting": 0}, refused=(403,)),
        "PUT /api/v1/blobs/{sha256}": Case((*PLANNERS, *OWN, *OTHERS), refused=(403,)),
        "GET /api/v1/blobs/{sha256}": Case((*DESK, *OWN)),
        "GET /api/v1/records/{record_id}.pdf": Case((*DESK, *OWN)),
        "GET /api/v1/records/{record_id}.json": Case((*DESK, *OWN)),
        "POST /api/v1/records/verify": Case(EVERYONE),
        "POST /api/v1/records/{record_id}/correct": Case(
            ("supervisor", "admin"),
            {"reason": "误录", "changes": [{"step": "talk", "key": "x", "value": 1}]},
            refused=(403,),
        ),
        "GET /api/v1/lines/{line_id}/health-file": Case((*DESK, *OWN)),
        "GET /api/v1/lines/{line_id}/health-file.pdf": Case((*DESK, *OWN)),
        "GET /api/v1/lines/{line_id}/charts": Case((*DESK, *OWN)),
        "PUT /api/v1/lines/{line_id}/place": Case(DESK, {"splitter": "SP-1"}, refused=(403,)),
        "POST /api/v1/lines/{line_id}/what-helped": Case((*DESK, *OWN), {"symptoms": ["drops"]}),
        "GET /api/v1/visits/{visit_id}/what-helped": Case((*DESK, *OWN)),
        "GET /api/v1/visits/{visit_id}/own-phone-signatures": Case((*DESK, *OWN)),
        "GET /api/v1/repairs": Case(DESK, refused=(403,)),
        "POST /api/v1/lines/{line_id}/export": Case(("supervisor", "admin"), refused=(403,)),
        "POST /api/v1/customers/{customer_id}/export": Case(("supervisor", "admin"), refused=(403,)),
        "GET /api/v1/notices": Case((*DESK, *OWN)),
        "GET /api/v1/outages": Case(DESK, refused=(403,)),
        "POST /api/v1/outages": Case(PLANNERS, an_outage(ids["area"]), refused=(403,)),
        "GET /api/v1/outages/{outage_id}": Case(DESK),
        "POST /api/v1/outages/{outage_id}/cancel": Case(PLANNERS, {"reason": "改期"}, refused=(403,)),
        "POST /api/v1/outages/{outage_id}/approve": Case(("supervisor", "admin"), refused=(403,)),
        "GET /api/v1/notices/figures": Case(DESK, refused=(403,)),
        "POST /api/v1/channels/{name}/pause": Case(("supervisor", "admin"), {"reason": "网关故障"}, refused=(403,)),
        "POST /api/v1/channels/{name}/resume": Case(("supervisor", "admin"), refused=(403,)),
        "GET /api/v1/notices/{notice_id}": Case(DESK, refused=(403,)),
        "POST /api/v1/notices/{notice_id}/resend": Case(PLANNERS, {"reason": "客户误删"}, refused=(403,)),
        "GET /api/v1/call-tasks": Case(DESK, refused=(403,)),
        "GET /api/v1/call-tasks/{task_id}": Case(DESK, refused=(403,)),
        "POST /api/v1/call-tasks/{task_id}/outcome": Case(DESK, {"outcome": "not_reached"}, refused=(403,)),
    }


OPEN_TO_STRANGERS = {"GET /healthz", "GET /readyz", "POST /hooks/{channel}", "POST /hooks/{channel}/{token}"}


def ask(client: TestClient, route: str, ids: dict[str, str], body: Any) -> Any:
    method, path = route.split(" ", 1)
    names = {
        "{visit_id}": ids["visit"], "{record_id}": ids["record"], "{line_id}": ids["line"], "{sha256}": ids["photo"],
        "{work_order_id}": ids["order"], "{parcel_id}": str(uuid4()),
        "{task_id}": ids["task"], "{notice_id}": ids["notice"], "{name}": "files",
        "{customer_id}": ids["customer"],
        "{outage_id}": ids["outage"], "{plan_id}": ids["plan"], "{device_id}": "d",
        "{technician_id}": ids["technician"], "{figure}": "on_time",
    }  # fmt: skip
    for name, value in names.items():
        path = path.replace(name, value)
    params = {"visit_id": ids["visit"]} if path == "/api/v1/notices" else None
    params = {"q": "掉线"} if path == "/api/v1/repairs" else params
    if path == "/api/v1/records/verify":
        return client.post(path, content=b"%PDF-1.7 nothing")
    return client.request(method, path, json=body, params=params)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """One connection: a route that asks for a second while it holds the first stands still here, and at rush hour."""
    return settings.model_copy(update={"pool_size": 1})


@pytest.fixture
def ids(product: Product) -> dict[str, str]:
    """A sealed visit of `technician`, with everything that hangs on it."""
    import hashlib

    from tests.journeys.test_whole_visit import a_photo

    desk, phone = product.as_("dispatcher"), product.as_("technician")
    made = book(desk, product, "install")
    photo = a_photo(1)
    go_through(phone, made["visit"], "install", [photo])
    record = phone.post(f"/api/v1/visits/{made['visit']}/seal").json()
    order = desk.get(f"/api/v1/visits/{made['visit']}").json()["work_order_id"]
    with product.house.database.writing() as session:
        visit = new_visit(session, UUID(made["visit"]))
        turn, reader = a_turn(session, product.settings, utc_now()), reader_of(visit.work_order.customer)
        due = turn.now + timedelta(hours=1)
        task = open_call(turn, "call_me", reader=reader, due_at=due, dedupe="roles", visit_id=visit.id).id
        area = session.scalars(select(Area.id)).one()
        outage = plan_outage(
            turn, area, turn.now + timedelta(days=2), turn.now + timedelta(days=2, hours=2), Words("检修", "work")
        ).id
        plan = ask_for_plans(turn, [area], turn.now.date() + timedelta(days=1), "plan", [Asked()])[0].id
        notice = session.scalars(select(Notice.id).where(Notice.visit_id == visit.id)).first()
        customer = visit.work_order.customer_id
    return {
        **made,
        "record": record["id"],
        "order": order,
        "photo": hashlib.sha256(photo).hexdigest(),
        "task": str(task),
        "notice": str(notice),
        "customer": str(customer),
        "area": str(area),
        "outage": str(outage),
        "plan": str(plan),
        "day": f"{utc_now().date() + timedelta(days=1)}",
        "technician": str(product.cast.technician_id),
    }


def test_every_route_has_a_case(product: Product) -> None:
    document = product.as_("admin").get("/api/v1/openapi.json").json()
    routes = {f"{verb.upper()} {path}" for path, verbs in document["paths"].items() for verb in verbs}
    some = {"visit": "v", "order": "o", "record": "r", "line": "l", "photo": "p", "task": "t", "notice": "n"}
    some |= {"customer": "c", "area": "a", "outage": "u", "technician": "e", "plan": "q", "day": "d"}
    assert routes == set(cases(some)) | OPEN_TO_STRANGERS


def test_each_role_gets_what_is_theirs_and_no_hint_of_the_rest(product: Product, ids: dict[str, str]) -> None:
    nowhere = {
        **ids,
        "visit": str(uuid4()),
        "record": str(uuid4()),
        "line": str(uuid4()),
        "photo": "0" * 64,
        "order": str(uuid4()),
        "task": str(uuid4()),
        "notice": str(uuid4()),
        "outage": str(uuid4()),
        "plan": str(uuid4()),
        "customer": str(uuid4()),
        "technician": str(uuid4()),
    }
    for route, case in cases(ids).items():
        for role in EVERYONE:
            answer = ask(product.as_(role), route, ids, case.body)
            if role in case.allowed:
                assert answer.status_code not in (401, 403, 404), (route, role, answer.text)
                continue
            assert answer.status_code in case.refused, (route, role, answer.status_code, answer.text)
            if answer.status_code == 200:
                assert answer.json()["items"] == [], (route, role)
            if answer.status_code == 404:
                unknown = ask(product.as_(role), route, nowhere, cases(nowhere)[route].body)
                assert (unknown.status_code, unknown.json()) == (404, answer.json()), (route, role)


def test_strangers_and_bad_tokens_are_nobody(product: Product, ids: dict[str, str]) -> None:
    for headers in ({}, {"Authorization": "Bearer ds_wrong"}, {"Authorization": "Basic eDp5"}):
        stranger = TestClient(product.app, base_url="http://localhost", headers=headers, raise_server_exceptions=False)  # type: ignore[arg-type]
        for route, case in cases(ids).items():
            answer = ask(stranger, route, ids, case.body)
            assert answer.status_code == 401, (route, answer.status_code)
            assert answer.headers["content-type"] == "application/problem+json"


def test_a_disabled_account_is_out_on_the_next_request(product: Product) -> None:
    from dispatch.accounts.actions import account_named, disable_account
    from dispatch.accounts.viewer import SYSTEM

    client, page = product.as_("dispatcher"), product.browser("dispatcher")
    assert client.get("/api/v1/visits").status_code == 200
    assert page.get("/api/v1/visits").status_code == 200
    with product.house.database.writing() as session:
        disable_account(session, SYSTEM, account_named(session, "dispatcher"), utc_now())
    assert client.get("/api/v1/visits").status_code == 401
    assert page.get("/api/v1/visits").status_code == 401
