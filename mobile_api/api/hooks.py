"""Where gateways call us: receipts of what they sent, and what customers answered."""

from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import SYSTEM
from dispatch.clock import utc_now
from dispatch.errors import Forbidden, Invalid, NotFound
from dispatch.house import House
from dispatch.notices.channels.protocol import Channel, Heard, Incoming, Unreadable, Unsigned
from dispatch.notices.hearing import hear_receipt
from dispatch.visits.replying import take_reply
from mobile_api.api.routing import refusals
from mobile_api.dependencies import house_of

router = APIRouter(tags=["notices"])
LARGEST = 262_144  # bytes; a provider tells at most some hundred receipts at once
TOLD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"oneOf": [{"type": "object"}, {"type": "array"}]}}},
    }
}


@router.post(
    "/hooks/{channel}",
    summary="A gateway's receipt, signed",
    responses=refusals(403, 404, 413, 422, 503),
    openapi_extra=TOLD,
)
async def post_signed(request: Request, channel: str) -> JSONResponse:
    """The generic gateway (`http`, or `sms`): X-Doorstep-Signature is the hex HMAC-SHA256 of the body.

    The body is `{"id", "state"}`, or `{"reply": {"id", "from", "text"}}`. Twice and out of order is fine.
    """
    return await _take(request, channel, "")


@router.post(
    "/hooks/{channel}/{token}",
    summary="A provider's receipts, under a secret address",
    responses=refusals(403, 404, 413, 422, 503),
    openapi_extra=TOLD,
)
async def post_by_token(request: Request, channel: str, token: str) -> JSONResponse:
    """Aliyun's SmsReport and SmsUp, Tencent's callbacks: they sign nothing, so the address is the proof."""
    return await _take(request, channel, token)


async def _take(request: Request, name: str, token: str) -> JSONResponse:
    listeners: dict[str, Channel] = request.app.state.listeners
    channel = listeners.get(name)
    if channel is None:
        raise NotFound
    body = await request.body()
    if len(body) > LARGEST:
        raise HTTPException(413)
    headers = {key.lower(): value for key, value in request.headers.items()}
    async with request.app.state.places:
        return await run_in_threadpool(
            _fold, house_of(request), channel, Incoming(headers=headers, token=token, body=body, now=utc_now())
        )


def _fold(house: House, channel: Channel, incoming: Incoming) -> JSONResponse:
    heard = _read(channel, incoming)
    known = 0
    # one transaction each, so that rows are locked one at a time; told again, what is in already changes nothing
    for said in heard.receipts:
        with house.database.writing() as session:
            turn = Turn(session, SYSTEM, incoming.now, house.settings)
            known += hear_receipt(turn, channel.name, said) is not None
    for replied in heard.replies:
        with house.database.writing() as session:
            take_reply(Turn(session, SYSTEM, incoming.now, house.settings), channel.name, replied)
    return JSONResponse(heard.answer or {"known": known == len(heard.receipts)})


def _read(channel: Channel, incoming: Incoming) -> Heard:
    try:
        return channel.read(incoming)
    except Unsigned as error:
        raise Forbidden(
            Words(
                "无法确认来自短信平台，请检查密钥。",
                "This does not prove that it comes from the gateway. Check its key.",
            )
        ) from error
    except Unreadable as error:
        raise Invalid(
            Words("内容无法识别，请按接口约定发送。", "This is not what the gateway promises to send. Check its form.")
        ) from error
