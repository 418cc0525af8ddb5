"""One search for the whole desk: whatever piece somebody knows of a customer, an order or a record."""

import time

from fastapi import APIRouter, Request, Response

from checklists.words import Words
from dispatch.accounts.audit import note_look
from dispatch.customers.phones import masked_phone
from dispatch.search.finding import By, search
from dispatch.search.index import index_waiting, waiting
from dispatch.visits.day_queries import visits_of_orders
from mobile_api.dependencies import house_of
from mobile_api.desk.doors import DeskReading
from mobile_api.desk.words import KIND_WORDS, ORDER_STATE_WORDS
from mobile_api.pages import page

router = APIRouter()
LONGEST_SEARCH = 100
BY_WORDS: dict[By, Words] = {
    "name": Words("姓名", "name"),
    "pinyin": Words("拼音", "pinyin"),
    "phone": Words("电话尾号", "phone's last digits"),
    "address": Words("地址", "address"),
    "account": Words("宽带账号", "account name"),
    "number": Words("编号", "number"),
    "id": Words("系统编号", "id"),
}


@router.get("/desk/search")
def show_found(request: Request, turn: DeskReading, q: str = "") -> Response:
    """What was found; what has come in since a moment ago is indexed first. That somebody searched is written down."""
    words = q.strip()[:LONGEST_SEARCH].replace("\0", "")
    database = house_of(request).database
    if words and waiting(turn.session):
        with database.writing() as session:
            index_waiting(session)
    begun = time.perf_counter()
    with database.reading() as session:  # younger than the turn's own: it sees what was just indexed
        found = search(session, turn.viewer, words)
        visits = visits_of_orders(session, [order.id for order in found.orders])
    took = time.perf_counter() - begun
    if words:
        note_look(turn.session, turn.viewer, "search", "found", turn.now)
    return page(
        request,
        "desk/search.html",
        q=words,
        found=found,
        visits=visits,
        took=max(1, round(took * 1000)),
        masked={one.customer.id: masked_phone(one.customer.phone) for one in found.customers},
        by_words=BY_WORDS,
        kind_words=KIND_WORDS,
        state_words=ORDER_STATE_WORDS,
    )
